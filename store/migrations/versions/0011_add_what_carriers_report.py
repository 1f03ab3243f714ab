"""Add what carriers report of messages that they had taken, and which of them is not to be given one again"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("outbox", sa.Column("avoid", sa.String(length=40), nullable=True))
    op.create_index(
        "ix_outbox_avoid",
        "outbox",
        ["avoid", "state", "channel"],
        sqlite_where=sa.text("avoid IS NOT NULL"),
        postgresql_where=sa.text("avoid IS NOT NULL"),
    )
    op.add_column("carriers", sa.Column("reported", sa.Integer(), server_default="0", nullable=False))


def downgrade() -> None:
    op.drop_column("carriers", "reported")
    op.drop_index("ix_outbox_avoid", "outbox")
    op.drop_column("outbox", "avoid")
