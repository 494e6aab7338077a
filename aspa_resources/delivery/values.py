"""Single columns: cells into numbers, codes and times, with the fault of each that cannot be.

Belongs here: what one column's spellings mean, whichever row they stand on; a column has few
distinct spellings, so each is looked at once. Does not belong here: rules between columns
(`judging`).
"""

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field

import polars as pl

from aspa_resources.rule_book import CodeSet, Column
from aspa_resources.rule_book.words import fold_value

TIME = pl.Datetime("us")
_LOCAL = "Europe/Helsinki"
_FIRST_YEAR, _LAST_YEAR = 1900, 9999
_WHOLE = re.compile(r"^([+-]?\d{1,18})(?:[.,]0{1,2})?$")  # 10.0; 1.000 might be a thousand
_GROUPED = re.compile(r"^\d{1,3}(?:[ \u00a0\u2009\u202f]\d{3}){1,5}$")  # 12 000
_LABELLED = re.compile(r"^(\d{1,2})\s*[-–:=(]([^\d]+)$")  # "5 - Täysin samaa mieltä"
_NUMBER_AT_MOST = 200  # characters: no number is longer, whatever its label
_NO_TEXT = ("", "-")
_LEAP_SECOND = r"[T ]\d{1,2}[:.]\d{2}[:.]60"
_EIGHT_DIGITS = r"^\d{8}(?:\D|$)"


@dataclass(frozen=True, eq=False)
class Parsed:
    """A column after parsing.

    Attributes:
        values: The values; null where the cell is empty or faulty.
        faults: The fault code of each faulty cell, else null (String).
    """

    values: pl.Series = field(repr=False)
    faults: pl.Series = field(repr=False)


def clean(frame: pl.DataFrame, missing: Iterable[str], texts: Iterable[str] = ()) -> pl.DataFrame:
    """Strip every cell; empty cells and words for "no value" become null.

    Args:
        frame: The cells as delivered (String) and columns of other types, which stay.
        missing: The contract's words for "no value", in any case.
        texts: Columns of free text, where such a word may be what the respondent wrote: only an
            empty cell and a hyphen are no value there.

    Returns:
        The frame with its String columns cleaned.
    """
    words = sorted({"", *(word.lower() for word in missing)})
    given = [
        name
        for name, dtype in frame.schema.items()
        if dtype == pl.String and frame[name].null_count() < frame.height
    ]
    free = set(texts)
    cleaned = []
    for name in given:
        stripped = pl.col(name).str.strip_chars()
        nothing = (
            stripped.is_in(_NO_TEXT) if name in free else stripped.str.to_lowercase().is_in(words)
        )
        cleaned.append(pl.when(~nothing).then(stripped))
    return frame.with_columns(cleaned)


def check_pattern(cells: pl.Series, pattern: str) -> Parsed:
    """Let through only values of a form: what survives anonymisation must not be free text.

    Args:
        cells: String, cleaned.
        pattern: Regular expression that a value fits as a whole.

    Returns:
        The values that fit; fault `not_a_short_code` for the others.
    """
    table = cells.to_frame("cell").with_columns(
        fits=pl.col("cell").str.contains(f"^(?:{pattern})$")
    )
    return Parsed(
        table.select(pl.when("fits").then("cell"))["cell"],
        table.select(fault=pl.when(~pl.col("fits")).then(pl.lit("not_a_short_code")))["fault"],
    )


def parse_integers(cells: pl.Series, column: Column) -> Parsed:
    """Parse whole numbers, also written as 5,0, as 12 000 or with their label.

    Args:
        cells: String, cleaned.
        column: Range and worded values.

    Returns:
        Int64 values; faults `not_a_number`, `out_of_range`, `label_contradicts` (the label is the
        column's word for another value).
    """
    words = {fold_value(word): value for word, value in column.values.items()}

    def read(cell: str) -> tuple[int | None, str | None]:
        number, label = _number(cell)
        if number is None:
            worded = words.get(fold_value(cell[:_NUMBER_AT_MOST]))
            number = worded if isinstance(worded, int) else None
        elif label and words.get(label, number) != number:
            return None, "label_contradicts"
        if number is None:
            return None, "not_a_number"
        low, high = column.minimum, column.maximum
        if (low is not None and number < low) or (high is not None and number > high):
            return None, "out_of_range"
        return number, None

    return _by_spelling(cells, read, pl.Int64())


