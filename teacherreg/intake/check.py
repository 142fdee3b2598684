"""Checks between the columns of one row: the ID number against the rest, dates in order.

A check needs all its values. Where one of them failed already, it stays silent: one fault
gives one problem.
"""

from collections import Counter
from datetime import date
from typing import Final

import polars as pl

from teacherreg.codes import code_table
from teacherreg.codes.columns import column_of
from teacherreg.intake.idnumbers import birth_date_of, sex_of
from teacherreg.intake.meanings import meanings
from teacherreg.intake.records import Records

LEAST_WORK_AGE: Final = 14
SLIPPED_CELLS: Final = 3
SLIPPED_ROWS: Final = 3
PARTY_MEMBERS: Final = ("01", "02")  # GB/T 4762: members, and those on probation
LEAGUE_MEMBER: Final = "03"
# Ranks got their present names in 2015 (人社部发〔2015〕79号); by then counties had changed over.
OLD_RANKS_UNTIL: Final = date(2016, 1, 1)


def check_person(records: Records) -> None:
    """Check the ID number against sex, birth date and age, and settle the former two.

    The sex that the number tells holds; of two birth dates the written one is kept, because
    the personnel file decides on retirement. What is not written, the number tells.
    """
    if not records.has("id_number"):
        return
    numbers = records.column("id_number")
    born = birth_date_of(numbers)
    _check_age(records, born)
    if "sex" in records.kind.names:
        _settle_sex(records, sex_of(numbers))
    if "birth_date" in records.kind.names:
        _settle_birth_date(records, born)


def _check_age(records: Records, born: pl.Series) -> None:
    months = (
        records.on.year * 12 + records.on.month - born.dt.year().cast(pl.Int32) * 12
        - born.dt.month().cast(pl.Int32) - (born.dt.day() > records.on.day).cast(pl.Int32)
    )  # fmt: skip
    years = months // 12
    least = records.settings.number("id.age_least_years")
    most = records.settings.number("id.age_most_years")
    records.report(
        "id-age", (years < least) | (years > most), name="id_number", each={"years": years},
        least=least, most=most,
    )  # fmt: skip


def _settle_sex(records: Records, told: pl.Series) -> None:
    written = records.column("sex")
    differs = written.is_in(["1", "2"]) & told.is_not_null() & (written != told)
    records.report("id-sex", differs, name="sex")
    records.fill("sex", told.is_not_null(), told)


def _settle_birth_date(records: Records, born: pl.Series) -> None:
    written = records.column("birth_date")
    told = born.dt.to_string("%Y-%m-%d")
    agrees = pl.select(pl.lit(told).str.starts_with(pl.lit(written))).to_series()
    records.report(
        "id-birth-date", written.is_not_null() & told.is_not_null() & ~agrees, name="birth_date"
    )
    from_id = told.is_not_null() & (written.is_null() | (agrees & (written.str.len_chars() == 7)))
    records.fill("birth_date", from_id, told)
    records.clean["birth_date_from_id"] = from_id.fill_null(False) & written.is_null()


def check_required(records: Records) -> None:
    """Reject the rows in which a field that a row cannot do without is empty."""
    for field in records.kind.fields:
        if field.is_required:
            empty = records.column(field.name).is_null()
            told = records.told(field.name)
            positions = [p for p in empty.arg_true().to_list() if p not in told]
            records.report(f"{field.name.replace('_', '-')}-missing", positions, name=field.name,
                           severity="error")  # fmt: skip


def check_filled(records: Records, *names: str, where: pl.Series | None = None) -> None:
    """Reject the rows in which one of some fields is empty that they cannot do without.

    Args:
        records: The rows.
        names: The fields.
        where: Only these rows; without it, all.
    """
    for name in names:
        empty = records.column(name).is_null()
        if where is not None:
            empty &= where
        silent = records.told(name) | records.rejected
        positions = [p for p in empty.arg_true().to_list() if p not in silent]
        records.report("cell-missing", positions, name=name, severity="error",
                       field=column_of(records.kind.name, name).label())  # fmt: skip
        records.escalate(name, empty)


