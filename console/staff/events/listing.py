"""The list of events: what is to come, what was, and drafts."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from typing import Literal

from flask import abort, render_template, request
from sqlalchemy.orm import Session

from console.staff import access, centers
from console.staff.events.blueprint import pages
from console.staff.fields import number
from console.staff.parts import parts
from console.staff.visitors import visitor
from desk.events import finding, roll
from desk.events.finding import Wanted
from desk.events.models import Event, Occurrence, State
from desk.events.roll import Heads

Tab = Literal["coming", "drafts", "over"]

TABS: dict[Tab, tuple[State, ...]] = {
    "coming": ("announced", "changed"),
    "drafts": ("draft",),
    "over": ("over", "cancelled"),
}

PAGE = 50
"""Events on a page."""


@dataclass(frozen=True, slots=True)
class Line:
    """An event as it stands in the list, with its next time and who comes to it."""

    event: Event
    next: Occurrence | None
    heads: Heads


@pages.get("")
@access.signed_in
def page() -> str:
    """``?show=coming|drafts|over&center=<id>&page=<number>``; without a centre all of one's own."""
    tab: Tab = next((one for one in TABS if one == request.args.get("show")), "coming")
    own = centers.own()
    chosen = request.args.get("center")
    if chosen and not own:
        abort(404)
    center = centers.chosen(own, chosen) if chosen else None
    narrowing = (center.id,) if center is not None else visitor().scope.narrowing
    at = number(request.args.get("page"), 10_000) or 1
    with parts().database.read() as session:
        of_tab = _coming if tab == "coming" else _others
        found = of_tab(session, narrowing, tab, (at - 1) * PAGE)
    return render_template(
        "staff/events/page.html",
        tab=tab,
        tabs=tuple(TABS),
        own=own,
        center=center,
        lines=found[:PAGE],
        at=at,
        more=len(found) > PAGE,
    )


def _coming(session: Session, narrowing: Collection[int], _tab: Tab, offset: int) -> list[Line]:
    """The lines of a page, and one more where there are further ones."""
    found = finding.next_of_each(session, Wanted(centers=narrowing), PAGE + 1, offset)
    counted = roll.heads(session, [one.id for one in found])
    return [Line(one.event, one, counted[one.id]) for one in found]


def _others(session: Session, narrowing: Collection[int], tab: Tab, offset: int) -> list[Line]:
    found = finding.listing(session, centers=narrowing, states=TABS[tab], limit=PAGE + 1, offset=offset)
    return [Line(one, None, Heads()) for one in found]
