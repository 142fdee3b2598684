"""The catalogue of columns is complete, bilingual, and gives nobody what is not theirs."""

import pytest

from teacherreg.codes.columns import IMPORT_KINDS, catalogue, column_of
from teacherreg.codes.tables import table_names
from teacherreg.locale import LANGUAGES, speaking

ENTRIES = list(catalogue().values())

IMPORTED = {
    "schools": "school_name school_code short_name township locality school_type parent_school "
    "school_year primary_students junior_students senior_students kindergarten_children",
    "teachers": "name id_number staff_no sex birth_date ethnicity political_status "
    "party_joined_on school_name "
    "stage subject education degree professional_rank staff_category is_full_time_teacher status "
    "work_started_on school_joined_on phone",
    "titles": "name id_number staff_no school_name title_kind level subject event awarded_on "
    "term_ends_on issuer document_no revoked_on",
    "conduct": "name id_number staff_no school_name record_kind year result sanction_kind act "
    "person_category occurred_on decided_on ends_on decided_by document_no summary extended_on "
    "extended_to released_on released_by release_document_no appealed_on appeal_decided_on "
    "appeal_result annulled_on",
    "training": "name id_number staff_no school_name project level hours starts_on ends_on "
    "organiser document_no",
    "reviews": "name id_number staff_no school_name year review_kind result title_kind level "
    "reviewed_by document_no",
    "mentoring": "mentor_name mentor_id_number mentor_staff_no mentor_school mentee_name "
    "mentee_id_number mentee_staff_no mentee_school studio subject starts_on ends_on aim",
    "rotations": "name id_number staff_no from_school to_school starts_on ends_on rotation_kind",
    "duties": "name id_number staff_no school_name duty_kind done_on amount theme level organiser",
    "cases": "case_no topic act level circulated_on issuer document_no item responsible due_on "
    "closed_on",
    "sessions": "held_on topic level organiser audience expected attended case_no",
    "supervisors": "name id_number staff_no school_name team supervised_school starts_on ends_on "
    "issuer document_no",
}
PUBLISHED = {
    "overview.headline": "key value limit_value meets",
    "overview.school_gaps": "id school school_code township locality school_type stage students "
    "teachers holders required missing per_100_students meets",
    "overview.township_gaps": "township schools students teachers holders required missing",
    "overview.locality_gaps": "locality stage schools students teachers holders per_100_students "
    "required missing",
    "overview.school_subjects": "id school township stage subject teachers holders",
    "overview.holders_by_kind": "title_kind level holders",
    "overview.equity": "stage indicator schools mean cv limit_value meets gini theil",
    "overview.equity_schools": "id school stage indicator cv_share value from_mean holders "
    "students township locality",
    "overview.equity_moves": "id stage indicator cv_before cv_after limit_value moves_to_limit "
    "from_school to_school giver_meets",
    "overview.equity_localities": "id stage indicator locality mean ratio_to_county ratio cv "
    "schools students holders",
    "overview.verdict": "id school stage can_pass reason below education education_missing "
    "backbone backbone_missing pe_art pe_art_missing students township locality outside",
    "overview.pipeline": "id school stage missing ready close nobody township locality",
    "overview.pipeline_subjects": "id stage subject places ready close nobody",
    "overview.plan": "id school stage missing_before missing_after received given required "
    "holders_before holders_after township",
    "overview.honours": "id school stage honours missing_before missing_after required "
    "holders_before township",
    "overview.reach": "id school none teachers holders direct studio mentoring rotation group "
    "township locality",
    "overview.schools": "id school school_code school_type township locality parent_school "
    "students teachers",
    "staff.teachers": "id name sex ethnicity birth_year id_number phone staff_no school township "
    "stage subject professional_rank education degree political_status status highest_title "
    "highest_level training_hours party_joined_on",
    "staff.training": "id teacher_id name school project level hours starts_on ends_on organiser "
    "document_no",
    "staff.mentoring": "id teacher_id name school mentee_id mentee mentee_school studio subject "
    "starts_on ends_on aim",
    "staff.rotations": "id teacher_id name from_school to_school rotation_kind starts_on ends_on",
    "staff.posts": "id teacher_id name school stage subject professional_rank attachment status "
    "starts_on ends_on",
    "staff.titles": "id teacher_id name school title_kind level subject awarded_on term_ends_on "
    "state issuer document_no",
    "conduct.records": "id teacher_id name school record_kind year result sanction_kind act "
    "decided_on ends_on released_on state decided_by document_no summary person_category "
    "occurred_on released_by release_document_no appealed_on appeal_result",
    "conduct.decision_figures": "id year breakdown sanction_kind act decisions",
    "conduct.cases": "id case_no topic act level circulated_on issuer document_no open_items",
    "conduct.corrective_items": "id ethics_case_id item responsible due_on closed_on state",
    "conduct.sessions": "id held_on topic level organiser audience expected attended "
    "ethics_case_id",
}
PLACES = [
    (table, column)
    for tables in (IMPORTED, PUBLISHED)
    for table, columns in tables.items()
    for column in columns.split()
]


