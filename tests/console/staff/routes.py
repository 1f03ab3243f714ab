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


TIME_OF_EVENT = {"event_id": "$event", "occurrence_id": "$occurrence"}

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
    "staff.knowledge.page": Line(STAFF),
    "staff.knowledge.served": Line(STAFF),
    "staff.knowledge.services": Line(STAFF),
    "staff.knowledge.places": Line(STAFF),
    "staff.knowledge.center": Line(CENTER, {"center_id": "$center"}),
    "staff.knowledge.save_center": Line(CENTER, {"center_id": "$center"}, {"phone": "+995322405405"}),
    "staff.knowledge.rules": Line(CENTER, {"center_id": "$center"}, {"max_open": "3"}),
    "staff.knowledge.add_served": Line(CENTER, {"center_id": "$center"}, {"village": "x", "source": "y"}),
    "staff.knowledge.remove_served": Line(CENTER, {"center_id": "$center"}, {"served_id": "1"}),
    "staff.knowledge.served_village": Line(CENTER, {"served_id": "$served"}),
    "staff.knowledge.save_served": Line(CENTER, {"served_id": "$served"}, {"village": "x"}),
    "staff.knowledge.service": Line(STAFF, {"slug": "id-card"}),
    "staff.knowledge.save_service": Line(EDITOR, {"slug": "id-card"}, {"name_en": "Card"}),
    "staff.knowledge.place": Line(STAFF, {"place_id": 1}),
    "staff.knowledge.save_place": Line(EDITOR, {"place_id": 1}, {"name_en": "x"}),
    "staff.knowledge.verify": Line(CENTER, {"kind": "centers", "row_id": "$center"}),
    "staff.knowledge.undo": Line(CENTER, {"kind": "centers", "row_id": "$center", "edit_id": "$edit"}),
    "staff.knowledge.files": Line(EDITOR),
    "staff.knowledge.export": Line(EDITOR, {"kind": "served", "ending": "csv"}),
    "staff.knowledge.upload": Line(EDITOR, form={"kind": "served"}),
    "staff.knowledge.carry_out": Line(EDITOR, {"upload_id": 1}),
    "staff.questions.page": Line(STAFF),
    "staff.questions.teach": Line(EDITOR, {"question_id": "$question"}),
    "staff.questions.effect": Line(EDITOR, {"question_id": "$question"}, {"how": "none", "text": "x"}),
    "staff.questions.save": Line(EDITOR, {"question_id": "$question"}, {"how": "none", "text": "x"}),
    "staff.questions.forget": Line(EDITOR, {"taught_id": 1}),
    "staff.announcements.page": Line(STAFF),
    "staff.announcements.new": Line(STAFF),
    "staff.announcements.create": Line(STAFF, form={"name": "Seeds"}),
    "staff.announcements.preview": Line(STAFF, form={"text_en": "Seeds"}),
    "staff.announcements.edit": Line(CENTER, {"announcement_id": "$announcement"}),
    "staff.announcements.change": Line(CENTER, {"announcement_id": "$announcement"}),
    "staff.announcements.show": Line(CENTER, {"announcement_id": "$announcement"}),
    "staff.announcements.progress_part": Line(CENTER, {"announcement_id": "$announcement"}),
    "staff.announcements.send": Line(CENTER, {"announcement_id": "$announcement"}),
    "staff.announcements.take_step": Line(CENTER, {"announcement_id": "$announcement", "step": "recall"}),
    "staff.announcements.test": Line(CENTER, {"announcement_id": "$announcement"}),
    "staff.calendar.page": Line(STAFF),
    "staff.calendar.find": Line(STAFF),
    "staff.calendar.booking": Line(CENTER, {"booking_id": "$booking"}),
    "staff.calendar.cancel": Line(CENTER, {"booking_id": "$booking"}),
    "staff.calendar.no_show": Line(CENTER, {"booking_id": "$booking"}),
    "staff.calendar.lift_ban": Line(CENTER, {"booking_id": "$booking"}),
    "staff.calendar.new": Line(CENTER, {"center_id": "$center"}),
    "staff.calendar.write": Line(CENTER, {"center_id": "$center"}, {"day": "2026-11-30", "start": "10:00"}),
    "staff.calendar.address": Line(CENTER, {"center_id": "$center"}),
    "staff.calendar.renew": Line(CENTER, {"center_id": "$center"}),
    "staff.events.page": Line(STAFF),
    "staff.events.new": Line(STAFF),
    "staff.events.create": Line(STAFF),
    "staff.events.show": Line(CENTER, {"event_id": "$event"}),
    "staff.events.edit": Line(CENTER, {"event_id": "$event"}),
    "staff.events.do_edit": Line(CENTER, {"event_id": "$event"}),
    "staff.events.change": Line(CENTER, {"event_id": "$event"}),
    "staff.events.announce": Line(CENTER, {"event_id": "$event"}),
    "staff.events.do_announce": Line(CENTER, {"event_id": "$event"}),
    "staff.events.cancel": Line(CENTER, {"event_id": "$event"}),
    "staff.events.do_cancel": Line(CENTER, {"event_id": "$event"}),
    "staff.events.coming": Line(CENTER, TIME_OF_EVENT),
    "staff.events.sheet": Line(CENTER, TIME_OF_EVENT),
    "staff.events.cancel_time": Line(CENTER, TIME_OF_EVENT),
    "staff.events.do_cancel_time": Line(CENTER, TIME_OF_EVENT),
}
