"""Whom an announcement is for: a value, combined with AND between kinds and OR within one."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import asdict, dataclass, fields
from difflib import get_close_matches
from typing import Any, get_args

from desk.announcements.models import BadAnnouncement
from desk.events.topics import topics
from desk.messages import Channel
from knowledge.snapshot import Snapshot
from knowledge.types import BASE_LOCALES, BaseLocale

FARTHEST = 300.0
"""Kilometres around a centre: more is the whole country."""

CHANNELS: tuple[Channel, ...] = get_args(Channel)


@dataclass(frozen=True, slots=True)
class Around:
    """The settlements within so many kilometres (a straight line) of a centre, which is named by its slug."""

    center: str
    km: float


@dataclass(frozen=True, slots=True)
class Audience:
    """Whom to write to. A kind that names nothing does not narrow it down.

    ``centers`` (slugs): whose home has that centre as its nearest, and who subscribed to it. ``municipalities``
    (English names): who lives there, and who subscribed. ``around``: who lives near. ``topics``: who subscribed.
    ``languages`` and ``channels``: in which, and on which, the person would be written to. Where all are empty
    ``everyone`` must say that this is meant.
    """

    centers: tuple[str, ...] = ()
    municipalities: tuple[str, ...] = ()
    around: tuple[Around, ...] = ()
    topics: tuple[str, ...] = ()
    languages: tuple[BaseLocale, ...] = ()
    channels: tuple[Channel, ...] = ()
    everyone: bool = False

    def as_json(self) -> dict[str, Any]:
        """The audience as it is kept; only what it names."""
        return {name: value for name, value in asdict(self).items() if value}

    @property
    def one_center(self) -> str | None:
        """The centre where the audience names exactly one, else None."""
        named = {*self.centers, *(one.center for one in self.around)}
        return named.pop() if len(named) == 1 else None

    def one_municipality(self, snapshot: Snapshot) -> str | None:
        """The municipality where the audience names exactly one, by itself or by its one centre; else None."""
        if self.municipalities:
            return self.municipalities[0] if len(self.municipalities) == 1 else None
        center = snapshot.centers_by_slug.get(self.one_center or "")
        return center.municipality_en if center else None


def from_json(kept: Mapping[str, Any]) -> Audience:
    """The audience that was kept."""
    known = {one.name: kept[one.name] for one in fields(Audience) if one.name in kept}
    around = tuple(Around(one["center"], float(one["km"])) for one in known.pop("around", ()))
    everyone = bool(known.pop("everyone", False))
    return Audience(**{name: tuple(value) for name, value in known.items()}, around=around, everyone=everyone)


def check(audience: Audience, snapshot: Snapshot) -> None:
    """Raises BadAnnouncement, with what could have been meant, for an audience that names what is not known."""
    slugs = snapshot.centers_by_slug
    _known("centre", (*audience.centers, *(one.center for one in audience.around)), slugs)
    _known("municipality", audience.municipalities, snapshot.municipalities)
    _known("topic", audience.topics, topics())
    _known("language", audience.languages, BASE_LOCALES)
    _known("channel", audience.channels, CHANNELS)
    for one in audience.around:
        if not 0 < one.km <= FARTHEST:
            problem = f"{one.km:g} km around {one.center}: write more than 0 and up to {FARTHEST:g}"
            raise BadAnnouncement(problem, "radius", farthest=f"{FARTHEST:g}")
        if slugs[one.center].lat is None:
            problem = f"nobody knows where {one.center} lies: name the centre or its municipality"
            raise BadAnnouncement(problem, "no_coordinates", center=one.center)
    named = {name for name in audience.as_json() if name != "everyone"}
    if not named and not audience.everyone:
        raise BadAnnouncement("name an audience, or say that everyone is meant", "no_audience")
    if named and audience.everyone:
        problem = f"everyone is meant, and yet {', '.join(sorted(named))} narrow it down: leave one out"
        raise BadAnnouncement(problem, "everyone_narrowed")


def _known(what: str, named: Collection[str], known: Collection[str]) -> None:
    for name in named:
        if name in known:
            continue
        lower = {one.casefold(): one for one in known}
        close = [lower[one] for one in get_close_matches(name.casefold(), list(lower), 3, 0.5)]
        hint = f"; did you mean {' or '.join(close)}?" if close else f"; known are {', '.join(sorted(known))}"
        raise BadAnnouncement(f"there is no {what} {name!r}{hint}", "unknown", name=name)
