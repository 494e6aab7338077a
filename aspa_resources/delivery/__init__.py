"""Deliveries: reading what a county sent, judging it, telling the county what happened."""

from aspa_resources.delivery.checking import check_file
from aspa_resources.delivery.companions import parse_cost_centre_map, parse_sampling_counts
from aspa_resources.delivery.dialect import Dialect
from aspa_resources.delivery.faults import Fault, UnreadableDelivery
from aspa_resources.delivery.judging import Judged, judge
from aspa_resources.delivery.reading import ReadDelivery, read_delivery
from aspa_resources.delivery.receipt_pages import receipt_html, receipt_text
from aspa_resources.delivery.receipts import Receipt, receipt

__all__ = [
    "Dialect",
    "Fault",
    "Judged",
    "ReadDelivery",
    "Receipt",
    "UnreadableDelivery",
    "check_file",
    "judge",
    "parse_cost_centre_map",
    "parse_sampling_counts",
    "read_delivery",
    "receipt",
    "receipt_html",
    "receipt_text",
]
