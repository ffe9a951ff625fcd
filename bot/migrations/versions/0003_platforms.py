"""Whom the bot met on which platform, what platforms delivered, and how people came in."""

from alembic import op
import sqlalchemy as sa

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    op.create_table(
        "people",
        sa.Column("platform", sa.Text, nullable=False),
        sa.Column("id", sa.Text, nullable=False),
        sa.Column("first_seen", sa.DateTime(timezone=True), nullable=False),
        sa.Column("welcomed_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("platform", "id", name="pk_people"),
    )
    op.create_table(
        "inbox",
        sa.Column("platform", sa.Text, nullable=False),
        sa.Column("id", sa.Text, nullable=False),
        sa.Column("arrived_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("number", sa.Integer, nullable=False),
        sa.Column("request", sa.JSON, nullable=True),
        sa.Column("reply_to", sa.JSON, nullable=True),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("platform", "id", name="pk_inbox"),
    )
    op.create_index("ix_inbox_arrived_at", "inbox", ["arrived_at"])
    op.create_table(
        "starts",
        sa.Column("month", sa.Text, nullable=False),
        sa.Column("link", sa.Text, nullable=False),
        sa.Column("count", sa.Integer, nullable=False),
        sa.PrimaryKeyConstraint("month", "link", name="pk_starts"),
    )


def downgrade() -> None:
    for table in ("starts", "inbox", "people"):
        op.drop_table(table)
