"""Texts that may give a pupil away are found; everyday words are not taken for names."""

import pytest

from teacherreg.conduct.pupils import names_pupil


@pytest.mark.parametrize(
    "text",
    [
        "体罚学生张小明",
        "打骂学生（李明）",
        "学生王小红的家长反映",
        "张小明同学被罚站",
        "对李小明同学进行辱骂",
        "学生：欧阳小雨",
        "辱骂学生马小军、李红",
        "学生“于洋”受伤",
        "体罚幼儿赵乐乐",
        "证件 640199201203150016",
        "证件６４０１９９２０１２０３１５００１６",
        "证件 640199120315001",
    ],
)
def test_a_name_or_a_number_is_found(text: str) -> None:
    assert names_pupil(text)


@pytest.mark.parametrize(
    "text",
    [
        "课后组织有偿补课",
        "体罚学生，造成学生左耳受伤",
        "与女学生单独相处",
        "致学生严重受伤，学生家长反映",
        "学生王某、张某同学、侮辱学生李某某",
        "对高三学生有偿补课",
        "占用学生安全教育时间，对全班同学",
        "对学生施暴；学生于课间",
        "违规收取学生费用，要求学生马上离开",
        "青教处〔2024〕1号，电话 13900000000",
    ],
)
def test_everyday_words_are_no_names(text: str) -> None:
    assert not names_pupil(text)
