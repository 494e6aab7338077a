"""Reading deliveries, measured: `bench_reading.py [FILES] [ROWS]`.

How many files of the mutation corpus (default 600) are read exactly as they were written, and how
fast a large file (default 200 000 rows) is read, beside a plain `csv.reader` pass over its bytes.
"""

import csv
import io
import json
import sys
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1] / "support"))

from delivery_mutations import OPTIONS, PLAIN, TRICKY, Mutation, Records, corpus
from reading_checks import COUNTY, misreadings

from aspa_resources.delivery import read_delivery
from aspa_resources.rule_book import RuleBook

DISTINCT = 2000
CASES = {  # name: texts, quoting
    "plain": (PLAIN, "minimal"),
    "all quoted": (PLAIN, "all"),
    "every text tricky": (TRICKY, "minimal"),
}


def share_right(files: int, records: Records) -> dict[str, object]:
    """Read the corpus; name what was misread by its number."""
    wrong = {one.number: list(misreadings(one, records)) for one in corpus(files)}
    wrong = {number: why for number, why in wrong.items() if why}
    return {"files": files, "right": 1 - len(wrong) / files, "wrong": wrong}


def speed(name: str, rows: int, records: Records) -> dict[str, object]:
    """Read one large file, and pass over it once with a plain reader."""
    texts, quoting = CASES[name]
    choices = {option: values[0] for option, values in OPTIONS.items()}
    mutation = Mutation(0, {**choices, "quoting": quoting})
    lines = records.write(mutation, DISTINCT, texts).content.split(b"\r\n", 1)
    content = lines[0] + b"\r\n" + lines[1] * (rows // DISTINCT)
    begin = time.perf_counter()
    text = io.StringIO(content.decode(), newline="")
    plain_rows = sum(1 for _ in csv.reader(text, delimiter=";", strict=True)) - 1
    plain = time.perf_counter() - begin
    begin = time.perf_counter()
    read = read_delivery(content, COUNTY, records.rules)
    took = time.perf_counter() - begin
    return {
        "case": name,
        "rows": read.frame.height,
        "same_number_of_rows": plain_rows == read.frame.height,
        "megabytes": round(len(content) / 1e6),
        "rows_per_second": round(read.frame.height / took),
        "times_a_plain_pass": round(took / plain, 2),
    }


def main(files: int = 600, rows: int = 200_000) -> None:
    """Measure, and print a JSON object a line."""
    records = Records(RuleBook.load())
    print(json.dumps(share_right(files, records)))  # noqa: T201 - a script's output
    for name in CASES:
        print(json.dumps(speed(name, rows, records)))  # noqa: T201 - a script's output


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
