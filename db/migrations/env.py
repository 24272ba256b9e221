"""Alembic's entry: runs the migrations on the connection that ``db.migrate`` hands it."""

from __future__ import annotations

from alembic import context

from db.models import Base

context.configure(connection=context.config.attributes["connection"], target_metadata=Base.metadata)
with context.begin_transaction():
    context.run_migrations()