def check_someone_named(records: Records, who: str = "") -> None:
    """Reject the rows that name nobody: no ID number, no staff number, no name.

    Args:
        records: The rows.
        who: What stands before these fields, where a row is about several persons.
    """
    nobody = pl.repeat(True, len(records), eager=True)
    for name in ("id_number", "staff_no", "name"):
        nobody &= records.column(f"{who}{name}").is_null()
    told = records.told(f"{who}id_number") | records.told(f"{who}name")
    positions = [p for p in nobody.arg_true().to_list() if p not in told]
    records.report("person-missing", positions, name=f"{who}name" if who else None,
                   severity="error")  # fmt: skip


def check_order(records: Records, earlier: str, later: str, *, is_error: bool = False) -> None:
    """Report the rows in which a day comes before one that it must follow."""
    if not (records.has(earlier) and records.has(later)):
        return
    wrong = records.column(later) < records.column(earlier)
    records.report(
        "date-order", wrong, name=later, severity="error" if is_error else "warning",
        other=records.labels.get(earlier, earlier),
    )  # fmt: skip


def check_work_age(records: Records) -> None:
    """Report people who would have begun to work as children."""
    if not (records.has("work_started_on") and records.has("birth_date")):
        return
    born = records.column("birth_date").str.slice(0, 7)
    year = born.str.slice(0, 4).cast(pl.Int32, strict=False)
    age = records.column("work_started_on").dt.year() - year
    records.report("work-age", age < LEAST_WORK_AGE, name="work_started_on", years=LEAST_WORK_AGE)


def check_party(records: Records) -> None:
    """Empty the date of joining the Party where the political status is another.

    A column for Party and League (入党（团）时间) tells of the League in the rows of its members,
    and that is no fault.
    """
    if not (records.has("party_joined_on") and records.has("political_status")):
        return
    status = records.column("political_status")
    wrong = status.is_not_null() & ~status.is_in(PARTY_MEMBERS)
    wrong &= records.column("party_joined_on").is_not_null()
    header = records.labels.get("party_joined_on", "")
    of_league = (status == LEAGUE_MEMBER) & ("league_join_date" in meanings(header))
    records.report("party-date-of-none", wrong & ~of_league, name="party_joined_on")
    records.empty("party_joined_on", wrong)


def check_degree(records: Records) -> None:
    """Report degrees that go with no education as low as the one written."""
    if not (records.has("degree") and records.has("education")):
        return
    table = code_table("education")
    low = [c for c in table.codes if int(table.value(c, "bucket_rank") or 99) <= 60]  # 专科
    low = [code for code in low if table.value(code, "bucket") != "other"]
    wrong = records.column("degree").is_not_null() & records.column("education").is_in(low)
    records.report("degree-above-education", wrong, name="degree")


def check_old_ranks(records: Records) -> None:
    """Report ranks whose name meant another rank when they were given.

    A primary school's 高级教师 was what is 一级教师 now.
    """
    if not (records.has("professional_rank") and records.has("professional_rank_date")):
        return
    is_old = records.column("professional_rank_date") < OLD_RANKS_UNTIL
    is_primary = records.column("stage").is_in(["primary", "kindergarten"])
    words = list(code_table("professional_rank").ambiguous_words)
    is_bare = records.raw["professional_rank"].is_in(words)
    records.report("rank-old-name", is_old & is_primary & is_bare, name="professional_rank")


def check_shifted(records: Records) -> None:
    """Reject rows whose columns have slipped: three in a row with three unreadable cells each.

    One problem takes the place of those of the single cells. A sheet with words of its own
    is no slip: days or numbers must be wrong too, and the sex, which everybody writes alike.
    """
    counts: Counter[int] = Counter()
    shapes: set[int] = set()  # rows where a number or a day is something else
    words: set[int] = set()  # rows where a word is none of its list
    for field in records.kind.fields:
        told = records.told(field.name)
        counts.update(told)
        if field.type == "code" and (field.name == "sex" or "sex" not in records.clean):
            words |= told
        elif field.type in ("date", "partial_date", "integer", "phone", "id_number"):
            shapes |= told
    slipped = sorted(position for position in shapes & words if counts[position] >= SLIPPED_CELLS)
    runs: list[list[int]] = []
    for position in slipped:
        if runs and position == runs[-1][-1] + 1:
            runs[-1].append(position)
        else:
            runs.append([position])
    together = [position for run in runs if len(run) >= SLIPPED_ROWS for position in run]
    if together:
        records.reject_whole(together, "row-shifted")
