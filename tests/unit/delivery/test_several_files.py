"""Files of several suppliers: which is whose, and no row twice over them."""

from __future__ import annotations

import pytest

from aspa_resources.delivery import UnreadableDelivery, judge, read_delivery
from aspa_resources.delivery.several_files import without_repeated
from aspa_resources.delivery.suppliers import supplier_of
from aspa_resources.rule_book import RuleBook
from aspa_resources.rule_book.models import CountyProfile, Supplier

RULES = RuleBook.load()
MONTH = "2025-03"
HEADER = "palaute_id;tapahtuma_aika;ikaryhma;kustannuspaikka;toimipaikka;nps"


def delivery(*rows: str) -> bytes:
    return "\n".join([HEADER, *rows, ""]).encode()


def row(number: int, nps: int = 9) -> str:
    return f"F-{number};2025-03-14T10:00:00;25-44;1234;Keskus;{nps}"


def profile(**suppliers: Supplier) -> CountyProfile:
    return RULES.profile("08").model_copy(update={"suppliers": suppliers})


def test_a_row_that_another_file_has_is_taken_once() -> None:
    first, second = (
        judge(read_delivery(content, "08", RULES), "08", MONTH, RULES)
        for content in (delivery(row(1), row(2)), delivery(row(2), row(3)))
    )
    left = without_repeated(second, first.accepted)
    assert left.accepted["row_number"].to_list() == [2]
    assert left.rejected.rows() == [(1, "feedback_id", "in_other_file")]
    assert (left.rows_delivered, left.rows_accepted, left.rows_rejected) == (2, 1, 1)
    assert ("row", "in_other_file", 1) in [(f.level, f.code, f.row) for f in left.faults]


def test_the_same_id_on_another_feedback_is_another_feedback() -> None:
    first, second = (
        judge(read_delivery(content, "08", RULES), "08", MONTH, RULES)
        for content in (delivery(row(1, nps=9)), delivery(row(1, nps=2)))
    )
    assert without_repeated(second, first.accepted) is second


@pytest.mark.parametrize(
    ("suppliers", "name", "expected"),
    [
        ({}, "a.csv", ""),
        ({"roidu": Supplier(file_name="roidu_*")}, "Roidu_2025.csv", "roidu"),
        ({"roidu": Supplier(headers=("NPS",)), "other": Supplier(headers=("Kp",))}, "a", "roidu"),
        ({"roidu": Supplier(headers=("Vastaus-ID",), file_name="*.csv")}, "a.csv", None),
        ({"one": Supplier(file_name="a*"), "two": Supplier(file_name="*.csv")}, "a.csv", None),
    ],
)
def test_headers_and_name_tell_the_supplier(
    suppliers: dict[str, Supplier], name: str, expected: str | None
) -> None:
    read = read_delivery(delivery(row(1)), "08", RULES)
    if expected is None:
        with pytest.raises(UnreadableDelivery, match="unknown_supplier"):
            supplier_of(read, name, profile(**suppliers))
    else:
        assert supplier_of(read, name, profile(**suppliers)) == expected


def test_tables_beside_the_feedback_need_no_supplier() -> None:
    counts = (
        b"ikaryhma;palvelumuoto;erikoisala;palvelutapahtumia;kyselyita_lahetetty\n25-44;T11;;9;3\n"
    )
    read = read_delivery(counts, "08", RULES)
    named = profile(roidu=Supplier(file_name="roidu_*"))
    assert supplier_of(read, "otanta_2025-03.csv", named) == ""
