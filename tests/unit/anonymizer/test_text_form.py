"""The shape of a text: which characters count as digits."""

import re
import sys

from aspa_resources.anonymizer.text_form import digit_class, is_digit_like


def test_every_digit_like_character_of_unicode_is_in_the_class() -> None:
    digit = re.compile(f"[{digit_class()}]")
    points = map(chr, range(sys.maxunicode + 1))
    assert all(bool(digit.match(c)) == is_digit_like(c) for c in points)


def test_digits_of_other_scripts_and_shapes_count_and_letters_do_not() -> None:
    assert all(map(is_digit_like, "5٣½²①Ⅳ㏠"))
    assert not any(map(is_digit_like, "aÄ-°ﬁ"))
