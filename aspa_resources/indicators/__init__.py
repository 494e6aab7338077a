"""Exact figures of one month, for statisticians' eyes only: marts in one tidy form.

Belongs here: pure functions from classified responses, analysed texts, sampling counts and delivery
statistics to marts. Does not belong here: hiding (that is `disclosure`), storage, wording.

Every mart has the columns month, county (a code, or `FI` for the nation), its dimensions (a
category or `ALL`), measure, value (Float64) and n (Int64, the number of responses the value is
computed from). A total is computed from rows, never from other figures. Which crossings exist is
declared in `rules/published_tables.yaml`.
"""

from aspa_resources.indicators.deliveries import coverage_mart, quality_index_mart, quality_mart
from aspa_resources.indicators.responses import indicator_mart, trend_mart
from aspa_resources.indicators.texts import theme_mart, word_mart

__all__ = [
    "coverage_mart",
    "indicator_mart",
    "quality_index_mart",
    "quality_mart",
    "theme_mart",
    "trend_mart",
    "word_mart",
]
