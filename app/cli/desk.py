"""What the commands for staff share: the open desk, who acts, and centres and bookings by the names people use."""

from __future__ import annotations

import getpass
from collections.abc import Callable
from dataclasses import dataclass
from difflib import get_close_matches
from typing import Any, TypeVar

import click
from sqlalchemy.orm import Session

from app import bootstrap, news
from app.channels import sms_settings
from app.settings import Settings
from desk import staff
from desk.halls import bookings, references
from desk.halls.bookings import Booking
from desk.halls.news import Tell
from knowledge import snapshot
from knowledge.snapshot import Snapshot
from knowledge.types import Center
from store.database import Database

Command = TypeVar("Command", bound=Callable[..., Any])

NAME_LIMIT = 60
"""Characters of a name in the audit trail."""


@dataclass(frozen=True, slots=True)
class Desk:
    """The parts that the commands for staff need: without what reads texts, which takes long to learn."""

    settings: Settings
    database: Database
    snapshot: Snapshot
    tell: Tell

    def center(self, slug: str) -> Center:
        """The centre of that short name. Raises ClickException that names those which are written like it."""
        known = self.snapshot.centers_by_slug
        if (center := known.get(slug.strip().lower())) is not None:
            return center
        like = get_close_matches(slug.strip().lower(), known, n=3, cutoff=0.5)
        hint = f"did you mean {' or '.join(like)}?" if like else "mezobeli export centers FILE lists them"
        raise click.ClickException(f"there is no centre {slug!r}: {hint}")


def open_desk(obj: Any) -> Desk:
    """Opens the database of the settings and reads the knowledge; about a second."""
    settings = obj.settings(quiet=True)
    database = bootstrap.open_database(settings)
    bootstrap.prepare(database)
    with database.read() as session:
        known = snapshot.build(session)
    tell = news.tell_for(lambda: known, two_way=sms_settings(settings).two_way)
    return Desk(settings, database, known, tell)


def by_whom(command: Command) -> Command:
    """Adds ``--by NAME``, which ``acting`` reads."""
    words = "Who does it, for the audit trail. By default whoever is logged in on this machine."
    return click.option("--by", "name", metavar="NAME", help=words)(command)


def as_json(command: Command) -> Command:
    """Adds ``--json``."""
    return click.option("--json", "as_lines", is_flag=True, help="One JSON object a line.")(command)


def acting(session: Session, name: str | None, center_id: int | None = None) -> str:
    """The name under which something is done.

    Whoever may use this terminal may act for every centre; but where the name is that of a member of staff, that
    member's own rights count. Raises ClickException where they may not do it.
    """
    chosen = " ".join((name if name is not None else _logged_in()).split())[:NAME_LIMIT]
    if not chosen:
        raise click.ClickException("--by needs a name")
    member = staff.find(session, chosen)
    if member is None:
        return chosen
    if not member.is_active:
        raise click.ClickException(f"{member.name} was switched off and may do nothing any more")
    if center_id is not None and not staff.may_act_for(session, member, center_id):
        raise click.ClickException(
            f"that centre is not one of {member.name}'s: mezobeli staff assign {member.name!r} --center SLUG"
        )
    return member.name


def _logged_in() -> str:
    try:
        return getpass.getuser()
    except (KeyError, OSError):  # a user without a name, as containers have them
        return "terminal"


def booking_of(session: Session, text: str) -> Booking:
    """The booking of the reference that somebody typed. Raises ClickException."""
    if references.read(text) is None:
        raise click.ClickException(f"{text!r} is no reference of a booking; one looks like K7-3F2")
    booking = bookings.by_reference(session, text)
    if booking is None:
        raise click.ClickException(
            f"there is no booking {references.read(text)}: mezobeli bookings list shows those that there are"
        )
    return booking
