"""Whether the owner of a dossier is an organisation: its name is public, a person's is shortened where anybody reads.

Those that were lodged before are shortened as they were.

Revision ID: 0039
Revises: 0038
"""

import sqlalchemy as sa
from alembic import op

revision = "0039"
down_revision = "0038"


def upgrade() -> None:
    op.add_column("dossier", sa.Column("owner_is_organisation", sa.Boolean(), server_default=sa.false(), nullable=False))
