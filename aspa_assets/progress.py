"""Progress bars for long work in a terminal; silence elsewhere.

Belongs here: bars and nothing else. They go to standard error, so that output stays clean.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from rich.console import Console
from rich.progress import (
    BarColumn,
    MofNCompleteColumn,
    Progress,
    TaskID,
    TextColumn,
    TimeElapsedColumn,
)


def _bar(*, shown: bool) -> Progress:
    return Progress(
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
        console=Console(stderr=True),
        disable=not shown,
    )


@contextmanager
def progress(*, shown: bool) -> Iterator[Callable[[str, str, int], None]]:
    """Yield a listener that draws one bar a stage.

    It is told stage, partition and how many are left in the stage, each before it starts.
    """
    with _bar(shown=shown) as bar:
        tasks: dict[str, tuple[TaskID, int]] = {}

        def listener(stage: str, partition: str, left: int) -> None:
            if stage not in tasks:
                for task, total in tasks.values():
                    bar.update(task, completed=total)
                tasks[stage] = (bar.add_task(stage, total=left), left)
            task, total = tasks[stage]
            bar.update(task, completed=total - left, description=f"{stage} {partition}".strip())

        yield listener
        for task, total in tasks.values():
            bar.update(task, completed=total)


@contextmanager
def counter(name: str, *, shown: bool) -> Iterator[Callable[[int], None]]:
    """Yield a function that counts rows on a bar without a known end."""
    with _bar(shown=shown) as bar:
        task = bar.add_task(name, total=None)

        def advance(rows: int) -> None:
            bar.advance(task, rows)

        yield advance
