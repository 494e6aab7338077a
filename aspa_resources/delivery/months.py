"""Which month a delivered file is of.

Belongs here: the one answer that the landing zone and the county's desk share. A file's rows decide
its month; its name is asked only where rows cannot tell it (sampling counts).
"""

import re
from datetime import UTC, datetime

from aspa_resources.delivery.faults import Fault, UnreadableDelivery
from aspa_resources.delivery.reading import ReadDelivery

FIRST_MONTH = "2024-01"

_MONTH_IN_NAME = re.compile(r"(?<!\d)(20\d\d)[-_.]?(0[1-9]|1[0-2])(?!\d)")


def month_of(read: ReadDelivery, file: str, asked: str | None = None) -> str:
    """Return the month of a file, `YYYY-MM`; empty for a cost-centre map, which has none.

    Args:
        read: The file as it was understood.
        file: Its name.
        asked: The month its sender says it is of, if any.

    Raises:
        UnreadableDelivery: `unknown_month`, or `month_outside_platform` before the platform's first
            month or after the running one.
    """
    if read.kind == "cost_centre_map":
        return ""
    month = asked or (read.months[0] if read.months else _month_in_name(file))
    if not month:
        raise UnreadableDelivery(Fault("file", "unknown_month"))
    if not FIRST_MONTH <= month <= f"{datetime.now(UTC):%Y-%m}":
        raise UnreadableDelivery(Fault("file", "month_outside_platform"))
    return month


def _month_in_name(file: str) -> str:
    found = _MONTH_IN_NAME.search(file)
    return f"{found[1]}-{found[2]}" if found else ""
