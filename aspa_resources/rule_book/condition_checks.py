"""Whether the conditions of a rule name columns and codes that there are.

Belongs here: that check, for every rule file that has conditions. Does not belong here: what
conditions mean (`conditions`), how rules of a table fit each other (`inference_checks`).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

from aspa_resources.rule_book.code_sets import CodeSet
from aspa_resources.rule_book.conditions import column_of, fits
from aspa_resources.rule_book.contract import DeliveryContract
from aspa_resources.rule_book.errors import RuleError
from aspa_resources.rule_book.models import Conditions

UNIT_TYPE = "unit_type"

Codes = Mapping[str, tuple[str, ...]]
"""The codes of every column that conditions can name."""


def code_set_of(contract: DeliveryContract) -> dict[str, str]:
    """Return the code set of each column that conditions can name."""
    coded = {column.name: column.code_set for column in contract.columns if column.code_set}
    return coded | {UNIT_TYPE: "unit_types"}


def codes_of(contract: DeliveryContract, code_sets: Mapping[str, CodeSet]) -> Codes:
    """Return the codes of each column that conditions can name, in the order of its code set."""
    return {
        column: tuple(code_sets[name].codes["code"].unique(maintain_order=True))
        for column, name in code_set_of(contract).items()
    }


def check_conditions(
    conditions: Conditions, codes: Codes, wrong: Callable[[str, str, str], RuleError]
) -> None:
    """Check that conditions name columns with codes, and values that some code fits.

    Args:
        conditions: What a rule states.
        codes: The codes of every column.
        wrong: Makes an error of a key of the conditions, the problem and its cure.

    Raises:
        RuleError: They do not.
    """
    for key, stated in conditions.items():
        if column_of(key) not in codes:
            raise wrong(key, "it is no coded column", f"Use one of {', '.join(sorted(codes))}.")
        for value in stated:
            if not any(fits(code, (value,)) for code in codes[column_of(key)]):
                raise wrong(
                    key,
                    f"there is no code {value}",
                    "Use codes of the column's code set, a prefix with * that fits one, or a range "
                    "of numbers with .. that one lies in.",
                )
