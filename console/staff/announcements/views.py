"""The routes of the announcements."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import cast

from flask import Blueprint, Response, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.staff import warnings
from console import announcing, previewing
from console.staff import access, replies
from console.staff.announcements import forms, showing, words
from console.staff.announcements.forms import Written
from console.staff.parts import parts
from console.staff.visitors import Visitor, visitor
from console.staff.words import locale, say
from desk import audit
from desk.announcements import audience as audiences
from desk.announcements import editing, life, progress, rights, sending
from desk.announcements.models import Announcement, BadAnnouncement, Refused
from desk.announcements.resolving import total
from desk.announcements.texts import LONGEST, PLACEHOLDERS
from desk.contacts import Contact
from desk.messages import Channel
from desk.pauses import Pause
from desk.staff import StaffMember
from knowledge.types import BASE_LOCALES, LOCALES, Locale
from store.base import key_of

pages = Blueprint("announcements", __name__, url_prefix="/announcements")

MOST = 100
"""So many announcements are listed, the newest."""

SEARCHED = 1_000
"""So many are looked through for those that a member may see."""

UNDER_WAY = frozenset({"approving", "scheduled", "running", "paused"})
"""States in which the page looks again by itself."""

Step = Callable[[Session, Announcement, str], Announcement]

STEPS: Mapping[str, Step] = {
    "approve": life.approve,
    "recall": life.recall,
    "pause": life.pause,
    "resume": life.resume,
    "cancel": life.cancel,
}


def may_use(session: Session, found: Visitor, announcement_id: int, **_more: object) -> bool | None:
    """Whether the visitor may announce to those people, and therefore see what is announced to them."""
    row = session.get(Announcement, announcement_id)
    if row is None:
        return None
    return rights.allows(session, found.actor, audiences.from_json(row.audience), parts().knowledge())


@pages.get("")
@access.signed_in
def page() -> str:
    """The announcements that the visitor may see, the newest first."""
    with parts().database.read() as session:
        own = showing.own_of(session, visitor())
        query = select(Announcement).order_by(Announcement.id.desc()).limit(SEARCHED)
        rows = []
        for row in session.scalars(query):
            audience = audiences.from_json(row.audience)
            if rights.lies_within(audience, own):
                whom = words.audience(audience, parts().knowledge())
                rows.append((row, whom, _done(session, row)))
            if len(rows) == MOST:
                break
        return render_template("staff/announcements.html", rows=rows, shown=audit.shown)


def _done(session: Session, row: Announcement) -> int | None:
    """How many people need not wait any more; only of those under way."""
    return progress.seen(session, row).done if row.state in {"running", "paused"} else None


@pages.get("/new")
@access.signed_in
def new() -> str:
    """An empty form; who has one centre only writes to its people."""
    with parts().database.read() as session:
        own = showing.own_of(session, visitor())
        written = Written(centers=tuple(own) if own is not None and len(own) == 1 else ())
        return _form(session, written, None)


@pages.post("/new")
@access.signed_in
def create() -> ResponseReturnValue:
    """Keeps a draft."""
    written = forms.read(request.form)
    try:
        with parts().database.write() as session:
            draft = written.draft()
            rights.check(session, visitor().actor, draft.audience, parts().knowledge())
            row = editing.create(session, draft, parts().knowledge(), visitor().actor)
            number = row.id
    except Refused as error:
        return _again(written, None, error)
    flash(say("announcements.kept"), "good")
    return redirect(_address(number), 303)


@pages.get("/<int:announcement_id>/change")
@access.where(may_use)
def edit(announcement_id: int) -> ResponseReturnValue:
    """The form with what was written."""
    with parts().database.read() as session:
        row = session.get_one(Announcement, announcement_id)
        if row.state != "draft":
            return redirect(_address(announcement_id), 303)
        return _form(session, forms.of(row), announcement_id)


@pages.post("/<int:announcement_id>/change")
@access.where(may_use)
def change(announcement_id: int) -> ResponseReturnValue:
    """Writes a draft anew."""
    written = forms.read(request.form)
    try:
        with parts().database.write() as session:
            draft = written.draft()
            rights.check(session, visitor().actor, draft.audience, parts().knowledge())
            row = session.get_one(Announcement, announcement_id)
            editing.change(session, row, draft, parts().knowledge(), visitor().actor)
    except Refused as error:
        return _again(written, announcement_id, error)
    flash(say("announcements.kept"), "good")
    return redirect(_address(announcement_id), 303)


@pages.post("/preview")
@access.signed_in
def preview() -> str:
    """What people would get of what stands in the form: the part for htmx, else the form with it."""
    written = forms.read(request.form)
    with parts().database.read() as session:
        if replies.is_htmx():
            look = showing.of_form(session, written, showing.own_of(session, visitor()))
            return render_template("staff/announcements_preview.html", look=look)
        return _form(session, written, key_of(request.form.get("number", "")))


@pages.get("/<int:announcement_id>")
@access.where(may_use)
def show(announcement_id: int) -> str:
    """One announcement: what people get, how far it has got, and what can be done now."""
    with parts().database.read() as session:
        row = session.get_one(Announcement, announcement_id)
        begun = row.started_at is not None
        names = showing.may_approve(session, row) if row.state == "approving" else []
        fixed = sending.wordings_of(row) if begun else {}
        return render_template(
            "staff/announcements_show.html",
            row=row,
            shown=audit.shown,
            whom=words.audience(audiences.from_json(row.audience), parts().knowledge()),
            look=None if begun else showing.of_row(session, row),
            fixed=[(warnings.of_wording(locale(), name), one.texts[0]) for name, one in fixed.items()],
            may_approve=names,
            i_may_approve=visitor().name in names,
            linked=_linked(session),
            locales=LOCALES,
            **_progress(session, row),
        )


@pages.get("/<int:announcement_id>/progress")
@access.where(may_use)
def progress_part(announcement_id: int) -> ResponseReturnValue:
    """How far it has got; the whole page anew where its state has changed since the browser read it."""
    with parts().database.read() as session:
        row = session.get_one(Announcement, announcement_id)
        if request.args.get("state", row.state) != row.state:
            return Response(headers={"HX-Refresh": "true"})
        return render_template("staff/announcements_progress.html", row=row, **_progress(session, row))


def _progress(session: Session, row: Announcement) -> dict[str, object]:
    stopped = session.get(Pause, row.id) if row.state in {"running", "paused"} else None
    return {
        "results": showing.results(session, row),
        "stopped": stopped,
        "looks_again": row.state in UNDER_WAY,
    }


@pages.post("/<int:announcement_id>/send")
@access.where(may_use)
def send(announcement_id: int) -> ResponseReturnValue:
    """Lets a draft go out, now or at a time; to many people only once somebody else agrees."""
    later = request.form.get("when") == "at"
    with parts().database.read() as session:
        row = session.get_one(Announcement, announcement_id)
        people = total(previewing.count(session, row, parts().knowledge()))

    def act(session: Session, row: Announcement) -> str:
        at = forms.moment(request.form.get("at", "")) if later else None
        if later and at is None:
            raise BadAnnouncement("no moment was given", "moment")
        actor, limit = visitor().actor, parts().approval_from
        moved = life.send(session, row, actor, people=people, approval_from=limit, send_at=at)
        return f"announcements.now.{moved.state}"

    return _act(announcement_id, act)


@pages.post("/<int:announcement_id>/steps/<any(approve, recall, pause, resume, cancel):step>")
@access.where(may_use)
def take_step(announcement_id: int, step: str) -> ResponseReturnValue:
    """Approve it, take it back, pause it, let it go on, or send no more of it."""
    answer = _act(
        announcement_id,
        lambda session, row: f"announcements.now.{STEPS[step](session, row, visitor().actor).state}",
    )
    if step == "resume":
        announcing.wake(parts().database, announcement_id)
    return answer


@pages.post("/<int:announcement_id>/test")
@access.where(may_use)
def test(announcement_id: int) -> ResponseReturnValue:
    """Sends it to the visitor's own linked account, exactly as others would get it."""
    wanted = request.form.get("language", "")
    language: Locale | None = next((one for one in LOCALES if one == wanted), None)

    def act(session: Session, row: Announcement) -> str:
        own = _linked(session)
        if own is None:
            raise announcing.CannotTest("no account is linked", "not_linked")
        channel = cast(Channel, own.channel)
        announcing.send_test(session, row, parts().knowledge(), channel, own.address, language)
        return "announcements.tested"

    return _act(announcement_id, act)


