"""A new county's sample export against the national definition: the first meeting's agenda.

Belongs here: reading a sample whose headers nobody knows yet, proposing what they mean, trying the
proposal on the platform's own reader, and telling people. Does not belong here: reading deliveries
(`delivery`), what a county's file may say (`rule_book`).
"""

from aspa_resources.onboarding.agenda import Agenda, onboard
from aspa_resources.onboarding.pages import agenda_lines, agenda_page
from aspa_resources.onboarding.profile_file import profile_file

__all__ = ["Agenda", "agenda_lines", "agenda_page", "onboard", "profile_file"]
