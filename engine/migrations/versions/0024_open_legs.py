"""What other offices sent to one: found by what is open, however much there ever was.

Revision ID: 0024
Revises: 0023
"""

import sqlalchemy as sa
from alembic import op

revision = "0024"
down_revision = "0023"


def upgrade() -> None:
    op.create_index("ix__transfer__open", "transfer", ["to_office_id", "dossier_id"], postgresql_where=sa.text("closed_at IS NULL"))
    op.create_index(
        "ix__consultation__open",
        "consultation",
        ["office_id"],
        postgresql_where=sa.text("answered_at IS NULL AND closed_at IS NULL"),
    )