def _act(announcement_id: int, act: Callable[[Session, Announcement], str]) -> ResponseReturnValue:
    """Does it in one transaction; leads back with the sentence whose id ``act`` gives, or with why not."""
    try:
        with parts().database.write() as session:
            sentence = say(act(session, session.get_one(Announcement, announcement_id)))
    except Refused as error:
        return replies.done(words.refusal(error), _address(announcement_id), worked=False)
    return replies.done(sentence, _address(announcement_id))


def _linked(session: Session) -> Contact | None:
    """The account that the visitor has linked."""
    member = session.get_one(StaffMember, visitor().id)
    return session.get(Contact, member.linked_contact_id) if member.linked_contact_id is not None else None


def _form(session: Session, written: Written, number: int | None, problem: str = "") -> str:
    """The page with the form and its preview; ``number`` is that of a kept draft."""
    own = showing.own_of(session, visitor())
    return render_template(
        "staff/announcements_write.html",
        written=written,
        number=number,
        problem=problem,
        look=showing.of_form(session, written, own),
        choices=showing.choices(own),
        everyone_allowed=own is None,
        placeholders=PLACEHOLDERS,
        written_in=BASE_LOCALES,
        longest=LONGEST,
    )


def _again(written: Written, number: int | None, error: Refused) -> ResponseReturnValue:
    """The form as it was sent, and what is to be mended."""
    with parts().database.read() as session:
        return _form(session, written, number, words.refusal(error)), 400


def _address(number: int) -> str:
    return url_for("staff.announcements.show", announcement_id=number)
