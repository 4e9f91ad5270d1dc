"""The till asks for what a dossier that has ended still owes: of all charges, only those that are owed are looked at.

Revision ID: 0033
Revises: 0032
"""

import sqlalchemy as sa
from alembic import op

revision = "0033"
down_revision = "0032"


def upgrade() -> None:
    op.create_index("ix__charge__owed", "charge", ["dossier_id"], postgresql_where=sa.text("state = 'owed'"))
