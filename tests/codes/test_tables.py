"""Words mean what the tables say, and the tables do not contradict themselves."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from teacherreg.codes import code_table, normalise, table_names
from teacherreg.codes.tables import CodeTable, Match
from teacherreg.locale import LANGUAGES, speaking
from teacherreg.shipped import shipped

TABLES = [pytest.param(code_table(name), id=name) for name in table_names()]
WORD_COLUMNS = ("code", "name_zh", "name_en", "aliases")


def listed(cell: str) -> list[str]:
    return [word for word in cell.split(";") if word]


def words_of_row(row: dict[str, str]) -> set[str]:
    names = [row[column] for column in WORD_COLUMNS[:3]]
    return {normalise(word) for word in [*names, *listed(row["aliases"])]}


@given(st.text())
def test_normalising_twice_changes_nothing(text: str) -> None:
    assert normalise(normalise(text)) == normalise(text)


@given(st.text(alphabet="ａＡ①㈠ﬁ\u200b\u3000\u00a0 \u0345\u00ad语文（）ΐ"))
def test_normalising_odd_letters_twice_changes_nothing(text: str) -> None:
    assert normalise(normalise(text)) == normalise(text)


@pytest.mark.parametrize(
    ("written", "same_as"),
    [
        pytest.param("体　育", "体育", id="full-width space"),
        pytest.param("语\n文 ", "语文", id="line break"),
        pytest.param("ＭＢＡ", "mba", id="full-width letters"),
        pytest.param("幼儿园（公办）", "幼儿园(公办)", id="full-width brackets"),
        pytest.param("\ufeff数\u200b学", "数学", id="marks that show nothing"),
    ],
)
def test_spellings_of_one_word_are_equal(written: str, same_as: str) -> None:
    assert normalise(written) == same_as


@pytest.mark.parametrize(
    ("table", "written", "code"),
    [
        ("subjects", "体 育", "physical_education"),
        ("subjects", "道法", "morality_law"),
        ("subjects", "Mathematics", "mathematics"),
        ("ethnicity", "维族", "05"),
        ("ethnicity", "01", "01"),
        ("ethnicity", "毛难族", "36"),
        ("political_status", "党员", "01"),
        ("education", "函授本科", "21"),
        ("professional_rank", "小学高级教师", "first_grade_teacher"),
        ("professional_rank", "小中高", "senior_teacher"),
        ("professional_rank", "小一", "second_grade_teacher"),
        ("professional_rank", "中学三级教师", "third_grade_teacher"),
        ("title_kinds", "青年骨干教师", "young_backbone_teacher"),
        ("title_kinds", "学带", "subject_leader"),
        ("levels", "自治区级", "province"),
        ("levels", "地市级", "prefecture"),
        ("person_status", "在职在岗（本校任教）", "100"),
        ("sanctions", "行政记过", "demerit"),
        ("sanctions", "开除或者解除聘用合同", "dismissal"),
        ("localities", "镇区", "town"),
        ("staff_categories", "工勤", "logistics"),
        ("record_kinds", "师德考核", "review"),
        ("review_results", "基本合格", "basically_qualified"),
        ("yes_no", "√", "1"),
        ("ethics_acts", "有偿补课", "ps_10_paid_tutoring"),
        ("regions", "宁夏", "64"),
    ],
)
def test_a_word_means_its_code(table: str, written: str, code: str) -> None:
    assert code_table(table).resolve(written) == Match(code, (code,))


@pytest.mark.parametrize(
    ("table", "written", "default", "candidates"),
    [
        ("sex", "0", None, ("0", "2")),
        ("ethnicity", "哈族", "17", ("16", "17")),
        ("subjects", "政治", "ideology_politics", ("morality_law", "ideology_politics")),
        ("subjects", "文综", None, ("chinese", "ideology_politics", "history", "geography")),
        ("levels", "市级", "prefecture", ("province", "prefecture", "county")),
        ("levels", "区级", "county", ("province", "county")),
        (
            "sanctions",
            "留党察看",
            "party_probation",
            ("party_probation", "party_probation_two_years"),
        ),
        ("ethics_acts", "体罚", "ps_05_insult_harm", ("ps_05_insult_harm", "kg_06_insult_harm")),
    ],
)
def test_a_doubtful_word_names_its_candidates(
    table: str, written: str, default: str | None, candidates: tuple[str, ...]
) -> None:
    assert code_table(table).resolve(written) == Match(default, candidates, is_ambiguous=True)


def test_an_unknown_word_means_nothing() -> None:
    assert code_table("subjects").resolve("炼金术") == Match(None, ())
    assert code_table("subjects").resolve("") == Match(None, ())


def test_the_longest_title_in_a_text_is_found() -> None:
    found = code_table("title_kinds").find("2019年县级青年骨干教师、2021年市级名师工作室主持人")
    assert [(hit.word, hit.match.code) for hit in found] == [
        ("青年骨干教师", "young_backbone_teacher"),
        ("名师工作室主持人", "studio_leader"),
    ]


def test_the_level_in_a_text_is_found_by_one_character() -> None:
    found = code_table("levels").find("县骨干")
    assert [(hit.match.code, hit.start, hit.end) for hit in found] == [("county", 0, 1)]


def test_labels_follow_the_language() -> None:
    table = code_table("subjects")
    assert table.label("mathematics", "zh") == "数学"
    with speaking("en"):
        assert table.label("mathematics") == "Mathematics"
    with speaking("zh"):
        assert table.label("mathematics") == "数学"


def test_a_code_that_a_table_no_longer_knows_is_its_own_label() -> None:
    assert code_table("subjects").label("alchemy") == "alchemy"


def test_extras_are_read_by_code() -> None:
    table = code_table("title_kinds")
    assert table.value("studio_leader", "counts_backbone") == "0"
    assert table.value("talent_programme", "rank_order") == ""
    assert table.where("counts_backbone", "1") == (
        "special_grade_teacher",
        "master_teacher",
        "chief_teacher",
        "subject_leader",
        "backbone_teacher",
        "young_backbone_teacher",
        "teaching_expert",
    )


def test_a_sanction_has_a_row_for_each_version_of_the_rules() -> None:
    versions = [row["rule_version"] for row in code_table("sanctions").rows("warning")]
    assert versions == ["staff_2012", "staff_2023", "manager_2020", "teacher_2018", "teacher_2014"]


def test_an_unknown_table_is_refused() -> None:
    with pytest.raises(KeyError):
        code_table("../columns")


@pytest.mark.parametrize("table", TABLES)
def test_every_code_is_named_in_both_languages(table: CodeTable) -> None:
    for code in table.codes:
        for lang in LANGUAGES:
            assert table.label(code, lang).strip()


@pytest.mark.parametrize("table", TABLES)
def test_english_names_are_english(table: CodeTable) -> None:
    for code in table.codes:
        assert table.label(code, "en").replace("²", "").isascii()


@pytest.mark.parametrize("table", TABLES)
def test_every_row_has_its_document_and_status(table: CodeTable) -> None:
    for code in table.codes:
        for row in table.rows(code):
            assert row["document"]
            assert row["status"] in {"settled", "setting"}


@pytest.mark.parametrize("table", TABLES)
def test_a_word_stands_in_one_row_or_is_marked_ambiguous_in_all(table: CodeTable) -> None:
    owners: dict[str, set[str]] = {}
    for code in table.codes:
        for row in table.rows(code):
            for word in words_of_row(dict(row)):
                owners.setdefault(word, set()).add(code)
    shared = {word for word, codes in owners.items() if len(codes) > 1}
    assert shared <= set(table.ambiguous_words)


@pytest.mark.parametrize("table", TABLES)
def test_ambiguous_words_fit_several_codes_and_one_default(table: CodeTable) -> None:
    for word, (default, candidates) in table.ambiguous_words.items():
        assert len(candidates) > 1, word
        assert default is None or default in candidates, word
    for code in table.codes:
        row = table.rows(code)[0]
        defaults, doubtful = listed(row["ambiguous_default"]), listed(row["ambiguous"])
        assert set(defaults) <= set(doubtful)
        for word in defaults:
            assert table.ambiguous_words[normalise(word)][0] == code, word
        assert not set(listed(row["aliases"])) & set(doubtful)


@pytest.mark.parametrize("table", TABLES)
def test_every_label_leads_back_to_its_code(table: CodeTable) -> None:
    for code in table.codes:
        for lang in LANGUAGES:
            assert code in table.resolve(table.label(code, lang)).candidates


@pytest.mark.parametrize("table", TABLES)
def test_words_are_a_plain_dictionary_of_normalised_words(table: CodeTable) -> None:
    assert type(table.words) is dict
    assert all(word == normalise(word) for word in table.words)
    assert not set(table.words) & set(table.ambiguous_words)
    assert set(table.words.values()) <= set(table.codes)


def test_only_sanctions_have_several_rows_for_a_code() -> None:
    several = {
        name
        for name in table_names()
        if any(len(code_table(name).rows(code)) > 1 for code in code_table(name).codes)
    }
    assert several == {"sanctions"}
    keys = [
        (row["code"], row["rule_version"])
        for code in code_table("sanctions").codes
        for row in code_table("sanctions").rows(code)
    ]
    assert len(set(keys)) == len(keys) == 43


@pytest.mark.parametrize(
    ("table", "count"),
    [
        pytest.param("ethnicity", 58, id="56 groups and two extensions"),
        pytest.param("regions", 34, id="34 regions"),
        pytest.param("ethics_acts", 22, id="eleven acts in schools, eleven in kindergartens"),
        pytest.param("ethics_rules", 20, id="ten rules each"),
        pytest.param("levels", 6, id="levels"),
    ],
)
def test_tables_are_complete(table: str, count: int) -> None:
    assert len(code_table(table)) == count


def test_codes_that_tables_take_from_each_other_exist() -> None:
    stages = set(code_table("stages").codes)
    for name in ("subjects", "school_types"):
        for code in code_table(name).codes:
            assert set(listed(code_table(name).value(code, "stages"))) <= stages
    kinds = code_table("title_kinds")
    for code in kinds.codes:
        assert set(listed(kinds.value(code, "usual_levels"))) <= set(code_table("levels").codes)
    for code in code_table("ethics_acts").codes:
        rule = code_table("ethics_acts").value(code, "rule")
        assert rule == "" or rule in code_table("ethics_rules")


def test_five_regions_are_autonomous() -> None:
    assert code_table("regions").where("autonomous_region", "1") == ("15", "45", "54", "64", "65")


def test_files_are_utf_8_with_plain_line_ends() -> None:
    for path in shipped("data/codes").glob("*.csv"):
        content = path.read_bytes()
        assert not content.startswith(b"\xef\xbb\xbf")
        assert b"\r" not in content
        content.decode("utf-8")
