"""What staff need from the terminal: ``staff``."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import click
from sqlalchemy.orm import Session

from app import bootstrap
from app.cli.desk import acting, as_json, by_whom, open_desk
from app.settings import web_address
from console.staff.door import LINK
from desk import audit, questions
from desk import staff as members
from desk.accounts import passing
from knowledge.types import BASE_LOCALES, BaseLocale


@click.group()
def staff() -> None:
    """Centre staff: who they are, their Telegram accounts, and what the assistant could not answer."""


_WHO = click.argument("who", metavar="NAME")
_CENTERS = click.option("--center", "slugs", multiple=True, metavar="SLUG", help="A centre; can be repeated.")


@staff.command("add")
@_WHO
@click.option("--role", type=click.Choice(members.ROLES), default="staff", show_default=True)
@_CENTERS
@click.option("--language", type=click.Choice(BASE_LOCALES), default="ka", show_default=True, help="Of messages.")
@by_whom
@click.pass_obj
def add_(
    obj: Any, who: str, role: members.Role, slugs: tuple[str, ...], language: BaseLocale, name: str | None
) -> None:
    """Take somebody on, and print the code that links their Telegram account."""
    desk = open_desk(obj)
    centers = [desk.center(slug).id for slug in slugs]
    with _checked(), desk.database.write() as session:
        actor = audit.staff(acting(session, name))
        member = members.add(session, who, role, centers, actor, language)
        code = members.issue_code(session, member, actor)
    _print_code(code)


@staff.command("assign")
@_WHO
@_CENTERS
@by_whom
@click.pass_obj
def assign_(obj: Any, who: str, slugs: tuple[str, ...], name: str | None) -> None:
    """Give NAME these centres, instead of those that were theirs."""
    desk = open_desk(obj)
    centers = [desk.center(slug).id for slug in slugs]
    with desk.database.write() as session:
        member = _member(session, who)
        if member.role == "staff" and not centers:
            raise click.ClickException("centre staff need at least one centre: --center SLUG")
        members.assign(session, member, centers, audit.staff(acting(session, name)))
    click.echo(f"{member.name}: {', '.join(slugs) or 'no centre of their own'}")


@staff.command("link")
@_WHO
@by_whom
@click.pass_obj
def link_(obj: Any, who: str, name: str | None) -> None:
    """Print a new code that links NAME's Telegram account."""
    desk = open_desk(obj)
    with _checked(), desk.database.write() as session:
        code = members.issue_code(session, _member(session, who), audit.staff(acting(session, name)))
    _print_code(code)


@staff.command("invite")
@_WHO
@click.option("--new-phone", is_flag=True, help="Their telephone is lost: they set up the second factor anew.")
@by_whom
@click.pass_obj
def invite_(obj: Any, who: str, new_phone: bool, name: str | None) -> None:
    """Print a one-time link with which NAME sets a password for the console; also for a forgotten one."""
    desk = open_desk(obj)
    with _checked(), desk.database.write() as session:
        member, actor = _member(session, who), audit.staff(acting(session, name))
        token = passing.invite(session, member, actor)
        if new_phone:
            passing.forget_code(session, member, actor)
    click.echo(web_address(desk.settings) + LINK.format(token=token))
    click.echo("The link can be used once. Give it to nobody else.")


@staff.command("off")
@_WHO
@by_whom
@click.pass_obj
def off_(obj: Any, who: str, name: str | None) -> None:
    """Switch NAME off: they are told of nothing and may do nothing any more."""
    desk = open_desk(obj)
    with desk.database.write() as session:
        member = _member(session, who)
        members.switch_off(session, member, audit.staff(acting(session, name)))
    click.echo(f"{member.name} is switched off")


@staff.command("list")
@as_json
@click.pass_obj
def list_(obj: Any, as_lines: bool) -> None:
    """List the members of staff, their centres, and whether their Telegram account is linked."""
    desk = open_desk(obj)
    with desk.database.read() as session:
        for member in members.everybody(session):
            known = [desk.snapshot.centers.get(one) for one in members.centers_of(session, member)]
            theirs = sorted(center.slug for center in known if center is not None)
            state = "linked" if member.linked_contact_id else "not linked" if member.is_active else "off"
            if as_lines:
                row = {"name": member.name, "role": member.role, "language": member.locale, "state": state}
                click.echo(json.dumps({**row, "centers": theirs}, ensure_ascii=False))
            else:
                where = ", ".join(theirs) or "no centre of their own"
                click.echo(f"{member.name}: {member.role}, {state}, {where}")


@contextmanager
def _checked() -> Iterator[None]:
    """What the desk refuses ends the command with its sentence."""
    try:
        yield
    except ValueError as error:
        raise click.ClickException(str(error)) from error


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
