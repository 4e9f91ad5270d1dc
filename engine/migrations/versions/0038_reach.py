"""The date that the parts of a group need beyond its own limit stands beside the limit, and no longer in it.

Revision ID: 0038
Revises: 0037
"""

import sqlalchemy as sa
from alembic import op

revision = "0038"
down_revision = "0037"


def upgrade() -> None:
    op.add_column("deadline", sa.Column("reach_at", sa.DateTime(timezone=True), nullable=True))
