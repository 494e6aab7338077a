"""What may be wrong with a delivery.

Belongs here: the record of one fault and the error that says a file could not be read. Does not
belong here: the words a county is told (`rules/delivery/messages.yaml`, `receipts`).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from aspa_resources.errors import AspaError

Level = Literal["file", "row", "field"]


@dataclass(frozen=True)
class Fault:
    """One fault. It never holds a value, a text, an id or a name.

    Attributes:
        level: file: the file (or what it lacks); row: the row was not taken in; field: the row was
            taken in, unless another fault keeps it out.
        code: Which fault; the key of its message.
        row: 1 = first data row; None on file level.
        field: The column's name in the contract, where one is at fault.
    """

    level: Level
    code: str
    row: int | None = None
    field: str | None = None


class UnreadableDelivery(AspaError):  # noqa: N818 - the word of the contract between the rooms
    """A file could not be taken in at all.

    Attributes:
        faults: Why, the fault of the file first.
    """

    def __init__(self, fault: Fault, rows: Sequence[Fault] = ()) -> None:
        field = f" (column {fault.field})" if fault.field else ""
        super().__init__(f"The delivery cannot be read: {fault.code}{field}.")
        self.fault = fault
        self.faults: tuple[Fault, ...] = (fault, *rows)
