"""Files of several suppliers that add up to one county's month.

Belongs here: that no row counts twice over them. Does not belong here: a file's own rows
(`judging`), which files add up (`stock`).
"""

from dataclasses import replace

import polars as pl

from aspa_resources.delivery.fault_tables import told, without_rows
from aspa_resources.delivery.judging import Judged

CODE = "in_other_file"


def without_repeated(judged: Judged, other: pl.DataFrame) -> Judged:
    """Reject the rows that another file has already, alike in every column.

    Two suppliers may number their feedbacks alike, so the id alone tells nothing.

    Args:
        judged: What came of a file.
        other: The accepted rows of the other file; the frame of `validated_feedback`.

    Returns:
        The same with those rows rejected, fault `in_other_file`.
    """
    columns = [name for name in judged.accepted.columns if name != "row_number"]
    repeated = judged.accepted.join(other, on=columns, how="semi", nulls_equal=True)
    if repeated.is_empty():
        return judged
    again = told(repeated, "row", "feedback_id", CODE)
    faults = pl.concat([judged.fault_table, again])
    return replace(
        judged,
        accepted=without_rows(judged.accepted, repeated),
        rejected=pl.concat([judged.rejected, again.drop("level")]),
        fault_table=faults.sort("row_number", nulls_last=False, maintain_order=True),
        rows_accepted=judged.rows_accepted - repeated.height,
        rows_rejected=judged.rows_rejected + repeated.height,
    )
