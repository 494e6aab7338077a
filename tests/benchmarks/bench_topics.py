"""Topics on made-up feedback in three languages: `bench_topics.py MODEL_FOLDER [TEXTS]`.

Tells how long a fit takes, whether topics hold both Finnish and Swedish, whether what a topic holds
is of one theme, and what 24 monthly refits do to accepted topics when a theme nobody wrote about
comes up after a year and all that is proposed is accepted.
"""

import json
import sys
import time
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from random import Random

import numpy as np
import numpy.typing as npt
import polars as pl

from aspa_resources.demo.catalogue import counties, services
from aspa_resources.demo.feedback_text import FeedbackWriter, WrittenText
from aspa_resources.text_models import TextModels, assign_topics, fit_topics
from aspa_resources.text_models.topic_matching import decided, not_found, proposals
from aspa_resources.text_models.topics import centroids_of

SEED = 2025
LANGUAGES = {"fi": 78, "sv": 18, "en": 4}
MOODS = {"positive": 70, "negative": 15, "neutral": 5, "mixed": 10}
MONTHS = 24
NEW_THEME = "facilities"
COMES_UP = 12
MEANINGFUL = 3


@dataclass(frozen=True)
class Texts:
    """Distinct texts with vectors (n, d), languages, and themes as they were meant."""

    texts: list[str]
    vectors: npt.NDArray[np.float32]
    languages: list[str]
    themes: list[tuple[str, ...]]

    def some(self, places: Sequence[int]) -> "Texts":
        """Return some of them."""
        return Texts(
            [self.texts[place] for place in places],
            self.vectors[list(places)],
            [self.languages[place] for place in places],
            [self.themes[place] for place in places],
        )


def made_up(count: int, models: TextModels) -> Texts:
    """Write texts and read them."""
    rng = Random(SEED)
    writers = {each: FeedbackWriter(each, counties()[0], "utf-8") for each in LANGUAGES}
    weights = [service.weight for service in services()]
    written: dict[str, tuple[str, ...]] = {}
    while len(written) < count:
        language = rng.choices(list(LANGUAGES), list(LANGUAGES.values()))[0]
        service = rng.choices(services(), weights)[0]
        mood = rng.choices(list(MOODS), list(MOODS.values()))[0]
        made = writers[language].write(rng, service, mood)
        written[cleaned(made)] = made.themes
    analyses = models.analyze(list(written))
    return Texts(
        list(written),
        np.stack([analysis.embedding for analysis in analyses]),
        [analysis.language for analysis in analyses],
        list(written.values()),
    )


def cleaned(made: WrittenText) -> str:
    """Return the text with placeholders where personal data was planted."""
    text = made.text
    for span in sorted(made.spans, key=lambda each: -each.start):
        text = f"{text[: span.start]}<{span.label}>{text[span.end :]}"
    return text


def describe(name: str, given: Texts, languages: list[str] | None) -> None:
    """Tell of one fit on everything."""
    begin = time.perf_counter()
    topics = fit_topics(given.texts, given.vectors, languages, seed=SEED)
    seconds = time.perf_counter() - begin
    topic_ids = np.array([-1 if t is None else t for t in assign_topics(given.vectors, topics)])
    swedish = np.array([language == "sv" for language in given.languages])
    both, of_one_theme = 0, 0
    for topic in topics["topic_id"]:
        own = topic_ids == topic
        share = swedish[own].mean() if own.any() else 0.0
        both += swedish.mean() / 4 <= share <= 1 - (1 - swedish.mean()) / 4
        themes = Counter(theme for place in np.flatnonzero(own) for theme in given.themes[place])
        of_one_theme += max(themes.values(), default=0)
    tell(
        {
            "fit": name,
            "texts": len(given.texts),
            "seconds": round(seconds, 1),
            "topics": topics.height,
            "topics_in_both_languages": round(both / topics.height, 3),
            "texts_of_their_topics_first_theme": round(of_one_theme / len(given.texts), 3),
            "texts_without_topic": round(float((topic_ids == -1).mean()), 3),
            "topics_with_three_words": int((topics["words"].list.len() >= MEANINGFUL).sum()),
        }
    )


def months(given: Texts) -> None:
    """Tell what monthly refits on everything so far do to the topics accepted before."""
    new = [NEW_THEME in themes for themes in given.themes]
    old_places = [place for place, is_new in enumerate(new) if not is_new]
    new_places = [place for place, is_new in enumerate(new) if is_new]
    first = len(old_places) // 4
    places = old_places[:first]
    known = fit(given.some(places), None)
    at_first = known.height
    before = topics_of(given, places, known)
    kept: list[float] = []
    found_again: list[float] = []
    proposed_in: Counter[str] = Counter()
    old_parts = parts(old_places[first:], MONTHS)
    new_parts = parts(new_places, MONTHS - COMES_UP, COMES_UP)
    for month in range(MONTHS):
        places = [*places, *old_parts[month], *new_parts[month]]
        found = fit(given.some(places), known)
        found_again.append(1 - len(not_found(found, known)) / known.height)
        proposed = proposals(found, known)
        proposed_in["before" if month < COMES_UP else "after"] += proposed.height
        taken = decided(known, proposed, proposed["proposal_id"].to_list(), {}, accepted=True)
        kept.append(float(taken.head(known.height).equals(known)))
        now = topics_of(given, places, taken)
        added = set(taken["topic_id"]) - set(known["topic_id"])
        stayed = [now[place] == topic for place, topic in before.items() if now[place] not in added]
        kept.append(float(np.mean(stayed)))
        known, before = taken, now
    tell(
        {
            "months": MONTHS,
            "topics_at_first": at_first,
            "topics_at_last": known.height,
            "ids_and_texts_kept": min(kept),
            "found_again": round(min(found_again), 3),
            "proposed_before_a_theme_came_up": proposed_in["before"],
            "proposed_since": proposed_in["after"],
        }
    )


def fit(given: Texts, known: pl.DataFrame | None) -> pl.DataFrame:
    """Fit, seen from the known topics' origin where there are some."""
    origin = None if known is None else centroids_of(known)[1]
    return fit_topics(given.texts, given.vectors, given.languages, seed=SEED, origin=origin)


def topics_of(given: Texts, places: Sequence[int], topics: pl.DataFrame) -> dict[int, int | None]:
    """Return the topic of each place."""
    return dict(zip(places, assign_topics(given.vectors[list(places)], topics), strict=True))


def parts(places: list[int], count: int, empty: int = 0) -> list[list[int]]:
    """Return the places in equal parts, after some empty ones."""
    return [[]] * empty + [list(map(int, part)) for part in np.array_split(places, count)]


def tell(row: dict[str, object]) -> None:
    """Write one line."""
    sys.stdout.write(json.dumps(row) + "\n")


def main(folder: str, count: str = "4000") -> None:
    """Make texts up and tell all."""
    given = made_up(int(count), TextModels(Path(folder)))
    describe("as embedded", given, None)
    describe("languages out", given, given.languages)
    months(given)


if __name__ == "__main__":
    main(*sys.argv[1:])
