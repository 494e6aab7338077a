"""Checking one file from its bytes to its receipt, as a county's own desk does before sending.

Belongs here: the way through reading, judging and the receipt. Does not belong here: any rule of
its own; the platform and the desk must never differ.
"""

from collections.abc import Sequence

from aspa_resources.delivery.companions import parse_cost_centre_map, parse_sampling_counts
from aspa_resources.delivery.faults import Fault, UnreadableDelivery
from aspa_resources.delivery.judging import Judged, judge
from aspa_resources.delivery.months import month_of
from aspa_resources.delivery.notes import DeliveryNote
from aspa_resources.delivery.reading import ReadDelivery, read_delivery
from aspa_resources.delivery.receipts import Receipt, receipt
from aspa_resources.delivery.service_classes import told_classes
from aspa_resources.delivery.suppliers import supplier_of
from aspa_resources.rule_book import RuleBook


def check_file(
    content: bytes,
    file: str,
    county: str,
    month: str | None,
    rules: RuleBook,
    *,
    delivery: DeliveryNote | None = None,
) -> Receipt:
    """Check a file and return its receipt, whatever the file is.

    Args:
        content: The file's bytes.
        file: Its name, for the messages.
        county: The county's code.
        month: The month delivered ("2025-03"); None: the month most of its rows tell.
        rules: The rule book.
        delivery: Where the file stands among the county's others; None at the county's desk.

    Returns:
        The receipt, also of a file that cannot be read.
    """
    read: ReadDelivery | None = None
    judged: Judged | None = None
    faults: Sequence[Fault] = ()
    try:
        read = read_delivery(content, county, rules)
        month = month_of(read, file, month) or None
        supplier_of(read, file, rules.profile(county))
        if read.kind == "feedback":
            judged = judge(read, county, month or "", rules)
        elif read.kind == "sampling_counts":
            parse_sampling_counts(read, county, month or "", rules)
        else:
            parse_cost_centre_map(read, county, rules)
    except UnreadableDelivery as refusal:
        faults = refusal.faults
        if read and read.kind == "feedback" and refusal.fault.code == "unknown_month":
            faults = (*faults, *_of_rows(judge(read, county, "", rules)))
    classes = None
    if judged and month and not faults and not judged.refused and judged.accepted.height:
        classes = told_classes(judged.accepted, None, county, month, rules)
    return receipt(
        file,
        county,
        month,
        rules,
        read=read,
        judged=judged,
        faults=faults,
        delivery=delivery,
        service_classes=classes,
    )


def _of_rows(judged: Judged) -> list[Fault]:
    """Return the faults of a file's rows that do not hang on its month: why none was found."""
    return [f for f in judged.faults if f.level != "file" and f.code != "other_month"]
