"""Add what delivery keeps: carriers, jobs, pauses, frozen recipients, and the doubts about a message"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column(
        "outbox",
        sa.Column("announcement_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
    )
    op.add_column("outbox", sa.Column("carrier", sa.String(length=40), nullable=True))
    op.add_column("outbox", sa.Column("attempted_at", sa.DateTime(timezone=True), nullable=True))
    op.add_column("outbox", sa.Column("unsure_since", sa.DateTime(timezone=True), nullable=True))
    op.add_column("outbox", sa.Column("doubts", sa.Integer(), server_default="0", nullable=False))
    op.add_column("outbox", sa.Column("sent_at", sa.DateTime(timezone=True), nullable=True))
    op.add_column("outbox", sa.Column("erased_at", sa.DateTime(timezone=True), nullable=True))
    _partial_index("ix_outbox_announcement", "outbox", ["announcement_id", "state"], "announcement_id IS NOT NULL")
    _partial_index("ix_outbox_expiry", "outbox", ["expires_at"], "state = 'queued' AND expires_at IS NOT NULL")
    _partial_index("ix_outbox_kept", "outbox", ["changed_at"], "erased_at IS NULL")

    op.add_column("inbound_messages", sa.Column("erased_at", sa.DateTime(timezone=True), nullable=True))
    _partial_index("ix_inbound_messages_kept", "inbound_messages", ["received_at"], "erased_at IS NULL")

    op.add_column("contacts", sa.Column("strikes", sa.Integer(), server_default="0", nullable=False))
    op.add_column("contacts", sa.Column("paced_until", sa.DateTime(timezone=True), nullable=True))

    op.create_table(
        "carriers",
        sa.Column("name", sa.String(length=40), nullable=False),
        sa.Column("tokens", sa.Double(), nullable=False),
        sa.Column("filled_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("held_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("failures", sa.Integer(), nullable=False),
        sa.Column("failed_over_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("day", sa.Date(), nullable=True),
        sa.Column("used", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_carriers")),
    )
    op.create_table(
        "jobs",
        sa.Column("name", sa.String(length=40), nullable=False),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("succeeded_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("failures", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_jobs")),
    )
    op.create_table(
        "announcement_pauses",
        sa.Column(
            "announcement_id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            autoincrement=False,
            nullable=False,
        ),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("code", sa.String(length=40), nullable=False),
        sa.Column("words", sa.String(length=300), nullable=False),
        sa.PrimaryKeyConstraint("announcement_id", name=op.f("pk_announcement_pauses")),
    )
    op.create_table(
        "announcement_recipients",
        sa.Column(
            "announcement_id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            autoincrement=False,
            nullable=False,
        ),
        sa.Column(
            "contact_id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            autoincrement=False,
            nullable=False,
        ),
        sa.Column("wording", sa.String(length=40), nullable=False),
        sa.ForeignKeyConstraint(
            ["contact_id"],
            ["contacts.id"],
            name=op.f("fk_announcement_recipients_contact_id_contacts"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("announcement_id", "contact_id", name=op.f("pk_announcement_recipients")),
    )
    op.create_index("ix_announcement_recipients_contact_id", "announcement_recipients", ["contact_id"])


def downgrade() -> None:
    op.drop_index("ix_announcement_recipients_contact_id", "announcement_recipients")
    for table in ("announcement_recipients", "announcement_pauses", "jobs", "carriers"):
        op.drop_table(table)
    for name, table in (
        ("ix_inbound_messages_kept", "inbound_messages"),
        ("ix_outbox_kept", "outbox"),
        ("ix_outbox_expiry", "outbox"),
        ("ix_outbox_announcement", "outbox"),
    ):
        op.drop_index(name, table)
    columns = {
        "contacts": ("strikes", "paced_until"),
        "inbound_messages": ("erased_at",),
        "outbox": (
            *("announcement_id", "carrier", "attempted_at", "unsure_since", "doubts", "sent_at", "erased_at"),
        ),
    }
    for table, names in columns.items():
        for name in names:
            op.drop_column(table, name)


def _partial_index(name: str, table: str, columns: list[str], where: str) -> None:
    op.create_index(
        name, table, columns, unique=False, sqlite_where=sa.text(where), postgresql_where=sa.text(where)
    )
