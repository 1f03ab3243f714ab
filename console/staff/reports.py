"""Reports: what was asked, answered and sent, which halls and events were used; each with its table as a file."""

from __future__ import annotations

from flask import Blueprint, Response, abort, render_template, request

from console.staff import access, downloads, reporting
from console.staff.parts import parts
from console.staff.visitors import visitor
from desk import reports

pages = Blueprint("reports", __name__, url_prefix="/reports")

DAYS = (7, 30, 90)
"""The periods that can be chosen, in days; the first one by itself, as it is counted the quickest."""


@pages.get("")
@access.signed_in
def page() -> str:
    """All reports of a period."""
    days = _days()
    with parts().database.read() as session:
        figures, made = reporting.make(session, reports.last_days(days), visitor().scope)
        counted = reports.counted(session)
    return render_template(
        "staff/reports.html",
        figures=figures,
        reports=made,
        days=days,
        choices=DAYS,
        counted=counted,
        is_whole=visitor().scope.centers is None,
    )


@pages.get("/<name>.<ending>")
@access.signed_in
def table(name: str, ending: str) -> Response:
    """The table of one report, as a file."""
    with parts().database.read() as session:
        _, made = reporting.make(session, reports.last_days(_days()), visitor().scope)
    found = next((one for one in made if one.name == name), None)
    if found is None:
        abort(404)
    return downloads.table(name, ending, found.header, found.rows)


def _days() -> int:
    wanted = request.args.get("days", type=int)
    return next((one for one in DAYS if one == wanted), DAYS[0])
