"""Who acts for the applicant, and by which paper; who helped to lodge online.

Revision ID: 0023
Revises: 0022
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0023"
down_revision = "0022"


def upgrade() -> None:
    op.create_table(
        "representative",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("dossier_id", sa.Uuid(), nullable=False),
        sa.Column("role", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("personal_id", sa.String(), nullable=True),
        sa.Column("phone", sa.String(), nullable=True),
        sa.Column("relation", sa.String(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("number", sa.String(), nullable=False),
        sa.Column("dated", sa.Date(), nullable=True),
        sa.Column("valid_until", sa.Date(), nullable=True),
        sa.Column("scope", postgresql.JSONB(), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("recorded_by", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(["dossier_id"], ["dossier.id"], name=op.f("fk__representative__dossier_id__dossier")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk__representative")),
    )
    op.add_column("dossier", sa.Column("assisted_by", sa.Uuid(), nullable=True))
    op.create_index(op.f("ix__representative_dossier_id"), "representative", ["dossier_id"])
    op.create_table(
        "delegation",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("office_id", sa.Uuid(), nullable=False),
        sa.Column("officer_id", sa.Uuid(), nullable=False),
        sa.Column("procedure_code", sa.String(), nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("valid_to", sa.Date(), nullable=True),
        sa.Column("decision", sa.String(), nullable=False),
        sa.Column("may_sign", sa.Boolean(), nullable=False),
        sa.Column("key", sa.Uuid(), nullable=True),
        sa.Column("entered_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("entered_by", sa.Uuid(), nullable=False),
        sa.CheckConstraint("valid_to IS NULL OR valid_to >= valid_from", name=op.f("ck__delegation__valid_range")),
        sa.ForeignKeyConstraint(["office_id"], ["office.id"], name=op.f("fk__delegation__office_id__office")),
        sa.ForeignKeyConstraint(["officer_id"], ["officer.id"], name=op.f("fk__delegation__officer_id__officer")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk__delegation")),
        sa.UniqueConstraint("key", name=op.f("uq__delegation__key")),
    )
    op.create_index(op.f("ix__delegation_office_id"), "delegation", ["office_id"])
    op.create_index("ix__delegation__officer_id", "delegation", ["officer_id", "procedure_code"])
