"""How a chapter's exhibits are laid out in two columns."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from aspa_resources.reporting.blocks import Cell, Column, Exhibit, Table
from aspa_resources.reporting.columns import exhibit_rows


def exhibit(rows: int, columns: int = 2, title: str = "") -> Exhibit:
    """Return an exhibit whose open table has so many rows and columns."""
    table = Table("", (Column(""),) * columns, ((Cell(""),) * columns,) * rows)
    return Exhibit(title, "", table=table, table_open=True)


@given(st.lists(st.tuples(st.integers(0, 20), st.sampled_from([2, 9])), max_size=12))
def test_every_exhibit_stands_once_and_in_order_and_wide_ones_alone(shapes):
    exhibits = [exhibit(rows, columns, str(i)) for i, (rows, columns) in enumerate(shapes)]
    rows = exhibit_rows(exhibits)
    assert [one for row in rows for column in row for one in column] == exhibits
    assert all(1 <= len(row) <= 2 and all(row) for row in rows)
    for row in rows:
        if any(one.wide for column in row for one in column):
            assert [len(column) for column in row] == [1]


def test_columns_are_about_as_tall_as_each_other():
    short, tall = exhibit(1), exhibit(12)
    assert exhibit_rows([short, short, tall]) == [((short, short), (tall,))]
    assert exhibit_rows([tall, short, short]) == [((tall,), (short, short))]


def test_one_exhibit_has_the_whole_width():
    assert exhibit_rows([only := exhibit(3)]) == [((only,),)]
    assert exhibit_rows([]) == []
