"""Kill `aspa run` (SIGKILL) all over its way, run it again, and compare with a run never killed.

python tests/benchmarks/bench_crashes.py [--kills N] [--timed N] [--rows N] [--folder DIR]
One county's month of made-up feedback. Each kill works on its own copy of the home: killed at one
of its writes (spread evenly over all of them) or at a random moment, looked at as a reader does,
then run to its end. Prints how many were torn, and how many figures, rows, ledger entries or
receipts were lost or doubled. Two runs a kill: an hour for the default on two cores.
"""

from __future__ import annotations

import hashlib
import io
import json
import os
import random
import re
import shutil
import sqlite3
import sys
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import closing, redirect_stdout
from pathlib import Path
from tempfile import mkdtemp
from typing import Any

import click

sys.path.append(str(Path(__file__).parents[1] / "support"))

from killed_runs import Runner

HEAVY = ("dagster", "great_expectations", "presidio_analyzer", "sentence_transformers", "bertopic")
# What differs between two runs on the same files: times, versions, random ids.
VOLATILE = re.compile(r"\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d[^\"<]*|\d{8}T\d{12}-[0-9a-f]{8}")
TIMED_FROM = 0.02  # share of the whole run before which no kill by time falls


def preload() -> None:
    """Import, once for all runs, what takes long and starts no threads."""
    import importlib

    for name in HEAVY:
        importlib.import_module(name)


def aspa_run(root: Path) -> None:
    """Run everything pending, as `aspa run` does."""
    os.environ["ASPA_HOME"] = str(root)
    from aspa_assets.cli import aspa

    with redirect_stdout(io.StringIO()):
        aspa.main(["run", "--json"], standalone_mode=False)


def look(root: Path) -> list[str]:
    """Return what a reader finds torn: a sealed version, table, page, file or receipt."""
    torn = [*_torn_versions(root), *_torn_files(root)]
    for ledger in root.glob("ledger.sqlite"):
        with closing(sqlite3.connect(ledger)) as connection:
            if connection.execute("PRAGMA integrity_check").fetchone() != ("ok",):
                torn.append("ledger")
    return torn


def _torn_versions(root: Path) -> Iterator[str]:
    from aspa_resources.errors import AspaError
    from aspa_resources.warehouse import NoWarehouseError, Warehouse
    from aspa_resources.zones import ZONE_OF

    storage = _storage(root)
    for asset in ZONE_OF:
        for partition in storage.sealed_partitions(asset):
            try:
                if storage.read(asset, partition).height != storage.manifest(asset, partition).rows:
                    yield f"{asset} {partition}"
            except AspaError as problem:
                yield f"{asset} {partition}: {problem}"
    warehouse = Warehouse(root / "warehouse.duckdb")
    try:
        for table in warehouse.tables():
            warehouse.read(table)
    except NoWarehouseError:
        pass


def _torn_files(root: Path) -> Iterator[str]:
    for folder in ("reports", "receipts"):
        for page in root.glob(f"{folder}/**/[!.]*.html"):
            if not page.read_text(encoding="utf-8").rstrip().endswith("</html>"):
                yield str(page.relative_to(root))
    for receipt in root.glob("receipts/**/[!.]*.json"):
        json.loads(receipt.read_text(encoding="utf-8"))
    for manifest in root.glob("thl/[!.]*/manifest.json"):
        for file in json.loads(manifest.read_text(encoding="utf-8"))["files"]:
            content = (manifest.parent / file["file_name"]).read_bytes()
            if hashlib.sha256(content).hexdigest() != file["sha256"]:
                yield str(manifest.relative_to(root))


def told(root: Path) -> dict[str, dict[str, int]]:
    """Return everything a home tells, each item with how often it does; random ids aside."""
    return {
        "published": _counted(_published(root)),
        "rows": _counted(_rows(root)),
        "ledger": _counted(_ledger(root)),
        "receipts": _counted(_receipts(root)),
        "left over": _counted(str(p.relative_to(root)) for p in _left_over(root)),
    }


def _counted(items: Iterator[str]) -> dict[str, int]:
    return dict(Counter(VOLATILE.sub("*", item) for item in items))


def _published(root: Path) -> Iterator[str]:
    from aspa_resources.warehouse import Warehouse

    warehouse = Warehouse(root / "warehouse.duckdb")
    for table in warehouse.tables():
        yield from (f"{table} {row}" for row in warehouse.read(table).iter_rows())


def _rows(root: Path) -> Iterator[str]:
    """Give every sealed partition with its rows and whether its latest attempt was sealed."""
    from aspa_resources.zones import ZONE_OF

    storage = _storage(root)
    for asset in ZONE_OF:
        for partition in storage.sealed_partitions(asset):
            attempt = storage.attempt(asset, partition)
            rows = storage.manifest(asset, partition).rows
            yield f"{asset} {partition} {rows} rows, {attempt and attempt.sealed}"


