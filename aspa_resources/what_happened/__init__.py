"""The page that tells what happened to a county's month: from files that came to what was shown.

Belongs here: gathering it from ledger, manifests and receipts, and writing the page when asked, so
that it is never older than the question. Does not belong here: the trace of a figure (`tracing`), a
county's own list of deliveries (`histories`). Counts, hashes and versions only.
"""

from pathlib import Path

from aspa_resources import atomic_files
from aspa_resources.home import AspaHome
from aspa_resources.rule_book import RuleBook
from aspa_resources.what_happened.gathering import UnknownMonthError, gather
from aspa_resources.what_happened.pages import month_page

__all__ = ["UnknownMonthError", "gather", "month_page", "write_page"]


def write_page(home: AspaHome, county: str, month: str, rules: RuleBook) -> Path:
    """Write the page of a county's month as it is now, and return where it lies.

    Raises:
        UnknownMonthError: nothing of that month ever came.
    """
    page = month_page(gather(home, county, month, rules), rules)
    path = home.operator / "what_happened" / county / f"{month}.html"
    atomic_files.write_text(path, page)
    return path
