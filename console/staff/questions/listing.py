"""The questions that found no answer, in groups of those alike, and what was taught. Who asked is not kept."""

from __future__ import annotations

from flask import render_template, request

from console.staff import access
from console.staff.parts import parts
from console.staff.questions import meanings
from console.staff.questions.blueprint import pages
from console.staff.visitors import visitor
from console.staff.words import say
from desk import questions
from desk.likeness import Group, Order, grouped
from knowledge import taught
from knowledge.types import LOCALES

PERIODS = (7, 30, 90)
"""Days that one may look back; older questions are not kept."""

TEXTS = 300
"""So many different texts are put into groups, the most asked."""

SHOWN = 40
"""Groups of one page."""


@pages.get("")
@access.signed_in
def page() -> str:
    """The groups of the last days."""
    days, order = period(), _order()
    with parts().database.read() as session:
        asked = questions.most_asked(session, days, TEXTS)
        known = taught.listed(session)
        total = questions.count(session, days)
    groups = grouped(asked, order)
    return render_template(
        "staff/questions.html",
        groups=groups[:SHOWN],
        hidden=len(groups) - len(groups[:SHOWN]),
        total=total,
        days=days,
        periods=PERIODS,
        order=order,
        taught=[(row, meanings.of(row.intent, row.service)) for row in known],
        may_teach=access.may("editor", visitor()),
        language=language_name,
    )


def period() -> int:
    """How many days the visitor looks back."""
    given = request.args.get("days", "")
    return next((days for days in PERIODS if str(days) == given), PERIODS[1])


def group_of(text: str, groups: list[Group]) -> Group | None:
    """The group in which a text stands."""
    return next((group for group in groups if any(one.text == text for one in group.questions)), None)


def language_name(code: str) -> str:
    """A language as the visitor's language calls it."""
    return say(f"questions.language.{code}") if code in LOCALES else code


def _order() -> Order:
    return "newest" if request.args.get("order") == "newest" else "most"
