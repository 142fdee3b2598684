"""A county's own values: defaults until changed, and clear refusals."""

import pytest
from sqlalchemy import Engine

from teacherreg import database, settings
from teacherreg.errors import UsageError
from teacherreg.settings import Settings, known


def read(engine: Engine) -> Settings:
    with engine.connect() as connection:
        return Settings.read(connection)


def test_defaults_stand_until_changed(engine: Engine) -> None:
    assert read(engine)["levels.shi_word"] == "prefecture"
    with database.writing(engine) as connection:
        settings.change(connection, "levels.shi_word", "county")
    assert read(engine)["levels.shi_word"] == "county"
    with database.writing(engine) as connection:
        settings.reset(connection, "levels.shi_word")
    assert read(engine)["levels.shi_word"] == "prefecture"


@pytest.mark.parametrize(
    ("code", "name", "level"),
    [
        pytest.param("640199", "青禾县", "province", id="a county of an autonomous region"),
        pytest.param("640199", "青禾区", "county", id="a city district there"),
        pytest.param("610199", "青禾县", "county", id="a county elsewhere"),
    ],
)
def test_qu_word_follows_the_place(code: str, name: str, level: str) -> None:
    assert Settings({}, code, name)["levels.qu_word"] == level


@pytest.mark.parametrize(
    ("key", "text", "refused_as"),
    [
        ("levels.shi_word", "省", "setting-choice"),
        ("id.age_least_years", "-1", "setting-number"),
        ("id.age_least_years", "61", "setting-number"),
        ("id.age_least_years", "１８", "setting-number"),
        ("titles.count_expired", "maybe", "setting-not-yes-no"),
        ("no.such", "1", "setting-unknown"),
    ],
)
def test_a_value_that_does_not_fit_is_refused(
    engine: Engine, key: str, text: str, refused_as: str
) -> None:
    before = dict(read(engine))
    with pytest.raises(UsageError) as refused, database.writing(engine) as connection:
        settings.change(connection, key, text)
    assert refused.value.code == refused_as
    assert dict(read(engine)) == before


@pytest.mark.parametrize(("text", "value"), [("是", True), ("yes", True), ("否", False)])
def test_yes_and_no_are_read_in_both_languages(engine: Engine, text: str, value: bool) -> None:
    with database.writing(engine) as connection:
        assert settings.change(connection, "titles.count_expired", text) is value
    assert read(engine)["titles.count_expired"] is value


def test_every_setting_has_a_source_and_says_what_it_means() -> None:
    for setting in known().values():
        assert setting.source, setting.key
        assert setting.zh, setting.key
        assert setting.en, setting.key
