# ruff: noqa: PLR2004  # the shares and lengths below are the recipe itself
"""Generated text as people type it: spoken forms, missing spaces and dots, misspellings.

Belongs here: changes to a whole marked text. Does not belong here: the text itself (`generate`),
misspelt names alone (`drawn_names`). The marks of names stay around what they marked.
"""

import random
import re
from collections.abc import Callable

from aspa_resources.anonymizer.training.drawn_names import misspelt

OPEN, CLOSE = "\ue000", "\ue001"
_WITHOUT_DOTS = str.maketrans("åäöÅÄÖ", "aaoAAO")
_GLUED_BEFORE = re.compile(rf"(\w+) {OPEN}")
_GLUED_AFTER = re.compile(rf"{CLOSE} (\w+)")
_SIGNS = re.compile(r"[.,!?]")
_WORD = re.compile(r"[^\W\d_]{4,}")
_SPOKEN_RULES = {
    "fi": r"""
    (\w{3,}[nltrs])(?:ut|yt)\b>\1u (\w{3,})ssa\b>\1s (\w{3,})ssä\b>\1s (\w{3,}s)ta\b>\1t
    (\w{3,}s)tä\b>\1t (\w{3,})lla\b>\1l (\w{3,})llä\b>\1l (\w{3,})lta\b>\1lt
    (\w{3,})ltä\b>\1lt (\w{3,})lle\b>\1l (\w{3,})ea\b>\1ee (\w{3,})oa\b>\1oo
    (\w{3,}[aeiouyäö])n\b>\1 (\w{3,})si\b>\1s (\w{3,})aa\b>\1a
    \bminä\b>mä \bminä\b>mie \bsinä\b>sä \bminun\b>mun \bminulle\b>mulle \bettä\b>et
    \bmutta\b>mut \bkun\b>ku \bkun\b>ko \bovat\b>on \bolen\b>oon \bole\b>oo \bhän\b>se
    \bmeidän\b>meijän \bniin\b>nii \bvielä\b>viel \bkyllä\b>kyl \bsitten\b>sit \bvain\b>vaa
    \bhyvää\b>hyvvää \btiedä\b>tiiä
    """,
    "sv": r"""
    \bjag\b>ja \boch\b>o \boch\b>å \bvar\b>va \bdet\b>de \bär\b>e \binte\b>int \bmycket\b>myki
    \bsade\b>sa \bmig\b>mej \bdig\b>dej \bsom\b>såm (\w{3,})ade\b>\1a (\w{3,})en\b>\1n
    (\w{3,})et\b>\1e \bbra\b>braa
    """,
    "en": r"""
    \byou\b>u \byour\b>ur \bare\b>r \bthanks\b>thx \bbecause\b>cuz \band\b>n
    (\w{3,})ing\b>\1in \bnot\b>nt \bthe\b>teh \bwith\b>wit \bvery\b>v
    """,
}
_SPOKEN = {
    lang: [
        (re.compile(old, re.IGNORECASE), new)
        for old, new in (rule.split(">") for rule in rules.split())
    ]
    for lang, rules in _SPOKEN_RULES.items()
}
_WAYS: tuple[tuple[int, Callable[[str], str]], ...] = (
    (58, str),
    (25, str.lower),
    (3, str.upper),
    (3, lambda text: _SIGNS.sub("", text)),
    (2, lambda text: _SIGNS.sub("", text).lower()),
    (2, lambda text: re.sub(r"([.,!?]) ", r"\1", text)),
    (3, lambda text: text.translate(_WITHOUT_DOTS)),
    (2, lambda text: _GLUED_BEFORE.sub(rf"{OPEN}\1", text).lower()),
    (2, lambda text: _GLUED_AFTER.sub(rf"\1{CLOSE}", text).lower()),
)


def spoken(text: str, lang: str, rng: random.Random) -> str:
    """Return a text with some words and endings as they are spoken; of names, the endings too."""
    for old, new in _SPOKEN[lang]:
        if rng.random() < 0.5:
            text = old.sub(new, text)
    return text


def mistyped(text: str, share: float, rng: random.Random) -> str:
    """Return a text with a share of its longer words misspelt."""
    return _WORD.sub(
        lambda m: misspelt(m.group(), rng) if rng.random() < share else m.group(), text
    )


def disordered(text: str, lang: str, rng: random.Random) -> str:
    """Return a text as somebody might type it: nearly half of all texts stay as they are."""
    if rng.random() < 0.14:
        text = spoken(text, lang, rng)
    if rng.random() < 0.1:
        text = mistyped(text, rng.choice([0.05, 0.1, 0.25]), rng)
    way = rng.choices([way for _, way in _WAYS], [share for share, _ in _WAYS])[0]
    return way(text)
