"""The pages of the console. A new page is added here, a line each."""

from __future__ import annotations

from flask import Blueprint

from console.staff import (
    account,
    announcements,
    answering,
    audit,
    calendar,
    door,
    events,
    home,
    people,
    posters,
    reports,
    residents,
    today,
    tryit,
)
from console.staff.knowledge import views as knowledge
from console.staff.questions import views as questions

PAGES: tuple[Blueprint, ...] = (
    home.pages,
    door.pages,
    account.pages,
    today.pages,
    answering.pages,
    calendar.pages,
    events.pages,
    announcements.pages,
    knowledge.pages,
    questions.pages,
    tryit.pages,
    reports.pages,
    posters.pages,
    people.pages,
    residents.pages,
    audit.pages,
)
"""Their endpoints are called ``staff.<name of the blueprint>.<name of the view>``."""
