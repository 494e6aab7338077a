"""Pages for the counties: one self-contained file each, in three languages, without a script.

Belongs here: turning a template beside this module into a page. Does not belong here: what a page
says (`receipt_pages`, `history`).
"""

from functools import lru_cache

from jinja2 import Environment, FunctionLoader, StrictUndefined

from aspa_resources.delivery.labels import labels, own_text
from aspa_resources.rule_book import LANGUAGES


def page(template: str, **values: object) -> str:
    """Return a page.

    Args:
        template: The name of its template.
        values: What the template shows, beside the languages and their labels.
    """
    known = {"languages": LANGUAGES, "labels": labels()}
    return _environment().get_template(template).render(**known, **values)


@lru_cache(maxsize=1)
def _environment() -> Environment:
    return Environment(
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        loader=FunctionLoader(own_text),
    )
