"""The bytes of an earlier version may come again as a new one: what was taken back in haste is put back.

Revision ID: 0030
Revises: 0026
"""

from alembic import op

revision = "0030"
down_revision = "0029"


def upgrade() -> None:
    op.drop_constraint("uq__procedure_version__digest", "procedure_version")
