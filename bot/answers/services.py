"""Which services there are, and what is known of one: who, what to bring, what it costs, how long it takes."""

from __future__ import annotations

from bot import wording
from bot.answers import centers
from bot.dialogue.state import Pending
from bot.dialogue.turn import Turn
from desk.messages import Choice, Reply
from knowledge.service_index import ServiceHit
from knowledge.types import FACT_KINDS, FactKind, Service

CATEGORIES = (
    "identity",
    "civil",
    "property",
    "social",
    "facility",
    "bank",
    "archive",
    "business",
    "telecom",
    "status",
    "farming",
    "enterprise",
    "legal",
    "municipal",
    "other",
)
"""In the order of how often people ask, so that a small screen shows the ones wanted most."""


def overview(turn: Turn) -> Reply:
    """Answers "which services are there?" with the kinds of services to choose from."""
    present = {service.category for service in turn.snapshot.services.values()}
    choices = tuple(
        turn.choice(f"category.{category}", f"category:{category}")
        for category in CATEGORIES
        if category in present
    )
    texts = (turn.say("services.title"), turn.say("services.ask"))
    return Reply(texts, turn.locale, short=(turn.say("services.title.sms"),), choices=choices)


def category(turn: Turn, name: str) -> Reply:
    """The services of one kind, to choose from."""
    choices = tuple(
        _choice(turn, service) for service in turn.snapshot.services.values() if service.category == name
    )
    if not choices:
        return overview(turn)
    return Reply(
        (turn.say("services.category", category=turn.say(f"category.{name}")),), turn.locale, choices=choices
    )


def which(turn: Turn, hits: tuple[ServiceHit, ...]) -> Reply:
    """Asks which of several services is meant."""
    choices = tuple(_choice(turn, turn.snapshot.services[hit.slug]) for hit in hits[:4])
    reply = Reply((turn.say("service.which"),), turn.locale, choices=choices)
    return turn.ask(reply, Pending("service", turn.parse.text, "service"))


def one(turn: Turn, slug: str) -> Reply:
    """What is known of one service, the facts that were asked about first."""
    service = turn.snapshot.services.get(slug)
    if service is None:
        return overview(turn)
    turn.state.service = slug
    asked = turn.parse.aspects
    title = wording.localised(turn.locale, service.names)
    order: tuple[FactKind, ...] = tuple(dict.fromkeys((*asked, *FACT_KINDS)))
    facts = [_fact(turn, service, kind) for kind in order if kind in service.facts]
    missing = [
        turn.say(f"service.unknown.{kind}") for kind in asked if kind not in service.facts and kind != "note"
    ]
    if not facts and not missing and service.tie == "stated":
        missing = [turn.say("service.unknown")]
    caution = _caution(turn, service)
    where = _where(turn)
    texts = [f"{title}. {caution}" if service.tie == "stated" else title, *missing, *facts]
    short = [title if facts else f"{title}. {caution}", *missing, *facts]
    if service.tie != "stated":
        texts.append(caution)
        short = [title, *missing, *facts]
        short.insert(2 if asked else 1, turn.say("service.ask_first.sms"))
    if where:
        texts.append(where)
        short.append(where)
    return Reply(tuple(texts), turn.locale, short=tuple(short), offers=_offers(turn))


def _choice(turn: Turn, service: Service) -> Choice:
    return Choice(wording.localised(turn.locale, service.names), f"service:{service.slug}")


def _fact(turn: Turn, service: Service, kind: FactKind) -> str:
    fact = service.facts[kind]
    text = wording.localised(turn.locale, fact.text)
    sentence = text if kind == "note" else turn.say(f"service.{kind}", text=text)
    if fact.as_of is None:
        return sentence
    return f"{sentence} {turn.say('service.as_of', date=wording.numeric_date(fact.as_of))}"


def _caution(turn: Turn, service: Service) -> str:
    if service.tie == "stated":
        return turn.say("service.available" if service.category == "facility" else "service.done_there")
    if service.tie == "provider" and service.provider not in {"centre", "other", "municipality"}:
        return turn.say("service.ask_first.provider", provider=turn.say(f"provider.{service.provider}"))
    return turn.say("service.ask_first")


def _where(turn: Turn) -> str:
    place = turn.place
    found = centers.find(turn, place) if place else []
    if place is None or not found:
        return turn.say("service.where_are_you")
    centers.remember(turn, found[0].center, place)
    name = turn.center_name(found[0].center)
    if found[0].here or found[0].metres is None:
        return (
            turn.say("service.nearest.here", center=name) if found[0].here else turn.say("center.is", center=name)
        )
    km = wording.kilometres(turn.locale, found[0].metres)
    return turn.say("service.nearest", center=name, km=km)


def _offers(turn: Turn) -> tuple[Choice, ...]:
    return (
        turn.choice("choice.nearest", "intent:nearest_center"),
        turn.choice("choice.more_services", "intent:services"),
    )