@pytest.mark.parametrize(("table", "column"), PLACES)
def test_every_column_has_an_entry(table: str, column: str) -> None:
    assert column_of(table, column).column == column


@pytest.mark.parametrize(("table", "columns"), PUBLISHED.items())
def test_a_published_table_holds_only_what_its_audience_may_see(table: str, columns: str) -> None:
    audience = table.partition(".")[0]
    for column in columns.split():
        entry = column_of(table, column)
        seen = {"overview": entry.overview, "staff": entry.staff, "conduct": entry.conduct}
        assert seen[audience] != "none", column
        assert entry.visible_to(audience) == seen[audience]  # type: ignore[arg-type]


@pytest.mark.parametrize("kind", IMPORT_KINDS)
def test_an_import_kind_describes_each_field_itself(kind: str) -> None:
    assert {(kind, column) for column in IMPORTED[kind].split()} <= set(catalogue())


def test_labels_stand_in_both_languages_and_units_too() -> None:
    for entry in ENTRIES:
        for lang in LANGUAGES:
            assert entry.label(lang), (entry.table, entry.column)
        assert bool(entry.unit("zh")) == bool(entry.unit("en")), (entry.table, entry.column)
        assert bool(entry.description("zh")) == bool(entry.description("en"))


def test_code_tables_of_columns_exist() -> None:
    assert {entry.code_table for entry in ENTRIES} - {""} <= set(table_names())


def test_visibility_is_one_of_three() -> None:
    for entry in ENTRIES:
        assert {entry.overview, entry.staff, entry.conduct} <= {"whole", "masked", "none"}


def test_an_entry_stands_once() -> None:
    lines = [(entry.table, entry.column) for entry in ENTRIES]
    assert len(lines) == len(set(lines))


def test_numbers_that_tell_a_person_are_masked_for_leaders_and_nowhere_else() -> None:
    for entry in ENTRIES:
        if entry.column in {"id_number", "phone"}:
            assert (entry.overview, entry.staff, entry.conduct) == ("none", "masked", "none")


def test_the_public_sees_no_column_about_a_person() -> None:
    personal = {"name", "teacher_id", "staff_no", "sex", "ethnicity", "birth_year", "birth_date"}
    for entry in ENTRIES:
        if entry.column in personal | {"summary", "sanction_kind", "act", "decided_on"}:
            assert entry.overview == "none", (entry.table, entry.column)


def test_conduct_reaches_the_discipline_officers_alone() -> None:
    conduct = {"record_kind", "sanction_kind", "act", "decided_on", "released_on", "summary"}
    for entry in ENTRIES:
        if entry.column in conduct or entry.table in {"conduct", "conduct.records"}:
            assert (entry.overview, entry.staff) in {("none", "none"), ("none", "masked")}
            if entry.column != "id_number":
                assert entry.staff == "none", (entry.table, entry.column)


def test_labels_follow_the_language() -> None:
    entry = column_of("overview.school_gaps", "missing")
    with speaking("zh"):
        assert (entry.label(), entry.unit()) == ("缺额", "人")
    with speaking("en"):
        assert (entry.label(), entry.unit()) == ("Missing", "persons")


def test_the_exact_table_comes_before_every_table() -> None:
    assert column_of("conduct.records", "ends_on").label("zh") == "处分期满日期"
    assert column_of("staff.posts", "ends_on").label("zh") == "任职结束日期"
    assert column_of("elsewhere", "ends_on").label("zh") == "结束日期"


def test_an_unknown_column_is_refused() -> None:
    with pytest.raises(KeyError):
        column_of("staff.teachers", "religion")
