"""What is owed and what was answered is found at once: the till asks for what a dossier that has ended still owes, which older
versions left and is marked here, and what is forgone bears its reason; an office that reported an error is told of the answer
until it has read it. Answers of before are read.

Revision ID: 0033
Revises: 0032
"""

import sqlalchemy as sa
from alembic import op

revision = "0033"
down_revision = "0032"


def upgrade() -> None:
    op.execute("""
        UPDATE charge SET cause = 'left' FROM dossier
        WHERE dossier.id = charge.dossier_id AND dossier.ended_at IS NOT NULL AND charge.state = 'owed' AND charge.cause IS NULL
    """)
    op.add_column("charge", sa.Column("forgone", sa.String()))
    op.add_column("correction", sa.Column("read_at", sa.DateTime(timezone=True)))
    op.execute("UPDATE correction SET read_at = ended_at WHERE part_id IS NOT NULL")
    unread = sa.text("part_id IS NOT NULL AND ended_at IS NOT NULL AND read_at IS NULL")
    op.create_index("ix__correction__unread", "correction", ["part_id"], postgresql_where=unread)
