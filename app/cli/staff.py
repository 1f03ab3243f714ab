"""What staff need from the terminal: ``staff``."""

from __future__ import annotations

import json
from typing import Any

import click
from sqlalchemy.orm import Session

from app import bootstrap
from desk import audit, questions
from desk import staff as members
from knowledge.live import LiveKnowledge
from knowledge.types import BASE_LOCALES, BaseLocale


@click.group()
def staff() -> None:
    """Centre staff: who they are, their Telegram accounts, and what the assistant could not answer."""


_ROLE = click.option("--role", type=click.Choice(members.ROLES), default="staff", show_default=True)


@staff.command("add")
@click.argument("name")
@_ROLE
@click.option("--center", "centers", multiple=True, help="Slug of a centre of theirs; can be repeated.")
@click.option("--language", type=click.Choice(BASE_LOCALES), default="ka", show_default=True)
@click.pass_obj
def add_(obj: Any, name: str, role: members.Role, centers: tuple[str, ...], language: BaseLocale) -> None:
    """Take somebody on, and print the code that links their Telegram account."""
    database = bootstrap.open_database(obj.settings(quiet=True))
    bootstrap.prepare(database)
    slugs = LiveKnowledge(database).current.centers_by_slug
    unknown = [slug for slug in centers if slug not in slugs]
    if unknown:
        raise click.ClickException(f"no centre {unknown[0]!r}; see: mezobeli export centers centers.csv")
    with database.write() as session:
        try:
            member = members.add(session, name, role, [slugs[slug].id for slug in centers], audit.SYSTEM, language)
        except ValueError as error:
            raise click.ClickException(str(error)) from error
        _print_code(members.issue_code(session, member, audit.SYSTEM))


@staff.command("link")
@click.argument("name")
@click.pass_obj
def link_(obj: Any, name: str) -> None:
    """Print a new code that links NAME's Telegram account."""
    database = bootstrap.open_database(obj.settings(quiet=True))
    with database.write() as session:
        try:
            _print_code(members.issue_code(session, _member(session, name), audit.SYSTEM))
        except ValueError as error:
            raise click.ClickException(str(error)) from error


@staff.command("off")
@click.argument("name")
@click.pass_obj
def off_(obj: Any, name: str) -> None:
    """Switch NAME off: they are told of nothing and may do nothing any more."""
    database = bootstrap.open_database(obj.settings(quiet=True))
    with database.write() as session:
        members.switch_off(session, _member(session, name), audit.SYSTEM)
    click.echo(f"{name} is switched off")


@staff.command("list")
@click.pass_obj
def list_(obj: Any) -> None:
    """List the members of staff, their centres, and whether their Telegram account is linked."""
    database = bootstrap.open_database(obj.settings(quiet=True))
    bootstrap.prepare(database)
    centers = LiveKnowledge(database).current.centers
    with database.read() as session:
        for member in members.everybody(session):
            theirs = sorted(centers[one].slug for one in members.centers_of(session, member) if one in centers)
            state = "linked" if member.linked_contact_id else "not linked" if member.is_active else "off"
            click.echo(f"{member.name}: {member.role}, {state}, {', '.join(theirs) or 'no centre of their own'}")


def _member(session: Session, name: str) -> members.StaffMember:
    found = members.find(session, name)
    if found is None:
        raise click.ClickException(f"nobody is called {name!r}; see: mezobeli staff list")
    return found


def _print_code(code: str) -> None:
    click.echo(f"Open https://t.me/YOUR_BOT?start=staff_{code}")
    click.echo(f"or send the bot: /start staff_{code}")
    click.echo("The code can be used once, within two days.")


@staff.command("questions")
@click.option("--days", default=30, show_default=True, help="How many days back.")
@click.option("--json", "as_lines", is_flag=True, help="One JSON object a line.")
@click.pass_obj
def questions_(obj: Any, days: int, as_lines: bool) -> None:
    """List the questions that found no answer, the most frequent first. Who asked is not kept."""
    database = bootstrap.open_database(obj.settings(quiet=True))
    bootstrap.prepare(database)
    with database.read() as session:
        for asked in questions.most_asked(session, days):
            row = {"count": asked.count, "language": asked.language, "outcome": asked.outcome, "text": asked.text}
            click.echo(
                json.dumps(row, ensure_ascii=False)
                if as_lines
                else f"{asked.count:4} {asked.language:8} {asked.outcome:7} {asked.text}"
            )
