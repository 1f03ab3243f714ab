"""Talking to the assistant in the terminal: ``ask`` for one answer or a batch, ``chat`` for a conversation."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from typing import IO, Any, cast

import click

from app import bootstrap
from console.conversing import Exchange, Talk, as_json
from desk.messages import Channel

_CHANNELS = click.Choice(["sms", "telegram", "whatsapp"])


@click.command()
@click.option("--channel", type=_CHANNELS, default="sms", show_default=True, help="Whose screen to imagine.")
@click.option(
    "--batch",
    type=click.File("r", encoding="utf-8"),
    help='A file (or "-") of JSON lines {"text", "from"?}; those with the same "from" are one conversation.',
)
@click.option("--json", "as_lines", is_flag=True, help="Print one JSON object a line, with what was understood.")
@click.argument("text", required=False)
@click.pass_obj
def ask(obj: Any, channel: str, batch: IO[str] | None, as_lines: bool, text: str | None) -> None:
    """Answer one TEXT, or each line of a batch.

    \b
    mezobeli ask "სად არის უახლოესი ცენტრი კაჭრეთში"
    mezobeli ask --json --channel telegram "where is my nearest centre?"
    mezobeli ask --json --batch questions.jsonl
    """
    if (text is None) == (batch is None):
        raise click.UsageError("give either a TEXT or --batch FILE")
    neighbour = bootstrap.build(obj.settings(quiet=True))
    talk = Talk(neighbour.assistant)
    for sender, line in _lines(batch) if batch is not None else [("somebody", text or "")]:
        exchange = talk.say(cast(Channel, channel), sender, _whole(line))
        if as_lines:
            click.echo(json.dumps(as_json(exchange, neighbour.knowledge.current), ensure_ascii=False))
        else:
            _show(exchange)
            click.echo()
    talk.close()


@click.command()
@click.option("--channel", type=_CHANNELS, default="sms", show_default=True, help="Whose screen to imagine.")
@click.pass_obj
def chat(obj: Any, channel: str) -> None:
    """Talk to the assistant in this terminal. An empty line or Ctrl-D ends it."""
    neighbour = bootstrap.build(obj.settings(quiet=True))
    talk = Talk(neighbour.assistant)
    click.echo("მოგესალმებით! Write as a resident would; an empty line ends the conversation.")
    while True:
        try:
            line = input("> ").strip()
        except (EOFError, KeyboardInterrupt):
            break
        if not line:
            break
        exchange = talk.say(cast(Channel, channel), "me", line)
        _show(exchange)
        understood = exchange.understanding
        size = f", {exchange.segments} segment(s) {exchange.encoding}" if exchange.segments else ""
        click.secho(
            f"  [{understood.language} {understood.intent} {understood.confidence:.2f}{size}, {exchange.ms} ms]",
            dim=True,
        )
    talk.close()


def _show(exchange: Exchange) -> None:
    for text in exchange.shown:
        click.echo(text)
    if exchange.channel == "telegram":
        for number, choice in enumerate(exchange.reply.choices, 1):
            click.echo(f"  {number}. [{choice.label}]")


def _whole(text: str) -> str:
    """The text without halves of letters, which no channel could carry."""
    return text.encode("utf-8", "replace").decode("utf-8")


def _lines(batch: IO[str]) -> Iterator[tuple[str, str]]:
    try:
        for number, line in enumerate(batch, 1):
            if line.strip():
                yield _message(number, line)
    except UnicodeDecodeError:
        click.echo("the batch is not UTF-8 text", err=True)
        sys.exit(2)


def _message(number: int, line: str) -> tuple[str, str]:
    """Who speaks in a line of the batch, and what they say."""
    try:
        row = json.loads(line)
    except (ValueError, RecursionError):
        row = None
    text = row.get("text") if isinstance(row, dict) else None
    if not isinstance(row, dict) or not isinstance(text, str):
        click.echo(f'line {number} is not a JSON object with a "text": {line.strip()[:60]}', err=True)
        sys.exit(2)
    sender = row.get("from")
    # A line without a sender is somebody new, whatever the others call themselves.
    return (f"from {sender}" if sender not in (None, "") else f"line {number}"), text
