"""The offer, and what a conversation about it needs to remember."""

from alembic import op
import sqlalchemy as sa

revision = "0001"
down_revision = None


def upgrade() -> None:
    op.create_table(
        "providers",
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("position", sa.Integer, nullable=False),
        sa.Column("relation", sa.Text, nullable=False),
        sa.Column("aliases", sa.JSON, nullable=False),
        sa.Column("url", sa.Text, nullable=False),
        sa.Column("evidence", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("name", name="pk_providers"),
    )
    _create_offers()
    catalogue = op.create_table(
        "catalogue",
        sa.Column("version", sa.Integer, nullable=False, autoincrement=False),
        sa.Column("starter", sa.Boolean, nullable=False),
        sa.Column("loaded_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("version", name="pk_catalogue"),
    )
    # The one row is there from the start, so that two processes that load at once can lock it.
    op.bulk_insert(catalogue, [{"version": 0, "starter": False, "loaded_at": None}])
    op.create_table(
        "lists",
        sa.Column("token", sa.Text, nullable=False),
        sa.Column("query", sa.JSON, nullable=False),
        sa.Column("entries", sa.JSON, nullable=False),
        sa.Column("outcome", sa.Text, nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("token", name="pk_lists"),
    )
    op.create_index("ix_lists_created_at", "lists", ["created_at"])
    op.create_table(
        "chats",
        sa.Column("key", sa.Text, nullable=False),
        sa.Column("token", sa.Text, nullable=True),
        sa.Column("page", sa.Integer, nullable=False),
        sa.Column("offer", sa.Text, nullable=True),
        sa.Column("asking", sa.Text, nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("key", name="pk_chats"),
    )
    op.create_index("ix_chats_at", "chats", ["at"])
    op.create_table(
        "gaps",
        sa.Column("month", sa.Text, nullable=False),
        sa.Column("wanted", sa.Text, nullable=False),
        sa.Column("sector", sa.Text, nullable=False),
        sa.Column("province", sa.Text, nullable=False),
        sa.Column("count", sa.Integer, nullable=False),
        sa.PrimaryKeyConstraint("month", "wanted", "sector", "province", name="pk_gaps"),
    )
    op.create_table(
        "reports",
        sa.Column("id", sa.Integer, nullable=False),
        sa.Column("offer_id", sa.Text, nullable=False),
        sa.Column("text", sa.Text, nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_reports"),
    )


def _create_offers() -> None:
    op.create_table(
        "offers",
        sa.Column("id", sa.Text, nullable=False),
        sa.Column("position", sa.Integer, nullable=False),
        sa.Column("provider", sa.Text, nullable=False),
        sa.Column("title", sa.Text, nullable=False),
        sa.Column("summary", sa.Text, nullable=False),
        sa.Column("sectors", sa.JSON, nullable=False),
        sa.Column("grades", sa.JSON, nullable=False),
        sa.Column("themes", sa.JSON, nullable=False),
        sa.Column("keywords", sa.JSON, nullable=False),
        sa.Column("places", sa.JSON, nullable=False),
        sa.Column("settings", sa.JSON, nullable=False),
        sa.Column("cost", sa.Text, nullable=False),
        sa.Column("cost_note", sa.Text, nullable=False),
        sa.Column("duration", sa.Text, nullable=False),
        sa.Column("volunteers", sa.Boolean, nullable=True),
        sa.Column("for_whom", sa.Text, nullable=False),
        sa.Column("not_for", sa.Text, nullable=False),
        sa.Column("next_step", sa.Text, nullable=False),
        sa.Column("contact", sa.Text, nullable=False),
        sa.Column("link", sa.Text, nullable=False),
        sa.Column("source", sa.Text, nullable=False),
        sa.Column("confidence", sa.Text, nullable=False),
        sa.Column("checked_on", sa.Date, nullable=True),
        sa.Column("checked_by", sa.Text, nullable=False),
        sa.Column("status", sa.Text, nullable=False),
        sa.Column("full_until", sa.Date, nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_offers"),
        sa.ForeignKeyConstraint(["provider"], ["providers.name"], name="fk_offers_provider_providers"),
        sa.UniqueConstraint("provider", "title", name="uq_offers_provider_title"),
    )


def downgrade() -> None:
    for table in ("reports", "gaps", "chats", "lists", "catalogue", "offers", "providers"):
        op.drop_table(table)
