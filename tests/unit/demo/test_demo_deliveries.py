"""Demonstration deliveries: repeatable, readable in every shape, and what the truth says is so."""

import csv
import io
import json
import re
from collections import Counter
from pathlib import Path
from statistics import mean
from typing import Any

import pytest

from aspa_resources.demo import DemoSummary, write_demo_deliveries
from aspa_resources.demo.catalogue import counties, services, supplier

HETU = re.compile(r"\b\d{6} ?[-–+A-FYXWVU] ?(\d{3})[0-9A-Y]\b", re.IGNORECASE)
CHECKS = "0123456789ABCDEFHJKLMNPRSTUVWXY"
ROWS = 600
SHAPES = 5  # the first counties show all of them


Told = dict[str, Any]  # a row's record of the truth
Truth = dict[str, list[Told]]
Demo = tuple[Path, Path, DemoSummary]


def tree(folder: Path) -> dict[str, bytes]:
    files = (path for path in folder.rglob("*") if path.is_file())
    return {str(path.relative_to(folder)): path.read_bytes() for path in files}


def truth_of(folder: Path, county: str, month: str = "2025-03") -> list[Told]:
    lines = (folder / county / f"aspa_{county}_{month}.csv.jsonl").read_text("utf-8").splitlines()
    return [json.loads(line) for line in lines]


def rows_of(landing: Path, county: str, month: str = "2025-03") -> list[dict[str, str]]:
    """A delivery read with the csv module alone, columns by the contract's names."""
    shape = supplier(next(each.supplier for each in counties() if each.code == county))
    content = (landing / county / f"aspa_{county}_{month}.csv").read_bytes().decode(shape.encoding)
    lines = io.StringIO(content, newline="")
    for _ in shape.preamble:
        lines.readline()
    header, *rows = csv.reader(lines, delimiter=shape.separator)
    assert header == [*shape.headers.values(), *shape.extra]
    assert {len(row) for row in rows} == {len(header)}
    return [dict(zip(shape.headers, row, strict=False)) for row in rows]


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Demo:
    root = tmp_path_factory.mktemp("demo")
    arguments = {"counties": SHAPES, "months": 1, "rows": ROWS, "seed": 3}
    summary = write_demo_deliveries(root / "landing", root / "truth", **arguments)
    return root / "landing", root / "truth", summary


@pytest.fixture(scope="module")
def truth(demo: Demo) -> Truth:
    return {county.code: truth_of(demo[1], county.code) for county in counties()[:SHAPES]}


@pytest.fixture(scope="module")
def texts(truth: Truth) -> list[Told]:
    return [row for rows in truth.values() for row in rows if row["text"]]


def test_the_same_seed_gives_the_same_bytes_and_another_seed_others(tmp_path: Path) -> None:
    for name, seed in (("one", 5), ("again", 5), ("other", 6)):
        root = tmp_path / name
        write_demo_deliveries(root / "in", root / "truth", counties=3, months=2, rows=40, seed=seed)
    assert tree(tmp_path / "one") == tree(tmp_path / "again")
    one, other = tree(tmp_path / "one"), tree(tmp_path / "other")
    assert one.keys() == other.keys()
    for name in one:
        if "aspa_" in name:
            assert one[name] != other[name], name


def test_a_month_does_not_depend_on_how_much_else_is_asked_for(tmp_path: Path) -> None:
    write_demo_deliveries(tmp_path / "a", tmp_path / "ta", counties=1, months=1, rows=30, seed=5)
    write_demo_deliveries(tmp_path / "b", tmp_path / "tb", counties=4, months=3, rows=30, seed=5)
    assert tree(tmp_path / "a").items() <= tree(tmp_path / "b").items()
    assert tree(tmp_path / "ta").items() <= tree(tmp_path / "tb").items()


def test_months_go_back_from_march_2025(tmp_path: Path) -> None:
    write_demo_deliveries(tmp_path / "in", tmp_path / "t", counties=1, months=4, rows=1, seed=1)
    names = {path.name for path in (tmp_path / "in" / "08").glob("aspa_*")}
    assert names == {
        f"aspa_08_{month}.csv" for month in ("2024-12", "2025-01", "2025-02", "2025-03")
    }


