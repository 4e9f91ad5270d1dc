"""How codes of dossiers look is entered like the numbers of papers, with the law that says so; a day keeps its shape.

Revision ID: 0032
Revises: 0031
"""

import sqlalchemy as sa
from alembic import op

revision = "0032"
down_revision = "0031"


def upgrade() -> None:
    op.add_column("number_pattern", sa.Column("basis", sa.String()))
    op.add_column("code_counter", sa.Column("shape", sa.String()))