def _number(cell: str) -> tuple[int | None, str]:
    """Return the number that a cell is written as and its folded label, where it has them."""
    if len(cell) > _NUMBER_AT_MOST:
        return None, ""
    if labelled := _LABELLED.match(cell):
        return int(labelled[1]), fold_value(labelled[2].strip(" ()-–:="))
    if whole := _WHOLE.match(cell):
        return int(whole[1]), ""
    if _GROUPED.match(cell):
        return int("".join(filter(str.isdigit, cell))), ""
    return None, ""


def parse_codes(
    cells: pl.Series, column: Column, code_set: CodeSet, own: Mapping[str, str]
) -> Parsed:
    """Parse codes, also written by name, with their name, or as a spreadsheet's number (10.0).

    Args:
        cells: String, cleaned.
        column: The contract's other spellings.
        code_set: The codes and their names.
        own: The county's own wordings and the code each means; they come first.

    Returns:
        String codes; fault `not_in_code_set`, or the column's own.
    """
    spellings: dict[str, str | None] = dict(code_set.spellings)
    for words in (column.values, own):
        spellings |= {fold_value(w): None if c is None else str(c) for w, c in words.items()}

    def read(cell: str) -> tuple[str | None, str | None]:
        folded = fold_value(cell)
        if folded not in spellings and (match := _WHOLE.match(folded)):
            folded = match[1]
        if folded in spellings:
            return spellings[folded], None
        return None, column.fault_code or "not_in_code_set"

    return _by_spelling(cells, read, pl.String())


def check_times(cells: pl.Series, forms: Iterable[str]) -> Parsed:
    """Parse times in the first form that fits each; fault `not_a_time`."""
    times = parse_times(cells, forms)
    faulty = cells.is_not_null() & times.is_null()
    told = pl.select(fault=pl.when(faulty).then(pl.lit("not_a_time"))).to_series()
    return Parsed(times, told)


def parse_times(cells: pl.Series, forms: Iterable[str]) -> pl.Series:
    """Parse times (String, cleaned) in the first form that fits each; null where none does.

    A time with an offset is turned into Finnish local time.
    """
    left = cells.drop_nulls().unique()
    left = left.filter(~left.str.contains(_LEAP_SECOND))
    found = []
    for form in forms:
        if left.is_empty():
            break
        times = _times_of(left, form)
        found.append(pl.DataFrame({"cell": left, "time": times}).filter(_plausible(times)))
        left = left.filter(~_plausible(times))
    spelled = pl.concat(found) if found else pl.DataFrame(schema={"cell": pl.String, "time": TIME})
    return _translate(cells, spelled["cell"], spelled["time"])


def _plausible(times: pl.Series) -> pl.Series:
    """Tell which are times of a four-digit year: 14.3.25 is not of the year 25."""
    return times.dt.year().is_between(_FIRST_YEAR, _LAST_YEAR).fill_null(value=False)


def _times_of(cells: pl.Series, form: str) -> pl.Series:
    if form.startswith("%Y%m%d"):  # 2025111 has two readings
        cells = cells.set(~cells.str.contains(_EIGHT_DIGITS), None)
    if "%z" in form:
        aware = cells.str.replace("Z$", "+0000").str.to_datetime(form, time_unit="us", strict=False)
        return aware.dt.convert_time_zone(_LOCAL).dt.replace_time_zone(None)
    if "%H" in form:
        return cells.str.to_datetime(form, time_unit="us", strict=False)
    return cells.str.to_date(form, strict=False).cast(TIME)


def _by_spelling(
    cells: pl.Series, read: Callable[[str], tuple[object, str | None]], dtype: pl.DataType
) -> Parsed:
    """Read each distinct spelling once and give every cell its result."""
    spellings = cells.drop_nulls().unique()
    results = [read(cell) for cell in spellings]
    values = pl.Series("value", [value for value, _ in results], dtype=dtype)
    faults = pl.Series("fault", [fault for _, fault in results], dtype=pl.String())
    return Parsed(_translate(cells, spellings, values), _translate(cells, spellings, faults))


def _translate(cells: pl.Series, spellings: pl.Series, meanings: pl.Series) -> pl.Series:
    """Replace each cell by the meaning of its spelling; null where it has none."""
    if meanings.null_count() == meanings.len():
        return pl.repeat(None, cells.len(), dtype=meanings.dtype, eager=True).alias(cells.name)
    book = pl.DataFrame({"cell": spellings, "meaning": meanings})
    asked = cells.alias("cell").to_frame()
    return asked.join(book, on="cell", how="left", maintain_order="left")["meaning"].alias(
        cells.name
    )
