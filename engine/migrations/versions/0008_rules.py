"""The edition of the rules of the clock under which a dossier was received.

Revision ID: 0008
Revises: 0007
"""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"


def upgrade() -> None:
    # What was received before there were editions was counted by the numbers of the first one.
    op.add_column("dossier", sa.Column("rules_edition", sa.String(), nullable=False, server_default="2026-09-01"))
    op.alter_column("dossier", "rules_edition", server_default=None)
