"""What was done to the catalogue, whole catalogues written aside, providers out of sight, checked links."""

from typing import Any

from alembic import op
import sqlalchemy as sa

revision = "0002"
down_revision = "0001"

PROVIDER = ("name", "position", "relation", "aliases", "url", "evidence")
LISTS = ("sectors", "grades", "themes", "keywords", "places", "settings")
OFFER = (
    *("id", "position", "provider", "title", "summary", *LISTS, "cost", "cost_note", "duration", "volunteers"),
    *("for_whom", "not_for", "next_step", "contact", "link", "source", "confidence", "checked_on", "checked_by"),
    *("status", "full_until"),
)
COUNTERS = ("generation", "last_generation", "swept_generation")


def upgrade() -> None:
    _aside()
    _create_providers(
        sa.Column("generation", sa.Integer, nullable=False),
        sa.Column("hidden", sa.Boolean, nullable=False),
        sa.Column("starter", sa.Boolean, nullable=False),
        sa.PrimaryKeyConstraint("generation", "name", name="pk_providers"),
    )
    _create_offers(
        sa.Column("generation", sa.Integer, nullable=False),
        sa.PrimaryKeyConstraint("generation", "id", name="pk_offers"),
        sa.ForeignKeyConstraint(
            ["generation", "provider"],
            ["providers.generation", "providers.name"],
            name="fk_offers_generation_provider_providers",
        ),
        sa.UniqueConstraint("generation", "provider", "title", name="uq_offers_generation_provider_title"),
    )
    # What an example list says of its providers is an example too.
    starter = sa.select(sa.column("starter")).select_from(sa.table("catalogue")).scalar_subquery()
    first: sa.ColumnElement[Any] = sa.literal_column("0")
    _copy("providers", PROVIDER, {"generation": first, "hidden": sa.false(), "starter": starter})
    _copy("offers", OFFER, {"generation": first})
    _drop_aside()
    for name in COUNTERS:
        op.add_column("catalogue", sa.Column(name, sa.Integer, nullable=False, server_default=sa.text("0")))
    op.create_table(
        "changes",
        sa.Column("number", sa.Integer, nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("by", sa.Text, nullable=False),
        sa.Column("kind", sa.Text, nullable=False),
        sa.Column("about", sa.Text, nullable=False),
        sa.Column("before", sa.LargeBinary, nullable=False),
        sa.Column("marks_before", sa.JSON, nullable=False),
        sa.Column("undoes", sa.Integer, nullable=True),
        sa.Column("undone_by", sa.Integer, nullable=True),
        sa.PrimaryKeyConstraint("number", name="pk_changes"),
    )
    op.create_table(
        "links",
        sa.Column("url", sa.Text, nullable=False),
        sa.Column("state", sa.Text, nullable=False),
        sa.Column("detail", sa.Text, nullable=False),
        sa.Column("checked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("moved_to", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("url", name="pk_links"),
    )


def downgrade() -> None:
    op.drop_table("links")
    op.drop_table("changes")
    _aside()
    _create_providers(sa.PrimaryKeyConstraint("name", name="pk_providers"))
    _create_offers(
        sa.PrimaryKeyConstraint("id", name="pk_offers"),
        sa.ForeignKeyConstraint(["provider"], ["providers.name"], name="fk_offers_provider_providers"),
        sa.UniqueConstraint("provider", "title", name="uq_offers_provider_title"),
    )
    seen = sa.select(sa.column("generation")).select_from(sa.table("catalogue")).scalar_subquery()
    _copy("providers", PROVIDER, {}, sa.column("generation") == seen)
    _copy("offers", OFFER, {}, sa.column("generation") == seen)
    _drop_aside()
    for name in COUNTERS:
        op.drop_column("catalogue", name)


def _aside() -> None:
    """Keeps the rows in tables without constraints, so that the names of the constraints are free again."""
    op.execute("CREATE TABLE old_offers AS SELECT * FROM offers")
    op.execute("CREATE TABLE old_providers AS SELECT * FROM providers")
    op.drop_table("offers")
    op.drop_table("providers")


def _copy(
    table: str, names: tuple[str, ...], more: dict[str, sa.ColumnElement[Any]], *which: sa.ColumnElement[bool]
) -> None:
    source = sa.table(f"old_{table}")
    target = sa.table(table, *map(sa.column, (*names, *more)))
    columns = [*map(sa.column, names), *more.values()]
    op.execute(sa.insert(target).from_select([*names, *more], sa.select(*columns).select_from(source).where(*which)))


def _drop_aside() -> None:
    op.drop_table("old_offers")
    op.drop_table("old_providers")


def _create_providers(*more: sa.schema.SchemaItem) -> None:
    op.create_table(
        "providers",
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("position", sa.Integer, nullable=False),
        sa.Column("relation", sa.Text, nullable=False),
        sa.Column("aliases", sa.JSON, nullable=False),
        sa.Column("url", sa.Text, nullable=False),
        sa.Column("evidence", sa.Text, nullable=False),
        *more,
    )


def _create_offers(*more: sa.schema.SchemaItem) -> None:
    op.create_table(
        "offers",
        sa.Column("id", sa.Text, nullable=False),
        sa.Column("position", sa.Integer, nullable=False),
        *(sa.Column(name, sa.Text, nullable=False) for name in ("provider", "title", "summary")),
        *(sa.Column(name, sa.JSON, nullable=False) for name in LISTS),
        *(sa.Column(name, sa.Text, nullable=False) for name in ("cost", "cost_note", "duration")),
        sa.Column("volunteers", sa.Boolean, nullable=True),
        *(
            sa.Column(name, sa.Text, nullable=False)
            for name in ("for_whom", "not_for", "next_step", "contact", "link", "source", "confidence")
        ),
        sa.Column("checked_on", sa.Date, nullable=True),
        *(sa.Column(name, sa.Text, nullable=False) for name in ("checked_by", "status")),
        sa.Column("full_until", sa.Date, nullable=True),
        *more,
    )
