"""Where the nearest centre is, and what is known of a centre."""

from __future__ import annotations

from dataclasses import dataclass, replace

from bot import names, wording
from bot.answers import open_now
from bot.dialogue.state import Pending
from bot.dialogue.turn import Turn
from desk.messages import Choice, Pin, Reply
from knowledge.nearest import in_georgia
from knowledge.types import Center, Place

OTHERS_ON_SMALL_SCREEN = 2

FAR = 25_000.0
"""Metres from which on it is said that the list does not have every centre (58 of at least 88 are known)."""


@dataclass(frozen=True, slots=True)
class Found:
    """A centre for a place: metres in a straight line (None where unknown) and why it comes where it comes."""

    center: Center
    metres: float | None
    serves: bool = False
    here: bool = False


def find(turn: Turn, place: Place) -> list[Found]:
    """The three centres for a settlement: the one in it, the one that a source names for it, then by distance."""
    snapshot = turn.snapshot
    here = snapshot.center_at(place)
    serving = snapshot.centers.get(snapshot.served.get(place.id, -1))
    nearby: list[Found] = []
    if place.lat is not None and place.lon is not None:
        nearby = [
            Found(near.point, near.metres, near.point == serving, near.point == here)
            for near in snapshot.nearest_centers(place.lat, place.lon, count=len(snapshot.centers))
        ]
    for special in (serving, here):
        if special is not None and not any(found.center == special for found in nearby):
            nearby.append(Found(special, None, special == serving, special == here))
    nearby.sort(key=lambda found: (not found.here, not found.serves))
    return nearby[:3]


def target(turn: Turn) -> Center | None:
    """The centre that a question is about: of the place named, the one talked about, or the resident's own."""
    if turn.parse.place.place is not None:
        found = find(turn, turn.parse.place.place)
        return found[0].center if found else None
    if turn.state.center is not None and turn.state.center in turn.snapshot.centers:
        return turn.snapshot.centers[turn.state.center]
    place = turn.place
    found = find(turn, place) if place else []
    return found[0].center if found else None


def nearest(turn: Turn) -> Reply:
    """Answers "where is my nearest centre?"."""
    place = turn.place
    if place is None:
        return ask_place(turn, "nearest_center")
    found = find(turn, place)
    if not found or (found[0].metres is None and not (found[0].serves or found[0].here)):
        return _without_position(turn, place)
    remember(turn, found[0].center, place)
    if place.status == "occupied":
        return _occupied(turn, place, found)
    texts = [turn.say("nearest.title", place=turn.place_name(place)), _listed(turn, found)]
    if found[0].metres is not None and found[0].metres > FAR:
        texts.append(turn.say("nearest.far"))
    last = []
    if found[0].center.hours:
        texts.append(open_now.sentence(turn, found[0].center.hours))
        last.append(texts[-1])
    texts.append(turn.say("verify"))
    if _may_be_home(turn, place):
        texts.append(_home_offer(turn, place))
        last.append(texts[-1])
    short = (*_short(turn, place, found), *last)
    reply = Reply(tuple(texts), turn.locale, short=short, pins=_pins(turn, found[:1]))
    return replace(reply, offers=offers(turn, place))


def _may_be_home(turn: Turn, place: Place) -> bool:
    """Whether to ask if this is the resident's village: once, and only somebody who has not told theirs."""
    named = turn.parse.place.place == place and turn.parse.service is None
    return named and turn.home is None and not turn.state.offered_home


def _home_offer(turn: Turn, place: Place) -> str:
    """The question, with the number that says yes after those of the centres."""
    turn.state.offered_home = True
    turn.state.choices = [*turn.state.choices, f"home:{place.id}"]
    name = names.bare_place(turn.locale, place, turn.snapshot)
    return turn.say("home.offer", place=name, number=len(turn.state.choices))


