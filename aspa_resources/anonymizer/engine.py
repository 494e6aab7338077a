"""The anonymiser: Presidio's analyser with this room's recognisers, Presidio's replacement.

Belongs here: the batch, the order of the steps, the last pass over digits, and that no failure
quotes a text. Does not belong here: any knowledge of what a name or a number looks like.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from itertools import chain
from pathlib import Path
from traceback import extract_tb
from typing import TYPE_CHECKING, Final

from aspa_resources.anonymizer.overlaps import parts_of
from aspa_resources.anonymizer.pieces import pieces
from aspa_resources.anonymizer.records import ENTITY_TYPES, Anonymized, Finding
from aspa_resources.anonymizer.text_form import digit_class, visible
from aspa_resources.errors import AspaError

if TYPE_CHECKING:
    from presidio_analyzer.nlp_engine import NlpArtifacts

_VERSION = "2"
_LANGUAGE: Final = "fi"  # the one name given to Presidio; every recogniser reads all languages
_SURROGATES: Final = re.compile("[\ud800-\udfff]")  # halves of characters: no UTF-8 can hold them
_REMEMBERED: Final = 20_000  # texts
_SHORT: Final = 60  # characters; longer texts hardly ever recur


class AnonymizationError(AspaError):
    """A text could not be cleaned; tells where in the code and never what in the text."""


class Anonymizer:
    """Replaces personal data in Finnish, Swedish and English free text by placeholders.

    Heavy to make (imports Presidio, reads the name model), cheap to call; uses no network. It may
    be called from several threads at once.
    """

    def __init__(self) -> None:
        from presidio_anonymizer import AnonymizerEngine
        from presidio_anonymizer.entities import OperatorConfig, RecognizerResult

        from aspa_resources.anonymizer.assembly import build_analyzer

        self._analyzer, self._names = build_analyzer()
        self._replacer = AnonymizerEngine()  # type: ignore[no-untyped-call]  # Presidio's own
        self._to_replace = RecognizerResult
        self._operators = {
            e: OperatorConfig("replace", {"new_value": f"<{e}>"}) for e in ENTITY_TYPES
        }
        self._digits = re.compile(f"[{digit_class()}]+")
        self._recent: dict[str, Anonymized] = {}

    @property
    def version(self) -> str:
        """Version of the patterns and of the name model together."""
        return f"{_VERSION}+{self._names.version}"

    def anonymize(self, texts: Sequence[str]) -> list[Anonymized]:
        """Clean texts; equal texts are analysed once, short ones also from call to call.

        Args:
            texts: Free texts in Finnish, Swedish, English or a mixture, of any length.

        Returns:
            One `Anonymized` per text, in order. No text of it holds a digit of any script.

        Raises:
            AnonymizationError: A text could not be cleaned.
        """
        recent = self._recent
        known = {text: recent[text] for text in dict.fromkeys(texts) if text in recent}
        new = [text for text in dict.fromkeys(texts) if text not in known]
        try:
            cleaned = dict(zip(new, self._cleaned(new), strict=True))
        except Exception as failure:  # noqa: BLE001  # whatever it is, it may quote the text
            where = _place(failure)
        else:
            self._remember(cleaned)
            known |= cleaned
            return [known[text] for text in texts]
        # Raised here, where the failure and the texts it may hold are no longer attached.
        raise AnonymizationError(
            f"A text could not be cleaned ({where}), so none of its batch was. Find it by "
            "halving the file, mend or leave out the text, and report the place in the code."
        )

    def _remember(self, cleaned: dict[str, Anonymized]) -> None:
        """Keep what short texts came to ("Kiitos!"), so many that memory stays flat."""
        short = {text: result for text, result in cleaned.items() if len(text) <= _SHORT}
        if len(self._recent) + len(short) > _REMEMBERED:
            self._recent = {}  # a new one: another thread may be reading the former
        if len(short) <= _REMEMBERED:
            self._recent |= short

    def _cleaned(self, texts: Sequence[str]) -> Iterator[Anonymized]:
        """Yield every text cleaned, in order."""
        in_pieces = [list(pieces(visible(_SURROGATES.sub("\ufffd", text)))) for text in texts]
        read = self._names.process_batch(chain.from_iterable(in_pieces), _LANGUAGE)
        for of_text in in_pieces:
            yield _whole([self._piece(*next(read)) for _ in of_text])

    def _piece(self, text: str, artifacts: "NlpArtifacts") -> Anonymized:
        found = self._analyzer.analyze(text=text, language=_LANGUAGE, nlp_artifacts=artifacts)
        if not found:
            return Anonymized(self._digits.sub("<NUMBER>", text), ())
        parts = parts_of(found, text)
        replaced = self._replacer.anonymize(
            text=text,
            analyzer_results=[
                self._to_replace(p.entity_type, p.start, p.end, p.score) for p in parts
            ],
            operators=self._operators,
            merge_entities_with_spaces=False,  # `parts_of` has done so
        )
        findings = tuple(Finding(p.entity_type, p.recognizer, round(p.score, 3)) for p in parts)
        return Anonymized(self._digits.sub("<NUMBER>", replaced.text), findings)


def _whole(cleaned: Sequence[Anonymized]) -> Anonymized:
    if len(cleaned) == 1:
        return cleaned[0]
    findings: Iterable[Finding] = chain.from_iterable(piece.findings for piece in cleaned)
    return Anonymized("".join(piece.text for piece in cleaned), tuple(findings))


def _place(failure: Exception) -> str:
    """Return what failed and where: kind of error, module and line."""
    frame = extract_tb(failure.__traceback__)[-1]
    return f"{type(failure).__name__} in {Path(frame.filename).name}, line {frame.lineno}"
