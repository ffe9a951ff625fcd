"""Messages of the bot's own accord, how fast they may go, whom they can't reach, and which jobs ran when."""

from alembic import op
import sqlalchemy as sa

revision = "0004"
down_revision = "0003"

MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.create_table(
        "outbox",
        sa.Column("key", sa.Text, nullable=False),
        sa.Column("kind", sa.Text, nullable=False),
        sa.Column("sort", sa.Text, nullable=False),
        sa.Column("subject", sa.Text, nullable=False),
        sa.Column("platform", sa.Text, nullable=False),
        sa.Column("channel", sa.Text, nullable=False),
        sa.Column("thread", sa.Text, nullable=False),
        sa.Column("state", sa.Text, nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.Column("number", sa.Integer, nullable=False),
        sa.Column("due_at", MOMENT, nullable=True),
        sa.Column("expires_at", MOMENT, nullable=False),
        sa.Column("lease", sa.Text, nullable=True),
        sa.Column("leased_until", MOMENT, nullable=True),
        sa.Column("tries", sa.Integer, nullable=False),
        sa.Column("parts", sa.JSON, nullable=True),
        sa.Column("posted", sa.JSON, nullable=False),
        sa.Column("begun_at", MOMENT, nullable=True),
        sa.Column("doubts", sa.Integer, nullable=False),
        sa.Column("why", sa.Text, nullable=False),
        sa.Column("changed_at", MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("key", name="pk_outbox"),
    )
    op.create_index("ix_outbox_platform_state_due_at", "outbox", ["platform", "state", "due_at"])
    op.create_index("ix_outbox_platform_channel_state", "outbox", ["platform", "channel", "state"])
    op.create_table(
        "outbox_counts",
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("count", sa.Integer, nullable=False),
        sa.PrimaryKeyConstraint("name", name="pk_outbox_counts"),
    )
    op.create_table(
        "unreachable",
        sa.Column("platform", sa.Text, nullable=False),
        sa.Column("channel", sa.Text, nullable=False),
        sa.Column("why", sa.Text, nullable=False),
        sa.Column("moved_to", sa.Text, nullable=False),
        sa.Column("since", MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("platform", "channel", name="pk_unreachable"),
    )
    op.create_table(
        "paces",
        sa.Column("scope", sa.Text, nullable=False),
        sa.Column("free_at", MOMENT, nullable=False),
        sa.Column("paused_until", MOMENT, nullable=True),
        sa.PrimaryKeyConstraint("scope", name="pk_paces"),
    )
    op.create_table(
        "slots",
        sa.Column("job", sa.Text, nullable=False),
        sa.Column("due_at", MOMENT, nullable=False),
        sa.Column("state", sa.Text, nullable=False),
        sa.Column("lease", sa.Text, nullable=True),
        sa.Column("leased_until", MOMENT, nullable=True),
        sa.Column("tries", sa.Integer, nullable=False),
        sa.Column("why", sa.Text, nullable=False),
        sa.Column("changed_at", MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("job", "due_at", name="pk_slots"),
    )
    # What was reported before is told with the rest, the first time.
    op.add_column("reports", sa.Column("told_at", MOMENT, nullable=True))
    for name, kind in (("lease", sa.Text), ("leased_until", MOMENT), ("begun_at", MOMENT)):
        op.add_column("inbox", sa.Column(name, kind, nullable=True))


def downgrade() -> None:
    with op.batch_alter_table("inbox") as inbox:
        for name in ("begun_at", "leased_until", "lease"):
            inbox.drop_column(name)
    with op.batch_alter_table("reports") as reports:
        reports.drop_column("told_at")
    for table in ("slots", "paces", "unreachable", "outbox_counts", "outbox"):
        op.drop_table(table)
