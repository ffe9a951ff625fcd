"""Runs the migrations on the connection that `bot.db.migration_config` hands over, inside its transaction."""

from alembic import context

connection = context.config.attributes["connection"]
context.configure(
    connection=connection,
    target_metadata=context.config.attributes.get("metadata"),
    render_as_batch=True,  # SQLite changes a table by making it anew
)
context.run_migrations()
