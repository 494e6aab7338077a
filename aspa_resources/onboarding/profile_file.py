"""The proposal as a file of rules/counties, ready to be read, changed and put in its place.

Only what is proposed stands in force; what is unsure stands beside it as comments. A wording of the
county's is written only where it is like a code's name: anything else might be somebody's words.

Belongs here: what the file says. Does not belong here: what columns mean (`matching`).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

import polars as pl
import yaml

from aspa_resources.delivery.values import parse_codes, parse_times
from aspa_resources.onboarding.matching import ALIKE, Match
from aspa_resources.rule_book import CodeSet, CountyProfile, RuleBook
from aspa_resources.rule_book.contract import Column
from aspa_resources.rule_book.words import fold_value

_SLASHED: Final = {
    "%d/%m/%Y": ("%d/%m/%Y %H:%M:%S", "%d/%m/%Y %H:%M", "%d/%m/%Y"),
    "%m/%d/%Y": ("%m/%d/%Y %H:%M:%S", "%m/%d/%Y %H:%M", "%m/%d/%Y"),
}
_WIDTH: Final = 128


def proposed_profile(
    matches: Sequence[Match], county: str, rules: RuleBook, *, unsure: bool = False
) -> CountyProfile:
    """Return the county's profile with what is proposed added to what it says already.

    Args:
        matches: what the columns of the sample mean.
        county: the county's code.
        rules: the rule book.
        unsure: whether what is unsure is added as well.
    """
    known = rules.profile(county)
    added = {"proposed", "unsure"} if unsure else {"proposed"}
    columns = {m.sample.header: m.column.name for m in matches if m.column and m.standing in added}
    sure = [m for m in matches if m.column and m.standing in {"known", *added}]
    values = {
        m.column.name: wordings
        for m in sure
        if m.column and m.column.type == "code"
        if (wordings := _wordings(m, m.column, known, rules))
    }
    forms = tuple(form for form in _forms(matches, known, rules) if form not in known.time_forms)
    return known.model_copy(
        update={
            "columns": {**known.columns, **columns},
            "values": _merged(known.values, values),
            "time_forms": (*known.time_forms, *forms),
        }
    )


def profile_file(profile: CountyProfile, matches: Sequence[Match], rules: RuleBook) -> str:
    """Return the file's text.

    Args:
        profile: what is proposed.
        matches: what the columns of the sample mean; the unsure ones become comments.
        rules: the rule book.
    """
    told: dict[str, Any] = {"county": profile.county}
    for key in ("supplier", "time_forms", "columns", "values", "units", "suppliers"):
        if value := profile.model_dump(mode="json")[key]:
            told[key] = value
    name = rules.counties[profile.county].name_fi
    lines = [
        f"# {name}: proposed by `aspa onboard` from a sample; read it with the county before use.",
        "# 08.yaml explains every key.",
        yaml.safe_dump(told, allow_unicode=True, sort_keys=False, width=_WIDTH).rstrip(),
        *_asked(matches),
    ]
    return "\n".join(lines) + "\n"


def _asked(matches: Sequence[Match]) -> Iterator[str]:
    unsure = [m for m in matches if m.column and m.standing == "unsure"]
    if unsure:
        yield "# Ask the county, then write below columns what is right:"
    for m in unsure:
        if m.column:
            header = f'"{m.header}"' if m.named else f"(the header of column {m.sample.place})"
            yield f"#   {header}: {m.column.name}"


def _wordings(
    match: Match, column: Column, known: CountyProfile, rules: RuleBook
) -> dict[str, str]:
    """Return wordings that no list knows and that are like the name of one code only."""
    code_set = rules.code_sets[str(column.code_set)]
    values = match.sample.cells.drop_nulls().unique().sort()
    read = parse_codes(values, column, code_set, known.values.get(column.name, {}))
    strange = values.filter(read.faults.is_not_null())
    found = {wording: _like(wording, code_set) for wording in strange}
    return {wording: code for wording, code in found.items() if code}


def _like(wording: str, code_set: CodeSet) -> str | None:
    from rapidfuzz import fuzz, process

    folded = fold_value(wording)
    if any(map(str.isdigit, folded)):  # one digit makes another code
        return None
    near = process.extract(
        folded, list(code_set.spellings), scorer=fuzz.ratio, score_cutoff=100 * ALIKE, limit=None
    )
    codes = {code_set.spellings[spelling] for spelling, _, _ in near}
    return codes.pop() if len(codes) == 1 else None


def _forms(matches: Sequence[Match], known: CountyProfile, rules: RuleBook) -> tuple[str, ...]:
    """Return the forms of times with slashes, where the sample leaves one reading of them."""
    times = [m.sample.cells for m in matches if m.column and m.column.type == "time"]
    if not times:
        return ()
    cells = pl.concat([series.rename("time") for series in times]).drop_nulls().unique()
    usual = parse_times(cells, (*known.time_forms, *rules.contract.time_forms))
    strange = cells.filter(usual.is_null())
    if strange.is_empty():
        return ()
    read = {
        order: forms
        for order, forms in _SLASHED.items()
        if parse_times(strange, forms).null_count() == 0
    }
    if len(read) != 1:
        return ()
    (forms,) = read.values()
    return tuple(form for form in forms if parse_times(strange, (form,)).is_not_null().any())


def _merged(
    known: Mapping[str, Mapping[str, str]], new: Mapping[str, Mapping[str, str]]
) -> dict[str, dict[str, str]]:
    names = dict.fromkeys([*known, *new])
    return {name: {**known.get(name, {}), **new.get(name, {})} for name in names}
