"""Figures from elsewhere (need, wellbeing, unit costs) that stand beside the published ones.

Belongs here: reading the files that are dropped into a home, holding them to their contract, and
telling operators what came of each. Does not belong here: the contract (`rules/enrichment.yaml`),
the published figures.
"""

from aspa_resources.enrichment.dropped import (
    ReadTable,
    files_in,
    fingerprints,
    read_dropped,
)
from aspa_resources.enrichment.joining import enriched_tables
from aspa_resources.enrichment.reading import Fault, read_table
from aspa_resources.enrichment.telling import lines, told

__all__ = [
    "Fault",
    "ReadTable",
    "enriched_tables",
    "files_in",
    "fingerprints",
    "lines",
    "read_dropped",
    "read_table",
    "told",
]
