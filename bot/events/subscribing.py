"""Subscribing to a centre, a municipality, a topic; ending one or all; choosing reminders."""

from __future__ import annotations

from typing import cast, get_args

from bot.answers import centers
from bot.dialogue.state import Pending
from bot.dialogue.turn import Turn
from bot.events import reading, words
from desk.events import reminders, subscriptions
from desk.events.models import Event, ReminderWish, SubscriptionKind
from desk.events.subscriptions import TooMany, Wish
from desk.events.topics import topics
from desk.messages import Choice, Reply
from store.base import key_of

_WISHES: tuple[ReminderWish, ...] = ("both", "day_before", "none")


def subscribe(turn: Turn) -> Reply:
    """Answers "write to me when something is on": about what the text names, or asks about what."""
    said = turn.parse.words
    if reading.says(said, "mine"):
        return listing(turn)
    wanted = _named(turn)
    if wanted is not None:
        return _on(turn, wanted)
    if reading.says(said, "remind"):
        return _reminders_said(turn)
    return _ask(turn)


def unsubscribe(turn: Turn) -> Reply:
    """Answers "no more news": ends what the text names, or all, or asks which."""
    said = turn.parse.words
    if reading.says(said, "mine"):
        return listing(turn)
    if reading.says(said, "remind"):
        return set_reminders(turn, "none")
    had = subscriptions.of(turn.session, turn.contact)
    if not had:
        return turn.reply("unsubscribe.nothing")
    if reading.says(said, "all"):
        return _end_all(turn)
    wanted = _named(turn)
    if wanted is not None:
        return _off(turn, wanted)
    return _off(turn, had[0]) if len(had) == 1 else listing(turn)


def listing(turn: Turn) -> Reply:
    """What the person has subscribed to; choosing one ends it."""
    had = subscriptions.of(turn.session, turn.contact)
    if not had:
        return turn.reply("subscribe.none")
    choices = [Choice(_name(turn, one), f"sub:off:{one.kind}:{one.value}") for one in had]
    if len(had) > 1:
        choices.insert(0, turn.choice("unsubscribe.all.choice", "sub:off:all"))
    return _asked(turn, Reply((turn.say("subscribe.mine"),), turn.locale, choices=tuple(choices)))


def pressed(turn: Turn, what: str) -> Reply | None:
    """A pressed ``sub:<on or off>:<kind>:<value>``, ``sub:off:all``, ``sub:topics`` or ``sub:no``."""
    if what == "no":
        return _done(turn, turn.say("subscribe.no"))
    if what == "off:all":
        return _end_all(turn)
    if what == "topics":
        return _ask_topic(turn)
    step, _, rest = what.partition(":")
    kind, _, value = rest.partition(":")
    if step not in {"on", "off"} or kind not in get_args(SubscriptionKind) or not value:
        return None
    wish = Wish(cast(SubscriptionKind, kind), value)
    if step == "off":
        return _off(turn, wish)
    return _on(turn, wish) if _exists(turn, wish) else None


def reminder_pressed(turn: Turn, what: str) -> Reply | None:
    """A pressed ``remind:<which>`` or ``remind:ask``."""
    if what == "ask":
        return _ask_reminders(turn)
    return next((set_reminders(turn, wish) for wish in _WISHES if wish == what), None)


def set_reminders(turn: Turn, wish: ReminderWish) -> Reply:
    """Keeps which reminders the person wants, and says so."""
    reminders.choose(turn.session, turn.contact, wish)
    return _done(turn, turn.say(f"remind.{wish}"))


def offer(turn: Turn, wish: Wish, *lead: str) -> Reply:
    """Asks whether to write when something is announced; "yes" is enough to subscribe."""
    if wish in subscriptions.of(turn.session, turn.contact):
        return Reply((*lead, turn.say("subscribe.already", what=_name(turn, wish))), turn.locale)
    asked = turn.say("events.offer", what=_name(turn, wish))
    choices = (turn.choice("yes", f"sub:on:{wish.kind}:{wish.value}"), turn.choice("no", "sub:no"))
    short = (*lead, turn.say("events.offer.short"))
    reply = Reply((*lead, asked), turn.locale, choices=choices, short=short)
    return turn.ask(_asked(turn, reply), Pending("yes_no"))


