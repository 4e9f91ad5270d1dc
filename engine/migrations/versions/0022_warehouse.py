"""Electronic results, each with its owner, where it comes from and how long it holds.

Revision ID: 0022
Revises: 0021
"""

import sqlalchemy as sa
from alembic import op

revision = "0022"
down_revision = "0021"


def upgrade() -> None:
    _moment = sa.DateTime(timezone=True)
    op.create_table(
        "warehouse_paper",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("owner_id", sa.String(), nullable=True),
        sa.Column("type_code", sa.String(), nullable=False),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("number", sa.String(), nullable=False),
        sa.Column("issuer_id", sa.Uuid(), nullable=False),
        sa.Column("dossier_id", sa.Uuid(), nullable=False),
        sa.Column("sha256", sa.String(), nullable=False),
        sa.Column("media_type", sa.String(), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("valid_to", sa.Date(), nullable=True),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("ended_at", _moment, nullable=True),
        sa.Column("ended_why", sa.String(), nullable=True),
        sa.Column("stored_at", _moment, nullable=False),
        sa.Column("stored_by", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(["dossier_id"], ["dossier.id"], name=op.f("fk__warehouse_paper__dossier_id__dossier")),
        sa.ForeignKeyConstraint(["issuer_id"], ["office.id"], name=op.f("fk__warehouse_paper__issuer_id__office")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk__warehouse_paper")),
        sa.UniqueConstraint("owner_id", "type_code", "seq", name=op.f("uq__warehouse_paper__owner_id")),
        sa.UniqueConstraint("dossier_id", "sha256", name=op.f("uq__warehouse_paper__dossier_id")),
    )
    op.create_index(op.f("ix__warehouse_paper_dossier_id"), "warehouse_paper", ["dossier_id"])
