"""The policy a page is sent with: what it was made with, and never a script that came later."""

from __future__ import annotations

import base64
import hashlib

import pytest
from served_home import html

from aspa_resources.serving.headers import policy_of

STYLE = "p { margin: 0 }"
HASH = f"'sha256-{base64.b64encode(hashlib.sha256(STYLE.encode()).digest()).decode()}'"
BARE = (
    f"default-src 'none'; style-src {HASH}; base-uri 'none'; form-action 'none'; "
    "frame-ancestors 'none'"
)
OWN = "default-src 'none'; style-src 'sha256-AB/+='; script-src 'sha384-CD'"


def test_a_pages_own_policy_is_kept_and_nobody_may_frame_it():
    sent = policy_of(html("10", f"{OWN}; base-uri 'none'", STYLE))
    assert sent == f"{OWN}; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"


def test_a_page_without_one_gets_its_style_and_no_script():
    assert policy_of(html("10", None, STYLE)) == BARE
    assert "style-src 'none'" in policy_of("<p>neither head nor style")


@pytest.mark.parametrize(
    "loose",
    ["script-src 'unsafe-inline'", "script-src *", "script-src https://evil.example", "",
     "default-src 'none'; script-src 'self'", "default-src 'none'; script-src data:",
     "style-src 'sha256-AB='", "default-src 'none'; sandbox allow-scripts", "default-src 'none';"],
)  # fmt: skip
def test_a_policy_that_allows_more_is_not_kept(loose):
    assert policy_of(html("10", loose, STYLE)) == BARE


def test_what_stands_in_the_body_changes_nothing():
    page = html("10", None, STYLE)
    later = html("10", "default-src 'none'; script-src 'sha256-EVIL'", "b{}") + "<script>1</script>"
    assert policy_of(page.replace("</body>", f"{later}</body>")) == BARE
