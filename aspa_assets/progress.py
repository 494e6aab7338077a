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
    TaskProgressColumn,
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


@contextmanager
def share_done(name: str, size: int, *, shown: bool) -> Iterator[Callable[[int, int], None]]:
    """Yield a function that is told how many rows are done and how far a file of a size is read."""
    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        TaskProgressColumn(),
        TimeElapsedColumn(),
    )
    console = Console(stderr=True)
    with Progress(*columns, console=console, disable=not (shown and console.is_terminal)) as bar:
        task = bar.add_task(name, total=size)

        def told(rows: int, read: int) -> None:
            bar.update(task, completed=read, description=f"{name} {rows}")

        yield told
