"""What the contract demands where a fault was found, in one phrase a language.

Belongs here: a column's rule made readable from the contract itself. Does not belong here: what is
wrong and the cure (`rules/delivery/messages.yaml`).
"""

from collections.abc import Iterator
from typing import Any, Final

from aspa_resources.delivery.labels import code_set_title, labels
from aspa_resources.rule_book import LANGUAGES, Column, Language, RuleBook

_CODES_NAMED: Final = 6  # a longer list is named only


class Demands:
    """The demands on the columns of one kind of file.

    Args:
        rules: The rule book.
        kind: The kind of file; None where the file was not understood: of a column that several
            kinds have, the one that must have it speaks then.
    """

    def __init__(self, rules: RuleBook, kind: str | None) -> None:
        self._rules = rules
        tables = rules.contract.tables
        told = [tables[kind]] if kind else list(tables.values())
        self._columns: dict[str, Column] = {}
        for column in (column for table in told for column in table.columns):
            if column.name not in self._columns or column.required == "required":
                self._columns[column.name] = column
        self._said: dict[tuple[str, str], dict[str, str] | None] = {}

    def of(self, code: str, column: str | None) -> dict[str, str] | None:
        """Return the demand that a fault failed, by language; None where there is none to name.

        Args:
            code: The fault's code; some faults break a rule that no single column has.
            column: The column's name, where one is at fault.
        """
        key = code, column or ""
        if key not in self._said:
            said: dict[str, str] = {}
            for language in LANGUAGES:
                said[language] = self._phrase(code, column, language)
            self._said[key] = said if all(said.values()) else None
        return self._said[key]

    def _phrase(self, code: str, column: str | None, language: Language) -> str:
        words = labels()[language]["demands"]
        if code in words["of_faults"]:
            return str(words["of_faults"][code])
        if column is None or column not in self._columns:
            return ""
        return "; ".join(self._parts(self._columns[column], words, language))

    def _parts(self, column: Column, words: dict[str, Any], language: Language) -> Iterator[str]:
        """Give what a column's values must be, then whether they must be there."""
        if column.code_set is not None:
            title = code_set_title(self._rules.code_sets[column.code_set], language)
            yield words["code"].format(title=title) + self._named_codes(column, language)
        elif column.minimum is not None and column.maximum is not None:
            yield words["between"].format(minimum=column.minimum, maximum=column.maximum)
        elif column.minimum is not None:
            yield words["at_least"].format(minimum=column.minimum)
        elif column.pattern is not None:
            yield words["patterns"].get(column.name, words["identifier"])
        else:
            yield words[column.type]
        if column.required != "optional":
            unless = ", ".join(self._header(name) for name in column.unless)
            yield words[column.required].format(unless=unless)

    def _named_codes(self, column: Column, language: Language) -> str:
        code_set = self._rules.code_sets[column.code_set or ""]
        codes = list(dict.fromkeys(code_set.codes["code"]))
        if len(codes) > _CODES_NAMED:
            return ""
        return f" ({', '.join(code_set.name(code, language) for code in codes)})"

    def _header(self, name: str) -> str:
        return self._columns[name].header if name in self._columns else name
