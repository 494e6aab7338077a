"""The receipt of what THL was sent of a month: a record a delivery, and a page of them all.

Belongs here: keeping manifests of what was sent, and the page. Does not belong here: what a
manifest says (`manifest`).
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Final

from aspa_resources import atomic_files
from aspa_resources.reporting.blocks import Cell, Column, Exhibit, Section, Table
from aspa_resources.reporting.page import Edition, assemble
from aspa_resources.reporting.room_wording import voice
from aspa_resources.reporting.wording import LANGUAGES, Language, Wording
from aspa_resources.rule_book import RuleBook
from aspa_resources.thl_delivery.manifest import MANIFEST, PUBLIC_KEY, SIGNATURE, read_manifest

_ROOM: Final = "thl_delivery"
_CHECK: Final = (
    f"openssl pkeyutl -verify -pubin -inkey {PUBLIC_KEY} -rawin -in {MANIFEST} -sigfile {SIGNATURE}"
)
_HASH_SHOWN: Final = 16  # hex digits

Manifest = Mapping[str, Any]


def write_receipt(receipts: Path, delivery: Path, rules: RuleBook) -> Path:
    """Keep the manifest of a delivery that was sent, and write the page of the month's deliveries.

    Args:
        receipts: folder of receipts, a folder a month.
        delivery: folder of what was sent.
        rules: for the page's figures.

    Returns:
        The page.
    """
    sent = read_manifest(delivery)
    folder = receipts / str(sent["month"])
    folder.mkdir(parents=True, exist_ok=True)
    kept = json.dumps(sent, ensure_ascii=False, indent=1)
    atomic_files.write_text(folder / f"{sent['delivery']:04d}.json", kept)
    all_sent = [json.loads(p.read_text(encoding="utf-8")) for p in sorted(folder.glob("*.json"))]
    page = folder / "index.html"
    atomic_files.write_text(page, receipt_page(all_sent[::-1], rules))
    return page


def receipt_page(sent: Sequence[Manifest], rules: RuleBook) -> str:
    """Return one HTML page in three languages.

    Args:
        sent: manifests of a month's deliveries, the latest first.
        rules: for the wording.
    """

    def edition(language: Language) -> Edition:
        words = voice(_ROOM, language, rules.disclosure.threshold)
        month = words.month(sent[0]["month"])
        return Edition(
            language=language,
            title=words.say("title", month=month),
            area=words.say("heading"),
            subtitle=words.say("subtitle", month=month),
            sections=[_sent(sent, words), _files(sent[0], words), _check(words)],
            say=words.say,
        )

    return assemble([edition(language) for language in LANGUAGES])


def _sent(sent: Sequence[Manifest], words: Wording) -> Section:
    say, names = words.say, ("number", "sent_at", "files", "rows", "changed", "release")
    rows = tuple(
        (
            Cell(str(one["delivery"])),
            Cell(one["sent_at"].replace("T", " ").replace("+00:00", " UTC")),
            Cell(words.whole(len(one["files"])), "number"),
            Cell(words.whole(sum(file["rows"] for file in one["files"])), "number"),
            Cell(words.whole(len(one["changed"])), "number"),
            Cell(one["versions"]["release"]),
        )
        for one in sent
    )
    words_only = {"number", "sent_at", "release"}
    table = Table(
        say("sent.deliveries"),
        tuple(Column(say(f"column.{name}"), numeric=name not in words_only) for name in names),
        rows,
    )
    headline = say("sent.headline", number=sent[0]["delivery"], files=len(sent[0]["files"]))
    return Section(
        "sent",
        say("section.sent"),
        lead=say("sent.lead"),
        headline=headline,
        exhibits=(
            Exhibit(say("sent.deliveries"), say("sent.message"), table=table, table_open=True),
        ),
    )


def _files(latest: Manifest, words: Wording) -> Section:
    say = words.say
    table = Table(
        say("files.exhibit"),
        (
            Column(say("column.file"), numeric=False),
            Column(say("column.rows")),
            Column(say("column.sha256"), numeric=False),
        ),
        tuple(
            (
                Cell(file["file_name"]),
                Cell(words.whole(file["rows"]), "number"),
                Cell(file["sha256"][:_HASH_SHOWN]),
            )
            for file in latest["files"]
        ),
    )
    exhibit = Exhibit(say("files.exhibit"), say("files.message"), table=table, table_open=True)
    return Section("files", say("section.files"), exhibits=(exhibit,))


def _check(words: Wording) -> Section:
    lead = words.say("check.lead", command=_CHECK)
    return Section("check", words.say("section.check"), lead=lead)
