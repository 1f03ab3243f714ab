"""Add events: occurrences, attendance, subscriptions, reminders, and what is yet to be told"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "events",
        _key("id"),
        sa.Column("center_id", sa.Integer(), nullable=False),
        sa.Column("topic", sa.String(length=20), nullable=False),
        _json("titles"),
        _json("descriptions"),
        *_moments("starts_at", "ends_at"),
        sa.Column("capacity", sa.Integer(), nullable=True),
        sa.Column("rrule", sa.Text(), nullable=True),
        sa.Column("registration", sa.Boolean(), nullable=False),
        sa.Column("state", sa.String(length=12), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("expanded_until", sa.DateTime(timezone=True), nullable=True),
        *_moments("created_at", "changed_at"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_events")),
    )
    op.create_index("ix_events_center", "events", ["center_id", "state"])
    op.create_index("ix_events_state", "events", ["state"])

    op.create_table(
        "occurrences",
        _key("id"),
        _key("event_id"),
        *_moments("starts_at", "ends_at"),
        sa.Column("state", sa.String(length=12), nullable=False),
        *_moments("changed_at"),
        _of("occurrences", "event_id", "events"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_occurrences")),
    )
    op.create_index("ix_occurrences_event_id", "occurrences", ["event_id", "starts_at"])
    op.create_index("ix_occurrences_when", "occurrences", ["state", "starts_at"])

    op.create_table(
        "attendance",
        _key("id"),
        _key("contact_id"),
        _key("occurrence_id"),
        sa.Column("heads", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(length=12), nullable=False),
        *_moments("joined_at", "changed_at"),
        _of("attendance", "contact_id", "contacts"),
        _of("attendance", "occurrence_id", "occurrences"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_attendance")),
        sa.UniqueConstraint("contact_id", "occurrence_id", name=op.f("uq_attendance_contact_id_occurrence_id")),
    )
    op.create_index("ix_attendance_line", "attendance", ["occurrence_id", "state", "joined_at", "id"])

    op.create_table(
        "subscriptions",
        _key("id"),
        _key("contact_id"),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("value", sa.String(length=80), nullable=False),
        *_moments("created_at"),
        _of("subscriptions", "contact_id", "contacts"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_subscriptions")),
        sa.UniqueConstraint("contact_id", "kind", "value", name=op.f("uq_subscriptions_contact_id_kind_value")),
    )
    op.create_index("ix_subscriptions_what", "subscriptions", ["kind", "value"])

    _upgrade_what_is_due()


def _upgrade_what_is_due() -> None:
    op.create_table(
        "reminder_choices",
        sa.Column(
            "contact_id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            autoincrement=False,
            nullable=False,
        ),
        sa.Column("wish", sa.String(length=12), nullable=False),
        *_moments("changed_at"),
        _of("reminder_choices", "contact_id", "contacts"),
        sa.PrimaryKeyConstraint("contact_id", name=op.f("pk_reminder_choices")),
    )

    op.create_table(
        "reminders",
        _key("id"),
        _key("contact_id"),
        _key("occurrence_id", nullable=True),
        _key("booking_id", nullable=True),
        sa.Column("kind", sa.String(length=12), nullable=False),
        *_moments("starts_at", "due_at", "useful_until"),
        sa.Column("state", sa.String(length=12), nullable=False),
        sa.Column("dedupe_key", sa.String(length=80), nullable=False),
        *_moments("changed_at"),
        _of("reminders", "occurrence_id", "occurrences"),
        _of("reminders", "booking_id", "bookings"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_reminders")),
        sa.UniqueConstraint("dedupe_key", name=op.f("uq_reminders_dedupe_key")),
    )
    op.create_index("ix_reminders_due", "reminders", ["state", "due_at"])
    for column in ("contact_id", "occurrence_id", "booking_id"):
        op.create_index(f"ix_reminders_{column}", "reminders", [column])

    op.create_table(
        "event_news",
        _key("id"),
        _key("contact_id"),
        _key("event_id"),
        _key("occurrence_id", nullable=True),
        sa.Column("kind", sa.String(length=16), nullable=False),
        _key("number"),
        _json("facts"),
        *_moments("due_at", "useful_until"),
        sa.Column("state", sa.String(length=12), nullable=False),
        *_moments("changed_at"),
        _of("event_news", "event_id", "events"),
        _of("event_news", "occurrence_id", "occurrences"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_event_news")),
        sa.UniqueConstraint("contact_id", "number", name=op.f("uq_event_news_contact_id_number")),
    )
    op.create_index("ix_event_news_due", "event_news", ["state", "due_at"])
    op.create_index("ix_event_news_event_id", "event_news", ["event_id", "state"])


def downgrade() -> None:
    for table in (
        *("event_news", "reminders", "reminder_choices"),
        *("subscriptions", "attendance", "occurrences", "events"),
    ):
        op.drop_table(table)


def _key(name: str, *, nullable: bool = False) -> sa.Column[int]:
    return sa.Column(name, sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=nullable)


def _json(name: str) -> sa.Column[object]:
    return sa.Column(name, sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=False)


def _moments(*names: str) -> list[sa.Column[object]]:
    return [sa.Column(name, sa.DateTime(timezone=True), nullable=False) for name in names]


def _of(table: str, column: str, other: str) -> sa.ForeignKeyConstraint:
    name = op.f(f"fk_{table}_{column}_{other}")
    return sa.ForeignKeyConstraint([column], [f"{other}.id"], name=name, ondelete="CASCADE")