def at_location(turn: Turn, lat: float, lon: float) -> Reply:
    """Answers a shared location, in degrees."""
    if not in_georgia(lat, lon):
        return turn.reply("place.outside")
    found = [Found(near.point, near.metres) for near in turn.snapshot.nearest_centers(lat, lon)]
    if not found:
        return turn.reply("human")
    remember(turn, found[0].center, None)
    texts = (turn.say("nearest.title.here"), _listed(turn, found), turn.say("verify"))
    reply = Reply(texts, turn.locale, pins=_pins(turn, found[:1]))
    return replace(reply, offers=offers(turn, None))


def details(turn: Turn, center: Center) -> Reply:
    """What is known of one centre."""
    remember(turn, center, None)
    texts = [turn.say("center.is", center=turn.center_name(center))]
    if center.hours:
        texts.append(f"{wording.week(turn.locale, center.hours)}. {turn.say('hours.holidays')}")
    texts += contact_lines(turn, center)
    if center.hall is not None and center.hall.capacity is not None:
        texts.append(turn.say("center.hall", capacity=center.hall.capacity))
    if center.verified_on is None:
        texts.append(turn.say("verify"))
    pins = _pins(turn, [Found(center, None)])
    return Reply(tuple(texts), turn.locale, pins=pins, offers=offers(turn, None))


def contact(turn: Turn) -> Reply:
    """Answers "what is the telephone, the address?"."""
    center = target(turn)
    if center is None:
        return turn.ask(turn.reply("contact.general"), Pending("place", turn.parse.text, "contact"))
    remember(turn, center, turn.parse.place.place)
    name = turn.center_name(center)
    lines = contact_lines(turn, center)
    if not lines:
        texts = (turn.say("center.is", center=name), turn.say("center.contact.unknown"))
        short = (
            turn.say("center.contact.unknown.sms", center=names.bare_center(turn.locale, center, turn.snapshot)),
        )
        return Reply(texts, turn.locale, short=short, pins=_pins(turn, [Found(center, None)]))
    return Reply(
        (turn.say("center.is", center=name), *lines), turn.locale, pins=_pins(turn, [Found(center, None)])
    )


def contact_lines(turn: Turn, center: Center) -> list[str]:
    """The telephone and the address of a centre, as far as a source gives them."""
    lines = []
    if center.phone:
        lines.append(turn.say("center.phone", phone=center.phone))
    if center.address_ka:
        address = (
            wording.localised(turn.locale, {"ka": center.address_ka}) if _georgian(turn) else center.address_ka
        )
        lines.append(turn.say("center.address", address=address))
    return lines


def ask_place(turn: Turn, intent: str) -> Reply:
    """Asks in which settlement the resident is, and goes on with ``intent`` when they say."""
    texts = (turn.say("place.ask"), turn.say("place.ask.location"))
    reply = Reply(texts, turn.locale, short=(texts[0],), asks_location=True)
    return turn.ask(reply, Pending("place", turn.parse.text, intent, turn.parse.service))


def ask_which(turn: Turn, candidates: tuple[Place, ...], intent: str) -> Reply:
    """Asks which of several settlements is meant."""
    snapshot, locale = turn.snapshot, turn.locale
    same_name = len(candidates) > 1 and len({place.name_ka for place in candidates}) == 1
    name = names.bare_place(locale, candidates[0], snapshot)
    question = turn.say("place.which", name=name) if same_name else turn.say("place.did_you_mean")
    label = (lambda p: names.municipality(locale, p.municipality_en, snapshot)) if same_name else turn.place_name
    choices = tuple(Choice(label(place), f"place:{place.id}") for place in candidates)
    texts = (question,) if len(candidates) <= 9 else (question, turn.say("place.which.more"))
    reply = Reply(texts, locale, choices=choices, short=(question,))
    pending = Pending("place", turn.parse.text, intent, turn.parse.service, [place.id for place in candidates])
    turn.state.service = turn.parse.service or turn.state.service
    return turn.ask(reply, pending)


