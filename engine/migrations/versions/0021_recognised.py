"""Scans whose text was read, and what is said of each digitised paper.

Revision ID: 0021
Revises: 0020
"""

import sqlalchemy as sa
from alembic import op

revision = "0021"
down_revision = "0020"


def upgrade() -> None:
    op.add_column("document_file", sa.Column("searchable_sha256", sa.String(), nullable=True))
    op.create_table(
        "paper_metadata",
        sa.Column("file_id", sa.Uuid(), nullable=False),
        sa.Column("dossier_id", sa.Uuid(), nullable=False),
        sa.Column("type_code", sa.String(), nullable=True),
        sa.Column("owner_id", sa.String(), nullable=True),
        sa.Column("owner_name", sa.String(), nullable=True),
        sa.Column("owner_born", sa.Integer(), nullable=True),
        sa.Column("issued_on", sa.Date(), nullable=True),
        sa.Column("issuer", sa.String(), nullable=True),
        sa.Column("name", sa.String(), nullable=True),
        sa.Column("summary", sa.String(), nullable=True),
        sa.Column("valid_from", sa.Date(), nullable=True),
        sa.Column("valid_to", sa.Date(), nullable=True),
        sa.Column("unlimited", sa.Boolean(), nullable=False),
        sa.Column("scope", sa.String(), nullable=True),
        sa.Column("entered_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("entered_by", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(["dossier_id"], ["dossier.id"], name=op.f("fk__paper_metadata__dossier_id__dossier")),
        sa.ForeignKeyConstraint(
            ["file_id"], ["document_file.id"], name=op.f("fk__paper_metadata__file_id__document_file")
        ),
        sa.PrimaryKeyConstraint("file_id", name=op.f("pk__paper_metadata")),
    )
    op.create_index(op.f("ix__paper_metadata_dossier_id"), "paper_metadata", ["dossier_id"])
    op.create_index(op.f("ix__paper_metadata_owner_id"), "paper_metadata", ["owner_id"])
