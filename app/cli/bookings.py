"""The halls' bookings for staff at a terminal: ``bookings``."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import fields, replace
from datetime import datetime
from pathlib import Path
from typing import Any, cast

import click
from sqlalchemy.orm import Session

from app.cli import booking_rows
from app.cli.desk import Desk, acting, as_json, booking_of, by_whom, open_desk
from bot.staff import calendar
from console.feeds import PATH
from desk import audit
from desk.contacts import Contact
from desk.halls import bans, bookings, feeds, ical, life, rules
from desk.halls.bookings import DECLINE_REASONS, Booking, Filter, IllegalMove, State
from desk.halls.life import MOVES
from desk.halls.rules import Rules
from knowledge.interchange.formula_signs import guarded

MOST_EXPORTED = 1_000_000
"""Bookings of one export: more than all halls could lend in a century."""


@contextmanager
def _changing(desk: Desk, reference: str, name: str | None) -> Iterator[tuple[Session, Booking, str]]:
    """A booking in a transaction, and who acts; a move that may not be ends with its sentence."""
    with desk.database.write() as session:
        booking = booking_of(session, reference)
        try:
            yield session, booking, acting(session, name, booking.center_id)
        except IllegalMove as error:
            raise click.ClickException(str(error)) from error


@click.group("bookings")
def bookings_() -> None:
    """The bookings of the halls: see them, answer them, export them. Whoever booked is told at once."""


def _filters(command: Callable[..., None]) -> Callable[..., None]:
    for option in (
        click.option("--center", "centers", multiple=True, help="Slug of a centre; can be repeated."),
        click.option("--state", "states", multiple=True, type=click.Choice(list(MOVES)), help="Can be repeated."),
        click.option("--from", "first", type=click.DateTime(["%Y-%m-%d"]), help="First day (Tbilisi)."),
        click.option("--to", "last", type=click.DateTime(["%Y-%m-%d"]), help="Last day (Tbilisi)."),
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
    return Filter(
        centers=[desk.center(slug).id for slug in centers],
        states=cast(tuple[State, ...], states),
        first=first.date() if first else None,
        last=last.date() if last else None,
        flagged=True if flagged else None,
    )


@bookings_.command("list")
@_filters
@click.option("--limit", default=200, show_default=True)
@as_json
@click.pass_obj
def list_(obj: Any, /, limit: int, as_lines: bool, **filters: Any) -> None:
    """List bookings by the time at which they begin."""
    desk = open_desk(obj)
    with desk.database.read() as session:
        found = bookings.listing(session, _wanted(desk, **filters), limit=limit)
        if not as_lines:
            booking_rows.show_list(found, desk.snapshot)
        for booking in found if as_lines else ():
            click.echo(json.dumps(booking_rows.as_object(booking, desk.snapshot), ensure_ascii=False))


@bookings_.command()
@click.argument("reference")
@click.pass_obj
def show(obj: Any, reference: str) -> None:
    """Show all about one booking, and what happened to it."""
    desk = open_desk(obj)
    with desk.database.read() as session:
        booking_rows.show_one(session, booking_of(session, reference), desk.snapshot)


@bookings_.command()
@click.argument("reference")
@by_whom
@click.pass_obj
def confirm(obj: Any, reference: str, name: str | None) -> None:
    """The centre agrees to a tentative booking."""
    desk = open_desk(obj)
    with _changing(desk, reference, name) as (session, booking, by):
        life.confirm(session, booking, by, desk.tell)
    click.echo(f"{booking.reference} is confirmed")


@bookings_.command()
@click.argument("reference")
@click.option("--reason", required=True, help=f"{', '.join(DECLINE_REASONS)}, or own words that the person reads.")
@by_whom
@click.pass_obj
def decline(obj: Any, reference: str, reason: str, name: str | None) -> None:
    """The centre does not agree, and says why."""
    desk = open_desk(obj)
    if not reason.strip():
        raise click.ClickException("declining needs a reason: --reason repairs")
    with _changing(desk, reference, name) as (session, booking, by):
        life.decline(session, booking, by, desk.tell, reason)
    click.echo(f"{booking.reference} is declined")


@bookings_.command()
@click.argument("reference")
@by_whom
@click.pass_obj
def cancel(obj: Any, reference: str, name: str | None) -> None:
    """The centre takes a booking back; nobody loses access for it."""
    desk = open_desk(obj)
    with _changing(desk, reference, name) as (session, booking, by):
        life.cancel(session, booking, audit.staff(by), desk.tell)
    click.echo(f"{booking.reference} is cancelled")


@bookings_.command("no-show")
@click.argument("reference")
@by_whom
@click.pass_obj
def no_show(obj: Any, reference: str, name: str | None) -> None:
    """Nobody came: booking is closed to the person for some business days."""
    desk = open_desk(obj)
    with _changing(desk, reference, name) as (session, booking, by):
        life.mark_no_show(session, booking, by, desk.tell)
    click.echo(f"{booking.reference} is marked as a no-show")


@bookings_.command("lift-ban")
@click.argument("reference")
@by_whom
@click.pass_obj
def lift_ban(obj: Any, reference: str, name: str | None) -> None:
    """Open booking again to the person of a booking."""
    desk = open_desk(obj)
    with _changing(desk, reference, name) as (session, booking, by):
        contact = session.get(Contact, booking.contact_id) if booking.contact_id is not None else None
        lifted = bans.lift(session, contact.resident_id, by) if contact is not None else 0
    click.echo(f"{lifted} ban(s) lifted")


@bookings_.command()
@_filters
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
@click.pass_obj
def export(obj: Any, /, file: Path, **filters: Any) -> None:
    """Write bookings to FILE: .csv for a spreadsheet, .ics for a calendar."""
    desk = open_desk(obj)
    if file.suffix not in {".csv", ".ics"}:
        raise click.ClickException(f"{file.name}: name it .csv or .ics")
    with desk.database.read() as session:
        found = bookings.listing(session, _wanted(desk, **filters), limit=MOST_EXPORTED)
        if file.suffix == ".ics":
            words = calendar.words("ka", desk.snapshot)
            file.write_bytes(ical.feed(found, desk.snapshot.centers, "Mezobeli", words))
        else:
            file.write_text(_csv([booking_rows.cells(one, desk.snapshot) for one in found]), encoding="utf-8-sig")
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
    host = desk.settings.public_url or f"http://{desk.settings.host}:{desk.settings.port}"
    click.echo(host + PATH.format(slug=center.slug, token=token))


def _csv(rows: list[list[str]]) -> str:
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(booking_rows.COLUMNS)
    writer.writerows([guarded(cell) for cell in row] for row in rows)
    return out.getvalue()
