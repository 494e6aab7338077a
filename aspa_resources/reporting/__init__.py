"""The report pages: published figures as one self-contained page a county and month.

Belongs here: everything a reader sees of the published tables. Does not belong here: exact marts,
and deciding what may be shown (`disclosure`).
"""

from aspa_resources.reporting.report import county_report, national_report

__all__ = ["county_report", "national_report"]
