"""The halls' bookings for staff at a terminal: ``bookings``."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import fields, replace
from datetime import datetime
from pathlib import Path
from typing import Any, cast

import click
from sqlalchemy.orm import Session

from app.cli import booking_rows
from app.cli.desk import Desk, acting, as_json, booking_of, by_whom, open_desk
from app.settings import web_address
from bot.staff import calendar
from console.feeds import PATH
from desk import audit
from desk.contacts import Contact
from desk.halls import bans, bookings, feeds, ical, life, rules
from desk.halls.bookings import DECLINE_REASONS, Booking, Filter, IllegalMove, State
from desk.halls.life import MOVES
from desk.halls.news import Tell
from desk.halls.rules import Rules
from knowledge import interchange
from knowledge.interchange import BadFile

MOST_EXPORTED = 1_000_000
"""Bookings of one export: more than all halls could lend in a century."""

_DAY = click.DateTime(["%Y-%m-%d", "%d.%m.%Y"])

Act = Callable[[Session, Booking, str, Tell], Booking]
"""What a member of staff of that name does to a booking."""


def _change(obj: Any, reference: str, name: str | None, as_lines: bool, act: Act) -> None:
    """Does it in one transaction and says what came of it; a move that may not be ends with its sentence."""
    desk = open_desk(obj)
    try:
        with desk.database.write() as session:
            found = booking_of(session, reference)
            booking = act(session, found, acting(session, name, found.center_id), desk.tell)
            told = booking_rows.told(session, booking)
    except IllegalMove as error:
        raise click.ClickException(str(error)) from error
    if as_lines:
        _print_object(booking, desk)
    else:
        state = booking.state.replace("_", "-")
        click.echo(f"{booking.reference} is {state}: {booking_rows.when(booking)}. {told}")


def _print_object(booking: Booking, desk: Desk) -> None:
    click.echo(json.dumps(booking_rows.as_object(booking, desk.snapshot), ensure_ascii=False))


@click.group("bookings")
def bookings_() -> None:
    """The bookings of the halls: see them, answer them, export them. Whoever booked is told at once."""


def _filters(command: Callable[..., None]) -> Callable[..., None]:
    for option in (
        click.option("--center", "centers", multiple=True, help="Slug of a centre; can be repeated."),
        click.option("--state", "states", multiple=True, type=click.Choice(list(MOVES)), help="Can be repeated."),
        click.option("--from", "first", type=_DAY, help="First day, 2026-11-27 or 27.11.2026."),
        click.option("--to", "last", type=_DAY, help="Last day."),
        click.option("--flagged", is_flag=True, help="Only those that look doubtful."),
    ):
        command = option(command)
    return command


def _wanted(
    desk: Desk,
    centers: tuple[str, ...],
    states: tuple[str, ...],
    first: datetime | None,
    last: datetime | None,
    flagged: bool,
) -> Filter:
    if first and last and last < first:
        raise click.ClickException(f"--to {last:%Y-%m-%d} is before --from {first:%Y-%m-%d}")
    return Filter(
        centers=[desk.center(slug).id for slug in centers],
        states=cast(tuple[State, ...], states),
        first=first.date() if first else None,
        last=last.date() if last else None,
        flagged=True if flagged else None,
    )


@bookings_.command("list")
@_filters
@click.option("--limit", type=click.IntRange(min=1), default=200, show_default=True, help="At most so many.")
@as_json
@click.pass_obj
def list_(obj: Any, /, limit: int, as_lines: bool, **filters: Any) -> None:
    """List bookings by the time at which they begin."""
    desk = open_desk(obj)
    wanted = _wanted(desk, **filters)
    with desk.database.read() as session:
        found = bookings.listing(session, wanted, limit=limit)
        more = bookings.count(session, wanted) - len(found)
    for booking in found if as_lines else ():
        _print_object(booking, desk)
    if not as_lines and found:
        booking_rows.show_list(found, desk.snapshot)
    if not as_lines and not found:
        click.echo("no bookings match")
    if more > 0:
        click.echo(f"... and {more} more: give a greater --limit, or narrow them", err=True)


@bookings_.command()
@click.argument("reference")
@as_json
@click.pass_obj
def show(obj: Any, reference: str, as_lines: bool) -> None:
    """Show all about one booking, and what happened to it."""
    desk = open_desk(obj)
    with desk.database.read() as session:
        booking = booking_of(session, reference)
        if as_lines:
            _print_object(booking, desk)
        else:
            booking_rows.show_one(session, booking, desk.snapshot)


@bookings_.command()
@click.argument("reference")
@by_whom
@as_json
@click.pass_obj
def confirm(obj: Any, reference: str, name: str | None, as_lines: bool) -> None:
    """The centre agrees to a tentative booking."""
    _change(obj, reference, name, as_lines, life.confirm)


@bookings_.command()
@click.argument("reference")
@click.option("--reason", required=True, help=f"{', '.join(DECLINE_REASONS)}, or own words that the person reads.")
@by_whom
@as_json
@click.pass_obj
def decline(obj: Any, reference: str, reason: str, name: str | None, as_lines: bool) -> None:
    """The centre does not agree, and says why."""
    if not any(map(str.isalpha, reason)):
        raise click.ClickException(f"--reason needs words, or one of {', '.join(DECLINE_REASONS)}")

    def for_reason(session: Session, booking: Booking, by: str, tell: Tell) -> Booking:
        return life.decline(session, booking, by, tell, reason)

    _change(obj, reference, name, as_lines, for_reason)


@bookings_.command()
@click.argument("reference")
@by_whom
@as_json
@click.pass_obj
def cancel(obj: Any, reference: str, name: str | None, as_lines: bool) -> None:
    """The centre takes a booking back; nobody loses access for it."""

    def by_staff(session: Session, booking: Booking, by: str, tell: Tell) -> Booking:
        return life.cancel(session, booking, audit.staff(by), tell)

    _change(obj, reference, name, as_lines, by_staff)


@bookings_.command("no-show")
@click.argument("reference")
@by_whom
@as_json
@click.pass_obj
def no_show(obj: Any, reference: str, name: str | None, as_lines: bool) -> None:
    """Nobody came: booking is closed to the person for some business days."""
    _change(obj, reference, name, as_lines, life.mark_no_show)


@bookings_.command("lift-ban")
@click.argument("reference")
@by_whom
@click.pass_obj
def lift_ban(obj: Any, reference: str, name: str | None) -> None:
    """Open booking again to the person of a booking."""
    desk = open_desk(obj)
    with desk.database.write() as session:
        booking = booking_of(session, reference)
        by = acting(session, name, booking.center_id)
        contact = session.get(Contact, booking.contact_id) if booking.contact_id is not None else None
        if contact is None:
            raise click.ClickException(
                f"nobody that we know booked {booking.reference}, so booking is closed to nobody"
            )
        lifted = bans.lift(session, contact.resident_id, by)
    click.echo(f"{lifted} ban(s) lifted: the person may book again" if lifted else "booking is open to the person")


@bookings_.command()
@_filters
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
@click.pass_obj
def export(obj: Any, /, file: Path, **filters: Any) -> None:
    """Write bookings to FILE: .csv or .xlsx for a spreadsheet, .ics for a calendar."""
    desk = open_desk(obj)
    with desk.database.read() as session:
        found = bookings.listing(session, _wanted(desk, **filters), limit=MOST_EXPORTED)
    try:
        if file.suffix.lower() == ".ics":
            words = calendar.words("ka", desk.snapshot)
            file.write_bytes(ical.feed(found, desk.snapshot.centers, "Mezobeli", words))
        else:
            rows = [booking_rows.cells(one, desk.snapshot) for one in found]
            interchange.write_table(file, "bookings", booking_rows.COLUMNS, rows)
    except BadFile as error:
        raise click.ClickException(f"{file.name}: give it a name that ends in .csv, .xlsx or .ics") from error
    except OSError as error:
        raise click.ClickException(f"{file} cannot be written: {error.strerror}") from error
    click.echo(f"{len(found)} bookings written to {file}")


@bookings_.command("rules")
@click.option("--center", "slug", required=True, help="Slug of the centre.")
@click.option("--set", "changes", multiple=True, metavar="NAME=NUMBER", help="Change a rule; can be repeated.")
@by_whom
@click.pass_obj
def rules_(obj: Any, slug: str, changes: tuple[str, ...], name: str | None) -> None:
    """Show, or change, what a centre asks of those who borrow its hall."""
    desk = open_desk(obj)
    center = desk.center(slug)
    with desk.database.write() as session:
        kept = rules.rules_for(session, center.id)
        if changes:
            kept = _changed(kept, changes)
            rules.set_rules(session, center.id, kept, audit.staff(acting(session, name, center.id)))
    for one in fields(Rules):
        click.echo(f"{one.name}={getattr(kept, one.name)}")


def _changed(kept: Rules, changes: tuple[str, ...]) -> Rules:
    known = {one.name for one in fields(Rules)}
    values: dict[str, int] = {}
    for change in changes:
        name, _, value = change.partition("=")
        if name not in known or not value.strip().lstrip("-").isdecimal():
            raise click.ClickException(f"{change!r}: write NAME=NUMBER with one of {', '.join(sorted(known))}")
        values[name] = int(value)
    try:
        return replace(kept, **values)
    except ValueError as error:
        raise click.ClickException(str(error)) from error


@bookings_.command("calendar")
@click.option("--center", "slug", required=True, help="Slug of the centre.")
@click.option("--renew", is_flag=True, help="Make a new address; the old one stops working.")
@by_whom
@click.pass_obj
def calendar_(obj: Any, slug: str, renew: bool, name: str | None) -> None:
    """Print the secret address of a centre's calendar, for Google Calendar or Thunderbird to subscribe to."""
    desk = open_desk(obj)
    center = desk.center(slug)
    with desk.database.write() as session:
        by = audit.staff(acting(session, name, center.id))
        token = feeds.renew(session, center, by) if renew else feeds.token(session, center)
    click.echo(web_address(desk.settings) + PATH.format(slug=center.slug, token=token))
