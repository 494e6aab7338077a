"""Whole demonstration deliveries into a landing zone, and the truth about them beside it.

Belongs here: which files come, under which names, and the truth records. What is in them comes from
the other modules.
"""

import json
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from aspa_resources.demo import catalogue
from aspa_resources.demo.broken_files import broken_files
from aspa_resources.demo.catalogue import County
from aspa_resources.demo.chance import seeded
from aspa_resources.demo.companions import cost_centre_map, sampling_counts
from aspa_resources.demo.faults import PlantedFault, plant_faults
from aspa_resources.demo.feedback_text import FeedbackWriter, WrittenText
from aspa_resources.demo.service_events import LAST_MONTH, Answer, ServiceEvents
from aspa_resources.demo.suppliers import feedback_file

MOST_MONTHS = 15  # back to 2024-01, the platform's first month
NO_TEXT = WrittenText("", (), ())


@dataclass(frozen=True)
class DemoSummary:
    """What was written.

    Attributes:
        files: Everything in the landing zone, faulty files too.
        broken_files: Those of `files` that are no readable delivery.
        rows: Feedback rows in all.
        texts: Rows with a text.
        planted: Personal data in the texts, by label.
        faults: Faults of rows, by the delivery contract's word.
    """

    files: tuple[Path, ...]
    broken_files: tuple[Path, ...]
    rows: int
    texts: int
    planted: Mapping[str, int]
    faults: Mapping[str, int]


@dataclass(frozen=True)
class Delivery:
    """A county's month before it is written: answers and texts row by row, and the faults."""

    county: County
    month: str
    answers: Sequence[Answer]
    texts: Sequence[WrittenText]
    faults: Sequence[PlantedFault]


def write_demo_deliveries(
    landing: Path, truth: Path, *, counties: int, months: int, rows: int, seed: int
) -> DemoSummary:
    """Write deliveries into landing/<county>/ and the truth about them into truth/<county>/.

    A county's month follows from the seed and `rows` alone, however many counties and months are
    asked for. The last month is always 2025-03.

    Args:
        landing: The landing zone; files land by rename.
        truth: Where the truth goes: for a delivery `x.csv` a line a row in `x.csv.jsonl`, for a
            broken file `x.csv.json`.
        counties: How many counties, 1 to 23.
        months: How many months back from 2025-03, 1 to 15.
        rows: Feedback rows a county and month, 1 or more.
        seed: What all chance follows from.

    Raises:
        ValueError: A number is out of its bounds.
    """
    chosen = _chosen(counties, months, rows)
    files: list[Path] = []
    texts, planted, faults = 0, Counter[str](), Counter[str]()
    for county in chosen:
        if county.map != "none":
            path = landing / county.code / f"kustannuspaikat_{county.code}.csv"
            files.append(_land(path, cost_centre_map(county)))
        for month in _months(months):
            delivery = _make(county, month, rows, seed)
            files.extend(_write(landing, truth, delivery, seed))
            texts += sum(answer.writes for answer in delivery.answers)
            planted.update(span.label for text in delivery.texts for span in text.spans)
            faults.update(fault.why for fault in delivery.faults)
    broken = tuple(_write_broken(landing, truth, chosen, seed))
    return DemoSummary(
        files=(*files, *broken),
        broken_files=broken,
        rows=len(chosen) * months * rows,
        texts=texts,
        planted=dict(sorted(planted.items())),
        faults=dict(sorted(faults.items())),
    )


def _chosen(counties: int, months: int, rows: int) -> tuple[County, ...]:
    """The first counties, once the numbers are known to be sound."""
    every = catalogue.counties()
    for name, number, most in (("counties", counties, len(every)), ("months", months, MOST_MONTHS)):
        if not 1 <= number <= most:
            raise ValueError(f"{name}: give a number from 1 to {most}")
    if rows < 1:
        raise ValueError("rows: give a number from 1 up")
    return every[:counties]


def _months(number: int) -> Iterator[datetime]:
    """First days of the last months, oldest first."""
    last = LAST_MONTH[0] * 12 + LAST_MONTH[1] - 1
    for index in range(last - number + 1, last + 1):
        yield datetime(index // 12, index % 12 + 1, 1)  # noqa: DTZ001 - deliveries tell local times


def _make(county: County, month: datetime, rows: int, seed: int) -> Delivery:
    rng = seeded("feedback", seed, county.code, f"{month:%Y-%m}")
    events = ServiceEvents(county, month)
    encoding = catalogue.supplier(county.supplier).encoding
    writers = {each: FeedbackWriter(each, county, encoding) for each in ("fi", "sv", "en")}
    answers = [events.draw(rng, number) for number in range(1, rows + 1)]
    texts = [
        writers[each.language].write(rng, each.service, each.sentiment) if each.writes else NO_TEXT
        for each in answers
    ]
    for answer, text in zip(answers, texts, strict=True):
        answer.row["text"] = text.text
    faults = plant_faults(rng, [each.row for each in answers], county)
    return Delivery(county, f"{month:%Y-%m}", answers, texts, faults)


def _write(landing: Path, truth: Path, delivery: Delivery, seed: int) -> Iterator[Path]:
    """The rows land last: what a watcher starts from finds its companions there."""
    code, month = delivery.county.code, delivery.month
    rng = seeded("files", seed, code, month)
    shape = catalogue.supplier(delivery.county.supplier)
    name = f"aspa_{code}_{month}.csv"
    _land(truth / code / f"{name}.jsonl", "".join(_truth_lines(delivery)).encode())
    sampling = landing / code / f"otanta_{code}_{month}.csv"
    yield _land(sampling, sampling_counts(rng, shape, delivery.answers))
    rows = [each.row for each in delivery.answers]
    yield _land(landing / code / name, feedback_file(rng, shape, rows, month))


def _write_broken(
    landing: Path, truth: Path, counties: Sequence[County], seed: int
) -> Iterator[Path]:
    for broken in broken_files(counties, seed):
        record = {"file": broken.name, "why": broken.why}
        _land(truth / broken.county / f"{broken.name}.json", json.dumps(record).encode())
        yield _land(landing / broken.county / broken.name, broken.content)


def _truth_lines(delivery: Delivery) -> Iterator[str]:
    """A JSON object a row: row, language, sentiment, themes, text, spans, faults."""
    faults: dict[int, list[dict[str, str]]] = {}
    for fault in delivery.faults:
        faults.setdefault(fault.row, []).append({"field": fault.field, "why": fault.why})
    rows = zip(delivery.answers, delivery.texts, strict=True)
    for number, (answer, written) in enumerate(rows, start=1):
        record = {
            "row": number,
            "language": answer.language,
            "sentiment": answer.sentiment,
            "themes": written.themes,
            "text": written.text,
            "spans": [
                {
                    "label": span.label,
                    "surface": written.text[span.start : span.end],
                    "start": span.start,
                    "end": span.end,
                }
                for span in written.spans
            ],
            "faults": faults.get(number, []),
        }
        yield json.dumps(record, ensure_ascii=False) + "\n"


def _land(path: Path, content: bytes) -> Path:
    """Write aside under a hidden name, then rename: nobody ever sees half a file."""
    path.parent.mkdir(parents=True, exist_ok=True)
    aside = path.with_name(f".{path.name}.part")
    aside.write_bytes(content)
    return aside.replace(path)
