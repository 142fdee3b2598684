"""What was said of a header and accepted is remembered, told, undone and forgotten."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine, select

from teacherreg import Layout, Registry
from teacherreg.errors import IntakeError, RegistryError
from teacherreg.intake.tables import MAPPING
from tests.intake.reading.made import MAN, SECOND_WOMAN, WOMAN, as_text

HEADER = ["xm", "sfz", "xb", "xx"]
ZHANG = ["张三", MAN, "男", "青禾一小"]
LI = ["李四", WOMAN, "女", "青禾一小"]
WANG = ["王五", SECOND_WOMAN, "女", "青禾一小"]
SAID = Layout(columns={"xm": "name", "B": "id_number", "xx": "school_name", "xb": None})

Write = Callable[..., Path]


@pytest.fixture
def write(tmp_path: Path) -> Write:
    def write(name: str, *rows: list[str]) -> Path:
        path = tmp_path / name
        path.write_text(as_text(rows), encoding="utf-8")
        return path

    return write


def run(registry: Registry, file: Path, layout: Layout | None = None) -> int:
    said = {} if layout is None else {"layout": layout}
    batch = registry.apply(registry.plan_import("teachers", file, add_schools=True, **said))
    assert batch.id is not None
    return batch.id


def told(plan: Any) -> list[str]:
    return [notice.message for notice in plan.notices if notice.code == "mapping-remembered"]


def test_what_was_accepted_holds_for_the_next_file_of_the_same_shape(
    registry: Registry, write: Write
) -> None:
    first = run(registry, write("a.csv", HEADER, ZHANG), SAID)
    plan = registry.plan_import("teachers", write("b.csv", ["2027年名单"], [], HEADER, LI, WANG))
    assert dict(plan.columns) == {
        "xm": "name",
        "sfz": "id_number",
        "xb": None,
        "xx": "school_name",
    }
    assert (plan.counts.read, plan.counts.added) == (2, 2)
    assert told(plan) == [
        f"b.csv: the header is that of import {first}, so what was accepted there holds: "
        "xm = Name; sfz = ID number; xx = School; xb is left out. If that is wrong, say otherwise "
        "by --map or --sheet, or teacherreg imports forget 1."
    ]
    (one,) = registry.mappings()
    assert (one.id, one.kind, one.batch_id) == (1, "teachers", first)
    assert one.header == ("xm", "sfz", "xb", "xx")
    assert one.columns == {"xm": "name", "sfz": "id_number", "xx": "school_name", "xb": None}


def test_a_plan_alone_and_an_import_without_a_word_leave_nothing(
    registry: Registry, write: Write
) -> None:
    registry.plan_import("teachers", write("a.csv", HEADER, ZHANG), layout=SAID)
    run(registry, write("b.csv", ["姓名", "性别", "学校名称"], ["赵六", "男", "青禾一小"]))
    assert registry.mappings() == []


def test_what_is_said_now_goes_before_what_was_said_then(registry: Registry, write: Write) -> None:
    run(registry, write("a.csv", HEADER, ZHANG), SAID)
    now = Layout(columns={"xb": "sex"})
    plan = registry.plan_import("teachers", write("b.csv", HEADER, LI), layout=now)
    assert plan.columns["xb"] == "sex"
    assert plan.columns["xm"] == "name"
    registry.apply(plan)
    (one,) = registry.mappings()
    assert one.columns["xb"] == "sex"
    assert one.columns["xm"] == "name"


def test_undoing_an_import_brings_back_what_was_said_before_it(
    registry: Registry, write: Write
) -> None:
    first = run(registry, write("a.csv", HEADER, ZHANG), SAID)
    second = run(registry, write("b.csv", HEADER, LI), Layout(columns={"xb": "sex"}))
    registry.undo(second)
    assert [(one.batch_id, one.columns["xb"]) for one in registry.mappings()] == [(first, None)]
    registry.undo(first)
    assert registry.mappings() == []
    with pytest.raises(IntakeError) as refused:
        registry.plan_import("teachers", write("c.csv", HEADER, WANG))
    assert refused.value.code == "no-header"


def test_what_is_forgotten_holds_no_longer_not_even_its_elders(
    registry: Registry, write: Write, engine: Engine
) -> None:
    run(registry, write("a.csv", HEADER, ZHANG), SAID)
    run(registry, write("b.csv", HEADER, LI), Layout(columns={"xb": "sex"}))
    assert registry.forget_mapping(2).columns["xb"] == "sex"
    assert registry.mappings() == []
    with engine.connect() as connection:
        assert connection.execute(select(MAPPING)).all() == []
    with pytest.raises(RegistryError) as refused:
        registry.forget_mapping(2)
    assert refused.value.code == "mapping-unknown"


def test_another_kind_and_another_header_are_not_meant(registry: Registry, write: Write) -> None:
    run(registry, write("a.csv", HEADER, ZHANG), SAID)
    others = (
        ("titles", HEADER),
        ("teachers", [*HEADER[:3], "xxx"]),
        ("teachers", ["sfz", "xm", "xb", "xx"]),
    )
    for kind, header in others:
        with pytest.raises(IntakeError):
            registry.plan_import(kind, write("b.csv", header, LI))


def test_nothing_is_remembered_of_a_file_without_a_header(registry: Registry, write: Write) -> None:
    run(
        registry,
        write("a.csv", ZHANG),
        Layout(header_row=0, columns={"A": "name", "B": "id_number", "D": "school_name"}),
    )
    assert registry.mappings() == []
    with pytest.raises(IntakeError) as refused:
        registry.plan_import("teachers", write("b.csv", LI))
    assert refused.value.code == "no-header"


def test_a_header_row_that_was_said_is_known_again_wherever_it_stands(
    registry: Registry, write: Write
) -> None:
    header = ["姓名", "学校名称", "甲", "乙"]
    misleading = ["姓名、性别", "性别", "职称", "学段"]  # more headers than the header
    run(registry, write("a.csv", misleading, header, ["张三", "一小", "x", "y"]), Layout((), 2))
    plan = registry.plan_import(
        "teachers", write("b.csv", ["名单"], misleading, header, ["李四", "一小", "x", "y"])
    )
    assert dict(plan.columns) == {"姓名": "name", "学校名称": "school_name", "甲": None, "乙": None}
    assert plan.counts.read == 1
    assert "this row is the header" in told(plan)[0]


def test_sheets_that_were_chosen_are_chosen_again(registry: Registry, tmp_path: Path) -> None:
    from tests.intake.reading.conftest import Workbook

    header = ["姓名", "身份证件号", "学校名称"]
    people = [[row[0], row[1], row[3]] for row in (ZHANG, LI, WANG)]

    def book(name: str, first: list[str], second: list[str]) -> Path:
        path = Workbook(tmp_path / name)
        return path.write([header, first], name="总表", 副本=[header, second])

    run(registry, book("a.xlsx", people[0], people[1]), Layout(("总表",)))
    plan = registry.plan_import("teachers", book("b.xlsx", people[2], people[1]), add_schools=True)
    assert [table.sheet for table in plan.tables] == ["总表"]
    assert plan.counts.read == 1
    assert "only the sheet 总表" in told(plan)[0]
    both = registry.plan_import(
        "teachers", tmp_path / "b.xlsx", add_schools=True, layout=Layout(("副本",))
    )
    assert [table.sheet for table in both.tables] == ["副本"]


def test_people_that_several_sheets_repeat_are_written_once(
    registry: Registry, tmp_path: Path
) -> None:
    from tests.intake.reading.conftest import Workbook

    header = ["姓名", "身份证件号", "性别", "学校名称", "学段"]
    zhang, li, wang = ([*row, "小学"] for row in (ZHANG, LI, WANG))
    path = Workbook(tmp_path / "a.xlsx").write(
        [header, zhang, li], name="总表", 青禾一小=[header, zhang], 按学科=[header, li, wang]
    )
    plan = registry.plan_import("teachers", path, add_schools=True)
    assert (plan.counts.read, plan.counts.added, plan.counts.rejected) == (5, 3, 0)
    assert plan.added_rows() == {"school": 1, "teacher": 3, "post": 3}
    assert plan.problems == []
