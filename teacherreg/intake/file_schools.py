"""The school of a roster that names none, where the file or its folder is called by one.

Schools hand in 青禾县第一小学.xlsx, or 花名册.xlsx in a folder 第一小学, and see no reason to
write the name into each row again. A name counts only if nothing else is left of it but
what rosters are called (花名册, 2025年, 最终版), and if it is one school's own name: 红山一小
never stands for 一小. The file's name goes before its folder's.
"""

import re
from collections.abc import Iterable, Iterator
from pathlib import PurePosixPath
from typing import Final

from teacherreg.intake.places import Places, tidy

_WORDS: Final = (
    "花名册|花名|名册|名单|名录|信息|基本情况|情况|统计|登记|汇总|一览|明细|采集|上报|报送|报表|导入|模板"
    "|表格|表|册|在职|在岗|在编|编外|全体|全校|专任|教职员工|教职工|教师|教工|职工|人员|骨干|学科带头人|名师"
    "|称号|师德|师风|考核|年度|最新|最终|定稿|修改|修订|新|终|版|稿|副本|复件|的"
)
_NUMBER: Final = (
    r"\d+(?:[-—~至.]\d+)*(?:学年度?|年度?|月份?|日|号)?|第?[一二上下]学期|附件\d*|v\d+|final|copy"
)
_MARK: Final = r"[\s\-—_.,，、:：;；~+（）()\[\]【】《》]+"
_LAST: Final = re.compile(rf"(?:{_WORDS}|{_NUMBER}|{_MARK})$", re.IGNORECASE)
_FIRST: Final = re.compile(rf"^(?:{_NUMBER}|{_MARK})", re.IGNORECASE)


def schools_of_files(files: Iterable[str], schools: Places) -> dict[str, int]:
    """Tell which files are called by the name of exactly one school, and which it is.

    Args:
        files: Names as people see them; folders stand before a slash.
        schools: The schools known.
    """
    found = {file: _school_of(file, schools) for file in files}
    return {file: school for file, school in found.items() if school is not None}


def _school_of(file: str, schools: Places) -> int | None:
    path = PurePosixPath(file)
    for part in (path.stem, *(folder.name for folder in path.parents)):
        for form in _forms(tidy(part)):
            meant = schools.own_name(form)
            if meant is not None:
                return meant.school_id
    return None


def _forms(name: str) -> Iterator[str]:
    """Give a name with less and less around it."""
    while name:
        yield name
        shorter = _LAST.sub("", name)
        if shorter == name:
            shorter = _FIRST.sub("", name)
        if shorter == name:
            return
        name = shorter
