"""How a receipt looks: one accessible page in three languages, and plain text for a terminal.

Belongs here: the layout. Does not belong here: what a receipt says (`receipts`), its labels
(`labels`).
"""

from collections.abc import Iterator, Mapping
from typing import Any, Final

from aspa_resources.delivery.labels import labels
from aspa_resources.delivery.pages import page

_ROWS_SHOWN: Final = 20
_WRITING: Final = (
    "format", "container", "encoding", "separator", "quote", "escape", "line_end", "header_line",
    "repeated_headers", "footer_lines",
)  # fmt: skip


def receipt_html(receipt: Mapping[str, Any]) -> str:
    """Return a receipt as one self-contained page in Finnish, Swedish and English."""
    return page(
        "receipt.html.jinja", receipt=receipt, facts=_facts, understood=_understood, where=_where,
        left_out=_left_out, lacking=_lacking,
    )  # fmt: skip


def receipt_text(receipt: Mapping[str, Any], language: str = "fi") -> str:
    """Return a receipt as plain text for a terminal, in one language."""
    label = labels()[language]
    month = f", {receipt['month']}" if receipt["month"] else ""
    heading = f"{receipt['file']} ({receipt['county_name'][language]}{month})"
    lines = [f"{heading}: {label[receipt['verdict']]}"]
    if receipt["delivery"]:
        lines.append(receipt["delivery"][language])
    if receipt["kind"]:
        counts = ", ".join(f"{name.lower()} {count}" for name, count in _counts(receipt, label))
        lines.append(f"{label['rows']}: {counts}")
    if receipt["dialect"]:
        writing = (f"{name.lower()} {shown}" for name, shown in _writing(receipt, label))
        lines.append(f"{label['dialect']}: {', '.join(writing)}")
    lines += [f"{name}: {shown}" for name, shown in _unmatched(receipt, label)]
    lines += [f"* {change[language]}" for change in receipt["format_changes"]]
    for group in receipt["groups"]:
        lines += _group_lines(group, language)
    if left_out := _left_out(receipt, language):
        lines.append(left_out)
    if receipt["kind"] and not receipt["groups"]:
        lines.append(label["none"])
    if classes := receipt.get("service_classes"):
        sources = (
            f"{label['class_sources'][source].lower()} {rows}"
            for source, rows in classes["by_source"].items()
        )
        lines += [f"{label['service_classes']}: {', '.join(sources)}", *_lacking(receipt, language)]
    return "\n".join(lines)


def _facts(receipt: Mapping[str, Any], language: str) -> Iterator[tuple[str, object]]:
    """Give what is known of the file as a whole, by label."""
    label = labels()[language]
    yield label["file"], receipt["file"]
    name, code = receipt["county_name"][language], receipt["county"]
    yield label["county"], f"{name} ({code})" if name != code else code
    if receipt["month"]:
        yield label["month"], receipt["month"]
    if delivery := receipt["delivery"]:
        yield label["number"], delivery["number"]
        yield label["fingerprint"], delivery["fingerprint"]
        yield label["encrypted"], label["yes" if delivery["encrypted"] else "no"]
    if receipt["kind"]:
        yield label["kind"], label["kinds"][receipt["kind"]]
        yield from _counts(receipt, label)
    yield label["rules"], receipt["rules_version"]


def _counts(receipt: Mapping[str, Any], label: Mapping[str, Any]) -> Iterator[tuple[str, object]]:
    yield label["delivered"], receipt["rows_delivered"]
    yield label["rows_accepted"], receipt["rows_accepted"]
    yield label["rows_rejected"], receipt["rows_rejected"]


def _understood(receipt: Mapping[str, Any], language: str) -> Iterator[tuple[str, str]]:
    """Give how a file was read and which columns were not."""
    label = labels()[language]
    yield from _writing(receipt, label)
    yield from _unmatched(receipt, label)
    if receipt["columns"]["missing"]:
        yield label["missing"], ", ".join(receipt["columns"]["missing"])


def _writing(receipt: Mapping[str, Any], label: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """Give each thing that the file's format has, by its label."""
    names = label["changes"] | label["reading"]
    for what in _WRITING:
        value = receipt["dialect"].get(what)
        if value is not None:
            shown = value.upper() if what == "format" else label["forms"].get(value, str(value))
            yield names[what], shown


def _unmatched(receipt: Mapping[str, Any], label: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    if receipt["columns"] and receipt["columns"]["ignored"]:
        yield label["ignored"], ", ".join(receipt["columns"]["ignored"])


def _group_lines(group: Mapping[str, Any], language: str) -> Iterator[str]:
    """Give equal faults: what is wrong, then where and by which rule."""
    label = labels()[language]
    level = label[f"{group['level']}_level"]
    yield f"- {level} × {group['count']}: {group[language]}"
    if group["rule"]:
        yield f"    {label['rule']}: {group['rule'][language]}"
    if where := _where(group, language):
        yield f"    {where}"


def _left_out(receipt: Mapping[str, Any], language: str) -> str:
    """Say how many faults are not listed one by one; a receipt of an older version lists all."""
    number = receipt.get("faults_left_out", 0)
    return str(labels()[language]["faults_left_out"]).format(number=number) if number else ""


def _lacking(receipt: Mapping[str, Any], language: str) -> Iterator[str]:
    """Say what rows without a class lack; a receipt of an older version tells of no classes."""
    label, classes = labels()[language], receipt.get("service_classes")
    if classes and classes["missing"]:
        fields = (f"{one['field']} ({one['rows']})" for one in classes["missing"])
        yield str(label["class_missing"]).format(fields=", ".join(fields))


def _where(group: Mapping[str, Any], language: str) -> str:
    """Return column and first lines of equal faults; data rows where lines are not known."""
    label = labels()[language]
    places = []
    if group["column_number"]:
        places.append(f"{label['column'].lower()} {group['column_number']}")
    if shown := (group["lines"] or group["rows"])[:_ROWS_SHOWN]:
        one, many = label["line_words"] if group["lines"] else label["row_words"]
        more = f" {label['and_more']}" if group["count"] > len(shown) else ""
        noun = one if len(shown) == 1 and not more else many
        places.append(f"{noun} {', '.join(map(str, shown))}{more}")
    return "; ".join(places)
