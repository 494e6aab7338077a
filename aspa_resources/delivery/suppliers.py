"""Which of a county's suppliers made a file, where the county's profile names several.

Belongs here: that one answer. Not here: which files add up or replace one another (stock).
"""

from fnmatch import fnmatchcase

from aspa_resources.delivery.faults import Fault, UnreadableDelivery
from aspa_resources.delivery.reading import ReadDelivery
from aspa_resources.rule_book import CountyProfile
from aspa_resources.rule_book.models import Supplier
from aspa_resources.rule_book.words import fold_header


def supplier_of(read: ReadDelivery, file: str, profile: CountyProfile) -> str:
    """Return the name of the supplier that made a file; empty where the county names none.

    Args:
        read: The file as it was understood.
        file: Its name.
        profile: The county's profile.

    Raises:
        UnreadableDelivery: `unknown_supplier` where a feedback file fits none or several of them.
    """
    fitting = [name for name, one in profile.suppliers.items() if _fits(one, read, file)]
    if len(fitting) == 1:
        return fitting[0]
    if not profile.suppliers or (not fitting and read.kind != "feedback"):
        return ""
    raise UnreadableDelivery(Fault("file", "unknown_supplier"))


def _fits(supplier: Supplier, read: ReadDelivery, file: str) -> bool:
    written = {fold_header(header) for header in (*read.understood.values(), *read.ignored)}
    named = supplier.file_name is None or fnmatchcase(file.lower(), supplier.file_name.lower())
    return named and all(fold_header(header) in written for header in supplier.headers)
