"""Tau-Argus, the statistics offices' own tool, as a second opinion on hidden cells.

Belongs here: writing a table for it (JJ format: cells, their status, the sums between them) and
reading what it says. Tau-Argus solves in real numbers.
"""

from __future__ import annotations

import contextlib
import tempfile
from pathlib import Path
from typing import Final

import numpy as np
from numpy.typing import NDArray
from pytauargus._tauargus import HiTaSCtrl, audit_jj
from scipy import sparse

Ints = NDArray[np.int64]
Bools = NDArray[np.bool_]

MOST: Final = 1_000_000


def audited(lines: sparse.csr_array, counts: Ints, hidden: Bools) -> dict[int, tuple[float, float]]:
    """Return what each hidden count can be, by cell."""
    with tempfile.TemporaryDirectory() as folder, contextlib.chdir(folder):  # its logs lie there
        table = Path(folder) / "table.jj"
        _write(
            table, lines, counts, hidden, lower=np.zeros_like(counts), upper=np.zeros_like(counts)
        )
        return {row["cell"]: (row["min"], row["max"]) for row in audit_jj(str(table))}


def hidden_at_best(
    lines: sparse.csr_array, counts: Ints, primary: Bools, width: int, seconds: int
) -> Bools:
    """Return the fewest hidden cells with which each primary count can be from 0 to the width."""
    with tempfile.TemporaryDirectory() as folder, contextlib.chdir(folder):  # its logs lie there
        table, found = Path(folder) / "in.jj", Path(folder) / "out.jj"
        guarded = primary & (counts > 0)
        lower = np.where(guarded, counts, 0)
        upper = np.where(guarded, width - counts, 0)
        _write(table, lines, counts, primary, lower=lower, upper=upper)
        solver = HiTaSCtrl()
        code = solver.full_jj(in_file_jj=str(table), out_file=str(found), max_time=seconds)
        if code > 1:
            raise RuntimeError(solver.error_string(code))
        hidden = primary.copy()
        hidden[[int(line.split()[0]) for line in found.read_text().splitlines() if line]] = True
        return hidden


def _write(
    path: Path, lines: sparse.csr_array, counts: Ints, hidden: Bools, *, lower: Ints, upper: Ints
) -> None:
    cells = [
        f"{cell} {count} 1 {'u' if hidden[cell] else 's'} 0 {MOST} {lower[cell]} {upper[cell]} 0"
        for cell, count in enumerate(counts.tolist())
    ]
    sums = []
    for line in range(lines.shape[0]):
        inside = slice(lines.indptr[line], lines.indptr[line + 1])
        terms = zip(lines.indices[inside], lines.data[inside], strict=True)
        told = " ".join(f"{cell} ({int(sign)})" for cell, sign in terms)
        sums.append(f"0 {inside.stop - inside.start} : {told}")
    path.write_text("\n".join(["0", str(len(cells)), *cells, str(len(sums)), *sums, ""]))
