"""Money from a payment gateway, what goes back of a fee that was assessed anew, papers of refunds, compared copies in the warehouse.

Revision ID: 0029
Revises: 0026
"""

import sqlalchemy as sa
from alembic import op

revision = "0029"
down_revision = "0028"


def upgrade() -> None:
    op.create_table(
        "payment_request",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("dossier_id", sa.Uuid(), nullable=False),
        sa.Column("reference", sa.String(), nullable=False),
        sa.Column("gateway", sa.String(), nullable=False),
        sa.Column("amount", sa.BigInteger(), nullable=False),
        sa.Column("begun_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("look_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["dossier_id"], ["dossier.id"], name=op.f("fk__payment_request__dossier_id__dossier")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk__payment_request")),
        sa.UniqueConstraint("reference", name=op.f("uq__payment_request__reference")),
    )
    op.create_index(op.f("ix__payment_request_dossier_id"), "payment_request", ["dossier_id"])
    op.create_index(op.f("ix__payment_request_look_at"), "payment_request", ["look_at"])
    op.create_table(
        "payment",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("dossier_id", sa.Uuid(), nullable=False),
        sa.Column("request_id", sa.Uuid(), nullable=False),
        sa.Column("gateway", sa.String(), nullable=False),
        sa.Column("transaction_id", sa.String(), nullable=False),
        sa.Column("amount", sa.BigInteger(), nullable=False),
        sa.Column("paid_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("told_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("why", sa.String(), nullable=True),
        sa.Column("return_number", sa.String(), nullable=True),
        sa.Column("return_trouble", sa.String(), nullable=True),
        sa.Column("returned_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("amount > 0", name=op.f("ck__payment__amount")),
        sa.ForeignKeyConstraint(["dossier_id"], ["dossier.id"], name=op.f("fk__payment__dossier_id__dossier")),
        sa.ForeignKeyConstraint(["request_id"], ["payment_request.id"], name=op.f("fk__payment__request_id__payment_request")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk__payment")),
        sa.UniqueConstraint("gateway", "transaction_id", name="uq__payment__transaction"),
    )
    op.create_index(op.f("ix__payment_dossier_id"), "payment", ["dossier_id"])
    op.create_index(
        "ix__payment__surplus", "payment", ["dossier_id"], postgresql_where=sa.text("state = 'surplus' OR state = 'returning'")
    )
    op.add_column("charge", sa.Column("excess", sa.BigInteger(), server_default="0", nullable=False))
    op.create_index("ix__charge__excess", "charge", ["dossier_id"], postgresql_where=sa.text("excess > refunded"))
    op.add_column("charge", sa.Column("cause", sa.String(), nullable=True))
    op.create_index(
        "ix__charge__anew", "charge", ["dossier_id"], postgresql_where=sa.text("cause IS NOT NULL AND state = 'owed'")
    )
    op.add_column("cash_entry", sa.Column("slip_id", sa.Uuid(), nullable=True))
    op.add_column("cash_entry", sa.Column("paper_no", sa.String(), nullable=True))
    op.add_column("cash_entry", sa.Column("paid_to", sa.String(), nullable=True))
    op.create_foreign_key(op.f("fk__cash_entry__slip_id__slip"), "cash_entry", "slip", ["slip_id"], ["id"])
    op.add_column("warehouse_paper", sa.Column("origin", sa.String(), server_default="result", nullable=False))
    op.add_column("warehouse_paper", sa.Column("file_id", sa.Uuid(), nullable=True))
    op.add_column("warehouse_paper", sa.Column("issuer", sa.String(), nullable=True))
