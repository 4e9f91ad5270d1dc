"""What was seen in each file: pages, resolution, blank pages.

Revision ID: 0015
Revises: 0014
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0015"
down_revision = "0014"


def upgrade() -> None:
    op.add_column("document_file", sa.Column("pages", sa.Integer(), nullable=True))
    op.add_column("document_file", sa.Column("dpi", sa.Integer(), nullable=True))
    op.add_column("document_file", sa.Column("blank_pages", postgresql.JSONB(), nullable=True))
    op.create_index(op.f("ix__document_file_sha256"), "document_file", ["sha256"])
