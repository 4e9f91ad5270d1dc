"""Charges of more than two thousand million, and the class of person for whom a fee is waived.

Revision ID: 0016
Revises: 0015
"""

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0015"


def upgrade() -> None:
    for column in ("amount", "full_amount"):
        op.alter_column("charge", column, type_=sa.BigInteger())
    op.add_column("charge", sa.Column("exempt_class", sa.String(), nullable=True))
