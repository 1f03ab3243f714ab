"""Add the tallies of reports and audiences, and the indexes from which pages are counted"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "tallied",
        sa.Column("subject", sa.String(length=16), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("upto", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.PrimaryKeyConstraint("subject", name=op.f("pk_tallied")),
    )
    op.create_table(
        "message_tallies",
        sa.Column("thing", sa.String(length=10), nullable=False),
        sa.Column("center_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("value", sa.String(length=24), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("thing", "center_id", "day", "value", name=op.f("pk_message_tallies")),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_message_tallies_day", "message_tallies", ["day"])
    op.create_table(
        "delivery_tallies",
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("channel", sa.String(length=12), nullable=False),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("state", sa.String(length=12), nullable=False),
        sa.Column("code", sa.String(length=40), nullable=False),
        sa.Column("words", sa.String(length=300), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("day", "channel", "kind", "state", "code", name=op.f("pk_delivery_tallies")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "crowd_tallies",
        sa.Column("channel", sa.String(length=12), nullable=False),
        sa.Column("locale", sa.String(length=8), nullable=False),
        sa.Column("place_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("people", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("channel", "locale", "place_id", name=op.f("pk_crowd_tallies")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "announcement_tallies",
        sa.Column(
            "announcement_id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            autoincrement=False,
            nullable=False,
        ),
        sa.Column("wording", sa.String(length=40), nullable=False),
        sa.Column("state", sa.String(length=12), nullable=False),
        sa.Column("code", sa.String(length=40), nullable=False),
        sa.Column("words", sa.String(length=300), nullable=False),
        sa.Column("people", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint(
            "announcement_id", "wording", "state", "code", name=op.f("pk_announcement_tallies")
        ),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "recent_tallies",
        sa.Column("channel", sa.String(length=12), nullable=False),
        sa.Column("state", sa.String(length=12), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("channel", "state", name=op.f("pk_recent_tallies")),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_audit_action", "audit", ["action", "id"])
    op.create_index("ix_audit_subject_kind", "audit", ["subject_kind", "id"])
    op.add_column("outbox", sa.Column("wording", sa.String(length=40), nullable=True))
    op.execute(
        "UPDATE outbox SET wording = (SELECT r.wording FROM announcement_recipients AS r"
        " WHERE r.announcement_id = outbox.announcement_id AND r.contact_id = outbox.contact_id)"
        " WHERE announcement_id IS NOT NULL"
    )
    _replace("ix_outbox_announcement", ["announcement_id", "state", "wording"], "announcement_id IS NOT NULL")
    _replace("ix_outbox_kept", ["changed_at", "channel", "state", "erased_at"], "erased_at IS NULL")


def downgrade() -> None:
    _replace("ix_outbox_kept", ["changed_at"], "erased_at IS NULL")
    _replace("ix_outbox_announcement", ["announcement_id", "state"], "announcement_id IS NOT NULL")
    op.drop_column("outbox", "wording")
    op.drop_index("ix_audit_subject_kind", table_name="audit")
    op.drop_index("ix_audit_action", table_name="audit")
    for name in ("recent", "announcement", "crowd", "delivery", "message"):
        op.drop_table(f"{name}_tallies")
    op.drop_table("tallied")


def _replace(name: str, columns: list[str], where: str) -> None:
    """Makes an index of the outbox anew, over other columns."""
    op.drop_index(name, table_name="outbox")
    op.create_index(name, "outbox", columns, sqlite_where=sa.text(where), postgresql_where=sa.text(where))
