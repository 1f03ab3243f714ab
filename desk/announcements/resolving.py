"""Who an audience is, as one SELECT: each person once, at the contact where news reaches them best.

The home of a person is a settlement; which settlements a centre, a municipality or a radius stands for is worked
out from the knowledge beforehand (``Reach``).
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from typing import Any, get_args

from sqlalchemy import ColumnElement, Select, String, and_, case, func, literal, or_, select
from sqlalchemy.orm import Session

from desk.announcements import texts as wordings
from desk.announcements.audience import Audience
from desk.contacts import Contact, Resident
from desk.conversations import Conversation
from desk.events.models import Subscription, SubscriptionKind
from desk.messages import Channel
from knowledge.nearest import haversine
from knowledge.snapshot import Snapshot
from knowledge.types import LOCALES, Center, Locale, Place
from store.statements import among

ORDER: tuple[Channel, ...] = ("telegram", "whatsapp", "sms")
"""Where a person is written to who did not choose: what shows more and costs less comes first."""


@dataclass(frozen=True, slots=True)
class Reach:
    """The ids of the settlements that the kinds of an audience stand for, each sorted."""

    centers: tuple[int, ...] = ()
    municipalities: tuple[int, ...] = ()
    around: tuple[int, ...] = ()

    def as_json(self) -> dict[str, Any]:
        """The ids as they are kept."""
        return {name: list(ids) for name, ids in asdict(self).items()}


@dataclass(frozen=True, slots=True)
class Crowd:
    """So many people who would be written to on a channel and in a language."""

    channel: Channel
    locale: Locale
    people: int


def reach_of(audience: Audience, snapshot: Snapshot) -> Reach:
    """The settlements that the audience names, one way or the other."""
    places = snapshot.places.values()
    wanted = {snapshot.centers_by_slug[slug].id for slug in audience.centers if slug in snapshot.centers_by_slug}
    circles = [(snapshot.centers_by_slug.get(one.center), one.km * 1000) for one in audience.around]
    return Reach(
        _ids(place for place in places if wanted and snapshot.own_centers.get(place.id) in wanted),
        _ids(place for place in places if place.municipality_en in audience.municipalities),
        _ids(place for place in places if any(_lies_within(place, center, far) for center, far in circles)),
    )


def reach_from_json(kept: Mapping[str, Any]) -> Reach:
    """The settlements that were kept."""
    return Reach(**{name: tuple(ids) for name, ids in kept.items()})


def _lies_within(place: Place, center: Center | None, metres: float) -> bool:
    if center is None or center.lat is None or center.lon is None or place.lat is None or place.lon is None:
        return False
    return haversine(center.lat, center.lon, place.lat, place.lon) <= metres


def _ids(places: Any) -> tuple[int, ...]:
    return tuple(sorted(place.id for place in places))


def people(
    audience: Audience,
    reach: Reach,
    *,
    after: int = 0,
    upto: int | None = None,
    elsewhere: Collection[int] | None = None,
) -> Select[Any]:
    """Selects ``resident_id, contact_id, channel, locale, home_place_id`` of everybody in it, each person once.

    Only residents whose ids lie beyond ``after`` and not beyond ``upto``; with ``elsewhere`` only who subscribed
    and lives in none of these settlements, those of all who are meant by where they live. Contacts that opted out
    or are suppressed are left out: a person may have others.
    """
    best = func.row_number().over(partition_by=Contact.resident_id, order_by=(_rank(), Contact.id))
    contacts = (
        select(
            Contact.resident_id,
            Contact.id.label("contact_id"),
            Contact.channel,
            _locale().label("locale"),
            Resident.home_place_id,
            best.label("rank"),
        )
        .join(Resident, Resident.id == Contact.resident_id)
        .outerjoin(Conversation, Conversation.contact_id == Contact.id)
        .where(
            Contact.opted_out_at.is_(None),
            Contact.suppressed_at.is_(None),
            Contact.forget_at.is_(None),
            Contact.resident_id > after,
            *(_wanted(audience, reach) if elsewhere is None else _subscribers(audience, reach, elsewhere)),
        )
    )
    if upto is not None:
        contacts = contacts.where(Contact.resident_id <= upto)
    ranked = contacts.subquery()
    names = ("resident_id", "contact_id", "channel", "locale", "home_place_id")
    chosen = select(*(ranked.c[name] for name in names)).where(ranked.c.rank == 1)
    if audience.channels:
        chosen = chosen.where(ranked.c.channel.in_(audience.channels))
    if audience.languages:
        chosen = chosen.where(ranked.c.locale.in_(locales(audience.languages)))
    return chosen


def count(
    session: Session,
    audience: Audience,
    reach: Reach,
    *,
    after: int = 0,
    upto: int | None = None,
    elsewhere: Collection[int] | None = None,
) -> list[Crowd]:
    """How many of ``people`` there are, by channel and language, counted at once; the biggest crowd first."""
    found = people(audience, reach, after=after, upto=upto, elsewhere=elsewhere).subquery()
    grouped = select(found.c.channel, found.c.locale, func.count()).group_by(found.c.channel, found.c.locale)
    return biggest_first(Crowd(*row) for row in session.execute(grouped))


def biggest_first(crowds: Iterable[Crowd]) -> list[Crowd]:
    """The crowds in the order in which they are shown."""
    return sorted(crowds, key=lambda crowd: (-crowd.people, crowd.channel, crowd.locale))


def recipients(
    audience: Audience, reach: Reach, written: Collection[str], *, after: int, upto: int
) -> Select[Any]:
    """Selects ``contact_id`` and the name of the wording for ``desk.fan_out.freeze``.

    ``written`` are the languages that the announcement has a text in.
    """
    found = people(audience, reach, after=after, upto=upto).subquery()
    names = [
        (
            and_(found.c.channel == channel, found.c.locale == locale),
            wordings.wording_for(channel, locale, written),
        )
        for channel in get_args(Channel)
        for locale in LOCALES
    ]
    return select(found.c.contact_id, case(*names).label("wording"))


def _rank() -> ColumnElement[int]:
    order = [(Contact.channel == channel, literal(place)) for place, channel in enumerate(ORDER, 1)]
    return case((Contact.channel == Resident.preferred_channel, literal(0)), *order, else_=literal(len(ORDER) + 1))


def _locale() -> ColumnElement[str]:
    """The chosen language, else the one last spoken, else Georgian; in Latin letters for who writes it so."""
    spoken = Conversation.state["language"].as_string()
    return case(
        (and_(Resident.locale == "ka", spoken == "ka-Latn"), literal("ka-Latn")),
        (Resident.locale.in_(LOCALES), Resident.locale),
        (spoken.in_(LOCALES), spoken),
        else_=literal("ka", String),
    )


def locales(languages: Sequence[str]) -> list[Locale]:
    """The written forms of these languages."""
    return [locale for locale in LOCALES if locale.partition("-")[0] in languages]


def _wanted(audience: Audience, reach: Reach) -> list[ColumnElement[bool]]:
    """One condition for each kind that the audience names."""
    home = Resident.home_place_id
    conditions: list[ColumnElement[bool]] = []
    if audience.centers:
        conditions.append(or_(among(home, reach.centers), _subscribed({"center": audience.centers})))
    if audience.municipalities:
        own = _subscribed({"municipality": audience.municipalities})
        conditions.append(or_(among(home, reach.municipalities), own))
    if audience.around:
        conditions.append(among(home, reach.around))
    if audience.topics:
        conditions.append(_subscribed({"topic": audience.topics}))
    return conditions


def _subscribers(audience: Audience, reach: Reach, homes: Collection[int]) -> list[ColumnElement[bool]]:
    """The conditions on who is not meant by home: where one kind alone can be subscribed to, they did so.

    Not "lives there or subscribed": for that PostgreSQL looks at everybody.
    """
    lives = Resident.home_place_id
    own = _subscribed({"center": audience.centers, "municipality": audience.municipalities})
    both = bool(audience.centers and audience.municipalities)
    others = audience if both else replace(audience, centers=(), municipalities=())
    return [or_(lives.is_(None), ~among(lives, homes)), own, *_wanted(others, reach)]


def _subscribed(to: Mapping[SubscriptionKind, Sequence[str]]) -> ColumnElement[bool]:
    """That some contact of the person has subscribed to one of these, by kind.

    The subscribers are looked up once for all people: asked for each of them, SQLite takes a minute and a half.
    """
    named = [
        and_(Subscription.kind == kind, Subscription.value.in_(values)) for kind, values in to.items() if values
    ]
    subscribers = select(Contact.resident_id).join(Subscription, Subscription.contact_id == Contact.id)
    return Resident.id.in_(subscribers.where(or_(*named)))


def total(crowds: Sequence[Crowd]) -> int:
    """How many people the crowds are together."""
    return sum(crowd.people for crowd in crowds)
