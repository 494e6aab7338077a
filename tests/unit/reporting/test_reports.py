"""What the pages say of the figures, and of figures that are missing."""

from __future__ import annotations

import re

import polars as pl
import pytest

from aspa_resources.reporting import county_report, national_report
from aspa_resources.reporting.figures import PublishedTableError

MONTH = "2025-03"
HEADLINE = re.compile(r'<p class="headline">(.+?)</p>')
SAID_OF_MISSING = {
    "indicators_by_service_class": "No NPS has been published for this month.",
    "indicators_by_contact_mode": "No figures on this have been published for this month.",
    "indicators_by_age_group": "No figures on this have been published for this month.",
    "themes_by_sentiment": "No themes have been published for this month",
    "words": "No words have been published for this month",
    "trend": "There are not enough published figures from earlier months",
    "coverage": "The response rate cannot be shown",
    "quality": "The share of accepted rows cannot be shown",
}


def headlines(html: str) -> list[str]:
    return HEADLINE.findall(html)


def section(html: str, key: str) -> str:
    """The words of one chapter."""
    (inner,) = re.findall(rf'<section id="{key}".*?</section>', html, re.DOTALL)
    return " ".join(re.sub(r"<[^>]+>", " ", inner).split())


def set_nps(table: pl.DataFrame, where: pl.Expr, value: float) -> pl.DataFrame:
    cell = where & (pl.col("measure") == "nps")
    return table.with_columns(value=pl.when(cell).then(value).otherwise(pl.col("value")))


@pytest.mark.parametrize("table", SAID_OF_MISSING)
def test_a_missing_table_is_survived_and_told(published, rules, table):
    del published[table]
    for html in (
        county_report(published, "10", MONTH, rules, {}),
        national_report(published, MONTH, rules, {}),
    ):
        assert html.count("<section") == html.count("</section>") >= 24
        assert SAID_OF_MISSING[table] in html


@pytest.mark.parametrize("table", SAID_OF_MISSING)
def test_an_empty_table_is_like_a_missing_one(published, rules, table):
    empty = {**published, table: published[table].clear()}
    emptied = county_report(empty, "10", MONTH, rules, {})
    del published[table]
    assert emptied == county_report(published, "10", MONTH, rules, {})


@pytest.mark.parametrize("county", ["02", "99"])
def test_a_county_without_figures_says_so_in_each_language(published, rules, county):
    html = county_report(published, county, MONTH, rules, {})
    finnish, swedish, english = headlines(html)
    assert "ei ole julkaistuja lukuja" in finnish
    assert "inga siffror har publicerats" in swedish
    assert "no figures have been published" in english
    assert "<svg" not in html


def test_no_table_at_all_makes_a_page(rules):
    assert len(headlines(national_report({}, MONTH, rules, {}))) == 3


def test_another_month_is_not_believed(published, rules):
    html = county_report(published, "10", "2024-03", rules, {})
    assert "no figures have been published" in headlines(html)[2]


def test_a_table_that_is_none_is_refused(published, rules):
    published["words"] = published["words"].drop("status")
    with pytest.raises(PublishedTableError, match="words lacks status"):
        county_report(published, "10", MONTH, rules, {})


def test_the_headline_compares_with_nation_and_last_month(pages):
    finnish, swedish, english = headlines(pages["county"])
    assert finnish == (
        "NPS on 62. Se on 19 pistettä korkeampi kuin koko maassa. "
        "Edelliskuusta se on noussut 22 pistettä."
    )
    assert swedish == (
        "NPS är 62. Det är 19 poäng högre än i hela landet. "
        "Sedan föregående månad har det stigit med 22 poäng."
    )
    assert english == (
        "NPS is 62. It is 19 points higher than in the whole country. "
        "It has risen 22 points since last month."
    )


@pytest.mark.parametrize(
    ("nation", "previous", "says"),
    [
        (61, 61, ("The differences from the whole country and last month are within chance.",)),
        (61, 99, ("The difference from the whole country is within chance.",
                  "It has fallen 37 points since last month.")),
        (62, 62, ("It is the same as in the whole country.",
                  "It has not changed since last month.")),
        (90, 99, ("It is 28 points lower than in the whole country.",
                  "It has fallen 37 points since last month.")),
    ],
)  # fmt: skip
def test_the_headline_calls_chance_what_is_chance(published, rules, nation, previous, says):
    name = "indicators_by_service_class"
    published[name] = set_nps(published[name], pl.col("county") == "FI", nation)
    published["trend"] = set_nps(published["trend"], pl.col("period") == "2025-02", previous)
    html = county_report(published, "10", MONTH, rules, {})
    assert headlines(html)[2] == " ".join(("NPS is 62.", *says))


def test_one_point_is_told_in_the_singular(published, rules):
    table = published["indicators_by_service_class"].with_columns(pl.col("n") * 1000)
    nation = pl.col("county") == "FI"
    published["indicators_by_service_class"] = set_nps(table, nation, 61)
    html = county_report(published, "10", MONTH, rules, {})
    assert "It is 1 point higher than in the whole country." in headlines(html)[2]


def test_a_suppressed_score_is_told_in_the_headline(published, rules):
    own = (pl.col("county") == "10") & (pl.col("service_class") == "ALL")
    name = "indicators_by_service_class"
    published[name] = published[name].with_columns(
        status=pl.when(own).then(pl.lit("suppressed")).otherwise(pl.col("status"))
    )
    html = county_report(published, "10", MONTH, rules, {})
    assert "fewer than 10 responses" in headlines(html)[2]
    assert not re.search(r"\b62\b", section(html, "overview-en").split("NPS by month")[0])


