"""The processes: ``run`` (all in one), and ``web``, ``bot``, ``worker`` for many."""

from __future__ import annotations

import signal
import sys
import threading
from typing import Any

import click

from app import bootstrap
from app.running import ALL, Role, Running
from app.serving import Server, check_address, check_metrics_address, metrics_server
from app.settings import Settings, listening_address, web_address
from console.staff.door import LINK
from desk.accounts import passing


@click.command()
@click.pass_obj
def run(obj: Any) -> None:
    """Run everything in one process: web, Telegram (with a token) and delivery."""
    settings = obj.settings()
    check_address(settings)
    first_link = _prepare(settings)
    _serve(Server(settings, ALL, 1, lambda: _welcome(settings, first_link)))


@click.command()
@click.option("--workers", type=click.IntRange(min=1), default=2, show_default=True, help="How many processes.")
@click.pass_obj
def web(obj: Any, workers: int) -> None:
    """Serve webhooks and pages only; start as many as you like, on as many machines."""
    settings = obj.settings()
    check_address(settings)
    first_link = _prepare(settings)
    if first_link is not None:
        click.echo(f"the first administrator sets a password here, once: {web_address(settings)}{first_link}")
    _serve(Server(settings, frozenset[Role]({"web"}), workers, lambda: None))


@click.command()
@click.pass_obj
def bot(obj: Any) -> None:
    """Poll Telegram and answer. One such process at a time: Telegram allows only one to poll."""
    settings = obj.settings()
    if settings.telegram_token is None:
        raise click.ClickException("MEZOBELI_TELEGRAM_TOKEN is not set: get a token from @BotFather")
    if settings.telegram_mode == "webhook":
        raise click.ClickException(
            "MEZOBELI_TELEGRAM_MODE=webhook: Telegram calls the web processes, nothing polls"
        )
    _until_told(settings, "telegram")


@click.command()
@click.pass_obj
def worker(obj: Any) -> None:
    """Deliver the outbox; start as many as you like."""
    _until_told(obj.settings(), "worker")


def _serve(server: Server) -> None:
    server.run()  # type: ignore[no-untyped-call]


def _prepare(settings: Settings) -> str | None:
    """Upgrades the database and learns once, before workers start, so that they need not do it all at once.

    While nobody can sign in as an administrator, the path of a one-time link to become the first.
    """
    neighbour = bootstrap.build(settings)
    with neighbour.database.write() as session:
        token = passing.first_link(session)
    neighbour.database.close()
    return LINK.format(token=token) if token is not None else None


def _until_told(settings: Settings, role: Role) -> None:
    """A process without pages, until it is told to end."""
    check_metrics_address(settings)
    running = Running(bootstrap.build(settings), frozenset({role}))
    told = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: told.set())
    metrics = metrics_server(running)
    running.start()
    told.wait()
    if metrics is not None:
        metrics.stop()
    running.stop()


def _welcome(settings: Settings, first_link: str | None) -> None:
    address = listening_address(settings)
    telegram = "on" if settings.telegram_token else "off (set MEZOBELI_TELEGRAM_TOKEN)"
    sms = (
        "on"
        if settings.twilio_account_sid or settings.smsgate_url
        else "off (set MEZOBELI_TWILIO_* or _SMSGATE_*)"
    )
    console = f"{web_address(settings)}/staff"
    if first_link is not None:
        console += f"""
    first administrator    {web_address(settings)}{first_link}
                           (sets a password, works once and for a day)"""
    page = f"{address}/try" if settings.try_page else "off (MEZOBELI_TRY_PAGE=false)"
    click.echo(
        f"""
  მეზობელი is listening on {address}

    staff console          {console}
    try it on the screen   {page}
    in this terminal       mezobeli chat
    one question           mezobeli ask "სად არის უახლოესი ცენტრი ლაგოდეხში"
    health                 {address}/readyz

    Telegram: {telegram}
    SMS:      {sms}

  Ctrl-C stops it.
"""
    )
    sys.stdout.flush()
