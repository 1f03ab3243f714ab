"""Add members of staff"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

_BIG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "staff_members",
        sa.Column("id", _BIG, nullable=False),
        sa.Column("name", sa.String(length=60), nullable=False),
        sa.Column("locale", sa.String(length=8), nullable=False),
        sa.Column("role", sa.String(length=16), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("switched_off_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("linked_contact_id", _BIG, nullable=True),
        sa.ForeignKeyConstraint(
            ["linked_contact_id"],
            ["contacts.id"],
            name=op.f("fk_staff_members_linked_contact_id_contacts"),
            ondelete="SET NULL",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_staff_members")),
        sa.UniqueConstraint("linked_contact_id", name=op.f("uq_staff_members_linked_contact_id")),
        sa.UniqueConstraint("name", name=op.f("uq_staff_members_name")),
    )
    op.create_table(
        "staff_centers",
        sa.Column("staff_id", _BIG, autoincrement=False, nullable=False),
        sa.Column("center_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.ForeignKeyConstraint(
            ["staff_id"],
            ["staff_members.id"],
            name=op.f("fk_staff_centers_staff_id_staff_members"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("staff_id", "center_id", name=op.f("pk_staff_centers")),
    )
    op.create_index(op.f("ix_staff_centers_center_id"), "staff_centers", ["center_id"])
    op.create_table(
        "staff_link_codes",
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("staff_id", _BIG, nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["staff_id"],
            ["staff_members.id"],
            name=op.f("fk_staff_link_codes_staff_id_staff_members"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("digest", name=op.f("pk_staff_link_codes")),
    )
    op.create_index(op.f("ix_staff_link_codes_staff_id"), "staff_link_codes", ["staff_id"])


def downgrade() -> None:
    for table in ("staff_link_codes", "staff_centers", "staff_members"):
        op.drop_table(table)
