"""Add announcements, and the channel that a resident prefers"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

_BIG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
_JSON = sa.JSON().with_variant(postgresql.JSONB(), "postgresql")


def upgrade() -> None:
    op.create_table(
        "announcements",
        sa.Column("id", _BIG, nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("texts", _JSON, nullable=False),
        sa.Column("audience", _JSON, nullable=False),
        sa.Column("urgent", sa.Boolean(), nullable=False),
        sa.Column("about", sa.DateTime(timezone=True), nullable=True),
        sa.Column("state", sa.String(length=12), nullable=False),
        sa.Column("send_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("created_by", sa.String(length=80), nullable=False),
        sa.Column("sent_by", sa.String(length=80), nullable=True),
        sa.Column("approved_by", sa.String(length=80), nullable=True),
        sa.Column("wordings", _JSON, nullable=False),
        sa.Column("reach", _JSON, nullable=False),
        sa.Column("recipients", sa.Integer(), nullable=False),
        sa.Column("frozen_to", _BIG, nullable=False),
        sa.Column("frozen_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("queued_to", _BIG, nullable=False),
        sa.Column("queued_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_announcements")),
    )
    op.create_index("ix_announcements_state", "announcements", ["state", "send_at"])
    op.add_column("residents", sa.Column("preferred_channel", sa.String(length=12), nullable=True))


def downgrade() -> None:
    op.drop_column("residents", "preferred_channel")
    op.drop_index("ix_announcements_state", "announcements")
    op.drop_table("announcements")
