"""The pages of the console. A new page is added here, a line each."""

from __future__ import annotations

from flask import Blueprint

from console.staff import account, announcements, answering, calendar, door, events, home, today
from console.staff.knowledge import views as knowledge
from console.staff.questions import views as questions

PAGES: tuple[Blueprint, ...] = (
    home.pages,
    door.pages,
    account.pages,
    today.pages,
    answering.pages,
    knowledge.pages,
    questions.pages,
    announcements.pages,
    calendar.pages,
    events.pages,
)
"""Their endpoints are called ``staff.<name of the blueprint>.<name of the view>``."""
