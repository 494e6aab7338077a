"""A trace as lines for people: a tree from the figure to the files.

Belongs here: the words and the drawing. Does not belong here: finding anything out (`trace`).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Final

from aspa_resources.tracing.deliveries import CountyMonth, Delivery, RowCounts
from aspa_resources.tracing.steps import Step, total
from aspa_resources.tracing.trace import Trace

_HIDDEN: Final = "hidden"
_CONTENT: Final = {
    "intact": "as sealed",
    "changed": "CHANGED SINCE ITS SEAL",
    "missing": "MISSING",
    "purged": "purged after its retention time",
    "removed": "removed when it was replaced or taken out",
}


def lines(trace: Trace) -> list[str]:
    """Return what a terminal shows of a trace."""
    return [
        *_figure(trace),
        "",
        "Steps",
        *_tree(trace.steps),
        "",
        "Deliveries",
        *(line for one in trace.counties for line in _county(one)),
        "",
        *(f"PROBLEM  {problem}" for problem in trace.problems),
        *([] if trace.problems else ["Every kept file is the one that was sealed; rows add up."]),
    ]


def _figure(trace: Trace) -> Iterator[str]:
    measure, release = trace.definition["measure"], trace.release
    yield f"Figure      {trace.key}"
    if trace.status == "published":
        yield f"            {_plain(trace.value)}, computed from n = {_plain(trace.n)}"
    else:
        yield "            suppressed: not shown, so that nobody can be told apart; not zero"
    yield f"Means       {measure['meaning']} ({measure['unit']})"
    table = " ".join(trace.definition["description"].split())
    yield f"            {trace.definition['title']}: {table}"
    for one in trace.definition["dimensions"]:
        yield f"            {one['name']} = {one['category']}: {one['meaning']}"
    force = "in force" if release["in_force"] else "no longer in force"
    yield f"Release     {release['version']}, sealed {release['sealed_at']}, {force}"
    yield f"            earlier releases: {release['earlier_releases']}"
    if release["held"]:
        yield f"            held: it repeats the figures of {release['figures_of']}"


def _tree(steps: Sequence[Step]) -> Iterator[str]:
    """Draw the assets a figure stands on, each once; partitions of one asset are one branch."""
    by_asset: dict[str, list[Step]] = {}
    for step in steps:
        by_asset.setdefault(step.asset, []).append(step)
    drawn: set[str] = set()

    def branch(asset: str, stem: str, fork: str, under: str) -> Iterator[str]:
        if asset in drawn:
            yield f"{stem}{fork}{asset} (above)"
            return
        drawn.add(asset)
        head, *rest = _told(by_asset[asset])
        yield f"{stem}{fork}{head}"
        children = _children(by_asset, asset)
        bar = "│  " if children else "   "
        yield from (f"{stem}{under}{bar}{line}" for line in rest)
        for at, child in enumerate(children, start=1):
            last = at == len(children)
            yield from branch(child, stem + under, *(("└─ ", "   ") if last else ("├─ ", "│  ")))

    yield from branch(steps[0].asset, "", "", "")


def _children(by_asset: Mapping[str, Sequence[Step]], asset: str) -> list[str]:
    """Return the assets among a trace's steps that one was computed from."""
    known = {step.version: step.asset for steps in by_asset.values() for step in steps}
    sources = (known.get(v) for step in by_asset[asset] for v in step.inputs.values())
    return [one for one in dict.fromkeys(sources) if one and one != asset]


def _told(steps: Sequence[Step]) -> list[str]:
    """Return what is told of one asset: rows, versions, checks, what is left of its files."""
    first, many = steps[0], len(steps) > 1
    rows = total(step.rows for step in steps)
    where = f"{len(steps)} partitions" if many else first.partition.replace("|", " ")
    unit = "files" if first.asset == "raw_delivery" else "rows"
    head = f"{first.asset}  {where}: {_HIDDEN if rows is None else rows} {unit}, {first.zone} zone"
    came_in: dict[str, list[int | None]] = {}
    for step in steps:
        for asset, count in step.rows_in.items():
            came_in.setdefault(asset, []).append(count)
    sums = {asset: total(counts) for asset, counts in came_in.items()}
    details = [
        f"in: {', '.join(f'{a} {_HIDDEN if c is None else c}' for a, c in sums.items())}",
        f"version {first.version}, {first.at}" if not many else _span(steps),
        _checks(steps),
        *_versions(steps),
        f"file: {', '.join(_contents(steps))}",
    ]
    return [head, *(line for line in details if line != "in: ")]


def _span(steps: Sequence[Step]) -> str:
    return f"versions of {min(s.at for s in steps)} to {max(s.at for s in steps)}"


def _checks(steps: Sequence[Step]) -> str:
    checks = [check for step in steps for check in step.checks]
    warned = {c["name"]: c["unexpected_count"] for c in checks if not c["passed"]}
    held = sum(check["passed"] for check in checks)
    told = f"checks: {held} of {len(checks)} held"
    return told + "".join(f"; {name} did not (a warning)" for name in warned)


def _versions(steps: Sequence[Step]) -> list[str]:
    by_name: dict[str, set[str]] = {}
    for step in steps:
        for name, version in step.versions.items():
            by_name.setdefault(name, set()).add(version)
    return [f"{name}: {', '.join(sorted(versions))}" for name, versions in sorted(by_name.items())]


def _contents(steps: Sequence[Step]) -> list[str]:
    kinds = [step.content for step in steps]
    if len(kinds) == 1:
        return [_CONTENT[kinds[0]]]
    return [f"{kinds.count(kind)} {_CONTENT[kind]}" for kind in dict.fromkeys(kinds)]


def _county(one: CountyMonth) -> Iterator[str]:
    counts = _rows(one.rows)
    month = f" {one.month}" if one.month else ", cost-centre map"
    yield f"county {one.county}{month}{f': {counts}' if counts else ''}"
    yield from (f"    {_delivery(delivery)}" for delivery in one.deliveries)


def _rows(rows: RowCounts) -> str:
    told = (
        (rows.delivered, "delivered"),
        (rows.accepted, "accepted"),
        (rows.rejected, "rejected"),
        (rows.anonymized, "anonymised"),
        (rows.quarantined, "quarantined"),
        (rows.classified, "classified"),
        (rows.with_text, "with a text read"),
    )
    return ", ".join(f"{count} {what}" for count, what in told if count is not None)


def _delivery(delivery: Delivery) -> str:
    if delivery.number is None:
        return f"NOT IN THE LEDGER  sha256 {delivery.content_hash}"
    standing = delivery.standing.replace("_", " ")
    return (
        f"delivery {delivery.number}, {delivery.kind}, {delivery.registered_at}, {standing}, "
        f"sha256 {delivery.content_hash}"
    )


def _plain(number: float | None) -> str:
    return "" if number is None else f"{number:g}"
