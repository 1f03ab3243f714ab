"""Events from the terminal, until the console has them: ``events``."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, TextIO

import click
import yaml
from sqlalchemy import select
from sqlalchemy.orm import Session

from app import bootstrap
from desk import audit
from desk.events import attending, finding, interchange, life, topics
from desk.events.editing import BadEvent
from desk.events.life import IllegalMove
from desk.events.models import Event
from knowledge.models import CenterRow

_STAFF = click.option("--staff", "name", required=True, help="Who you are; it stands in the audit trail.")
_URGENT = click.option("--urgent", is_flag=True, help="Tell people at once, in the quiet hours too.")
_JSON = click.option("--json", "as_json", is_flag=True, help="One JSON object a line.")
_TEXTS = "In a language, such as 'ka=...'; may be repeated."


@click.group()
def events() -> None:
    """What is on at the centres: write it down, announce, change and cancel it.

    An event stands in a FILE (YAML or JSON) or in options; times are those of Tbilisi (2026-11-28 15:00).
    """


def _fields(command: Callable[..., Any]) -> Callable[..., Any]:
    """The options that describe an event."""
    for option in (
        click.option("--registration/--no-registration", default=None, help="Whether people must sign up."),
        click.option("--rrule", help="When it comes again: FREQ=WEEKLY;COUNT=8"),
        click.option("--capacity", type=int, help="How many people fit."),
        click.option("--ends", help="When it ends."),
        click.option("--starts", help="When it begins."),
        click.option("--description", multiple=True, help=_TEXTS),
        click.option("--title", multiple=True, help=_TEXTS),
        click.option("--topic", type=click.Choice(list(topics.topics())), help="What it is about."),
        click.option("--center", help="The slug of the centre."),
    ):
        command = option(command)
    return command


@events.command()
@click.argument("file", type=click.File(encoding="utf-8"), required=False)
@_fields
@click.option("--announce", is_flag=True, help="Show it and tell subscribers at once; else it is a draft.")
@_STAFF
@_URGENT
@_JSON
@click.pass_obj
def add(
    obj: Any, /, file: TextIO | None, announce: bool, name: str, urgent: bool, as_json: bool, **fields: Any
) -> None:
    """Write down the event of the options, or those of FILE ("-" for standard input): all of them or none."""
    with _session(obj) as session:
        rows = interchange.read(file.read()) if file is not None else [{}]
        for row in rows:
            made = life.create(session, interchange.wording(session, {**row, **_given(fields)}), audit.staff(name))
            told = life.announce(session, made, audit.staff(name), urgent=urgent) if announce else 0
            _say(session, made, as_json, told=told)


@events.command("list")
@click.option("--center", help="Only of that centre (its slug).")
@click.option("--state", "states", multiple=True, help="Only in that state; may be repeated.")
@_JSON
@click.pass_obj
def list_(obj: Any, center: str | None, states: tuple[Any, ...], as_json: bool) -> None:
    """List the events, the latest first."""
    with _session(obj) as session:
        for event in finding.listing(session, centers=_centers(session, center), states=states):
            _say(session, event, as_json)


@events.command()
@click.argument("number", type=int)
@_JSON
@click.pass_obj
def show(obj: Any, number: int, as_json: bool) -> None:
    """Show one event: all that was written, its next times and how many come."""
    with _session(obj) as session:
        event = _event(session, number)
        times = [
            {
                "starts": interchange.wall(one.starts_at),
                "coming": attending.heads_coming(session, one.id),
                "free": attending.free_places(session, one),
            }
            for one in finding.times_of(session, number)
        ]
        shown = {"id": event.id, "state": event.state, **interchange.row(session, event), "times": times}
        click.echo(json.dumps(shown, ensure_ascii=False) if as_json else _yaml(shown), nl=as_json)


@events.command()
@click.argument("number", type=int)
@click.argument("file", type=click.File(encoding="utf-8"), required=False)
@_fields
@_STAFF
@_URGENT
@_JSON
@click.pass_obj
def change(
    obj: Any, /, number: int, file: TextIO | None, name: str, urgent: bool, as_json: bool, **fields: Any
) -> None:
    """Change what the options or FILE name; where the time or the centre changes, people are told."""
    with _session(obj) as session:
        event = _event(session, number)
        rows = interchange.read(file.read()) if file is not None else [{}]
        if len(rows) != 1:
            raise BadEvent("the file of a change has one event")
        written = interchange.row(session, event)
        given = _given(fields)
        for texts in ("title", "description"):
            if texts in given:
                given[texts] = {**written.get(texts, {}), **given[texts]}
        changed = interchange.wording(session, {**written, **rows[0], **given})
        told = life.change(session, event, changed, audit.staff(name), urgent=urgent)
        _say(session, event, as_json, told=told)


@events.command()
@click.argument("number", type=int)
@_STAFF
@_URGENT
@_JSON
@click.pass_obj
def announce(obj: Any, number: int, name: str, urgent: bool, as_json: bool) -> None:
    """Show a draft to everybody, and tell those who subscribed."""
    with _session(obj) as session:
        event = _event(session, number)
        told = life.announce(session, event, audit.staff(name), urgent=urgent)
        _say(session, event, as_json, told=told)


@events.command()
@click.argument("number", type=int)
@click.option("--only", help="Only the one time of a series that begins then (2026-11-28 15:00).")
@_STAFF
@_URGENT
@_JSON
@click.pass_obj
def cancel(obj: Any, number: int, only: str | None, name: str, urgent: bool, as_json: bool) -> None:
    """Call an event off, or one time of it; whoever comes or was told is told."""
    with _session(obj) as session:
        event = _event(session, number)
        if only is None:
            told = life.cancel(session, event, audit.staff(name), urgent=urgent)
        else:
            at = interchange.moment(only)
            times = [one.id for one in finding.times_of(session, number, 1000) if one.starts_at == at]
            if not times:
                raise BadEvent(f"event {number} does not begin at {only}")
            told = life.cancel_one(session, event, times[0], audit.staff(name), urgent=urgent)
        _say(session, event, as_json, told=told)


@events.command()
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path), required=False)
@click.option("--center", help="Only of that centre (its slug).")
@click.option("--state", "states", multiple=True, help="Only in that state; may be repeated.")
@click.pass_obj
def export(obj: Any, file: Path | None, center: str | None, states: tuple[Any, ...]) -> None:
    """Write events as YAML that ``events add`` takes, to FILE or to the screen."""
    with _session(obj) as session:
        found = finding.listing(session, centers=_centers(session, center), states=states, limit=10_000)
        text = _yaml([interchange.row(session, event) for event in found])
    if file is None:
        click.echo(text, nl=False)
    else:
        file.write_text(text, encoding="utf-8")
        click.echo(f"{len(found)} events written to {file}")


@contextmanager
def _session(obj: Any) -> Iterator[Session]:
    """One transaction for the whole command; what cannot be done ends it with one sentence and changes nothing."""
    database = bootstrap.open_database(obj.settings(quiet=True))
    bootstrap.prepare(database)
    try:
        with database.write() as session:
            yield session
    except (BadEvent, IllegalMove) as error:
        raise click.ClickException(str(error)) from error
    finally:
        database.close()


def _event(session: Session, number: int) -> Event:
    found = session.get(Event, number)
    if found is None:
        raise BadEvent(f"there is no event {number}")
    return found


def _centers(session: Session, slug: str | None) -> tuple[int, ...]:
    if slug is None:
        return ()
    found = session.scalar(select(CenterRow.id).where(CenterRow.slug == slug))
    if found is None:
        raise BadEvent(f"there is no centre {slug!r}")
    return (found,)


def _given(fields: dict[str, Any]) -> dict[str, Any]:
    """The options that were given, as the fields of a file."""
    given = {name: value for name, value in fields.items() if value not in (None, ())}
    for texts in ("title", "description"):
        if texts in given:
            pairs = [text.partition("=") for text in given[texts]]
            if not all(sign and text for _, sign, text in pairs):
                raise BadEvent(f"write --{texts} ka=...")
            given[texts] = {language: text for language, _, text in pairs}
    return given


def _say(session: Session, event: Event, as_json: bool, *, told: int | None = None) -> None:
    """One line about an event; ``told`` is how many people will be told of what was done."""
    row = interchange.row(session, event)
    if as_json:
        extra = {} if told is None else {"told": told}
        click.echo(json.dumps({"id": event.id, "state": event.state, **row, **extra}, ensure_ascii=False))
        return
    title = next(iter(event.titles.values()), "")
    people = "" if told is None else f" (people to be told: {told})"
    click.echo(
        f"{event.id:5} {event.state:10} {row['starts']} {row['center']:20} {event.topic:14} {title}{people}"
    )


def _yaml(value: object) -> str:
    return yaml.safe_dump(value, allow_unicode=True, sort_keys=False, width=110)
