"""The tables of what is known. Staff and imports change them; the snapshot is built from them.

Every row says where its facts come from (``source``) and when somebody last checked them (``verified_on``).
"""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import ForeignKey, String, Text, UniqueConstraint, update
from sqlalchemy.orm import Mapped, Session, mapped_column

from store import clock
from store.base import Base


class DataVersion(Base):
    """One row: a number that grows with every change, so that each process knows when to read anew."""

    __tablename__ = "data_version"

    id: Mapped[int] = mapped_column(primary_key=True)
    number: Mapped[int]
    changed_at: Mapped[datetime]


class PlaceRow(Base):
    """A settlement."""

    __tablename__ = "places"
    # Residents remember the id of their village: SQLite must not give a removed one's to another.
    __table_args__ = (UniqueConstraint("name_ka", "municipality_en"), {"sqlite_autoincrement": True})

    id: Mapped[int] = mapped_column(primary_key=True)
    name_ka: Mapped[str] = mapped_column(String(80))
    name_en: Mapped[str] = mapped_column(String(80))
    alt_names: Mapped[list[Any]] = mapped_column(default=list)
    kind: Mapped[str] = mapped_column(String(12))
    municipality_en: Mapped[str] = mapped_column(String(60))
    region_en: Mapped[str] = mapped_column(String(60))
    lat: Mapped[float | None]
    lon: Mapped[float | None]
    accuracy: Mapped[str] = mapped_column(String(8))
    population: Mapped[int | None]
    status: Mapped[str] = mapped_column(String(12))
    geonames_id: Mapped[int | None]
    source: Mapped[str] = mapped_column(Text)
    verified_on: Mapped[date | None]


class CenterRow(Base):
    """A community centre and its hall."""

    __tablename__ = "centers"
    __table_args__ = ({"sqlite_autoincrement": True},)

    id: Mapped[int] = mapped_column(primary_key=True)
    slug: Mapped[str] = mapped_column(String(60), unique=True)
    name_en: Mapped[str] = mapped_column(String(80))
    name_ka: Mapped[str] = mapped_column(String(80))
    municipality_en: Mapped[str] = mapped_column(String(60))
    region_en: Mapped[str] = mapped_column(String(60))
    opened: Mapped[date | None]
    lat: Mapped[float | None]
    lon: Mapped[float | None]
    coord_quality: Mapped[str] = mapped_column(String(8))  # village, approx, none
    address_ka: Mapped[str] = mapped_column(Text, default="")
    phone: Mapped[str] = mapped_column(String(40), default="")
    hours: Mapped[str] = mapped_column(Text, default="")  # OpenStreetMap opening_hours syntax
    hours_source: Mapped[str] = mapped_column(Text, default="")
    hall: Mapped[bool] = mapped_column(default=True)
    hall_hours: Mapped[str] = mapped_column(Text, default="")
    hall_capacity: Mapped[int | None]
    hall_source: Mapped[str] = mapped_column(Text, default="")
    source: Mapped[str] = mapped_column(Text)
    verified_on: Mapped[date | None]


class ServedRow(Base):
    """That a source names a village as served by a centre; ``place_id`` where the village is known."""

    __tablename__ = "served_villages"
    __table_args__ = (UniqueConstraint("center_id", "village"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    center_id: Mapped[int] = mapped_column(ForeignKey("centers.id", ondelete="CASCADE"))
    village: Mapped[str] = mapped_column(String(80))
    place_id: Mapped[int | None] = mapped_column(ForeignKey("places.id", ondelete="SET NULL"))
    source: Mapped[str] = mapped_column(Text)
    verified_on: Mapped[date | None]


class ServiceRow(Base):
    """A service of the catalogue.

    ``names`` and each fact's ``text`` are by base locale, ``synonyms`` lists by locale. A fact (``bring``,
    ``fee``, ``time``, ``who``, ``note``) is ``{"text": {...}, "source": "...", "as_of": "YYYY-MM-DD" or null}``,
    and None where no source says anything. ``tie``: ``stated`` (a source says that centres do this), ``provider``
    (only that the provider is there), ``none``.
    """

    __tablename__ = "services"

    slug: Mapped[str] = mapped_column(String(60), primary_key=True)
    position: Mapped[int]
    provider: Mapped[str] = mapped_column(String(40))
    category: Mapped[str] = mapped_column(String(40))
    tie: Mapped[str] = mapped_column(String(12))
    names: Mapped[dict[str, Any]]
    synonyms: Mapped[dict[str, Any]]
    facts: Mapped[dict[str, Any]] = mapped_column(default=dict)
    source: Mapped[str] = mapped_column(Text, default="")
    verified_on: Mapped[date | None]


def version(session: Session) -> int:
    """The number of the data as it stands; 0 before anything was loaded."""
    row = session.get(DataVersion, 1, populate_existing=True)
    return row.number if row else 0


def touch(session: Session) -> None:
    """Says that the data changed: every process reads it anew within seconds."""
    moment = clock.now()
    changed = session.execute(
        update(DataVersion)
        .where(DataVersion.id == 1)
        .values(number=DataVersion.number + 1, changed_at=moment)
        .returning(DataVersion.number)
    ).first()
    if changed is None:
        session.add(DataVersion(id=1, number=1, changed_at=moment))
