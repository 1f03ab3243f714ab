"""Every route of the console, and who may use it: a line each, written down apart from the code.

A route that is not here fails ``test_every_route``. ``whose`` says who is let in:

- ``PUBLIC``: everybody; ``HALF``: whose second factor is still to come;
- ``STAFF``, ``EDITOR``, ``ADMINISTRATOR``: that role and those above it;
- ``CENTER``: staff of the centre of the object in the address, editors and administrators.

``values`` are the values of the address: a string that begins with ``$`` is an object of ``world.World.objects``
that belongs to the centre "here". ``form`` is what is sent with POST.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

ALL = frozenset({"nobody", "half", "here", "there", "editor", "administrator", "off"})
PUBLIC = ALL
HALF = frozenset({"half"})
STAFF = frozenset({"here", "there", "editor", "administrator"})
EDITOR = frozenset({"editor", "administrator"})
ADMINISTRATOR = frozenset({"administrator"})
CENTER = frozenset({"here", "editor", "administrator"})


@dataclass(frozen=True)
class Line:
    """Who may use a route, and what a request to it is made of."""

    whose: frozenset[str]
    values: Mapping[str, Any] = field(default_factory=dict)
    form: Mapping[str, Any] = field(default_factory=dict)


ROUTES: Mapping[str, Line] = {
    "staff.static": Line(PUBLIC, {"filename": "staff.css"}),
    "staff.home.page": Line(STAFF),
    "staff.home.language": Line(PUBLIC, form={"locale": "en"}),
    "staff.door.sign_in": Line(PUBLIC),
    "staff.door.do_sign_in": Line(PUBLIC, form={"name": "nobody", "password": "nothing"}),
    "staff.door.sign_out": Line(PUBLIC),
    "staff.door.code": Line(HALF),
    "staff.door.do_code": Line(HALF, form={"code": "000000"}),
    "staff.door.link": Line(PUBLIC, {"token": "none"}),
    "staff.door.do_link": Line(PUBLIC, {"token": "none"}),
    "staff.account.page": Line(STAFF),
    "staff.account.password": Line(STAFF),
    "staff.account.code": Line(STAFF),
    "staff.account.telegram_code": Line(STAFF),
    "staff.account.unlink": Line(STAFF),
    "staff.people.page": Line(ADMINISTRATOR),
    "staff.people.new": Line(ADMINISTRATOR),
    "staff.people.take_on": Line(ADMINISTRATOR, form={"name": "Lali", "role": "editor"}),
    "staff.people.member": Line(ADMINISTRATOR, {"staff_id": "$member"}),
    "staff.people.place": Line(ADMINISTRATOR, {"staff_id": "$member"}, {"role": "editor"}),
    "staff.people.link": Line(ADMINISTRATOR, {"staff_id": "$member"}),
    "staff.people.lost_phone": Line(ADMINISTRATOR, {"staff_id": "$member"}),
    "staff.people.off": Line(ADMINISTRATOR, {"staff_id": "$member"}),
    "staff.people.on": Line(ADMINISTRATOR, {"staff_id": "$member"}),
    "staff.people.telegram_code": Line(ADMINISTRATOR, {"staff_id": "$member"}),
    "staff.people.unlink": Line(ADMINISTRATOR, {"staff_id": "$member"}),
    "staff.residents.page": Line(EDITOR),
    "staff.residents.look": Line(EDITOR, form={"number": "555000111"}),
    "staff.residents.erase": Line(EDITOR, {"resident_id": "$resident"}),
    "staff.audit.page": Line(STAFF),
    "staff.audit.entries": Line(STAFF, {"ending": "csv"}),
    "staff.posters.page": Line(STAFF),
    "staff.posters.sheet": Line(CENTER, {"center_id": "$center"}),
    "staff.tryit.page": Line(STAFF),
    "staff.tryit.style": Line(STAFF),
    "staff.tryit.say": Line(STAFF, form={"channel": "none"}),
    "staff.reports.page": Line(STAFF),
    "staff.reports.table": Line(STAFF, {"name": "days", "ending": "csv"}),
    "staff.today.page": Line(STAFF),
    "staff.today.running": Line(STAFF),
    "staff.answering.confirm": Line(CENTER, {"booking_id": "$booking"}),
    "staff.answering.decline": Line(CENTER, {"booking_id": "$booking"}, {"reason": "repairs"}),
}
