"""Personal data to plant in a text: invented people's names, codes, numbers and places.

Belongs here: how each kind looks on paper in a language. Identity codes carry individual numbers
900-999 alone (set aside for artificial persons), phone numbers a 555, e-mail and IP addresses the
domains and networks reserved for examples. Does not belong here: where in a text they go.
"""

from collections.abc import Callable, Mapping
from random import Random

from aspa_resources.demo.catalogue import names, places
from aspa_resources.demo.chance import Weighted
from aspa_resources.demo.inflection import FinnishName
from aspa_resources.demo.templates import Mark, Segment

CHECK_CHARACTERS = "0123456789ABCDEFHJKLMNPRSTUVWXY"
CENTURIES = Weighted({(25, 99, "----YXWVU"): 8, (0, 24, "AAABCDEF"): 2})
CHECKS = Weighted({"right": 9, "wrong": 1})
HETU_FORMS = Weighted({"plain": 80, "spaced": 8, "lower": 6, "en dash": 6})
PERSON_FORMS = Weighted({"first": 50, "full": 30, "initial": 10, "last": 10})
FULL_FORMS = Weighted({"first last": 94, "last first": 6})
EMAIL_FORMS = Weighted({"dotted": 60, "numbered": 20, "(at)": 10, "spelled": 10})
SPELLED = {"fi": (" piste ", " ät "), "sv": (" punkt ", " at "), "en": (" dot ", " at ")}
STREET_FORMS = Weighted({"bare": 50, "post office": 38, "box": 12})
INFLECTED_STREETS = Weighted({"bare": 4, "numbered": 6})
FLATS = Weighted({"": 1, " {stair} {flat}": 1})
DATES = {
    "fi": Weighted({"{d}.{m}.{y}": 7, "{d}.{m}": 3}),
    "sv": Weighted({"{d}.{m}.{y}": 7, "{d}.{m}": 3}),
    "en": Weighted({"{d}/{m}/{y}": 5, "{d}.{m}.{y}": 5}),
}
DATED_MONTHS = (*((month, 2024) for month in range(1, 13)), (1, 2025), (2, 2025), (3, 2025))
MINUTES = ("00", "05", "10", "15", "20", "30", "45", "50")
GRADES = ("5/5", "10/10", "10", "9", "9,5")
PHONES = Weighted(
    {
        "{area} 555 {tail}": 4,
        "{area}-555{tail}": 3,
        "{area}555{tail}": 3,
        "{area} 55 5{tail}": 1,
        "+358 {inner} 555 {tail}": 2,
        "+358{inner}555{tail}": 2,
        "({region}) 555 {tail}": 2,
        "116 117": 0.5,
        "112": 0.5,
    }
)
COORDINATES = (
    "{0:.4f}, {1:.4f}", "{0:.5f},{1:.5f}", "N {0:.4f} E {1:.4f}", "lat {0:.4f}, lon {1:.4f}",
)  # fmt: skip
NETWORKS = ("192.0.2.{0}", "198.51.100.{0}", "203.0.113.{0}", "2001:db8:{1:x}::{0:x}")
ASCII = str.maketrans("åäöÅÄÖ", "aaoaao")


