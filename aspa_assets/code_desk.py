"""What `aspa codes` does: looks at the code sets, has lists fetched, puts them into force.

Belongs here: bringing rules, sealed lists and the job together, and how they are told. Not here:
fetching and comparing (the asset `code_sets`), writing the rules folder (`code_server`), the
command's options (`commands`).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from functools import cached_property
from pathlib import Path
from typing import Any

import polars as pl

from aspa_assets.automation import code_sets_job
from aspa_assets.code_sets import changes_of, former_lists, in_use, taken_away
from aspa_assets.headless import launch
from aspa_assets.sealing import Inputs
from aspa_resources.code_server import CodeServer, CodeServerError
from aspa_resources.code_server.installing import install
from aspa_resources.code_server.lists import CodeListError
from aspa_resources.home import AspaHome
from aspa_resources.rule_book import RuleBook
from aspa_resources.rule_book.code_sets import CodeSet
from aspa_resources.storage import NO_PARTITION, Manifest, Storage
from aspa_resources.zones import ZoneKeys


@dataclass(frozen=True)
class CodeDesk:
    """The code sets in force and the lists fetched in one home.

    Attributes:
        home: Where fetched lists are sealed.
        day: Today.
    """

    home: AspaHome
    day: date

    @classmethod
    def open(cls) -> CodeDesk:
        """Open the desk in the home that the environment names."""
        return cls(AspaHome.current(), datetime.now(UTC).date())

    def sets(self) -> list[dict[str, Any]]:
        """Return what there is to know of each code set, as data for scripts."""
        rules, fetched = RuleBook.load(), self._fetched
        changes = changes_of(fetched, rules, self.day)
        return [self._told(one, changes.get(name)) for name, one in rules.code_sets.items()]

    def set_lines(self) -> list[str]:
        """Return the same as lines for people."""
        return [
            f"{one['name']:<20} {one['codes']:>5} codes  {_age(one):<28} {one['version']}"
            for one in self.sets()
        ]

    def differences(self) -> list[dict[str, str | None]]:
        """Return what the fetched lists change of those in force, as data for scripts."""
        changes = changes_of(self._fetched, RuleBook.load(), self.day)
        return [
            {"code_set": name, **row} for name, one in changes.items() for row in one.to_dicts()
        ]

    def difference_lines(self) -> list[str]:
        """Return the same as lines for people."""
        lines = [
            f"{one['code_set']:<20} {one['change']:<16} {one['code']:<8} "
            f"{one['before'] or ''} -> {one['after'] or ''}"
            for one in self.differences()
        ]
        unread = [f"{name:<20} not read: {why}" for name, why in self.not_read().items()]
        if not lines:
            return [*unread, "The fetched lists are those in force."]
        return [
            *unread,
            *lines,
            "Nothing is in force yet: aspa codes install puts the lists into force.",
        ]

    def not_read(self) -> dict[str, str]:
        """Return, by code set, why its list could not be read the last time."""
        sealed = self._storage.sealed("code_sets", NO_PARTITION)
        return dict(sealed.statistics["not_read"]) if sealed else {}

    def refresh(self) -> bool:
        """Have the lists read from the code server.

        Returns:
            Whether there is one; without one nothing happens.

        Raises:
            CodeServerError: They could not be read, or take away what is in use.
        """
        if CodeServer.from_environment() is None:
            return False
        self._run({})
        return True

    def take(self, export: Path, name: str) -> None:
        """Have one list read from a manual export.

        Raises:
            CodeServerError: It could not be read, or takes away what is in use.
        """
        self._run({"export": str(export.resolve()), "of": name})

    def install(self, names: Sequence[str]) -> dict[str, Any]:
        """Put fetched lists into force, all of them or some.

        Returns:
            The lists, and the version of the rules before and after.

        Raises:
            CodeListError: A list was not fetched, or takes away what is in use.
            RuleError: A rule does not fit a new list.
        """
        rules, fetched = RuleBook.load(), self._fetched
        known = fetched["code_set"].unique().sort().to_list()
        if not known or set(names) - set(known):
            raise CodeListError(
                f"Fetched are {', '.join(known) or 'no lists'}. Fetch a list with aspa codes "
                "refresh or aspa codes import."
            )
        chosen = list(names) or known
        taken = fetched.filter(pl.col("code_set").is_in(chosen))
        changes = changes_of(taken, rules, self.day)
        gone = taken_away(changes, in_use(self._storage, rules, self.day), rules)
        if gone:
            raise CodeListError(_told_gone(gone))
        install(RuleBook.place(), fetched, chosen)
        after = RuleBook.load().version
        return {"installed": chosen, "rules_before": rules.version, "rules_after": after}

    @cached_property
    def _storage(self) -> Storage:
        return Storage(self.home.storage, ZoneKeys(self.home.keys))

    @property
    def _fetched(self) -> pl.DataFrame:
        return former_lists(Inputs(self._storage))

    def _run(self, config: Mapping[str, str]) -> None:
        before = self._attempt()
        problems = launch(
            self.home, code_sets_job.name, [None], {"code_sets": {"config": dict(config)}}
        )
        if not problems:
            return
        tried = self._attempt()
        gone = tried.statistics["taken_away_in_use"] if tried and tried != before else {}
        (_, _, problem), *_ = problems
        raise CodeServerError(_told_gone(gone) if gone else problem)

    def _attempt(self) -> Manifest | None:
        return self._storage.attempt("code_sets", NO_PARTITION)

    def _told(self, code_set: CodeSet, changes: pl.DataFrame | None) -> dict[str, Any]:
        return {
            "name": code_set.id,
            "title": code_set.title,
            "version": code_set.version,
            "provenance": code_set.provenance,
            "licence": code_set.licence,
            "oid": code_set.oid,
            "fetched": code_set.fetched.isoformat() if code_set.fetched else None,
            "age_days": (self.day - code_set.fetched).days if code_set.fetched else None,
            "codes": code_set.codes["code"].n_unique(),
            "valid_today": code_set.valid_on(self.day)["code"].n_unique(),
            "waiting_changes": None if changes is None else changes.height,
        }


def _age(told: Mapping[str, Any]) -> str:
    age = "came with the platform" if told["age_days"] is None else f"{told['age_days']} days old"
    waiting = told["waiting_changes"]
    return f"{age}, {waiting} changes waiting" if waiting else age


def _told_gone(gone: Mapping[str, Sequence[str]]) -> str:
    codes = "; ".join(f"{name} {', '.join(of_set)}" for name, of_set in gone.items())
    return (
        f"Codes in use have vanished or ended: {codes}. Change what uses them, or say under "
        "accept_vanished in code_sets/index.yaml why they may go. The list in force stays."
    )
