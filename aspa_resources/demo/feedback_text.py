"""Writes the open text of a feedback: which themes it takes up, in which sentences.

Belongs here: putting sentences together. The sentences are in the feedback grammars, the personal
data in personal_data.py, the looks of the text in handwriting.py.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from random import Random

from aspa_resources.demo.catalogue import County, Service, grammar, mix
from aspa_resources.demo.chance import Weighted
from aspa_resources.demo.handwriting import Span, typed
from aspa_resources.demo.personal_data import PersonalData
from aspa_resources.demo.templates import Segment, Template

GROUP_SENTENCE_SHARE = 0.35
OTHER_THEME_SHARE = 0.55
MOST_THEMES = 3
PRAISE_FIRST_SHARE = 0.75
BUT_SHARE = 0.6
KEEPS_CAPITAL = ("I ", "Dr")

Topic = tuple[str, str]  # theme, mood


@dataclass(frozen=True)
class WrittenText:
    """A feedback's text with the truth about it."""

    text: str
    spans: tuple[Span, ...]
    themes: tuple[str, ...]


class FeedbackWriter:
    """Writes feedbacks of one language for one county.

    Args:
        language: fi, sv or en.
        county: Whose towns may be mentioned.
        encoding: What the text must be representable in.
    """

    def __init__(self, language: str, county: County, encoding: str) -> None:
        self._language = language
        self._county = county
        self._encoding = encoding
        self._grammar = grammar(language)
        self._personal_data = PersonalData(language)
        self._lengths = Weighted[int](mix()["sentences"])
        self._themes: dict[tuple[str, str], Weighted[str]] = {}
        self._words: dict[str, Mapping[str, Sequence[str]]] = {}

    def write(self, rng: Random, service: Service, sentiment: str) -> WrittenText:
        """Write a feedback about a service; sentiment is positive, negative, neutral or mixed."""
        if sentiment == "mixed":
            topics = self._praise_and_blame(rng, service)
        else:
            topics = self._topics(rng, service, sentiment)
        themes, templates = self._templates(rng, service, topics)
        words = self._words_of(service)
        sentences = [each.expand(rng, words, self._personal_data.plant) for each in templates]
        if sentiment == "mixed" and rng.random() < BUT_SHARE:
            sentences[1] = self._turned(rng, sentences[1])
        if themes != ("general",) and rng.random() < mix()["opener_share"]:
            opener = rng.choice(self._grammar.openers)
            sentences.insert(0, opener.expand(rng, words, self._personal_data.plant))
        text, spans = typed(rng, sentences, sentiment, self._encoding)
        return WrittenText(text, spans, themes)

    def _topics(self, rng: Random, service: Service, mood: str) -> list[Topic]:
        """One to four sentences in one mood about one to three themes; a general remark alone."""
        themes = [self._theme(rng, service, mood)]
        count = 1 if themes[0] == "general" else self._lengths.draw(rng)
        while len(themes) < count:
            other = self._theme(rng, service, mood)
            fits = other not in (*themes, "general") and len(set(themes)) < MOST_THEMES
            change = fits and rng.random() < OTHER_THEME_SHARE
            themes.append(other if change else rng.choice(themes))
        return [(theme, mood) for theme in themes]

    def _praise_and_blame(self, rng: Random, service: Service) -> list[Topic]:
        """A sentence of each mood, about two themes that are not general."""
        topics: dict[str, str] = {}
        praise_first = rng.random() < PRAISE_FIRST_SHARE
        for mood in ("positive", "negative") if praise_first else ("negative", "positive"):
            theme = "general"
            while theme == "general" or theme in topics:
                theme = self._theme(rng, service, mood)
            topics[theme] = mood
        return list(topics.items())

    def _theme(self, rng: Random, service: Service, mood: str) -> str:
        key = (service.name, mood)
        if key not in self._themes:
            weights = mix()["themes"][mood]
            self._themes[key] = Weighted(
                {t: w * service.themes.get(t, 1) for t, w in weights.items()}
            )
        return self._themes[key].draw(rng)

    def _templates(
        self, rng: Random, service: Service, topics: list[Topic]
    ) -> tuple[tuple[str, ...], list[Template]]:
        """A new sentence for each topic that has one left, and the themes they take up.

        Where personal data is due it goes into one of them or into a closing.
        """
        planted = rng.random() < mix()["planted_share"]
        closing = planted and rng.random() < mix()["closing_share"]
        place = rng.randrange(len(topics)) if planted and not closing else None
        themes: list[str] = []
        chosen: list[Template] = []
        for position, topic in enumerate(topics):
            template = self._template(rng, service, topic, chosen, planted=position == place)
            if template:
                themes.append(topic[0])
                chosen.append(template)
        if planted and not any(template.planted for template in chosen):
            chosen.append(rng.choice(self._grammar.closings[topics[-1][1]]))
        return tuple(dict.fromkeys(themes)), chosen

    def _template(
        self,
        rng: Random,
        service: Service,
        topic: Topic,
        used: Sequence[Template],
        *,
        planted: bool,
    ) -> Template | None:
        """Draw a sentence not used yet; the service's own ones now and then before the common.

        Where no planted sentence is left a plain one is drawn.
        """
        for kind in (planted, False):
            own, common = (
                [t for t in self._pool(group, topic) if t.planted == kind and t not in used]
                for group in (service.group, "")
            )
            if own and (not common or rng.random() < GROUP_SENTENCE_SHARE):
                return rng.choice(own)
            if common:
                return rng.choice(common)
        return None

    def _pool(self, group: str, topic: Topic) -> tuple[Template, ...]:
        return self._grammar.sentences.get((group, *topic), ())

    def _words_of(self, service: Service) -> Mapping[str, Sequence[str]]:
        if service.name not in self._words:
            own = service.words[self._language]
            self._words[service.name] = {**self._grammar.slots, **own, "town": self._county.towns}
        return self._words[service.name]

    def _turned(self, rng: Random, sentence: list[Segment]) -> list[Segment]:
        """Open a sentence with a "but", where its first word may lose its capital."""
        first, *rest = sentence
        if first.label or first.text.startswith(KEEPS_CAPITAL):
            return sentence
        but = rng.choice(mix()["but"][self._language])
        return [Segment(f"{but} {first.text[:1].lower()}{first.text[1:]}"), *rest]
