"""Names of people from other countries, in Latin letters, from the lists of the Faker package.

Belongs here: reading those lists. Does not belong here: how names are drawn (`generate`). Faker is
read at training time only; no list of it is shipped.
"""

import importlib
import re
from collections.abc import Iterable, Iterator

from aspa_resources.anonymizer.name_model.features import fold

_COUNTRY_CODES = """
et_EE lv_LV lt_LT pl_PL cs_CZ sk_SK hu_HU ro_RO hr_HR sl_SI tr_TR az_AZ uz_UZ ru_RU uk_UA bg_BG
de_DE de_AT fr_FR fr_CA es_ES es_MX pt_BR pt_PT it_IT nl_NL nl_BE da_DK no_NO is_IS sv_SE en_GB
en_US en_IE ga_IE en_IN ne_NP id_ID fil_PH vi_VN th_TH zu_ZA yo_NG ha_NG ig_NG tw_GH sq_AL
"""
_LISTS = re.compile(r"(first|last)_names?(?:_male|_female|_unisex)?")
_LATIN_NAME = re.compile(r"[A-ZÀ-Ž][a-zà-ž]+(?:[-'’][A-ZÀ-Ža-zà-ž]+)?")


def foreign_names() -> tuple[list[str], list[str]]:
    """Return first names and surnames of Faker's lists, each once, in order of the alphabet."""
    found: dict[str, set[str]] = {"first": set(), "last": set()}
    for code in _COUNTRY_CODES.split():
        try:
            module = importlib.import_module(f"faker.providers.person.{code}")
        except ModuleNotFoundError as missing:
            if missing.name == "faker":
                raise
            continue  # this version of the package has no such country
        for attribute in dir(module.Provider):
            kind, names = _LISTS.fullmatch(attribute), getattr(module.Provider, attribute)
            if kind and not callable(names):
                found[kind[1]].update(_latin(names))
    return sorted(found["first"]), sorted(found["last"])


def _latin(names: Iterable[str]) -> Iterator[str]:
    for name in names:
        written = fold(name).capitalize() if name and name[0].isalpha() else ""
        if name and name[0].isascii():
            written = name
        if _LATIN_NAME.fullmatch(written):
            yield written