def test_every_county_can_be_written(tmp_path: Path) -> None:
    number = len(counties())
    summary = write_demo_deliveries(
        tmp_path / "in", tmp_path / "t", counties=number, months=1, rows=20, seed=1
    )
    folders = {path.name for path in (tmp_path / "in").iterdir()}
    assert folders == {county.code for county in counties()}
    assert len(folders) == number == 23
    assert summary.rows == 20 * number
    for county in counties():
        assert len(rows_of(tmp_path / "in", county.code)) == 20


@pytest.mark.parametrize(
    "wrong", [{"counties": 0}, {"counties": 24}, {"months": 0}, {"months": 16}, {"rows": 0}]
)
def test_numbers_out_of_bounds_are_refused_before_anything_is_written(
    tmp_path: Path, wrong: dict[str, int]
) -> None:
    arguments = {"counties": 1, "months": 1, "rows": 1, "seed": 1, **wrong}
    with pytest.raises(ValueError, match=next(iter(wrong))):
        write_demo_deliveries(tmp_path / "in", tmp_path / "t", **arguments)
    assert not list(tmp_path.iterdir())


def test_nothing_half_written_is_left_and_the_summary_names_every_file(demo: Demo) -> None:
    landing, _, summary = demo
    assert {path for path in landing.rglob("*") if path.is_file()} == set(summary.files)
    assert not list(landing.rglob(".*"))
    assert summary.rows == ROWS * SHAPES


def test_every_shape_reads_back_with_the_truths_texts(demo: Demo, truth: Truth) -> None:
    landing, _, _ = demo
    assert len({county.supplier for county in counties()[:SHAPES]}) == SHAPES
    for code, rows in truth.items():
        read = rows_of(landing, code)
        assert [row["text"] for row in read] == [row["text"] for row in rows]
        assert [row["language"] for row in read] == [row["language"] for row in rows]
        assert [row["row"] for row in rows] == list(range(1, ROWS + 1))


def test_times_lie_in_the_month_in_the_suppliers_own_form(demo: Demo, truth: Truth) -> None:
    landing, _, _ = demo
    forms = {
        "08": r"2025-03-\d\dT\d\d:\d\d:00",
        "10": r"\d\d\.03\.2025 \d\d:\d\d",
        "18": r"2025-03-\d\dT\d\d:\d\d:00",
        "05": r"\d\d\.03\.2025 \d\d:\d\d",
        "01": r"2025-03-\d\d \d\d:\d\d:00",
    }
    for code, form in forms.items():
        for row, told in zip(rows_of(landing, code), truth[code], strict=True):
            faulty = "event_time" in {fault["field"] for fault in told["faults"]}
            assert bool(re.fullmatch(form, row["event_time"])) is not faulty
            assert not faulty or re.fullmatch(form, row["answered_time"])


def test_spans_hold_the_surfaces_and_do_not_overlap(texts: list[Told], demo: Demo) -> None:
    counted = Counter()
    for row in texts:
        end = 0
        for span in row["spans"]:
            assert row["text"][span["start"] : span["end"]] == span["surface"]
            assert span["surface"].strip() == span["surface"]
            assert span["start"] >= end
            end = span["end"]
            counted[span["label"]] += 1
    assert counted == demo[2].planted
    assert len(texts) == demo[2].texts


def test_digits_lie_within_spans_alone(texts: list[Told]) -> None:
    for row in texts:
        outside = list(row["text"])
        for span in row["spans"]:
            outside[span["start"] : span["end"]] = " " * len(span["surface"])
        assert not re.search(r"\d", "".join(outside))


def test_identity_codes_are_artificial_and_mostly_valid(tmp_path: Path) -> None:
    write_demo_deliveries(tmp_path / "in", tmp_path / "t", counties=3, months=1, rows=6000, seed=8)
    codes, right = 0, 0
    for code in ("08", "10", "18"):
        for row in truth_of(tmp_path / "t", code):
            numbers = [int(found[1]) for found in HETU.finditer(row["text"])]
            assert all(900 <= number <= 999 for number in numbers)
            planted = [span["surface"] for span in row["spans"] if span["label"] == "HETU"]
            assert len(planted) == len(numbers)
            for surface in planted:
                body = re.sub(r"[ –-]", "", surface.upper())
                digits = int("".join(re.findall(r"\d", body[:-1])))
                right += CHECKS[digits % 31] == body[-1]
                codes += 1
    assert codes > 50
    assert 0.8 < right / codes < 1


