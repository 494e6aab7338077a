"""Checking one file from its bytes to its receipt, as a county's own desk does before sending.

Belongs here: the way through reading, judging and the receipt. Does not belong here: any rule of
its own; the platform and the desk must never differ.
"""

from aspa_resources.delivery.companions import parse_cost_centre_map, parse_sampling_counts
from aspa_resources.delivery.faults import UnreadableDelivery
from aspa_resources.delivery.judging import Judged, judge
from aspa_resources.delivery.months import month_of
from aspa_resources.delivery.reading import ReadDelivery, read_delivery
from aspa_resources.delivery.receipts import Receipt, receipt
from aspa_resources.rule_book import RuleBook


def check_file(
    content: bytes, file: str, county: str, month: str | None, rules: RuleBook
) -> Receipt:
    """Check a file and return its receipt, whatever the file is.

    Args:
        content: The file's bytes.
        file: Its name, for the messages.
        county: The county's code.
        month: The month delivered ("2025-03"); None: the month most of its rows tell.
        rules: The rule book.

    Returns:
        The receipt, also of a file that cannot be read.
    """
    read: ReadDelivery | None = None
    judged: Judged | None = None
    try:
        read = read_delivery(content, county, rules)
        month = month_of(read, file, month) or None
        if read.kind == "feedback":
            judged = judge(read, county, month or "", rules)
        elif read.kind == "sampling_counts":
            parse_sampling_counts(read, county, month or "", rules)
        else:
            parse_cost_centre_map(read, county, rules)
    except UnreadableDelivery as refusal:
        return receipt(file, county, month, rules, read=read, faults=refusal.faults)
    return receipt(file, county, month, rules, read=read, judged=judged)
