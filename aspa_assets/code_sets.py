"""The national code lists as the code server has them, held against those in force.

Nothing comes into force here: `aspa codes install` puts a sealed list into the rules folder.
"""

from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any, Final

import dagster as dg
import polars as pl

from aspa_assets.partitions import months_before
from aspa_assets.sealing import Candidate, Event, Inputs, seal_partitions
from aspa_assets.step import asset_spec, computes
from aspa_resources.code_server.differences import CHANGES, differences
from aspa_resources.code_server.fetching import SCHEMA, each_list, fetch, take_export
from aspa_resources.code_server.uses import InUse, codes_in_rows, codes_in_rules, refused
from aspa_resources.resources import CodeServerResource, RuleBookResource, StorageResource
from aspa_resources.rule_book import RuleBook
from aspa_resources.storage import NO_PARTITION, Storage
from expectations.columns import names

MOST_SHOWN: Final = 200  # differences on the page of a run; `aspa codes --json` tells all
OFFLINE: Final = (
    "No code server is named (ASPA_CODE_SERVER): the lists in the rules folder serve, and "
    "nothing was read."
)

_CODE_SETS: Final = asset_spec(
    "code_sets",
    group="rules",
    kinds={"python", "parquet"},
    description="Code lists as the national code server or a manual export has them, and what "
    "they change of the lists in force. Without a code server the lists in the rules folder serve.",
    partitions=None,
)


class Reading(dg.Config):
    """What is read; without either, every list with an OID from the code server.

    Attributes:
        export: path of a manual export, read in place of the code server.
        of: the code set that the export is a list of.
    """

    export: str | None = None
    of: str = ""


@computes(_CODE_SETS, may_skip=True)
def code_sets(
    context: dg.AssetExecutionContext,
    config: Reading,
    storage: StorageResource,
    rule_book: RuleBookResource,
    code_server: CodeServerResource,
) -> Iterator[Event]:
    """Fetch lists, tell what they change, and refuse those that take away what is in use."""
    rules, store, server = rule_book.open(), storage.open(), code_server.open()
    today = datetime.now(UTC).date()

    def compute(_: str, inputs: Inputs) -> Sequence[Candidate]:
        former = former_lists(inputs)
        if config.export is not None:
            fetched = take_export(Path(config.export), config.of, rules.code_sets, former, today)
        elif server is not None:
            fetched = fetch(server, rules.code_sets, former, today)
        else:
            context.log.info(OFFLINE)
            return []
        changes = changes_of(fetched.codes, rules, today)
        gone = taken_away(changes, in_use(store, rules, today), rules)
        context.add_asset_metadata({"differences": dg.MetadataValue.md(_as_markdown(changes))})
        return [
            Candidate(
                "code_sets",
                fetched.codes.select(names("code_sets")),
                statistics={
                    "lists": {name: _counts(one) for name, one in changes.items()},
                    "taken_away_in_use": gone,
                    "not_read": dict(fetched.not_read),
                },
                figures={
                    "codes_in_use_taken_away": sum(map(len, gone.values())),
                    "lists_not_read": len(fetched.not_read),
                },
                parameters={"code_sets": list(rules.code_sets)},
                versions={"rules": rules.version},
            )
        ]

    yield from seal_partitions(context, store, compute)


def former_lists(inputs: Inputs) -> pl.DataFrame:
    """Return what was fetched before; empty where nothing was."""
    sealed = inputs.sealed("code_sets", NO_PARTITION)
    return inputs.read_version(sealed) if sealed else pl.DataFrame(schema=SCHEMA)


def changes_of(codes: pl.DataFrame, rules: RuleBook, day: date) -> Mapping[str, pl.DataFrame]:
    """Return, by code set, what fetched lists change of the lists in force."""
    return {
        name: differences(rules.code_sets[name].codes, fetched, day)
        for name, fetched in each_list(codes)
    }


def taken_away(
    changes: Mapping[str, pl.DataFrame], used: InUse, rules: RuleBook
) -> dict[str, list[str]]:
    """Return, by code set, the codes in use that a list lacks or has ended, unless they may go."""
    found = {
        name: refused(one, used.get(name, set()), rules.code_sets[name])["code"].to_list()
        for name, one in changes.items()
    }
    return {name: codes for name, codes in found.items() if codes}


def in_use(storage: Storage, rules: RuleBook, day: date) -> InUse:
    """Return the codes that rules name or that feedback of the last twelve months has."""
    month = day.strftime("%Y-%m")
    recent = {month, *months_before(month)}
    keys = storage.sealed_partitions("classified_feedback")
    rows = [storage.read("classified_feedback", k) for k in keys if k.split("|")[1] in recent]
    named, had = codes_in_rules(rules), codes_in_rows(rows, rules)
    return {name: named.get(name, set()) | had.get(name, set()) for name in rules.code_sets}


def _counts(changes: pl.DataFrame) -> dict[str, Any]:
    of = dict(changes["change"].value_counts().iter_rows())
    return {change: of.get(change, 0) for change in CHANGES}


def _as_markdown(changes: Mapping[str, pl.DataFrame]) -> str:
    rows = [
        (name, *(cell or "" for cell in row)) for name, one in changes.items() for row in one.rows()
    ]
    if not rows:
        return "The fetched lists are those in force."
    lines = [f"| {' | '.join(cell.replace('|', '/') for cell in row)} |" for row in rows]
    more = [f"\n{len(lines) - MOST_SHOWN} more."] if len(lines) > MOST_SHOWN else []
    head = ["| code set | change | code | before | after |", "|---|---|---|---|---|"]
    return "\n".join([*head, *lines[:MOST_SHOWN], *more])
