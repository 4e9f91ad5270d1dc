"""Steps stand still with the clock of their dossier; a paper says in whose register its number lies.

Revision ID: 0028
Revises: 0026
"""

import sqlalchemy as sa
from alembic import op

revision = "0028"
down_revision = "0027"


def upgrade() -> None:
    op.add_column("task", sa.Column("still_by", sa.String(), nullable=True))
    op.add_column("task", sa.Column("counts_from", sa.DateTime(timezone=True), nullable=True))
    op.add_column("slip", sa.Column("office_id", sa.Uuid(), nullable=True))
    op.create_index(
        "ix__slip__numbered",
        "slip",
        ["office_id", "kind", "made_at"],
        postgresql_include=["number"],
        postgresql_where=sa.text("office_id IS NOT NULL"),
    )
    op.create_index("ix__slip__of_before", "slip", ["kind"], postgresql_where=sa.text("office_id IS NULL"))
    op.create_foreign_key(op.f("fk__slip__office_id__office"), "slip", "office", ["office_id"], ["id"])
