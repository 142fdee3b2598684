"""Both catalogues say the same things, and the program says nothing else."""

import re
from pathlib import Path
from string import Formatter

import pytest

from teacherreg import locale
from teacherreg.locale import sentences, speaking, t
from teacherreg.shipped import shipped

PACKAGE = Path(locale.__file__).resolve().parent.parent
SOURCES = "\n".join(
    path.read_text(encoding="utf-8")
    for folder in (PACKAGE, shipped("plugins"))
    for pattern in ("*.py", "*.html")
    for path in sorted(folder.rglob(pattern))
)
ROOMS = {key.partition(".")[0] for key in sentences("zh")}
CHINESE = r"[\u4e00-\u9fff\u3000-\u303f\uff00-\uffef]"  # or its punctuation
LITERAL = re.compile(r'["\']((?:' + "|".join(sorted(ROOMS)) + r')\.[\w.-]+)["\']')
DYNAMIC = re.compile(r'f["\']((?:' + "|".join(sorted(ROOMS)) + r")\.[\w.-]*)\{")


def forms(sentence: str | dict[str, str]) -> list[str]:
    return [sentence] if isinstance(sentence, str) else list(sentence.values())


def placeholders(sentence: str | dict[str, str]) -> set[str]:
    return {name for form in forms(sentence) for _, name, _, _ in Formatter().parse(form) if name}


def test_chinese_and_english_have_the_same_keys() -> None:
    assert set(sentences("zh")) == set(sentences("en"))


@pytest.mark.parametrize("key", sorted(sentences("zh")))
def test_a_sentence_names_the_same_things_in_both(key: str) -> None:
    zh, en = placeholders(sentences("zh")[key]), placeholders(sentences("en")[key])
    assert zh - {"count"} == en - {"count"}


def test_every_sentence_is_filled() -> None:
    for code in locale.LANGUAGES:
        for key, sentence in sentences(code).items():
            assert all(form.strip() for form in forms(sentence)), (code, key)


def test_chinese_sentences_are_chinese() -> None:
    for key, sentence in sentences("zh").items():
        assert re.search(CHINESE, "".join(forms(sentence))), key


def test_every_key_that_the_program_names_is_there() -> None:
    named = {key for key in LITERAL.findall(SOURCES) if not key.endswith((".py", ".toml", "."))}
    missing = {key for key in named if key not in sentences("zh") and not is_a_path(key)}
    assert missing == set()


def test_no_sentence_is_left_over() -> None:
    literal, dynamic = set(LITERAL.findall(SOURCES)), tuple(set(DYNAMIC.findall(SOURCES)))
    errors = {f"errors.{code}" for code in re.findall(r'["\']([a-z][\w-]+)["\']', SOURCES)}
    for key in sentences("zh"):
        if key.startswith("errors."):
            assert key.removesuffix(".hint") in errors, key
        else:
            assert key in literal or key.startswith(dynamic), key


def is_a_path(key: str) -> bool:
    return key.rpartition(".")[2] in {"db", "json", "csv", "toml", "html", "js", "css", "svg"}


def test_counting_chooses_the_form() -> None:
    with speaking("en"):
        assert t("cli.teacher.found", count=1) == "1 person found."
        assert t("cli.teacher.found", count=3) == "3 people found."
    with speaking("zh"):
        assert t("cli.teacher.found", count=1) == "共找到 1 人。"


@pytest.mark.parametrize(
    ("variables", "expected"),
    [
        pytest.param({"LC_ALL": "C"}, "zh", id="a locale that says nothing"),
        pytest.param({"LANG": "POSIX"}, "zh", id="POSIX"),
        pytest.param({"LANG": "C.UTF-8"}, "zh", id="C.UTF-8"),
        pytest.param({"LANG": "zh_CN.GB18030"}, "zh", id="Chinese"),
        pytest.param({"LANG": "en_GB.UTF-8"}, "en", id="English"),
        pytest.param({"LANG": "de_DE.UTF-8"}, "en", id="neither: the more widely read"),
        pytest.param({"LC_ALL": "en_US.UTF-8", "LANG": "zh_CN.UTF-8"}, "en", id="LC_ALL wins"),
    ],
)
def test_the_locale_decides(
    variables: dict[str, str], expected: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("LC_ALL", "LC_MESSAGES", "LANG"):
        monkeypatch.delenv(name, raising=False)
    for name, value in variables.items():
        monkeypatch.setenv(name, value)
    locale.language_of_environment.cache_clear()
    assert locale.language_of_environment() == expected
    locale.language_of_environment.cache_clear()
