"""Names in feedback written in Cyrillic or Arabic letters, by plain rules of writing.

Belongs here: the few rules that need no model. Does not belong here: Latin letters. The network has
seen no such text, so what it says of these letters is not used.
"""

import re
from collections.abc import Iterator

_CYRILLIC_WORD = "[А-ЯЁІЇЄҐ][а-яёіїєґ'’-]+"
_CYRILLIC_NAME = re.compile(rf"{_CYRILLIC_WORD}(?:-{_CYRILLIC_WORD})*")
_SENTENCE_START = re.compile(r"(?:^|[.!?…:\n]\s*|[«\"“(]\s*)$")
_TITLE = re.compile(
    r"(?i)(?:спасибо|дякую|благодар\w+|вдячн\w+|врач\w*|доктор\w*|медсестр\w*|сестр\w*|акушерк\w*|лікар\w*|психолог\w*|терапевт\w*|"
    r"хирург\w*|стоматолог\w*|работник\w*|переводчи\w+|перекладач\w*|зовут|имя|звати|ім'я|маме?|папе?|дочь|сын)\s+$"
)
_CYRILLIC_PLACES = re.compile(
    r"(?:Хельсинк|Гельсінк|Финлянд|Фінлянд|Росси|Росі|Украин|Україн|Турку|Тампере|Эспоо|Еспоо|Вантаа|Оулу|Лахти|Куопио|Йоэнсуу|Вааса|"
    r"Котк|Порвоо|Лаппеенрант|Ювяскюл|Рованием|Москв|Киев|Київ|Петербург|Европ|Європ|Кела|Канта|Бог|Господ|Боже|Вы|Вас|Вам|Ви)"
)
_ARABIC_WORD = "[\u0621-\u064a\u0671-\u06d3]+"
_ARABIC_TITLED = re.compile(
    rf"(?:لل|ال|ل|وال|بال)?(?:دكتورة?|طبيبة?|ممرضة?|أخصائي(?:ة)?|اخصائية?|قابلة|سيدة?|معالجة?|مترجمة?|اسمي|اسمها|اسمه)\s+(?:ال{_ARABIC_WORD}\s+)*"
    rf"(?P<name>(?!ال|في\b|من\b|على\b|التي\b|الذي\b|لم\b|لا\b|كان|و\b|هي\b|هو\b|جدا\b){_ARABIC_WORD})"
)
_ANY = re.compile("[\u0400-\u04ff\u0600-\u06ff]")


def names_in_other_scripts(text: str) -> Iterator[tuple[int, int]]:
    """Yield spans: Cyrillic words with a capital within a sentence, any word after a title."""
    if not _ANY.search(text):
        return
    for match in _CYRILLIC_NAME.finditer(text):
        before = text[max(0, match.start() - 30) : match.start()]
        if _CYRILLIC_PLACES.match(match.group()):
            continue
        if _TITLE.search(before) or not _SENTENCE_START.search(before):
            yield match.span()
    for match in _ARABIC_TITLED.finditer(text):
        yield match.span("name")
