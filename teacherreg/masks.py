"""Hiding the part of a number that tells who somebody is.

What is masked goes on a screen, into JSON or into the leaders' file; the report workbook,
which goes back to the officer who sent the number, is the one place that carries it whole.
"""


def mask_id_number(number: str | None) -> str | None:
    """Keep the area and the last four of an ID number: ``640199********0012``."""
    return _mask(number, 6, 4)


def mask_phone(number: str | None) -> str | None:
    """Keep the first three and the last four of a phone number: ``138****1234``."""
    return _mask(number, 3, 4)


def _mask(text: str | None, first: int, last: int) -> str | None:
    """Star out the middle; what is too short to have one is starred out whole."""
    if text is None:
        return None
    hidden = len(text) - first - last
    if hidden < first:
        return "*" * len(text)
    return text[:first] + "*" * hidden + text[-last:]