@pytest.mark.parametrize("area", ["10", "FI"])
def test_nothing_is_told_of_tables_that_are_suppressed_throughout(
    published, rules, area, hidden_writings
):
    hidden = {
        name: table.with_columns(status=pl.lit("suppressed"), value=98765.0, n=7654)
        for name, table in published.items()
    }
    if area == "FI":
        html = national_report(hidden, MONTH, rules, {})
    else:
        html = county_report(hidden, area, MONTH, rules, {})
    assert not [writing for writing in hidden_writings if writing in html]
    assert "<svg" not in html
    assert "suppressed" in section(html, "overview-en")


def test_a_hidden_group_is_named_in_the_table_but_not_drawn(pages):
    for language, name, word in (
        ("fi", "Palveluluokka jäi päättelemättä", "peitetty"),
        ("sv", "Serviceklassen kunde inte härledas", "dolt"),
        ("en", "Service class could not be inferred", "suppressed"),
    ):
        assert f"{name} {word}" in section(pages["county"], f"service-class-{language}")
        assert f">{name}</text>" not in pages["county"]


def test_a_word_cannot_write_on_the_page(pages):
    assert "&lt;hoitaja&gt;" in pages["county"]
    assert "<hoitaja>" not in pages["county"]


def test_a_code_no_list_knows_is_shown_as_it_is(published, rules):
    name = "indicators_by_contact_mode"
    published[name] = published[name].with_columns(pl.col("contact_mode").replace("R10", "Q1"))
    html = county_report(published, "10", MONTH, rules, {})
    assert '<th scope="row">Q1</th>' in html


def test_tables_name_the_n_of_every_class(pages):
    row = re.search(r'<th scope="row">Home care for older people</th>(.*?)</tr>', pages["county"])
    assert row
    assert re.findall(r">([^<>]+)</td>", row[1])[2] == "104"


def test_the_nation_lists_every_county_in_official_order(pages, rules):
    (table,) = re.findall(r'<section id="counties-fi".*?</section>', pages["nation"], re.DOTALL)
    listed = re.findall(r'<th scope="row">([^<]+)</th>', table)
    assert listed == [county.name_fi for county in rules.counties.values()]
    assert table.count("ei tietoa") > len(rules.counties)


def test_general_feedback_is_no_answer_to_what_is_praised(pages):
    themes = section(pages["county"], "themes-en")
    praised = themes.split("Most praise")[1].split("Themes and tone")[0]
    assert "Encounter 31 positive" in praised
    assert "General" not in praised
    assert "General" in themes.split("Themes and tone")[1]


def test_age_groups_stand_in_the_order_of_age(pages):
    groups = section(pages["county"], "groups-fi")
    places = [groups.index(age) for age in ("0–6 vuotta", "7–12 vuotta", "85 vuotta täyttäneet")]
    assert places == sorted(places)


def test_the_same_figures_make_the_same_page(published, rules, pages):
    provenance = {"release": "2025-03-r1", "rules": "0123456789ab", "unheard_of": "v<9>"}
    shuffled = {
        name: table.sample(fraction=1, shuffle=True, seed=1) for name, table in published.items()
    }
    assert national_report(shuffled, MONTH, rules, provenance) == pages["nation"]


def test_a_full_national_page_stays_small(published, rules):
    name = "indicators_by_service_class"
    codes = rules.code_sets["service_classes"].codes["code"].unique().sort().to_list()
    cell = published[name].filter(county="08", service_class="2235").drop("county", "service_class")
    full = (
        pl.DataFrame({"county": [*rules.counties, "FI"]})
        .join(pl.DataFrame({"service_class": ["ALL", *codes]}), how="cross")
        .join(cell, how="cross")
        .select(published[name].columns)
    )
    html = national_report({**published, name: full}, MONTH, rules, {})
    assert len(html.encode()) < 500_000


def test_themes_whose_tone_is_hidden_are_still_told_by_their_size(published, rules):
    tone = (pl.col("sentiment") != "ALL") & (pl.col("theme") != "ALL")
    published["themes_by_sentiment"] = published["themes_by_sentiment"].with_columns(
        status=pl.when(tone).then(pl.lit("suppressed")).otherwise(pl.col("status"))
    )
    html = county_report(published, "10", "2025-03", rules, {})
    assert "praise and criticism cannot be shown by theme. Most responses are about" in html
    assert "No themes have been published" not in html


def test_changes_larger_than_chance_are_told_in_words_with_their_direction(pages):
    html = pages["county"]
    assert "Changes larger than chance: 2. For the better: 2, for the worse: 0" in html
    assert "Sattumaa suurempia muutoksia: 2." in html
    assert "Share of the tone “Negative”" in html
    assert "\u221220\u00a0pp (\u221230 to \u221210)" in html
    assert "NPS will probably be 49 to 67 (April 2025), most likely about 58." in html


def test_a_page_without_earlier_months_says_so(published, rules):
    for name in ("alerts", "forecast"):
        published[name] = published[name].clear()
    html = county_report(published, "10", "2025-03", rules, {})
    assert "No figure that is followed has changed more than chance explains" in html
    assert "No forecast is given: too few months are published." in html