def _named(turn: Turn) -> Wish | None:
    """What a text names: its place (the municipality where it says so) before its topic.

    What only resembles a settlement's name, or is one by chance, is a topic where it is the word of one.
    """
    parse = turn.parse
    found = reading.topics_in(parse.words)
    if found and (parse.place.kind != "exact" or reading.is_topic(parse.words, parse.place.span)):
        return Wish("topic", found[0])
    if parse.place.place is not None:
        if reading.says(parse.words, "municipality"):
            return Wish("municipality", parse.place.place.municipality_en)
        center = centers.target(turn)
        return Wish("center", center.slug) if center is not None else None
    if parse.place.municipality is not None:
        return Wish("municipality", parse.place.municipality)
    return Wish("topic", found[0]) if found else None


def _on(turn: Turn, wish: Wish) -> Reply:
    try:
        new = subscriptions.subscribe(turn.session, turn.contact, wish)
    except TooMany:
        return _done(turn, turn.say("subscribe.too_many"))
    return _done(turn, turn.say("subscribe.done" if new else "subscribe.already", what=_name(turn, wish)))


def _off(turn: Turn, wish: Wish) -> Reply:
    name = _name(turn, wish)
    ended = subscriptions.unsubscribe(turn.session, turn.contact, wish)
    return _done(turn, turn.say("unsubscribe.done" if ended else "unsubscribe.not", what=name))


def _end_all(turn: Turn) -> Reply:
    subscriptions.unsubscribe_all(turn.session, turn.contact)
    return _done(turn, turn.say("unsubscribe.all"))


def _ask(turn: Turn) -> Reply:
    """About what? The centre and the municipality of the person's place, and the topics."""
    choices: list[Choice] = []
    center = centers.target(turn)
    if center is not None:
        near = (Wish("center", center.slug), Wish("municipality", center.municipality_en))
        choices += [Choice(_name(turn, wish), f"sub:on:{wish.kind}:{wish.value}") for wish in near]
    if not choices:
        return _ask_topic(turn)
    choices.append(turn.choice("subscribe.topics", "sub:topics"))
    return _asked(turn, Reply((turn.say("subscribe.ask"),), turn.locale, choices=tuple(choices)))


def _ask_topic(turn: Turn) -> Reply:
    """The topics to press, or to name in words: a small screen has no room for so many numbers."""
    named = ", ".join(words.topic(turn.locale, code) for code in topics())
    offers = tuple(Choice(words.topic(turn.locale, code), f"sub:on:topic:{code}") for code in topics())
    short = (turn.say("subscribe.ask.words", topics=named),)
    reply = _asked(turn, Reply((turn.say("subscribe.ask.topic"),), turn.locale, offers=offers, short=short))
    return turn.ask(reply, Pending("subscribe"))


def answered(turn: Turn) -> Reply | None:
    """A topic or a place that answers "about what?"; None where the text says something else."""
    if len(turn.parse.words) > reading.FEW_WORDS:
        return None
    wanted = _named(turn)
    if wanted is None:
        return None
    turn.parse = turn.parse.meaning("subscribe")
    return _on(turn, wanted)


def _reminders_said(turn: Turn) -> Reply:
    wish = reading.wish(turn.parse.words)
    return set_reminders(turn, wish) if wish is not None else _ask_reminders(turn)


def _ask_reminders(turn: Turn) -> Reply:
    now = turn.say(f"remind.{reminders.wish_of(turn.session, turn.contact)}")
    choices = tuple(turn.choice(f"remind.choose.{wish}", f"remind:{wish}") for wish in _WISHES)
    return _asked(turn, Reply((now, turn.say("remind.ask")), turn.locale, choices=choices))


def _exists(turn: Turn, wish: Wish) -> bool:
    if wish.kind == "center":
        return wish.value in turn.snapshot.centers_by_slug
    if wish.kind == "municipality":
        return wish.value in turn.snapshot.municipalities
    return wish.value in topics() if wish.kind == "topic" else _event(turn, wish) is not None


def _event(turn: Turn, wish: Wish) -> Event | None:
    key = key_of(wish.value) if wish.kind == "event" else None
    found = turn.session.get(Event, key) if key is not None else None
    return found if found is not None and found.state != "draft" else None


def _name(turn: Turn, wish: Wish) -> str:
    return words.wish(turn.locale, wish, turn.snapshot, _event(turn, wish))


def _asked(turn: Turn, reply: Reply) -> Reply:
    """A reply whose choices replace those of before, and which ends an open form."""
    turn.state.form = None
    turn.state.pending = None
    turn.state.choices = [choice.value for choice in reply.choices]
    return reply


def _done(turn: Turn, *sentences: str) -> Reply:
    return _asked(turn, Reply(sentences, turn.locale))
