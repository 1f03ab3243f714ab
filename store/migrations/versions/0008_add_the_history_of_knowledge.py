"""Add the history of what is known, files that wait to be imported, and what staff taught"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

_BIG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
_MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.create_table(
        "knowledge_changes",
        sa.Column("id", _BIG, nullable=False),
        sa.Column("at", _MOMENT, nullable=False),
        sa.Column("actor", sa.String(length=80), nullable=False),
        sa.Column("edit", sa.String(length=32), nullable=False),
        sa.Column("kind", sa.String(length=10), nullable=False),
        sa.Column("row_id", sa.String(length=60), nullable=False),
        sa.Column("label", sa.Text(), nullable=False),
        sa.Column("field", sa.String(length=40), nullable=False),
        sa.Column("old", sa.Text(), nullable=False),
        sa.Column("new", sa.Text(), nullable=False),
        sa.Column("undone_at", _MOMENT, nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_knowledge_changes")),
    )
    op.create_index(op.f("ix_knowledge_changes_kind_row_id"), "knowledge_changes", ["kind", "row_id"])
    op.create_index(op.f("ix_knowledge_changes_edit"), "knowledge_changes", ["edit"])
    op.create_table(
        "knowledge_uploads",
        sa.Column("id", _BIG, nullable=False),
        sa.Column("kind", sa.String(length=10), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.Column("actor", sa.String(length=80), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("at", _MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_knowledge_uploads")),
    )
    op.create_table(
        "taught_phrases",
        sa.Column("id", _BIG, nullable=False),
        sa.Column("keys", sa.Text(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("language", sa.String(length=8), nullable=False),
        sa.Column("intent", sa.String(length=24), nullable=False),
        sa.Column("service", sa.String(length=60), nullable=True),
        sa.Column("actor", sa.String(length=80), nullable=False),
        sa.Column("at", _MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_taught_phrases")),
        sa.UniqueConstraint("keys", name=op.f("uq_taught_phrases_keys")),
    )
    op.add_column("questions", sa.Column("settled_at", _MOMENT, nullable=True))


def downgrade() -> None:
    op.drop_column("questions", "settled_at")
    for table in ("taught_phrases", "knowledge_uploads", "knowledge_changes"):
        op.drop_table(table)