def test_the_texts_are_mixed_as_promised(texts: list[Told], truth: Truth) -> None:
    rows = [row for each in truth.values() for row in each]
    assert len(texts) / len(rows) == pytest.approx(0.40, abs=0.04)
    share = {mood: n / len(texts) for mood, n in Counter(row["sentiment"] for row in texts).items()}
    assert share["positive"] == pytest.approx(0.80, abs=0.05)
    assert share["negative"] == pytest.approx(0.12, abs=0.04)
    assert share["neutral"] == pytest.approx(0.05, abs=0.03)
    language = Counter(row["language"] for row in texts)
    assert language["fi"] > 3 * language["sv"] > 6 * language["en"] > 0
    assert mean(bool(row["spans"]) for row in texts) == pytest.approx(0.25, abs=0.05)
    assert sum(row["themes"] == ["general"] for row in texts) / len(rows) < 0.05
    assert {theme for row in texts for theme in row["themes"]} >= {"access", "encounter", "fees"}
    assert all(1 <= len(row["themes"]) <= 3 for row in texts)


def test_texts_rarely_repeat(texts: list[Told]) -> None:
    telling = [row["text"] for row in texts if row["themes"] != ["general"]]
    assert len(set(telling)) / len(telling) > 0.9


def test_nps_and_statements_follow_the_mood(demo: Demo, truth: Truth) -> None:
    landing, _, _ = demo
    scores, statements = {}, {}
    for code, rows in truth.items():
        for row, told in zip(rows_of(landing, code), rows, strict=True):
            if not any(fault["field"] == "nps" for fault in told["faults"]):
                scores.setdefault(told["sentiment"], []).append(int(row["nps"]))
            if row["s1_got_help"] not in ("", "0"):
                statements.setdefault(told["sentiment"], []).append(int(row["s1_got_help"]))
    assert all(score >= 7 for score in scores["positive"])
    assert all(score <= 6 for score in scores["negative"])
    assert mean(scores["positive"]) > mean(scores["mixed"]) > mean(scores["negative"])
    assert mean(statements["positive"]) > 4.5
    assert mean(statements["negative"]) < 2.2
    every = [score for each in scores.values() for score in each]
    nps = 100 * (mean(score >= 9 for score in every) - mean(score <= 6 for score in every))
    assert 55 < nps < 80


def test_codes_of_an_event_belong_together(demo: Demo) -> None:
    landing, _, _ = demo
    by_prefix = {service.cost_centre_prefix: service for service in services()}
    seen = Counter()
    for row in rows_of(landing, "08"):
        service = by_prefix.get(row["cost_centre"][:3])
        if service is None or row["specialty"] == "999":
            continue
        columns = (
            "service_form",
            "contact_mode",
            "profession",
            "specialty",
            "service_area",
            "urgency",
        )
        codes = {column: row[column] for column in columns if row[column]}
        allowed = [{c: e[c] for c in columns if c in e} for e in service.events]
        assert codes in allowed
        by_itself = row["respondent_role"] == "asiakas"
        if row["age_group"] == "0-6":
            assert not by_itself
        if row["age_group"] == "7-12":
            assert (row["questionnaire_version"] == "lapset 2024.1") == by_itself
        seen[service.name] += 1
    assert seen["emergency"]
    assert seen["home_care"]


def test_faults_are_where_the_truth_says_and_nowhere_else(demo: Demo, truth: Truth) -> None:
    landing, _, summary = demo
    faults = Counter()
    for code, rows in truth.items():
        read = rows_of(landing, code)
        ids: set[str] = set()
        for row, told in zip(read, rows, strict=True):
            found = {
                ("nps", "out_of_range"): row["nps"] == "11",
                ("specialty", "not_in_code_set"): row["specialty"] == "999",
                ("age_group", "not_an_age_group"): row["age_group"] == "vanhus",
                ("event_time", "not_a_time"): row["event_time"].startswith("32."),
                ("cost_centre", "missing_expected"): not row["cost_centre"],
                ("site", "missing_expected"): not row["site"],
                ("service_area", "code_not_valid_then"): row["service_area"] == "91",
                ("feedback_id", "duplicate_feedback_id"): row["feedback_id"] in ids,
            }
            ids.add(row["feedback_id"])
            told_faults = {(fault["field"], fault["why"]) for fault in told["faults"]}
            assert {fault for fault, is_there in found.items() if is_there} == told_faults
            faults.update(why for _, why in told_faults)
    assert faults == summary.faults
    assert set(faults) == {
        "out_of_range", "not_in_code_set", "not_an_age_group", "not_a_time",
        "missing_expected", "code_not_valid_then", "duplicate_feedback_id",
    }  # fmt: skip
    assert sum(not row["cost_centre"] for row in rows_of(landing, "10")) == round(0.17 * ROWS)