def _ledger(root: Path) -> Iterator[str]:
    """Give the texts of every row of every table; numbers count looks, which a kill adds to."""
    with closing(sqlite3.connect(root / "ledger.sqlite")) as connection:
        tables = connection.execute(
            "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%'"
        ).fetchall()
        for (table,) in tables:
            columns = [
                name
                for _, name, kind, *_ in connection.execute(f"PRAGMA table_info({table})")
                if kind == "TEXT"
            ]
            if columns:
                query = f"SELECT {', '.join(columns)} FROM {table}"  # noqa: S608 (its own names)
                yield from (f"{table} {row}" for row in connection.execute(query))


def _receipts(root: Path) -> Iterator[str]:
    for receipt in root.glob("receipts/**/[!.]*.json"):
        content = json.loads(receipt.read_text(encoding="utf-8"))
        yield f"{receipt.relative_to(root)} {json.dumps(content, sort_keys=True)}"


def _left_over(root: Path) -> Iterator[Path]:
    for folder in ("storage", "reports", "thl", "receipts"):
        yield from (root / folder).rglob(".*")


def _storage(root: Path) -> Any:
    from aspa_resources.storage import Storage
    from aspa_resources.zones import ZoneKeys

    return Storage(root / "storage", ZoneKeys(root / "keys"))


def differences(expected: dict[str, Any], found: dict[str, Any]) -> Counter[str]:
    """Return how many items were lost and doubled, by kind."""
    counted = Counter[str]()
    for kind, items in expected.items():
        lost = Counter(items) - Counter(found[kind])
        more = Counter(found[kind]) - Counter(items)
        counted[f"lost {kind}"] += lost.total()
        counted[f"doubled {kind}"] += more.total()
    return +counted


def _prepared(folder: Path, rows: int) -> Path:
    """Return a home with a delivery and no work done; models are made once for all."""
    from aspa_resources.demo import write_demo_deliveries

    home = folder / "prepared"
    write_demo_deliveries(
        home / "landing", folder / "truth", counties=1, months=1, rows=rows, seed=1
    )
    (folder / "models").mkdir()
    (home / "models").symlink_to(folder / "models")
    return home


def _say(what: str) -> None:
    click.echo(f"{time.strftime('%H:%M:%S')} {what}")


@click.command()
@click.option("--kills", default=50, show_default=True, help="At writes.")
@click.option("--timed", default=10, show_default=True, help="At random moments.")
@click.option("--rows", default=60, show_default=True)
@click.option("--folder", type=click.Path(path_type=Path), help="Where to work; default: new.")
def main(kills: int, timed: int, rows: int, folder: Path | None) -> None:
    """Kill, run again, compare."""
    folder = folder or Path(mkdtemp(prefix="crashes-"))
    prepared = _prepared(folder, rows)
    with closing(Runner("bench_crashes", Path(__file__).parent)) as runner:
        unkilled = shutil.copytree(prepared, folder / "unkilled", symlinks=True)
        runner.run("aspa_run", unkilled)  # makes the models, too
        shutil.rmtree(unkilled)
        shutil.copytree(prepared, unkilled, symlinks=True)
        start = time.monotonic()
        writes = runner.run("aspa_run", unkilled).writes
        seconds = time.monotonic() - start
        expected = runner.run("told", unkilled).told
        items = {kind: sum(counted.values()) for kind, counted in expected.items()}
        _say(f"unkilled: {writes} writes in {seconds:.0f} s, {items}")
        chance = random.Random(1)
        points: list[dict[str, Any]] = [
            *({"kill_at": 1 + number * writes // kills} for number in range(kills)),
            *({"kill_after": chance.uniform(TIMED_FROM, 1) * seconds} for _ in range(timed)),
        ]
        chance.shuffle(points)  # so that the first few are spread well, too
        found = Counter[str]()
        for number, point in enumerate(points):
            home = shutil.copytree(prepared, folder / str(number), symlinks=True)
            found["killed before the end"] += runner.run("aspa_run", home, **point).killed
            torn = runner.run("look", home).told
            runner.run("aspa_run", home)
            differs = differences(expected, runner.run("told", home).told)
            found["torn"] += len(torn)
            found += differs
            _say(f"{point}: {len(torn)} torn, {dict(differs) or 'as unkilled'}")
            if not torn and not differs:
                shutil.rmtree(home)
    _say(f"{len(points)} points: {dict(found)}")


if __name__ == "__main__":
    main()
