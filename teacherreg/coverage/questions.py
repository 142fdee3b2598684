"""The questions that can be asked of a registry's coverage."""

from teacherreg.coverage.coming import Coming
from teacherreg.coverage.standing import Standing


class Coverage(Standing, Coming):
    """Asks where title holders are missing, how evenly they are spread, and what would help.

    Args:
        engine: The registry.
        settings: The settings in force; ``titles.count_expired`` matters here, and those of
            retirement and ``forecast.leave_percent_per_year`` for a forecast.
    """
