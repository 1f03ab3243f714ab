"""The secret address under which a calendar application subscribes to a hall's bookings."""

from __future__ import annotations

from flask import abort, render_template, request, url_for
from flask.typing import ResponseReturnValue

from console.feeds import PATH
from console.staff import access, replies
from console.staff.calendar.blueprint import pages
from console.staff.objects import center_itself
from console.staff.parts import parts
from console.staff.visitors import visitor
from console.staff.words import say
from desk.halls import feeds
from knowledge.types import Center


@pages.get("/<int:center_id>/address")
@access.of_center(center_itself)
def address(center_id: int) -> str:
    """Shows the address; the first look makes it."""
    center = known_center(center_id)
    with parts().database.write() as session:
        token = feeds.token(session, center)
    root = parts().public_url or request.url_root
    found = root.rstrip("/") + PATH.format(slug=center.slug, token=token)
    return render_template("staff/calendar/address.html", center=center, address=found)


@pages.post("/<int:center_id>/address")
@access.of_center(center_itself)
def renew(center_id: int) -> ResponseReturnValue:
    """Makes a new address: the old one shows nothing any more."""
    with parts().database.write() as session:
        feeds.renew(session, known_center(center_id), visitor().actor)
    return replies.done(say("calendar.address.renewed"), url_for("staff.calendar.address", center_id=center_id))


def known_center(center_id: int) -> Center:
    """The centre as it is known now; 404 where staff have removed it since."""
    center = parts().knowledge().centers.get(center_id)
    if center is None:
        abort(404)
    return center
