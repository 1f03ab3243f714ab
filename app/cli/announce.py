"""Announcements from the terminal: ``announce``."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import Any, cast, get_args

import click
import yaml
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.cli import announcement_rows as shown
from app.cli.desk import Desk, acting, as_json, by_whom, open_desk
from console import announcing, previewing
from desk import audit, staff
from desk.announcements import audience as audiences
from desk.announcements import editing, life, progress, rights
from desk.announcements.audience import Around, Audience
from desk.announcements.editing import Draft
from desk.announcements.life import IllegalMove
from desk.announcements.models import Announcement, BadAnnouncement, Refused, State
from desk.announcements.preview import Preview
from desk.contacts import Contact
from desk.messages import Channel
from desk.pauses import Pause
from knowledge.types import LOCALES, Locale
from sms_gateway import numbers
from store.clock import TBILISI

_WHEN = click.DateTime(["%Y-%m-%d %H:%M", "%Y-%m-%dT%H:%M"])
_NUMBER = click.argument("number", type=int)
_PATH = click.Path(exists=True, dir_okay=False, path_type=Path)
_FILE = click.argument("file", type=_PATH)


class _AroundCenter(click.ParamType[Around]):
    """``kabali:10`` for 10 km around the centre of Kabali."""

    name = "CENTER:KM"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Around:
        if isinstance(value, Around):
            return value
        center, _, km = str(value).rpartition(":")
        try:
            return Around(center, float(km.replace(",", ".")))
        except ValueError:
            self.fail(f"{value!r}: write a centre, a colon and kilometres, such as kabali:10", param, ctx)


@click.group()
def announce() -> None:
    """Write to many people at once: each person gets it once, on the channel that suits them.

    Times are on the wall clock of Tbilisi. docs/announcing.md has an example from beginning to end.
    """


def _draft_options(command: Callable[..., None]) -> Callable[..., None]:
    options = (
        click.option("--name", "title", help="What staff call it; residents do not see it."),
        click.option("--center", "centers", multiple=True, help="Slug: whose centre it is, and who subscribed."),
        click.option("--municipality", "municipalities", multiple=True, help="English name: who lives there."),
        click.option("--around", multiple=True, type=_AroundCenter(), help="Who lives within KM of a centre."),
        click.option("--topic", "topics", multiple=True, help="Who subscribed to the topic."),
        click.option("--language", "languages", multiple=True, help="ka, en, ru, az or hy."),
        click.option("--channel", "channels", multiple=True, type=click.Choice(get_args(Channel))),
        click.option("--everyone", is_flag=True, help="Instead of all these: everybody who ever wrote to us."),
        click.option("--urgent/--not-urgent", default=None, help="Also goes out between 21:00 and 09:00."),
        click.option("--about", type=_WHEN, help="The moment of {name_of_day}, {date} and {time}."),
        click.option("--expires", type=_WHEN, help="Nothing is sent any more from then on."),
    )
    for option in reversed(options):  # so that --help lists them in this order
        command = option(command)
    return command


_KINDS = ("centers", "municipalities", "around", "topics", "languages", "channels", "everyone")


def _draft(desk: Desk, before: Announcement | None, file: Path | None, options: dict[str, Any]) -> Draft:
    """The announcement of a file with texts and of the options; what neither names stays as it was ``before``.

    The audience is taken whole: from the options where they name one. Raises BadAnnouncement.
    """
    audience = Audience(**{kind: options[kind] for kind in _KINDS})
    if before is not None and not audience.as_json():
        audience = audiences.from_json(before.audience)
    audiences.check(audience, desk.snapshot)
    texts = _texts(file) if file is not None else dict(before.texts) if before is not None else {}
    about, expires = _moment(options["about"]), _moment(options["expires"])
    if before is None:
        return Draft(options["title"] or "", texts, audience, bool(options["urgent"]), about, expires)
    urgent = before.urgent if options["urgent"] is None else options["urgent"]
    name = before.name if options["title"] is None else options["title"]
    return Draft(name, texts, audience, urgent, about or before.about, expires or before.expires_at)


def _texts(file: Path) -> dict[str, str]:
    try:
        read = yaml.safe_load(file.read_text(encoding="utf-8"))
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        why = " ".join(str(error).split())
        raise BadAnnouncement(f"{file.name} cannot be read as YAML in UTF-8: {why}", "file") from error
    if not isinstance(read, dict) or not all(isinstance(text, str) for text in read.values()):
        raise BadAnnouncement(f'{file.name}: write a line for each language, such as ka: "..."', "file")
    return {str(language): text for language, text in read.items()}


@announce.command()
@_FILE
@_draft_options
@by_whom
@as_json
@click.pass_obj
def new(obj: Any, /, file: Path, name: str | None, as_lines: bool, **options: Any) -> None:
    """Keep a draft. FILE is YAML with a text for each language (ka, en, ru, az, hy), as many as you have.

    Kinds of the audience narrow one another down (--center and --language: both must hold); a kind given twice
    widens it (--center a --center b: one or the other).
    """
    desk = open_desk(obj)
    with _transaction(desk) as session:
        draft = _draft(desk, None, file, options)
        actor = audit.staff(acting(session, name))
        rights.check(session, actor, draft.audience, desk.snapshot)
        row = editing.create(session, draft, desk.snapshot, actor)
        _say(
            row,
            as_lines,
            f"announcement {row.id} is kept as a draft for {shown.audience_in_words(draft.audience)}",
        )


@announce.command()
@_NUMBER
@click.argument("file", type=_PATH, required=False)
@_draft_options
@by_whom
@as_json
@click.pass_obj
def change(obj: Any, /, number: int, file: Path | None, name: str | None, as_lines: bool, **options: Any) -> None:
    """Change a draft: what FILE and the options name; the audience as a whole.

    One that was sent and has not begun is taken back with `recall` first.
    """
    desk = open_desk(obj)
    with _transaction(desk) as session:
        row, actor = _acting_on(session, desk, number, name)
        draft = _draft(desk, row, file, options)
        rights.check(session, actor, draft.audience, desk.snapshot)
        editing.change(session, row, draft, desk.snapshot, actor)
        _say(row, as_lines, f"announcement {row.id} is changed")


@announce.command()
@_NUMBER
@as_json
@click.pass_obj
def preview(obj: Any, number: int, as_lines: bool) -> None:
    """Show what people would get, what it costs, and what to look at."""
    desk = open_desk(obj)
    with _look(desk) as session:
        row = _row(session, number)
        found = _preview(session, desk, row)
        _print(as_lines, shown.preview_object(row, found), shown.preview_lines(row, found))


@announce.command()
@_NUMBER
@as_json
@click.pass_obj
def count(obj: Any, number: int, as_lines: bool) -> None:
    """Count whom it would reach just now."""
    desk = open_desk(obj)
    with _look(desk) as session:
        crowds = previewing.count(session, _row(session, number), desk.snapshot)
        if as_lines:
            for crowd in shown.crowd_objects(crowds):
                click.echo(json.dumps(crowd))
        else:
            click.echo("\n".join(shown.crowd_lines(crowds)))


@announce.command()
@_NUMBER
@click.option(
    "--to", help="A telephone number with +, or the number of a Telegram chat; else your linked account."
)
@click.option("--language", "locale", type=click.Choice(LOCALES), help="By default that of the recipient.")
@by_whom
@as_json
@click.pass_obj
def test(obj: Any, number: int, to: str | None, locale: Locale | None, name: str | None, as_lines: bool) -> None:
    """Send it to yourself only, exactly as others would get it."""
    desk = open_desk(obj)
    with _transaction(desk) as session:
        row = _row(session, number)
        channel, address = _own(session, acting(session, name)) if to is None else _address(to, desk)
        queued = announcing.send_test(session, row, desk.snapshot, channel, address, locale)
        sentence = f"a test is on its way by {channel}, if `mezobeli run` or `mezobeli worker` runs"
        _print(as_lines, {"id": row.id, "channel": channel, "message_id": queued.message_id}, [sentence])


@announce.command()
@_NUMBER
@click.option("--at", type=_WHEN, help="When; by default now.")
@by_whom
@as_json
@click.pass_obj
def send(obj: Any, number: int, at: datetime | None, name: str | None, as_lines: bool) -> None:
    """Send a draft, now or at a time.

    Where it goes to many people (MEZOBELI_APPROVAL_FROM), somebody else has to approve it first.
    """
    desk = open_desk(obj)
    with _look(desk) as session:
        people = _preview(session, desk, _row(session, number)).people
    with _transaction(desk) as session:
        row, actor = _acting_on(session, desk, number, name)
        limit = desk.settings.approval_from
        moved = life.send(session, row, actor, people=people, approval_from=limit, send_at=_moment(at))
        if moved.state == "approving":
            done = f"waits for approval: somebody else runs mezobeli announce approve {number} --by NAME"
        else:
            begins = life.begins(moved, moved.send_at or moved.changed_at)
            done = f"goes to {shown.counted(people)} from {shown.local(begins)} on"
        _say(moved, as_lines, f"announcement {number} {done}")


def _step(action: Callable[[Session, Announcement, str], Announcement], words: str) -> Callable[..., None]:
    """A command that takes one step in the life of an announcement."""

    @_NUMBER
    @by_whom
    @as_json
    @click.pass_obj
    def command(obj: Any, number: int, name: str | None, as_lines: bool) -> None:
        desk = open_desk(obj)
        with _transaction(desk) as session:
            row, actor = _acting_on(session, desk, number, name)
            moved = action(session, row, actor)
            _say(moved, as_lines, f"announcement {number} is {moved.state}")
        if moved.state == "running":
            announcing.wake(desk.database, number)

    command.__doc__ = words
    return command


announce.command("approve")(_step(life.approve, "Agree to what somebody else wrote and sent."))
announce.command("recall")(_step(life.recall, "Take one back to a draft that has not begun."))
announce.command("pause")(_step(life.pause, "Let a running one stand still."))
announce.command("resume")(_step(life.resume, "Let a paused one go on."))
announce.command("cancel")(_step(life.cancel, "Send nothing more of it; what was sent stays sent."))


@announce.command("progress")
@_NUMBER
@as_json
@click.pass_obj
def progress_(obj: Any, number: int, as_lines: bool) -> None:
    """Say how many got it, and why others did not."""
    desk = open_desk(obj)
    with _look(desk) as session:
        row = _row(session, number)
        found = progress.of(session, row)
        stopped = session.get(Pause, row.id) if row.state in {"running", "paused"} else None
        lines = shown.progress_lines(row, found, stopped.words if stopped else None)
        _print(as_lines, shown.progress_object(row, found), lines)


@announce.command("list")
@click.option("--state", "states", multiple=True, type=click.Choice(get_args(State)), help="Can be repeated.")
@as_json
@click.pass_obj
def list_(obj: Any, states: tuple[str, ...], as_lines: bool) -> None:
    """List the announcements, the newest first."""
    desk = open_desk(obj)
    query = select(Announcement).order_by(Announcement.id.desc())
    with _look(desk) as session:
        for row in session.scalars(query.where(Announcement.state.in_(states)) if states else query):
            _say(row, as_lines, shown.line(row))


@contextmanager
def _transaction(desk: Desk) -> Iterator[Session]:
    """One transaction; what cannot be done ends it with one sentence and changes nothing."""
    with _sentences(), desk.database.write() as session:
        yield session


@contextmanager
def _look(desk: Desk) -> Iterator[Session]:
    """A session for looking, which keeps nobody from writing."""
    with _sentences(), desk.database.read() as session:
        yield session


@contextmanager
def _sentences() -> Iterator[None]:
    """Ends a command with the sentence of what was refused."""
    try:
        yield
    except Refused as error:
        raise click.ClickException(str(error)) from error


def _row(session: Session, number: int) -> Announcement:
    row = session.get(Announcement, number)
    if row is None:
        raise IllegalMove(f"there is no announcement {number}; see: mezobeli announce list", "missing")
    return row


def _acting_on(session: Session, desk: Desk, number: int, name: str | None) -> tuple[Announcement, str]:
    """The announcement, and who acts on it, where they may."""
    row, actor = _row(session, number), audit.staff(acting(session, name))
    rights.check(session, actor, audiences.from_json(row.audience), desk.snapshot)
    return row, actor


def _preview(session: Session, desk: Desk, row: Announcement) -> Preview:
    price, approval_from = desk.settings.sms_price_tetri, desk.settings.approval_from
    return previewing.of(session, row, desk.snapshot, price=price, approval_from=approval_from)


def _own(session: Session, name: str) -> tuple[Channel, str]:
    """The Telegram account that a member of staff linked."""
    member = staff.find(session, name)
    contact = session.get(Contact, member.linked_contact_id) if member and member.linked_contact_id else None
    if contact is None:
        problem = f"{name} has linked no account: give an address with --to, such as +995555123456"
        raise announcing.CannotTest(problem, "not_linked")
    return cast(Channel, contact.channel), contact.address


def _address(to: str, desk: Desk) -> tuple[Channel, str]:
    channel = announcing.channel_of(to.strip())
    if channel == "telegram":
        if not to.strip().isdigit():
            problem = f"{to!r}: write a telephone number with its +, or the number of a chat"
            raise announcing.CannotTest(problem, "no_address")
        return channel, to.strip()
    number = numbers.read(to)
    if not number.may_be_texted(desk.settings.sms_prefixes):
        problem = f"{to!r} is no mobile number that we may write to; one looks like +995555123456"
        raise announcing.CannotTest(problem, "no_address")
    return channel, number.address


def _moment(local: datetime | None) -> datetime | None:
    return local.replace(tzinfo=TBILISI) if local else None


def _say(row: Announcement, as_lines: bool, sentence: str) -> None:
    click.echo(json.dumps(shown.as_object(row), ensure_ascii=False) if as_lines else sentence)


def _print(as_lines: bool, found: dict[str, Any], lines: Iterable[str]) -> None:
    click.echo(json.dumps(found, ensure_ascii=False) if as_lines else "\n".join(lines))
