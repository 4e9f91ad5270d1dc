"""An office that holds a part of a group says that the result on which it rests is wrong, and reads what became of it.

Revision ID: 0031
Revises: 0030
"""

import sqlalchemy as sa
from alembic import op

revision = "0031"
down_revision = "0030"


def upgrade() -> None:
    op.add_column("correction", sa.Column("part_id", sa.Uuid()))
    op.add_column("correction", sa.Column("reported_by", sa.String()))
    op.add_column("correction", sa.Column("explanation", sa.String()))
    op.create_foreign_key("fk__correction__part_id__dossier", "correction", "dossier", ["part_id"], ["id"])
    op.create_index(op.f("ix__correction_part_id"), "correction", ["part_id"])
