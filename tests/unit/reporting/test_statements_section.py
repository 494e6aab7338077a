"""The chapter on statements: a questionnaire's own statements are not mixed with everybody's."""

from __future__ import annotations

import pytest
from group_tables import MONTH, group_tables

from aspa_resources.reporting.figures import PublishedView
from aspa_resources.reporting.names import Names
from aspa_resources.reporting.sections import Brief
from aspa_resources.reporting.sections.statements import statements
from aspa_resources.reporting.wording import LANGUAGES, wording


@pytest.mark.parametrize("language", LANGUAGES)
def test_childrens_statements_stand_apart_under_their_questionnaires_name(rules, language):
    view = PublishedView(group_tables(rules, seed=1, suppressed=0), MONTH, {"10", "FI"})
    names = Names(rules, wording(language, 10))
    chapter = statements(Brief(view, names, names.voice, "10", MONTH, {}))
    everybodys, childrens = chapter.exhibits
    questionnaire = rules.questionnaires["children_7_12"]
    assert childrens.title.startswith(questionnaire.name.of(language))
    asked = [names.statement(code) for code in questionnaire.asks]
    assert [row[0].text for row in childrens.table.rows] == asked
    assert not {row[0].text for row in everybodys.table.rows} & set(asked)
