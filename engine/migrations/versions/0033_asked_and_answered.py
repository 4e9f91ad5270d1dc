"""What is owed and what was answered is found at once: the till asks for what a dossier that has ended still owes, and an
office that reported an error is told of the answer until it has read it. Answers of before are read. What is forgone bears its
reason.

Revision ID: 0033
Revises: 0032
"""

import sqlalchemy as sa
from alembic import op

revision = "0033"
down_revision = "0032"


def upgrade() -> None:
    op.create_index("ix__charge__owed", "charge", ["dossier_id"], postgresql_where=sa.text("state = 'owed'"))
    op.add_column("charge", sa.Column("forgone", sa.String()))
    op.add_column("correction", sa.Column("read_at", sa.DateTime(timezone=True)))
    op.execute("UPDATE correction SET read_at = ended_at WHERE part_id IS NOT NULL")
    unread = sa.text("part_id IS NOT NULL AND ended_at IS NOT NULL AND read_at IS NULL")
    op.create_index("ix__correction__unread", "correction", ["part_id"], postgresql_where=unread)
