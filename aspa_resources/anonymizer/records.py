"""What the anonymiser tells about its work: counts and kinds, never the text that was found.

Belongs here: the records handed out of the room. Does not belong here: spans or surfaces, which
never leave the recognisers.
"""

from dataclasses import dataclass
from typing import Final

ENTITY_TYPES: Final = ("PERSON", "HETU", "EMAIL", "PHONE", "ADDRESS", "GPS", "IP", "NUMBER")
"""What is removed; the placeholder of a type is its name in angle brackets."""


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing found in one text, told without the thing.

    Attributes:
        entity_type: PERSON, HETU, EMAIL, PHONE, ADDRESS, GPS, IP or NUMBER.
        recognizer: Name of the recogniser that found it.
        score: Its confidence, 0..1.
    """

    entity_type: str
    recognizer: str
    score: float


@dataclass(frozen=True, slots=True)
class Anonymized:
    """A cleaned text and what was replaced in it.

    Attributes:
        text: The text with placeholders such as `<PERSON>`.
        findings: One finding per replacement, in order of the text.
    """

    text: str
    findings: tuple[Finding, ...]