def test_broken_files_come_with_a_second_county(demo: Demo, tmp_path: Path) -> None:
    _, truth_folder, summary = demo
    whys = {}
    for path in summary.broken_files:
        record = json.loads((truth_folder / path.parent.name / f"{path.name}.json").read_text())
        whys[record["why"]] = path
    assert set(whys) == {"empty", "no_known_header", "damaged_archive"}
    assert whys["empty"].read_bytes() == b""
    assert b"\x00" in whys["damaged_archive"].read_bytes()
    with pytest.raises(UnicodeDecodeError):
        whys["damaged_archive"].read_bytes().decode()
    known = {header.lower() for header in supplier("titled").headers.values()}
    assert not known & set(
        whys["no_known_header"].read_text("utf-8").splitlines()[0].lower().split(";")
    )
    alone = write_demo_deliveries(
        tmp_path / "a", tmp_path / "t", counties=1, months=1, rows=5, seed=1
    )
    pair = write_demo_deliveries(
        tmp_path / "b", tmp_path / "u", counties=2, months=1, rows=5, seed=1
    )
    assert not alone.broken_files
    assert len(pair.broken_files) == 3


def test_sampling_counts_cover_the_answers(demo: Demo) -> None:
    landing, _, _ = demo
    content = (landing / "01" / "otanta_01_2025-03.csv").read_bytes().decode("utf-16")
    header, *lines = csv.reader(io.StringIO(content, newline=""), delimiter="\t")
    assert header == [
        "ikaryhma",
        "palvelumuoto",
        "erikoisala",
        "palvelutapahtumia",
        "kyselyja_lahetetty",
    ]
    events, sent = (sum(int(line[place]) for line in lines) for place in (3, 4))
    assert ROWS * 3 < sent < events
    answered = Counter(
        (row["age_group"], row["service_form"], row["specialty"]) for row in rows_of(landing, "01")
    )
    counts = {tuple(line[:3]): int(line[4]) for line in lines}
    for stratum, number in answered.items():
        if stratum[0] != "vanhus" and stratum[2] != "999":
            assert counts[stratum] >= number


def test_cost_centre_maps_are_full_have_gaps_or_are_missing(demo: Demo) -> None:
    landing, _, _ = demo
    assert not (landing / "08" / "kustannuspaikat_08.csv").exists()
    mapped = {}
    for code in ("10", "18"):
        content = (landing / code / f"kustannuspaikat_{code}.csv").read_text("utf-8")
        lines = list(csv.DictReader(io.StringIO(content, newline=""), delimiter=";"))
        mapped[code] = {line["kustannuspaikka"] for line in lines}
        assert all(re.fullmatch(r"\d{4}", line["aura_palveluluokka"]) for line in lines)
    used = {row["cost_centre"] for row in rows_of(landing, "18")} - {""}
    assert used <= mapped["18"]
    assert {row["cost_centre"] for row in rows_of(landing, "10")} - {""} - mapped["10"]


def test_the_emergency_units_feedback_worsens_over_the_months(tmp_path: Path) -> None:
    write_demo_deliveries(tmp_path / "in", tmp_path / "t", counties=1, months=15, rows=1500, seed=4)

    def unhappy(months: list[str]) -> float:
        rows = [
            (row, told)
            for month in months
            for row, told in zip(
                rows_of(tmp_path / "in", "08", month),
                truth_of(tmp_path / "t", "08", month),
                strict=True,
            )
        ]
        return mean(told["sentiment"] == "negative" for row, told in rows if row["urgency"] == "6")

    assert unhappy([f"2024-{m:02d}" for m in range(1, 6)]) < unhappy(
        ["2024-11", "2024-12", "2025-01", "2025-02", "2025-03"]
    )
