"""Rules are data: dated, switched, named by a version; a wrong file is refused with its place."""

from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from teacherreg import settings as known_settings
from teacherreg.eligibility import shipped_rules
from teacherreg.eligibility.grounds import GROUNDS
from teacherreg.eligibility.rules import FIGURES, read_rules
from teacherreg.errors import EligibilityError, UsageError
from teacherreg.locale import LANGUAGES, speaking, t
from teacherreg.settings import Settings

Told = Callable[..., list[tuple[str, str | None]]]
DAY = date(2026, 9, 1)

OWN = """
version = "青禾县 2026"

[[rules]]
id = "teaching_years"
looks_at = "teaching_years"
document = "青教发〔2024〕3号"
article = "第四条"
valid_from = 2024-05-01
kinds = ["subject_leader"]
figures = { years = 8 }

[[rules]]
id = "teaching_years"
looks_at = "teaching_years"
document = "青教发〔2019〕7号"
valid_from = 2019-01-01
valid_to = 2024-04-30
kinds = ["subject_leader"]
levels = ["county"]
figures = { years = 6 }
"""


@pytest.fixture
def own(tmp_path: Path) -> Callable[[str], Path]:
    def written(text: str) -> Path:
        path = tmp_path / "own.toml"
        path.write_text(text, encoding="utf-8")
        return path

    return written


def test_every_ground_is_known_and_every_shipped_rule_has_a_switch_and_a_name() -> None:
    assert set(GROUNDS) == set(FIGURES)
    for rule in shipped_rules().entries:
        assert rule.switch == f"eligibility.{rule.id}"
        for lang in LANGUAGES:
            with speaking(lang):
                assert t(f"eligibility.rule.{rule.id}")


def test_every_setting_of_eligibility_is_used_by_a_rule() -> None:
    ours = {key for key in known_settings.known() if key.startswith("eligibility.")}
    assert shipped_rules().settings_used() == ours


@pytest.mark.parametrize("rule", [rule.id for rule in shipped_rules().entries])
def test_each_rule_can_be_switched_off(rule: str) -> None:
    rules = shipped_rules()
    kind, category = "rising_teacher", "title"
    if rule == "professional_rank":
        kind = "special_grade_teacher"

    def asked(is_on: bool) -> set[str]:
        settings = Settings({f"eligibility.{rule}": is_on})
        return {one.id for one in rules.asked(settings, DAY, kind, category, "county")}

    assert asked(True) - asked(False) == {rule}


def test_the_version_changes_with_every_figure_and_switch_and_the_day() -> None:
    rules = shipped_rules()
    plain = rules.version_on(Settings({}), DAY)
    assert plain == rules.version_on(Settings({"levels.shi_word": "county"}), DAY)
    versions = {
        plain,
        rules.version_on(Settings({"eligibility.age": True}), DAY),
        rules.version_on(Settings({"eligibility.ethics_review_years": 2}), DAY),
        rules.version_on(Settings({"titles.count_expired": True}), DAY),
        rules.version_on(Settings({}), date(2012, 12, 31)),
    }
    assert len(versions) == 5


def test_an_answer_names_the_settings_that_the_county_changed(county: Any) -> None:
    county.registry.change_setting("eligibility.age", "yes")
    county.registry.change_setting("levels.shi_word", "county")
    assert county.ask(county.person()).to_document()["changed"] == ["eligibility.age"]


def test_before_the_document_was_there_nothing_was_barred_by_it(county: Any, told: Told) -> None:
    person = county.person()
    for year in (2011, 2013):
        county.add(
            "conduct_record",
            teacher_id=person,
            record_kind="review",
            year=year,
            result="unqualified",
        )
    assert county.ask(person, on="2012-06-01").eligible
    assert told(county.ask(person, on="2014-06-01")) == [("ethics_review", "2015-01-01")]


