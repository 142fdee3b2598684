"""A county's own kinds of title: known everywhere while its registry is open, and only then."""

import json
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

from teacherreg import Registry
from teacherreg.cli import titles as commands
from teacherreg.cli.frame import Session
from teacherreg.codes import code_table
from teacherreg.coverage.standards import DEFAULT_STANDARD, standard_of
from teacherreg.errors import RegistryError, UsageError
from teacherreg.locale import speaking
from teacherreg.settings import Settings
from teacherreg.titles.duties import needed_a_year
from teacherreg.titles.kinds import KindChange, steps_below
from teacherreg.titles.terms import usual_end

OWN = KindChange(
    name="青禾名师",
    aliases=("青禾好老师",),
    term_years=4,
    levels=("county", "school"),
    counts_backbone=True,
    rank_order=45,
    duties="mentees=3;paper=2",
)


@pytest.fixture
def open_registry(registry_path: Path, engine: object) -> Iterator[Registry]:
    with Registry.open(registry_path) as registry:
        yield registry


def test_an_own_kind_is_known_like_any_other_while_the_registry_is_open(
    open_registry: Registry, registry_path: Path
) -> None:
    open_registry.add_title_kind("qinghe_master", OWN)
    kinds = code_table("title_kinds")
    assert kinds.label("qinghe_master", "zh") == "青禾名师"
    assert kinds.resolve("青禾好老师").code == "qinghe_master"
    assert "qinghe_master" in standard_of(DEFAULT_STANDARD).title_kinds
    assert needed_a_year("qinghe_master", Settings({})) == {"mentees": 3, "paper": 2}
    assert usual_end("qinghe_master", "county", date(2022, 9, 1), Settings({})) == date(2026, 8, 31)
    open_registry.close()
    assert "qinghe_master" not in code_table("title_kinds")
    assert "qinghe_master" not in standard_of(DEFAULT_STANDARD).title_kinds
    with Registry.open(registry_path):
        assert "qinghe_master" in code_table("title_kinds")


def test_an_own_kind_is_imported_under_its_name(open_registry: Registry, tmp_path: Path) -> None:
    open_registry.add_title_kind("qinghe_master", OWN)
    for kind, text in (
        ("schools", "学校名称,小学学生数\n一小,100\n"),
        ("teachers", "姓名,学校名称,教职工类别,人员状态,学段\n张三,一小,专任教师,在职,小学\n"),
        ("titles", "姓名,学校名称,称号,授予时间\n张三,一小,县级青禾好老师,2022-09-01\n"),
    ):
        file = tmp_path / f"{kind}.csv"
        file.write_text(text, encoding="utf-8")
        plan = open_registry.plan_import(kind, file, on=date(2025, 9, 1))
        assert [problem.message for problem in plan.problems] == []
        open_registry.apply(plan)
    assert open_registry.coverage.gaps(on=date(2026, 8, 31)).totals.holders == 1
    assert open_registry.coverage.gaps(on=date(2026, 9, 1)).totals.holders == 0
    with pytest.raises(RegistryError) as refused:
        open_registry.remove_title_kind("qinghe_master")
    assert refused.value.code == "title-kind-used"


def test_a_shipped_kind_can_be_changed_and_put_back(open_registry: Registry) -> None:
    change = KindChange(term_years=2, duties="none", ladder=("rising_teacher",))
    open_registry.change_title_kind("backbone_teacher", change)
    first = date(2022, 9, 1)
    assert usual_end("backbone_teacher", "county", first, Settings({})) == date(2024, 8, 31)
    assert needed_a_year("backbone_teacher", Settings({})) == {}
    assert steps_below("backbone_teacher", "county") == [("rising_teacher", "county")]
    assert code_table("title_kinds").value("backbone_teacher", "counts_backbone") == "1"
    open_registry.change_title_kind("backbone_teacher", KindChange(counts_backbone=False))
    assert open_registry.local_title_kinds()["backbone_teacher"] == {
        "term_years": "2", "has_term": "1", "duties": "none", "ladder": "rising_teacher",
        "counts_backbone": "0",
    }  # fmt: skip
    open_registry.remove_title_kind("backbone_teacher")
    assert usual_end("backbone_teacher", "county", first, Settings({})) == date(2025, 8, 31)


@pytest.mark.parametrize(
    ("kind", "level", "below"),
    [
        ("backbone_teacher", "prefecture", [("backbone_teacher", "county")]),
        ("backbone_teacher", "school", []),
        ("subject_leader", "county", []),
        ("special_grade_teacher", "province", []),
        ("master_teacher", "national", [("master_teacher", "province")]),
    ],
)
def test_the_step_below_is_the_next_lower_usual_level(
    kind: str, level: str, below: list[tuple[str, str]]
) -> None:
    assert steps_below(kind, level) == below


