"""How long protecting and auditing a national month takes, and what the audit finds.

Run: `python tests/benchmarks/bench_audit.py [rows] [counties]`; rows as in bench_dimensions.
"""

import sys
import time

from bench_dimensions import MONTH, responses

from aspa_resources.audit import audit_month
from aspa_resources.disclosure import protect
from aspa_resources.indicators import indicator_mart
from aspa_resources.rule_book import RuleBook


def main() -> None:
    rows, counties = (int(a) for a in (*sys.argv[1:], "40000", "23")[:2])
    rules = RuleBook.load()
    marts = {"indicator_mart": indicator_mart(responses(rules, rows, counties), rules)}
    started = time.perf_counter()
    published = protect(marts, rules)
    protected = time.perf_counter()
    found = audit_month(published, MONTH, rules)
    done = time.perf_counter()
    sys.stdout.write(f"protect {protected - started:.1f} s, audit {done - protected:.1f} s\n")
    for row in [*found.summary.iter_rows(named=True), *found.telling.iter_rows(named=True)]:
        sys.stdout.write(f"{row}\n")


if __name__ == "__main__":
    main()
