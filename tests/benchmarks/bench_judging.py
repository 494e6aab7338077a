"""How long a million rows take to judge: the contract's rules, then the suite of the accepted rows.

Run: `python tests/benchmarks/bench_judging.py [rows]`. The rows are some thousands in the
contract's canonical shape, repeated under ids of their own; reading is not measured. Prints the
seconds of each part, and how they compare to parsing the same columns alone.
"""

import sys
import time
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from typing import TypeVar

import polars as pl

from aspa_resources.delivery import Judged, ReadDelivery, judge, read_delivery
from aspa_resources.delivery.judging import parse_columns
from aspa_resources.delivery.values import clean
from aspa_resources.rule_book import RuleBook
from expectations import runner
from expectations.columns import names
from expectations.suites import SUITES

Result = TypeVar("Result")
COUNTY, MONTH = "08", "2025-03"
ROWS = 1_000_000
DISTINCT = 20_000  # rows with texts and times of their own
LIMIT_S = 10.0
SETS = ("age_groups", "specialties", "contact_modes", "service_forms")
SERVICES = (
    {"palvelumuoto": "T11", "yhteystapa": "R10", "ammatti": "22213"},
    {"palvelumuoto": "T40", "yhteystapa": "R20", "ammatti": "51321", "palveluala": "31"},
    {"erikoisala": "10", "yhteystapa": "R80", "ammatti": "32311"},
    {"palvelumuoto": "T60", "yhteystapa": "R10", "ammatti": "2222", "kustannuspaikka": ""},
)
AGES = ("0-6", "7-12", "13-17", "18-24", "25-44", "45-64", "65-74", "75-84", "85+")


def delivery(rows: int, rules: RuleBook) -> ReadDelivery:
    """Return a file as reading gives it: some services, ages and times; one row in fifty faulty."""
    first = _row(1)
    content = ";".join(first) + "\n" + ";".join(first.values()) + "\n"
    read = read_delivery(content.encode(), COUNTY, rules)
    distinct = [_row(number) for number in range(min(rows, DISTINCT))]
    columns = {
        column.name: pl.Series([row.get(column.header) for row in distinct], dtype=pl.String())
        for column in rules.contract.columns
    }
    times = -(-rows // len(distinct))
    numbers = pl.int_range(1, rows + 1, eager=True)
    frame = pl.concat([pl.DataFrame(columns)] * times, rechunk=True).head(rows)
    frame = frame.with_columns(feedback_id=pl.format("F-{}", numbers))
    where = [name for name in read.frame.columns if name not in columns]  # row_number, line
    return replace(
        read, frame=frame.select(*(numbers.cast(pl.Int32).alias(name) for name in where), pl.all())
    )


def _row(number: int) -> dict[str, str]:
    event = datetime(2025, 3, 1) + timedelta(minutes=(number * 37) % 44_000)  # noqa: DTZ001 - local
    age = AGES[number % len(AGES)]
    return {
        "palaute_id": f"F-{number:08}", "palvelutapahtuma_id": f"1.2.246.10.1.14011.2025.{number}",
        "toimipaikka": f"Toimipaikka {number % 40}", "kustannuspaikka": f"41{number % 400:03}",
        "tuotantotapa": "oma", "kiireellisyys": "E", "kaynnin_luonne": "SH",
        **SERVICES[number % len(SERVICES)],
        "ikaryhma": age if number % 50 else "vanhus",
        "sukupuoli": ("nainen", "mies")[number % 2], "kieli": "fi",
        "vastaajarooli": ("asiakas", "laheinen")[age in AGES[:2] or number % 7 == 0],
        "keruukanava": "tekstiviesti",
        "kysely_versio": "2024.1", "palautetyyppi": "pistemainen",
        "tapahtuma_aika": event.isoformat(),
        "kysely_lahetetty_aika": (event + timedelta(hours=3)).isoformat(),
        "vastattu_aika": (event + timedelta(hours=3 + number % 40)).isoformat(),
        "nps": str(number % 11), **{f"v{i}": str((number + i) % 6) for i in range(1, 8)},
        "avoin_palaute": f"Hoitaja kuunteli ja neuvoi, kiitos käynnistä {number}."
        if number % 5 < 2 else "",
    }  # fmt: skip


def validate(judged: Judged, rules: RuleBook) -> list[runner.Outcome]:
    """Run the suite of the accepted rows as the step does."""
    profile = rules.profile(COUNTY)
    figures = {
        "rows_unaccounted": judged.rows_delivered - judged.rows_accepted - judged.rows_rejected,
        "rejected_share": judged.rows_rejected / judged.rows_delivered,
        "cost_centre_completeness": judged.completeness["cost_centre"],
        "site_completeness": judged.completeness["site"],
    }
    parameters = {
        "rejected_share_at_most": profile.rejected_share_at_most,
        "completeness_at_least": profile.completeness_at_least,
        **{name: rules.code_sets[name].codes["code"].unique().to_list() for name in SETS},
    }
    of_one_file = judged.accepted.with_columns(delivery=pl.lit(1, pl.Int32))
    frame = of_one_file.select(names("validated_feedback"))
    return runner.judge(SUITES["validated_feedback"], frame, figures, parameters)


def main(rows: int) -> None:
    """Measure and print."""
    rules = RuleBook.load()
    few = delivery(1_000, rules)
    validate(judge(few, COUNTY, MONTH, rules), rules)  # imports, and what is cached, once
    read = delivery(rows, rules)

    parsing, _ = timed(lambda: parse(read, rules))
    judging, judged = timed(lambda: judge(read, COUNTY, MONTH, rules))
    suite, outcomes = timed(lambda: validate(judged, rules))
    total = [a + b for a, b in zip(judging, suite, strict=True)]
    report = f"""\
rows {judged.rows_delivered}, rejected {judged.rows_rejected}, faults {judged.fault_table.height}
expectations {len(outcomes)}, passed {sum(outcome.passed for outcome in outcomes)}
                          wall s   CPU s
parsing the columns alone {parsing[0]:6.2f}  {parsing[1]:6.2f}
judging                   {judging[0]:6.2f}  {judging[1]:6.2f}
suite of accepted rows    {suite[0]:6.2f}  {suite[1]:6.2f}
judging and suite         {total[0]:6.2f}  {total[1]:6.2f}
limit {LIMIT_S} s of wall on two cores; judging and suite are {total[0] / parsing[0]:.1f} x parsing
"""
    sys.stdout.write(report)


def parse(read: ReadDelivery, rules: RuleBook) -> None:
    """Turn the cells into values and judge nothing."""
    cells = clean(read.frame, rules.contract.missing_values)
    parse_columns(cells, rules.contract.columns, rules.profile(COUNTY), rules)


def timed(work: Callable[[], Result]) -> tuple[tuple[float, float], Result]:
    """Return how many seconds of wall and of CPU a piece of work took, and what came of it."""
    wall, cpu = time.perf_counter(), time.process_time()
    result = work()
    return (time.perf_counter() - wall, time.process_time() - cpu), result


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else ROWS)
