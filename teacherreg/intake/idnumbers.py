"""ID numbers (公民身份号码) over whole columns.

Issued by the public security authorities; built as GB 11643-1999 says: six digits of area,
eight of birth date, three of order (odd for men, even for women) and a check character,
weights 2^(17-i) mod 11. Before 1999 they had 15 digits. Unknown and abolished areas are
no fault; the residence permits of Hong Kong, Macao and Taiwan residents and of foreigners
follow the same rule.

A spreadsheet that held the number as a number has lost the last three digits for good.
"""

from dataclasses import dataclass
from typing import Final

import polars as pl

from teacherreg.intake.records import Records, without

WEIGHTS: Final = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
CHECK_CHARACTERS: Final = "10X98765432"

# Written for X: lower case, Cyrillic, Greek, signs; * is a guess that we tell.
_LIKE_X: Final = r"[xХхχΧ×✕╳ⅩⅹX*＊]$"
_SCIENTIFIC: Final = r"^\d(?:\.\d+)?[Ee]\+?\d+$"


def check_character(first_17: pl.Series) -> pl.Series:
    """Compute the check character of each number's first 17 digits.

    Args:
        first_17: Texts of 17 digits; others give null.

    Returns:
        One character each, as GB 11643-1999 computes it.
    """
    number = first_17.cast(pl.Int64, strict=False)
    total = pl.select(
        pl.sum_horizontal(
            (pl.lit(number) // 10 ** (16 - place)) % 10 * weight
            for place, weight in enumerate(WEIGHTS)
        )
    ).to_series()
    remainder = pl.select(pl.when(pl.lit(number).is_not_null()).then(total % 11)).to_series()
    return remainder.replace_strict(
        list(range(11)), list(CHECK_CHARACTERS), default=None, return_dtype=pl.String
    )


def birth_date_of(numbers: pl.Series) -> pl.Series:
    """Give the birth date that each 18-digit number tells; null where there is no such day."""
    return numbers.str.slice(6, 8).str.to_date("%Y%m%d", strict=False)


def sex_of(numbers: pl.Series) -> pl.Series:
    """Give the sex that each 18-digit number tells, as GB/T 2261.1 codes: 1 man, 2 woman."""
    order = numbers.str.slice(16, 1).cast(pl.Int8, strict=False)
    return order.replace_strict(
        list(range(10)), ["2", "1"] * 5, default=None, return_dtype=pl.String
    )


def all_differ(numbers: pl.Series) -> bool:
    """Tell whether no number stands twice; the check character follows from the 17 digits."""
    known = numbers.drop_nulls()
    return known.str.slice(0, 17).cast(pl.Int64, strict=False).n_unique() == known.len()


def clean_id_numbers(
    records: Records, name: str, cells: pl.Series, is_number: pl.Series | None
) -> pl.Series:
    """Clean a column of ID numbers and report what cannot be one.

    Args:
        records: What the faults are reported to.
        name: The field.
        cells: What stands in the cells.
        is_number: Which of them hold numbers instead of text.

    Returns:
        Numbers of 18 characters; null where the cell is empty or its number is no number.
    """
    doubtful = cells.is_not_null() & ~is_valid(cells)
    if is_number is not None:
        doubtful |= is_number & cells.is_not_null()
    if not doubtful.any():
        return cells
    # One rounded number in eleven passes the check, so none beside a rounded one is believed.
    rounded = cells.str.ends_with("000").fill_null(False)
    if (doubtful & rounded).any():
        doubtful |= rounded
    positions = doubtful.arg_true()
    part = _Part(records, name, positions, bare_numbers(cells.gather(positions)))
    numbers = None if is_number is None else is_number.gather(positions)
    part.refuse("id-lost-digits", _has_lost_digits(part.numbers, numbers))
    part.read_check_letter()
    part.lengthen()
    part.refuse_wrong_form()
    part.refuse("id-impossible-date", birth_date_of(part.numbers).is_null())
    wrong = part.numbers.str.slice(17, 1) != check_character(part.numbers.str.slice(0, 17))
    rounded = part.numbers.str.ends_with("000")
    if (wrong & rounded).any():
        part.refuse("id-lost-digits", rounded)
    part.refuse("id-checksum", wrong)
    return cells.scatter(positions, part.numbers)


def is_valid(numbers: pl.Series) -> pl.Series:
    """Tell which texts are ID numbers as they stand: form, birth date and check."""
    formed = numbers.str.contains(r"^[0-9]{17}[0-9X]$")
    checked = numbers.str.slice(17, 1) == check_character(numbers.str.slice(0, 17))
    return (formed & checked & birth_date_of(numbers).is_not_null()).fill_null(False)


def bare_numbers(cells: pl.Series) -> pl.Series:
    """Drop spaces, dashes and apostrophes; make digits half width."""
    return (
        cells.str.normalize("NFKC")
        .str.replace_all(r"[\s'‘’`´\"“”\-‐–—_\x{200b}-\x{200f}\x{2060}\x{feff}]+", "")
        .str.replace(r"\.0$", "")
        .replace("", None)
    )


def _has_lost_digits(numbers: pl.Series, is_number: pl.Series | None) -> pl.Series:
    """Tell which numbers a program has rounded: 6.40199E+17, or a number of 16 digits."""
    lost = numbers.str.contains(_SCIENTIFIC).fill_null(False)
    if is_number is not None:
        lost |= is_number & (numbers.str.len_chars() >= 16).fill_null(False)
    return lost


@dataclass
class _Part:
    """The doubtful cells of a column; what is refused becomes null and stays silent after."""

    records: Records
    name: str
    positions: pl.Series
    numbers: pl.Series

    def warn(self, code: str, where: pl.Series) -> None:
        self.records.report(code, self._places(where), name=self.name)

    def refuse(self, code: str, where: pl.Series, length: int = 18) -> None:
        where = where & self.numbers.is_not_null()
        self.records.report(
            code, self._places(where), name=self.name, severity="error", length=length
        )
        self.numbers = without(self.numbers, where)

    def _places(self, where: pl.Series) -> list[int]:
        return self.positions.filter(where.fill_null(False)).to_list()

    def read_check_letter(self) -> None:
        """Take what people write for X as X; a star is a guess, and told."""
        self.warn("id-check-letter", self.numbers.str.contains(r"^\d{17}\*$"))
        formed = self.numbers.str.contains(r"^\d{17}\D$").fill_null(False)
        self.numbers = self.numbers.zip_with(~formed, self.numbers.str.replace(_LIKE_X, "X"))

    def lengthen(self) -> None:
        """Give 15-digit numbers their 18-digit form: 19 before the year, and the check."""
        is_short = self.numbers.str.contains(r"^\d{15}$").fill_null(False)
        if not is_short.any():
            return
        first_17 = self.numbers.str.slice(0, 6) + "19" + self.numbers.str.slice(6, 9)
        long = first_17 + check_character(without(first_17, ~is_short))
        self.warn("id-15-digits", is_short & birth_date_of(long).is_not_null())
        self.numbers = self.numbers.zip_with(~is_short, long)

    def refuse_wrong_form(self) -> None:
        wrong = ~self.numbers.str.contains(r"^\d{17}[\dX]$")
        lengths = self.numbers.str.len_chars()
        for length in lengths.filter(wrong.fill_null(False)).unique().sort().to_list():
            code = "id-characters" if length == 18 else "id-length"
            self.refuse(code, wrong & (lengths == length), length=length)
