"""Faces of papers as data, what was printed, numbers without gaps.

Revision ID: 0009
Revises: 0008
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0009"
down_revision = "0008"


def upgrade() -> None:
    op.create_table(
        "paper_template",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("province", sa.String(), nullable=False),
        sa.Column("procedure", sa.String(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("sources", postgresql.JSONB(), nullable=False),
        sa.Column("digest", sa.String(), nullable=False),
        sa.Column("effective_from", sa.Date(), nullable=False),
        sa.Column("published_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk__paper_template")),
        sa.UniqueConstraint("kind", "province", "procedure", "number", name=op.f("uq__paper_template__kind")),
    )
    op.create_table(
        "slip_print",
        sa.Column("slip_id", sa.Uuid(), nullable=False),
        sa.Column("copy", sa.String(), nullable=False),
        sa.Column("template_id", sa.Uuid(), nullable=False),
        sa.Column("sha256", sa.String(), nullable=False),
        sa.Column("printed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("printed_by", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(["slip_id"], ["slip.id"], name=op.f("fk__slip_print__slip_id__slip")),
        sa.ForeignKeyConstraint(
            ["template_id"], ["paper_template.id"], name=op.f("fk__slip_print__template_id__paper_template")
        ),
        sa.PrimaryKeyConstraint("slip_id", "copy", name=op.f("pk__slip_print")),
    )
    op.create_table(
        "number_pattern",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("register", sa.String(), nullable=False),
        sa.Column("office_id", sa.Uuid(), nullable=True),
        sa.Column("pattern", sa.String(), nullable=False),
        sa.Column("effective_from", sa.Date(), nullable=False),
        sa.ForeignKeyConstraint(["office_id"], ["office.id"], name=op.f("fk__number_pattern__office_id__office")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk__number_pattern")),
    )
    op.create_index("ix__number_pattern__register", "number_pattern", ["register"])
    op.create_table(
        "number_series",
        sa.Column("office_id", sa.Uuid(), nullable=False),
        sa.Column("register", sa.String(), nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("pattern", sa.String(), nullable=False),
        sa.Column("last", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["office_id"], ["office.id"], name=op.f("fk__number_series__office_id__office")),
        sa.PrimaryKeyConstraint("office_id", "register", "year", name=op.f("pk__number_series")),
    )
