"""Alembic's entry: it runs migrations on the connection that it is handed."""

from alembic import context

from teacherreg.models import SQLModel

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=SQLModel.metadata,
    render_as_batch=True,
)
with context.begin_transaction():
    context.run_migrations()
