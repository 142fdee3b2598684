"""Saying on the command line how a file is laid out, and what is remembered of it."""

import json

import pytest

NUMBER, OTHER = "640199198503150012", "640199198802290023"
UNKNOWN = f"xm,sfz,xx\n张三,{NUMBER},青禾一小\n"
NAKED = f"李四,{OTHER},青禾一小\n"
MAPPED = ("--map", "xm=name", "--map", "B=身份证件号", "--map", "xx=School")


@pytest.fixture
def ready(run, tmp_path):
    run("init", "--county", "640199", "--name", "青禾县")
    (tmp_path / "a.csv").write_text(UNKNOWN, encoding="utf-8")
    (tmp_path / "b.csv").write_text(UNKNOWN.replace("张三", "张三丰"), encoding="utf-8")
    (tmp_path / "naked.csv").write_text(NAKED, encoding="utf-8")


def test_a_file_without_a_header_is_asked_about_and_settled_as_it_says(run, ready):
    asked = run("import", "teachers", "naked.csv", "--add-schools", "--yes", lang="zh")
    assert asked.exit_code == 1
    assert "A 列像姓名；B 列像身份证件号；C 列像学校名称" in asked.err
    assert OTHER not in asked.err
    options = "--header-row 0 --map A=name --map B=id_number --map C=school_name"
    assert options in asked.err
    done = run("import", "teachers", "naked.csv", "--add-schools", "--yes", *options.split())
    assert done.exit_code == 3  # no stage is given
    assert "1 read, 1 added" in done.out


def test_a_mapping_is_listed_used_and_forgotten(run, ready):
    assert "Nothing is remembered" in run("imports", "mappings").out
    assert run("import", "teachers", "a.csv", "--add-schools", "--yes", *MAPPED).exit_code == 3
    listed = json.loads(run("imports", "mappings", "--format", "json").out)
    assert listed == [
        {
            "mapping": 1,
            "kind": "teachers",
            "header": ["xm", "sfz", "xx"],
            "columns": {"xm": "name", "sfz": "id_number", "xx": "school_name"},
            "sheets": [],
            "batch": 1,
        }
    ]
    assert "xm＝姓名；sfz＝身份证件号；xx＝学校名称" in run("imports", "mappings", lang="zh").out
    again = run("import", "teachers", "b.csv", "--dry-run")
    assert "the header is that of import 1" in again.err
    forgotten = run("imports", "forget", "1")
    assert (forgotten.exit_code, "Mapping 1 is forgotten: xm = Name" in forgotten.out) == (0, True)
    assert run("import", "teachers", "b.csv", "--dry-run").exit_code == 1
    assert run("imports", "forget", "1").exit_code == 1


@pytest.mark.parametrize(
    ("options", "code", "words"),
    [
        (["--map", "xm"], 2, "--map wants COLUMN=FIELD"),
        (["--map", "xm=nothing"], 2, "There is no field “nothing”"),
        (["--header-row", "-1"], 2, "--header-row"),
        ([*MAPPED, "--map", "职位=subject"], 1, "There are: xm, sfz, xx."),
        (["--sheet", "花名册"], 1, "has no sheet “花名册”"),
        (["--header-row", "2"], 1, "seems to be a record"),
    ],
)
def test_wrong_values_are_refused_with_what_is_there(run, ready, options, code, words):
    ran = run("import", "teachers", "a.csv", "--yes", *options)
    assert (ran.exit_code, words in ran.err) == (code, True), ran.err
    assert NUMBER not in ran.err


def test_columns_are_told_by_what_becomes_of_them(run, ready, tmp_path):
    table = "姓名,学校名称,性别,备注,爱好,健康状况\n张三,青禾一小,男,x,y,好\n"
    (tmp_path / "c.csv").write_text(table, encoding="utf-8")
    ran = run("import", "teachers", "c.csv", "--add-schools", "--dry-run", "--map", "爱好=")
    assert "kept as they are and published nowhere: 备注\n" in ran.err
    assert "not imported: 爱好, 健康状况\n" in ran.err