def test_a_countys_own_file_takes_the_place_of_rules_and_keeps_the_others(
    county: Any, told: Told, own: Callable[[str], Path]
) -> None:
    path = own(OWN)
    person = county.person(work_started_on="2018-01-01", is_full_time_teacher=False)
    now = county.ask(person, on="2024-05-01", rules=path)
    assert told(now) == [("full_time_teacher", None), ("teaching_years", "2026-01-01")]
    assert now.reasons[1].source == "青教发〔2024〕3号 第四条"
    assert now.asked.version.startswith("2026.1+青禾县 2026/")
    # the day before, the rules of that day: six years, and only for the county's level
    before = county.ask(person, on="2023-12-31", rules=path)
    assert told(before) == [("full_time_teacher", None), ("teaching_years", "2024-01-01")]
    assert told(county.ask(person, on="2024-04-30", rules=path)) == [("full_time_teacher", None)]


REFUSED = [
    pytest.param("version = \n", "line 1", "TOML", id="no TOML"),
    pytest.param("rules = []", "version", "missing", id="no version"),
    pytest.param(OWN + "\nextra = 1", "rules 2 (teaching_years) extra", "nobody knows", id="key"),
    pytest.param(OWN.replace("looks_at", "look_at", 1), "looks_at", "missing", id="misspelt"),
    pytest.param(
        OWN.replace('looks_at = "teaching_years"', 'looks_at = "stars"', 1),
        "rules 1 (teaching_years) looks_at",
        "already_held",
        id="ground",
    ),
    pytest.param(OWN.replace("years = 8", "years = 0"), "figures years", "above 0", id="zero"),
    pytest.param(OWN.replace("years = 8", "years = 1.5"), "figures years", "above 0", id="half"),
    pytest.param(OWN.replace("years = 8", "years = true"), "figures years", "above 0", id="truth"),
    pytest.param(
        OWN.replace("years = 8", 'years = "eligibility.age"'),
        "figures years",
        "above 0",
        id="setting of another kind",
    ),
    pytest.param(OWN.replace("years = 8", "age = 8"), "figures years", "missing", id="figure"),
    pytest.param(
        OWN.replace("years = 8", "years = 8, age = 1"), "figures age", "nobody knows", id="more"
    ),
    pytest.param(OWN.replace("2024-05-01", '"2024-05-01"'), "valid_from", "a day", id="text"),
    pytest.param(OWN.replace("2024-05-01", "2024-04-30"), "valid_from", "overlap", id="overlap"),
    pytest.param(OWN.replace("2024-04-30", "2018-04-30"), "valid_to", "before", id="order"),
    pytest.param(
        OWN.replace('["subject_leader"]', '["subject_lader"]', 1), "kinds", "must be of", id="kind"
    ),
    pytest.param(OWN.replace('["county"]', '["town"]'), "levels", "must be of", id="level"),
    pytest.param(
        OWN.replace("figures = { years = 8 }", 'switch = "titles.term_years"'),
        "switch",
        "yes or no",
        id="switch",
    ),
]


@pytest.mark.parametrize(("text", "place", "reason"), REFUSED)
def test_a_wrong_file_is_refused_with_its_place_and_reason(
    own: Callable[[str], Path], text: str, place: str, reason: str
) -> None:
    with pytest.raises(EligibilityError) as refused:
        read_rules(own(text))
    assert "own.toml" in refused.value.message
    assert place in refused.value.message
    assert reason in refused.value.message


def test_a_file_that_is_not_there_or_not_utf8_is_refused(tmp_path: Path) -> None:
    with pytest.raises(EligibilityError, match="cannot be read"):
        read_rules(tmp_path / "none.toml")
    (tmp_path / "gbk.toml").write_bytes('version = "青禾"'.encode("gbk"))
    with pytest.raises(EligibilityError, match="not UTF-8"):
        read_rules(tmp_path / "gbk.toml")


def test_an_unknown_title_or_level_is_refused_with_those_that_there_are(county: Any) -> None:
    person = county.person()
    with pytest.raises(UsageError, match="Subject leader"):
        county.ask(person, "学科带头")
    with (
        speaking("zh"),
        pytest.raises(UsageError, match="国家级、省级、地市级、县级、乡镇级、校级"),
    ):
        county.ask(person, level="市里")


def test_a_citys_level_is_what_the_county_says(county: Any) -> None:
    person = county.person()
    assert county.ask(person, level="市级").asked.level == "prefecture"
    county.registry.change_setting("levels.shi_word", "county")
    assert county.ask(person, level="市级").asked.level == "county"
