"""Timers and letters as queues: whoever takes the next one finds it in its order, however many are due at once.

Revision ID: 0006
Revises: 0005
"""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"


def upgrade() -> None:
    armed = sa.text("closed_at IS NULL AND kind = 'timer'")
    op.create_index("ix__wait__due", "wait", ["due_at", "id"], postgresql_where=armed)
    op.drop_index("ix__wait__armed", "wait")
    hearing = sa.text("closed_at IS NULL")
    op.create_index("ix__wait__hears", "wait", ["subject", "key", "id"], postgresql_where=hearing)
    op.drop_index("ix__wait__subject", "wait")
    op.create_index("ix__letter__sent", "letter", ["sent_at", "id"], postgresql_where=sa.text("taken_at IS NULL"))
