"""Interconnected groups: a dossier opens others.

Revision ID: 0019
Revises: 0018
"""

import sqlalchemy as sa
from alembic import op

revision = "0019"
down_revision = "0018"


def upgrade() -> None:
    op.add_column("dossier", sa.Column("parent_id", sa.Uuid(), nullable=True))
    op.add_column("dossier", sa.Column("child_kind", sa.String(), nullable=True))
    op.create_foreign_key(op.f("fk__dossier__parent_id__dossier"), "dossier", "dossier", ["parent_id"], ["id"])
    op.create_index(
        "ix__dossier__parent_id", "dossier", ["parent_id"], postgresql_where=sa.text("parent_id IS NOT NULL")
    )
