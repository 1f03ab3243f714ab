"""Greetings, help, a human being, and what the assistant cannot answer."""

from __future__ import annotations

from dataclasses import replace

from bot.answers import centers
from bot.dialogue.state import Pending
from bot.dialogue.turn import Turn
from desk import questions
from desk.messages import Choice, Reply

GIVE_UP_AFTER = 2
"""Failures in a row after which the assistant stops guessing and names a human being."""

GUESSES = 3


def greeting(turn: Turn) -> Reply:
    """Says hello and what can be asked."""
    return replace(turn.reply("greeting"), offers=menu(turn), asks_location=turn.home is None)


def thanks(turn: Turn) -> Reply:
    """You are welcome."""
    return turn.reply("thanks")


def help_(turn: Turn) -> Reply:
    """Says what the assistant can do, with examples."""
    texts = (turn.say("help"), turn.say("help.examples"), turn.say("none.hotline"))
    return Reply(texts, turn.locale, short=(turn.say("help.sms"),), offers=menu(turn))


def human(turn: Turn) -> Reply:
    """Says whom to call."""
    return turn.reply("human")


def menu(turn: Turn) -> tuple[Choice, ...]:
    """What a newcomer may press."""
    return (
        turn.choice("choice.nearest", "intent:nearest_center"),
        turn.choice("choice.services", "intent:services"),
        turn.choice("choice.hours", "intent:hours"),
        turn.choice("choice.help", "intent:help"),
        turn.choice("choice.language", "intent:language"),
    )


def no_idea(turn: Turn) -> Reply:
    """Says that it cannot answer; keeps the text for staff; after two failures in a row names a human being."""
    turn.state.failures += 1
    keep_question(turn, "none")
    if turn.state.failures >= GIVE_UP_AFTER:
        return _give_up(turn)
    texts = (turn.say("none"), turn.say("none.hotline"))
    return Reply(texts, turn.locale, short=(turn.say("none.sms"),), offers=menu(turn)[:2])


def unsure(turn: Turn) -> Reply:
    """Asks what was meant, with the likeliest meanings to choose from."""
    turn.state.failures += 1
    keep_question(turn, "unsure")
    if turn.state.failures > GIVE_UP_AFTER:
        return _give_up(turn)
    if turn.parse.place.certain and turn.parse.place.place is not None:
        turn.state.place, turn.state.center = turn.parse.place.place.id, None
    turn.state.service = turn.parse.service or turn.state.service
    likely = [intent for intent, _ in turn.parse.ranking if intent not in {"none", "greeting", "thanks"}]
    choices = tuple(turn.choice(f"mean.{intent}", f"as:{intent}") for intent in likely[:GUESSES])
    reply = Reply((turn.say("unsure"),), turn.locale, choices=(*choices, turn.choice("mean.other", "as:none")))
    return turn.ask(reply, Pending("intent", turn.parse.text))


def keep_question(turn: Turn, outcome: str) -> None:
    """Keeps the text for staff, without its sender: once, and not where they taught that it is none of ours."""
    just_written = turn.parse.text == turn.inbound.text
    if turn.parse.text.strip() and just_written and not turn.parse.taught:
        questions.keep(turn.session, turn.parse.text, turn.parse.language, turn.inbound.channel, outcome)


def _give_up(turn: Turn) -> Reply:
    center = centers.target(turn)
    texts = [turn.say("giving_up")]
    if center is not None:
        texts.append(turn.say("giving_up.center", center=turn.center_name(center)))
        texts += centers.contact_lines(turn, center)
    return Reply(tuple(texts), turn.locale, short=(turn.say("giving_up.sms"), *texts[1:]))
