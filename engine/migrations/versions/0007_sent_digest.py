"""What was sent under a task's key: the same key with other contents is refused.

Revision ID: 0007
Revises: 0006
"""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"


def upgrade() -> None:
    op.add_column("task", sa.Column("sent_digest", sa.String(), nullable=True))