@pytest.mark.parametrize(
    ("code", "change", "refused_as"),
    [
        ("Own Kind", OWN, "title-kind-code"),
        ("backbone_teacher", OWN, "title-kind-known"),
        ("own_kind", KindChange(term_years=3), "title-kind-nameless"),
        ("own_kind", KindChange(name="名师"), "title-kind-word"),
        ("own_kind", KindChange(name="新名", aliases=("学带",)), "title-kind-word"),
        ("own_kind", KindChange(name="新名", levels=("village",)), "title-kind-value"),
        ("own_kind", KindChange(name="新名", ladder=("own_kind",)), "title-kind-value"),
        ("own_kind", KindChange(name="新名", category="medal"), "title-kind-value"),
        ("own_kind", KindChange(name="新名", term_years=21), "title-kind-term"),
        ("own_kind", KindChange(name="新名", duties="songs=3"), "title-kind-duties"),
        ("own_kind", KindChange(name="新名", duties="paper=-1"), "title-kind-duties"),
    ],
)
def test_a_kind_that_does_not_fit_is_refused(
    open_registry: Registry, code: str, change: KindChange, refused_as: str
) -> None:
    with pytest.raises(UsageError) as refused:
        open_registry.add_title_kind(code, change)
    assert refused.value.code == refused_as
    assert open_registry.local_title_kinds() == {}


def test_changing_or_removing_what_is_not_there_is_refused(open_registry: Registry) -> None:
    with pytest.raises(RegistryError, match="no kind of title"):
        open_registry.change_title_kind("own_kind", KindChange(term_years=3))
    with pytest.raises(UsageError, match="Nothing"):
        open_registry.change_title_kind("backbone_teacher", KindChange())
    with pytest.raises(RegistryError, match="neither"):
        open_registry.remove_title_kind("backbone_teacher")


def test_the_commands_add_list_change_and_remove(
    registry_path: Path, engine: object, capsys: pytest.CaptureFixture[str]
) -> None:
    def said(*words: str) -> str:
        session = Session(str(registry_path))
        commands.title.main(["kinds", *words], standalone_mode=False, obj=session)
        return capsys.readouterr().out

    added = ("--name", "青禾名师", "--term-years", "4", "--level", "县级", "--backbone",
             "--first", "骨干教师")  # fmt: skip
    assert "青禾名师" in said("add", "qinghe_master", *added)
    (own,) = [one for one in json.loads(said("list", "--format", "json")) if one["local"]]
    assert own == {
        "code": "qinghe_master",
        "name": "青禾名师",
        "category": "title",
        "term_years": 4,
        "term_years_province": None,
        "levels": ["county"],
        "counts_backbone": True,
        "needs_first": {"county": [{"title_kind": "backbone_teacher", "level": "county"}]},
        "duties": "none",
        "local": True,
    }
    said("change", "qinghe_master", "--duties", "paper=1", "--no-backbone")
    (own,) = [one for one in json.loads(said("list", "--format", "json")) if one["local"]]
    assert (own["duties"], own["counts_backbone"], own["term_years"]) == ("paper=1", False, 4)
    assert "qinghe_master" in said("list")
    assert "was removed" in said("remove", "qinghe_master")
    said("change", "骨干教师", "--term-years", "2")
    assert "as it ships" in said("remove", "骨干教师")
    with pytest.raises(UsageError, match="Prefecture"):
        said("add", "own_kind", "--name", "新名", "--level", "村级")
    assert not any(one["local"] for one in json.loads(said("list", "--format", "json")))


@pytest.mark.parametrize(
    ("written", "stored"),
    [
        ("论文=2", "paper=2"),
        ("论文＝2；指导青年教师=3", "paper=2;mentees=3"),
        ("papers = 2; Visits to the country=1", "paper=2;rural_visit=1"),
        ("讲座=4", "demonstration=4"),  # counts for demonstration lessons or lectures
        ("usual", "usual"),
        ("none", "none"),
    ],
)
def test_duties_may_be_called_by_their_names(
    open_registry: Registry, written: str, stored: str
) -> None:
    open_registry.add_title_kind("own_kind", KindChange(name="新名", duties=written))
    assert open_registry.local_title_kinds()["own_kind"]["duties"] == stored


def test_what_does_not_fit_is_refused_with_what_there_is_in_words(
    open_registry: Registry,
) -> None:
    with speaking("zh"):
        for change, said in (
            (KindChange(levels=("village",)), "可填：国家级、省级、地市级、县级、乡镇级、校级"),
            (KindChange(ladder=("medal",)), "特级教师、教学名师"),
            (KindChange(duties="唱歌=3"), "指导青年教师、课题、论文"),
        ):
            with pytest.raises(UsageError, match=said):
                open_registry.change_title_kind("backbone_teacher", change)
