"""Add the indexes by which the audit trail is filtered and reports are counted"""

from __future__ import annotations

from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_index("ix_audit_actor", "audit", ["actor", "id"])
    op.create_index(
        "ix_inbound_messages_counted",
        "inbound_messages",
        ["received_at", "channel", "language", "intent", "center_id"],
    )
    op.drop_index("ix_inbound_messages_received_at", table_name="inbound_messages")
    op.create_index("ix_outbox_created_at", "outbox", ["created_at"])
    op.create_index("ix_questions_asked_at", "questions", ["asked_at"])


def downgrade() -> None:
    op.drop_index("ix_questions_asked_at", table_name="questions")
    op.drop_index("ix_outbox_created_at", table_name="outbox")
    op.create_index("ix_inbound_messages_received_at", "inbound_messages", ["received_at"])
    op.drop_index("ix_inbound_messages_counted", table_name="inbound_messages")
    op.drop_index("ix_audit_actor", table_name="audit")
