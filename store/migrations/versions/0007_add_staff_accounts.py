"""Add accounts of staff: passwords, sessions, one-time links, counts of tries"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

_BIG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
_MOMENT = sa.DateTime(timezone=True)


def _of_member(table: str) -> sa.ForeignKeyConstraint:
    name = op.f(f"fk_{table}_staff_id_staff_members")
    return sa.ForeignKeyConstraint(["staff_id"], ["staff_members.id"], name=name, ondelete="CASCADE")


def upgrade() -> None:
    op.create_table(
        "staff_accounts",
        sa.Column("staff_id", _BIG, autoincrement=False, nullable=False),
        sa.Column("email", sa.String(length=120), nullable=True),
        sa.Column("password", sa.Text(), nullable=True),
        sa.Column("password_at", _MOMENT, nullable=True),
        sa.Column("code_secret", sa.String(length=64), nullable=True),
        sa.Column("code_step", _BIG, nullable=False),
        sa.Column("console_locale", sa.String(length=8), nullable=True),
        _of_member("staff_accounts"),
        sa.PrimaryKeyConstraint("staff_id", name=op.f("pk_staff_accounts")),
        sa.UniqueConstraint("email", name=op.f("uq_staff_accounts_email")),
    )
    op.create_table(
        "staff_sessions",
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("staff_id", _BIG, nullable=False),
        sa.Column("is_whole", sa.Boolean(), nullable=False),
        sa.Column("offered_secret", sa.String(length=64), nullable=True),
        sa.Column("created_at", _MOMENT, nullable=False),
        sa.Column("seen_at", _MOMENT, nullable=False),
        sa.Column("ends_at", _MOMENT, nullable=False),
        _of_member("staff_sessions"),
        sa.PrimaryKeyConstraint("digest", name=op.f("pk_staff_sessions")),
    )
    op.create_index(op.f("ix_staff_sessions_staff_id"), "staff_sessions", ["staff_id"])
    op.create_index(op.f("ix_staff_sessions_ends_at"), "staff_sessions", ["ends_at"])
    op.create_table(
        "staff_links",
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("kind", sa.String(length=8), nullable=False),
        sa.Column("staff_id", _BIG, nullable=True),
        sa.Column("expires_at", _MOMENT, nullable=False),
        _of_member("staff_links"),
        sa.PrimaryKeyConstraint("digest", name=op.f("pk_staff_links")),
    )
    op.create_index(op.f("ix_staff_links_staff_id"), "staff_links", ["staff_id"])
    op.create_index(op.f("ix_staff_links_expires_at"), "staff_links", ["expires_at"])
    op.create_table(
        "staff_sign_ins",
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("ends_at", _MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("digest", name=op.f("pk_staff_sign_ins")),
    )
    op.create_index(op.f("ix_staff_sign_ins_ends_at"), "staff_sign_ins", ["ends_at"])


def downgrade() -> None:
    for table in ("staff_sign_ins", "staff_links", "staff_sessions", "staff_accounts"):
        op.drop_table(table)