class PersonalData:
    """Plants personal data as texts of one language write it.

    Args:
        language: fi, sv or en.
    """

    def __init__(self, language: str) -> None:
        self._language = language
        self._names = names(language)
        self._kinds: Mapping[str, tuple[str, Callable[[Random, str], str]]] = {
            "FIRST": ("PERSON", self._first),
            "SURNAME": ("PERSON", self._surname),
            "FULL": ("PERSON", self._full),
            "PERSON": ("PERSON", self._person),
            "HETU": ("HETU", lambda rng, _: _hetu(rng)),
            "PHONE": ("PHONE", lambda rng, _: _phone(rng)),
            "EMAIL": ("EMAIL", lambda rng, _: self._email(rng)),
            "ADDRESS": ("ADDRESS", self._address),
            "IP": ("IP", lambda rng, _: _ip(rng)),
            "GPS": ("GPS", lambda rng, _: _coordinates(rng)),
            "DATE": ("NUMBER", lambda rng, _: self._date(rng)),
            "TIME": ("NUMBER", lambda rng, _: self._time(rng)),
            "AMOUNT": ("NUMBER", lambda rng, _: self._amount(rng)),
            "AGE": ("NUMBER", lambda rng, _: str(rng.randint(18, 94))),
            "COUNT": ("NUMBER", lambda rng, _: str(rng.randint(2, 12))),
            "GRADE": ("NUMBER", lambda rng, _: rng.choice(GRADES)),
            "PRESSURE": ("NUMBER", lambda rng, _: f"{rng.randint(118, 139)}/{rng.randint(70, 85)}"),
        }

    def plant(self, rng: Random, mark: Mark) -> Segment:
        """Write a mark's personal data; the label is what an anonymiser should find it as."""
        label, write = self._kinds[mark.kind]
        return Segment(write(rng, mark.case) + mark.clitic, label)

    def _first(self, rng: Random, case: str) -> str:
        return self._inflected(rng.choice(self._names.first), case)

    def _surname(self, rng: Random, case: str) -> str:
        return self._inflected(rng.choice(self._names.last), case)

    def _full(self, rng: Random, case: str) -> str:
        if self._language == "fi" and FULL_FORMS.draw(rng) == "last first":
            return f"{self._surname(rng, 'nom')} {self._first(rng, case)}"
        return f"{self._first(rng, 'nom')} {self._surname(rng, case)}"

    def _person(self, rng: Random, case: str) -> str:
        form = PERSON_FORMS.draw(rng)
        if form == "first":
            return self._first(rng, case)
        if form == "full":
            return self._full(rng, case)
        initial = f"{self._first(rng, 'nom')[0]}. " if form == "initial" else ""
        return initial + self._surname(rng, case)

    def _inflected(self, name: FinnishName, case: str) -> str:
        if self._language == "fi":
            return name.inflected(case)
        if case == "nom":
            return name.nominative
        if self._language == "en":
            return name.nominative + "'s"
        return name.nominative + ("" if name.nominative.endswith("s") else "s")

    def _email(self, rng: Random) -> str:
        first = self._first(rng, "nom").lower().translate(ASCII)
        last = self._surname(rng, "nom").lower().translate(ASCII)
        domain = rng.choice(places()["email_domains"])
        form = EMAIL_FORMS.draw(rng)
        if form == "numbered":
            return f"{first[0]}{last}{rng.randint(1, 99)}@{domain}"
        dot, at = SPELLED[self._language] if form == "spelled" else (".", "@")
        if form == "(at)":
            at = "(at)"
        return f"{first}{dot}{last}{at}{domain.replace('.', dot)}"

    def _address(self, rng: Random, case: str) -> str:
        flat = FLATS.draw(rng).format(stair=rng.choice("ABC"), flat=rng.randint(1, 60))
        number = f"{rng.randint(1, 98)}{flat}"
        if self._language == "sv":
            return _with_post_office(rng, f"{rng.choice(places()['streets_sv'])} {number}", "sv")
        street = FinnishName.of(rng.choice(places()["streets_fi"])).inflected(case)
        if case == "nom":
            return _with_post_office(rng, f"{street} {number}", "fi")
        return street if INFLECTED_STREETS.draw(rng) == "bare" else f"{street} {number}"

    def _date(self, rng: Random) -> str:
        form = DATES[self._language].draw(rng)
        month, year = rng.choice(DATED_MONTHS)
        return form.format(d=rng.randint(1, 28), m=month, y=year)

    def _time(self, rng: Random) -> str:
        separator = ":" if self._language == "en" else "."
        return f"{rng.randint(7, 21)}{separator}{rng.choice(MINUTES)}"

    def _amount(self, rng: Random) -> str:
        separator = "." if self._language == "en" else ","
        cents = rng.choice(("", f"{separator}{rng.randint(1, 19) * 5:02d}"))
        return f"{rng.randint(20, 190)}{cents}"


def _with_post_office(rng: Random, street: str, language: str) -> str:
    office = rng.choice(places()[f"post_offices_{language}"])
    code = f"{rng.randint(1, 99):02d}{rng.randint(10, 98)}0"
    form = STREET_FORMS.draw(rng)
    if form == "bare":
        return street
    if form == "post office":
        return f"{street}, {code} {office}"
    return f"{'PB' if language == 'sv' else 'PL'} {rng.randint(11, 98)}, {code} {office}"


def _hetu(rng: Random) -> str:
    """An artificial personal identity code, its check character now and then wrong.

    DDMMYY, a century sign, an individual number, and as check character the nine digits modulo 31
    (Digital and Population Data Services Agency).
    """
    first, last, signs = CENTURIES.draw(rng)
    birth = f"{rng.randint(1, 28):02d}{rng.randint(1, 12):02d}{rng.randint(first, last):02d}"
    number = rng.randint(900, 999)
    offset = 0 if CHECKS.draw(rng) == "right" else rng.randrange(1, len(CHECK_CHARACTERS))
    check = CHECK_CHARACTERS[(int(f"{birth}{number}") + offset) % len(CHECK_CHARACTERS)]
    sign = rng.choice(signs)
    forms = {
        "plain": f"{birth}{sign}{number}{check}",
        "spaced": f"{birth} {sign} {number}{check}",
        "lower": f"{birth}{sign}{number}{check}".lower(),
        "en dash": f"{birth}{'–' if sign == '-' else sign}{number}{check}",
    }
    return forms[HETU_FORMS.draw(rng)]


def _phone(rng: Random) -> str:
    area = rng.choice(("040", "041", "044", "045", "050", "0400"))
    region = rng.choice(("03", "06", "09", "013"))
    tail = f"{rng.randint(0, 9999):04d}"
    return PHONES.draw(rng).format(area=area, inner=area[1:], region=region, tail=tail)


def _ip(rng: Random) -> str:
    """An address of the networks reserved for documentation (RFC 5737, RFC 3849)."""
    return rng.choice(NETWORKS).format(rng.randint(1, 254), rng.randint(1, 0xFFFF))


def _coordinates(rng: Random) -> str:
    """A point within Finland."""
    return rng.choice(COORDINATES).format(rng.uniform(60.1, 67.9), rng.uniform(21.6, 29.9))
