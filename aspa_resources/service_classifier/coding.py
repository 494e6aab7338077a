"""Columns of few distinct values as numbers, so that what holds of a value is worked out once.

Belongs here: numbering values and rows that agree. Does not belong here: what the values mean.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import numpy.typing as npt
import polars as pl

_LARGEST: Final = 1 << 62


@dataclass(frozen=True, eq=False)
class Coded:
    """A column, each row by the number of its value.

    Attributes:
        values: The distinct values, the last the missing one.
        numbers: By row, the number of its value (UInt32).
    """

    values: Sequence[str | None]
    numbers: pl.Series

    @classmethod
    def of(cls, column: pl.Series) -> Coded:
        """Return a String column coded."""
        values = column.drop_nulls().unique()
        numbers = column.cast(pl.Enum(values)).to_physical().cast(pl.UInt32)
        return cls([*values, None], numbers.fill_null(values.len()))

    def each(self, of_values: Sequence[Any], dtype: type[pl.DataType]) -> pl.Series:
        """Return by row what is said of its value."""
        return pl.Series(of_values, dtype=dtype()).gather(self.numbers)


def coded_columns(frame: pl.DataFrame) -> dict[str, Coded]:
    """Return every column of a frame coded, by name."""
    return {column.name: Coded.of(column) for column in frame.get_columns()}


def alike(columns: Iterable[Coded]) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.int64]]:
    """Group the rows that agree in every column.

    Args:
        columns: The columns, of one length.

    Returns:
        A row of each group, and by row the number of its group.
    """
    key: npt.NDArray[np.int64] = np.zeros(0, np.int64)
    size = 1
    for column in columns:
        numbers = column.numbers.to_numpy().astype(np.int64)
        if size > _LARGEST // len(column.values):  # number the groups so far anew
            distinct, key = np.unique(key, return_inverse=True)
            size = len(distinct)
        key = numbers if size == 1 else key * len(column.values) + numbers
        size *= len(column.values)
    _, rows, groups = np.unique(key, return_index=True, return_inverse=True)
    return rows, groups
