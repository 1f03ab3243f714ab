"""The form in which an announcement is written, as it came and as it is kept."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import cast

from werkzeug.datastructures import MultiDict

from desk.announcements import audience as audiences
from desk.announcements.audience import CHANNELS, Around, Audience
from desk.announcements.editing import Draft
from desk.announcements.models import Announcement, BadAnnouncement
from desk.messages import Channel
from knowledge.types import BASE_LOCALES, BaseLocale
from store.clock import TBILISI

MOMENT = "%Y-%m-%dT%H:%M"
"""How browsers send a day and an hour (``datetime-local``)."""


@dataclass(frozen=True, slots=True)
class Written:
    """What stands in the fields, right or wrong; ``about`` and ``expires`` on the wall clock of Tbilisi."""

    name: str = ""
    texts: Mapping[str, str] = field(default_factory=dict)
    centers: Collection[str] = ()
    around: Collection[tuple[str, str]] = ()  # slug of a centre, kilometres
    municipalities: Collection[str] = ()
    topics: Collection[str] = ()
    languages: Collection[str] = ()
    channels: Collection[str] = ()
    everyone: bool = False
    urgent: bool = False
    about: str = ""
    expires: str = ""

    def audience(self) -> Audience:
        """Whom it is for. Raises BadAnnouncement where a distance is no number."""
        return Audience(
            centers=tuple(self.centers),
            municipalities=tuple(self.municipalities),
            around=tuple(Around(slug, _kilometres(km)) for slug, km in self.around),
            topics=tuple(self.topics),
            languages=cast(tuple[BaseLocale, ...], tuple(self.languages)),
            channels=cast(tuple[Channel, ...], tuple(self.channels)),
            everyone=self.everyone,
        )

    def draft(self) -> Draft:
        """The announcement. Raises BadAnnouncement where a distance or a moment cannot be read."""
        about, expires = moment(self.about), moment(self.expires)
        return Draft(self.name, self.texts, self.audience(), self.urgent, about, expires)


def read(form: MultiDict[str, str]) -> Written:
    """What a browser sent."""
    pairs = zip(form.getlist("around"), form.getlist("km"), strict=False)
    return Written(
        name=form.get("name", ""),
        texts={locale: form.get(f"text_{locale}", "").replace("\r\n", "\n") for locale in BASE_LOCALES},
        centers=form.getlist("center"),
        around=[(slug, km.strip()) for slug, km in pairs if slug],
        municipalities=form.getlist("municipality"),
        topics=form.getlist("topic"),
        languages=[one for one in form.getlist("language") if one in BASE_LOCALES],
        channels=[one for one in form.getlist("channel") if one in CHANNELS],
        everyone="everyone" in form,
        urgent="urgent" in form,
        about=form.get("about", ""),
        expires=form.get("expires", ""),
    )


def of(row: Announcement) -> Written:
    """What was kept, to be changed."""
    audience = audiences.from_json(row.audience)
    return Written(
        name=row.name,
        texts=dict(row.texts),
        centers=audience.centers,
        around=[(one.center, f"{one.km:g}") for one in audience.around],
        municipalities=audience.municipalities,
        topics=audience.topics,
        languages=audience.languages,
        channels=audience.channels,
        everyone=audience.everyone,
        urgent=row.urgent,
        about=local(row.about),
        expires=local(row.expires_at),
    )


def moment(written: str) -> datetime | None:
    """A day and an hour in Tbilisi; None for an empty field. Raises BadAnnouncement."""
    if not written.strip():
        return None
    try:
        return datetime.strptime(written.strip()[:16], MOMENT).replace(tzinfo=TBILISI)
    except ValueError as error:
        raise BadAnnouncement(f"{written!r} is no day and hour", "moment") from error


def local(at: datetime | None) -> str:
    """A moment as the field for it takes it."""
    return at.astimezone(TBILISI).strftime(MOMENT) if at is not None else ""


def _kilometres(written: str) -> float:
    try:
        return float(written.replace(",", "."))
    except ValueError as error:
        problem = f"{written!r} is no number of kilometres"
        raise BadAnnouncement(problem, "radius", farthest=f"{audiences.FARTHEST:g}") from error
