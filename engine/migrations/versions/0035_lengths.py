"""What is open in a dossier that was moved to another version of its diagram keeps its limit, and an extension that of the
run before it: how much of it is used is counted in the same time.

Revision ID: 0035
Revises: 0034
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "0035"
down_revision = "0034"


def upgrade() -> None:
    op.add_column("task", sa.Column("runs_by", JSONB(), nullable=True))
    op.add_column("wait", sa.Column("runs_by", JSONB(), nullable=True))
    op.execute("""
        UPDATE deadline SET "limit" = before."limit" FROM deadline AS before
        WHERE deadline.rule = 'T09' AND before.stopped_why = 'extended'
          AND before.dossier_id = deadline.dossier_id AND before.started_at = deadline.started_at
    """)
