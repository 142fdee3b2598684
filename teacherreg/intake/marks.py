"""What people write into a cell to say that nothing belongs there, or the same as above."""

from typing import Final

EMPTY_MARKS: Final = frozenset(
    {
        "", "无", "空", "-", "--", "—", "——", "－", "–", "/", "//", "\\", "、", ".", "。",
        "暂无", "没有", "不详", "未填", "N/A", "n/a", "NA", "null", "NULL", "None", "无。",
    }
)  # fmt: skip

SAME_AS_ABOVE: Final = frozenset({"同上", "〃", "″", '"', "”", "’’", "''", "同  上", "同 上"})

CELL_ERROR: Final = r"^#(?:REF!|N/A|VALUE!|NAME\?|DIV/0!|NULL!|NUM!|SPILL!|CALC!)$"
