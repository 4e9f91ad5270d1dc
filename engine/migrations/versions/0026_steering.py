"""When an applicant changed what they declared.

Revision ID: 0026
Revises: 0025
"""

import sqlalchemy as sa
from alembic import op

revision = "0026"
down_revision = "0025"


def upgrade() -> None:
    op.add_column("dossier", sa.Column("amended_at", sa.DateTime(timezone=True), nullable=True))
