"""An incident says at which element the diagram could not go on.

Revision ID: 0034
Revises: 0033
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "0034"
down_revision = "0033"


def upgrade() -> None:
    op.add_column("incident", sa.Column("place", JSONB(), nullable=True))