def remember(turn: Turn, center: Center, place: Place | None) -> None:
    """What follows ("and the phone?") is about this centre."""
    turn.state.center = center.id
    if place is not None:
        turn.state.place = place.id


def offers(turn: Turn, place: Place | None) -> tuple[Choice, ...]:
    """What one may ask next about a centre."""
    found = [
        turn.choice("choice.services", "intent:services"),
        turn.choice("choice.hours", "intent:hours"),
        turn.choice("choice.contact", "intent:contact"),
        turn.choice("choice.hall", "intent:book_room"),
    ]
    if place is not None and place.id != turn.contact.resident.home_place_id:
        found.append(turn.choice("choice.remember", f"home:{place.id}"))
    return tuple(found)


def _georgian(turn: Turn) -> bool:
    return wording.base(turn.locale) == "ka"


def _occupied(turn: Turn, place: Place, found: list[Found]) -> Reply:
    """For a settlement behind the occupation line: the caution first, and no distance across the line."""
    names_of = ", ".join(turn.center_name(one.center) for one in found)
    texts = (turn.say("status.occupied"), turn.say("nearest.title", place=turn.place_name(place)), names_of)
    return Reply(texts, turn.locale)


def _listed(turn: Turn, found: list[Found]) -> str:
    """The centres, numbered: a number or "the second one" then asks about that centre."""
    turn.state.choices = [f"center:{one.center.slug}" for one in found]
    return "\n".join(f"{number}. {_line(turn, one)}" for number, one in enumerate(found, 1))


def _line(turn: Turn, found: Found) -> str:
    name = turn.center_name(found.center)
    if found.here:
        return turn.say("nearest.line.here", center=name)
    if found.metres is None:
        return turn.say("nearest.line.serves.nodistance", center=name)
    km = wording.kilometres(turn.locale, found.metres)
    return turn.say("nearest.line.serves" if found.serves else "nearest.line", center=name, km=km)


def _short(turn: Turn, place: Place, found: list[Found]) -> tuple[str, ...]:
    snapshot, locale = turn.snapshot, turn.locale
    first = found[0]
    ending = ".here" if first.here else (".serves" if first.serves else "")
    ending += ".nodistance" if first.metres is None and not first.here else ""
    km = wording.kilometres(locale, first.metres) if first.metres is not None else ""
    name = names.bare_center(locale, first.center, snapshot)
    head = turn.say(f"nearest.sms.first{ending}", center=name, km=km)
    others = [
        turn.say(
            "nearest.sms.other",
            center=names.bare_center(locale, one.center, snapshot),
            km=wording.kilometres(locale, one.metres),
        )
        for one in found[1 : 1 + OTHERS_ON_SMALL_SCREEN]
        if one.metres is not None
    ]
    texts = [turn.say("nearest.sms", place=names.bare_place(locale, place, snapshot), first=head)]
    if others:
        texts[0] += " " + turn.say("nearest.sms.others", others=", ".join(others))
    texts.append(turn.say("verify.sms"))
    return tuple(texts)


def _without_position(turn: Turn, place: Place) -> Reply:
    centers = turn.snapshot.centers_in(place.municipality_en)
    name = turn.place_name(place)
    if not centers:
        return turn.reply("place.no_coordinates.none", place=name)
    remember(turn, centers[0], place)
    listed = "".join(f"\n{number}. {turn.center_name(center)}" for number, center in enumerate(centers[:3], 1))
    texts = (turn.say("place.no_coordinates", place=name) + listed, turn.say("verify"))
    return Reply(texts, turn.locale)


def _pins(turn: Turn, found: list[Found]) -> tuple[Pin, ...]:
    return tuple(
        Pin(turn.center_name(one.center), turn.say("center.pin"), one.center.lat, one.center.lon)
        for one in found
        if one.center.lat is not None and one.center.lon is not None
    )
