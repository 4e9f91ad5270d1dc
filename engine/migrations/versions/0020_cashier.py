"""Receipts, the day books of cashiers, and what they hold.

Revision ID: 0020
Revises: 0019
"""

import sqlalchemy as sa
from alembic import op

revision = "0020"
down_revision = "0019"

_moment = sa.DateTime(timezone=True)


def upgrade() -> None:
    _days()
    _receipts()
    _entries()
    op.add_column("charge", sa.Column("deposited_at", _moment, nullable=True))
    op.add_column("charge", sa.Column("refunded", sa.BigInteger(), server_default="0", nullable=False))


def _days() -> None:
    op.create_table(
        "cash_day",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("office_id", sa.Uuid(), nullable=False),
        sa.Column("cashier_id", sa.Uuid(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("opened_at", _moment, nullable=False),
        sa.Column("opening", sa.BigInteger(), nullable=False),
        sa.Column("closed_at", _moment, nullable=True),
        sa.Column("expected", sa.BigInteger(), nullable=True),
        sa.Column("counted", sa.BigInteger(), nullable=True),
        sa.Column("reason", sa.String(), nullable=True),
        sa.Column("deposit_no", sa.String(), nullable=True),
        sa.ForeignKeyConstraint(["office_id"], ["office.id"], name=op.f("fk__cash_day__office_id__office")),
        sa.ForeignKeyConstraint(["cashier_id"], ["officer.id"], name=op.f("fk__cash_day__cashier_id__officer")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk__cash_day")),
        sa.UniqueConstraint("office_id", "cashier_id", "day", "number", name="uq__cash_day__book"),
    )


def _receipts() -> None:
    op.create_table(
        "receipt",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("dossier_id", sa.Uuid(), nullable=False),
        sa.Column("office_id", sa.Uuid(), nullable=False),
        sa.Column("slip_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("number", sa.String(), nullable=False),
        sa.Column("amount", sa.BigInteger(), nullable=False),
        sa.Column("payer", sa.String(), nullable=False),
        sa.Column("way", sa.String(), nullable=False),
        sa.Column("taken_at", _moment, nullable=False),
        sa.Column("taken_by", sa.Uuid(), nullable=False),
        sa.Column("voided_at", _moment, nullable=True),
        sa.Column("void_reason", sa.String(), nullable=True),
        sa.CheckConstraint("amount > 0", name=op.f("ck__receipt__amount")),
        sa.ForeignKeyConstraint(["dossier_id"], ["dossier.id"], name=op.f("fk__receipt__dossier_id__dossier")),
        sa.ForeignKeyConstraint(["office_id"], ["office.id"], name=op.f("fk__receipt__office_id__office")),
        sa.ForeignKeyConstraint(["slip_id"], ["slip.id"], name=op.f("fk__receipt__slip_id__slip")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk__receipt")),
    )
    op.create_index(op.f("ix__receipt_dossier_id"), "receipt", ["dossier_id"])


def _entries() -> None:
    op.create_table(
        "cash_entry",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("day_id", sa.Uuid(), nullable=True),
        sa.Column("office_id", sa.Uuid(), nullable=False),
        sa.Column("dossier_id", sa.Uuid(), nullable=False),
        sa.Column("receipt_id", sa.Uuid(), nullable=True),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("way", sa.String(), nullable=False),
        sa.Column("amount", sa.BigInteger(), nullable=False),
        sa.Column("at", _moment, nullable=False),
        sa.Column("budget_due_at", _moment, nullable=False),
        sa.Column("deposited_at", _moment, nullable=True),
        sa.ForeignKeyConstraint(["day_id"], ["cash_day.id"], name=op.f("fk__cash_entry__day_id__cash_day")),
        sa.ForeignKeyConstraint(["office_id"], ["office.id"], name=op.f("fk__cash_entry__office_id__office")),
        sa.ForeignKeyConstraint(["dossier_id"], ["dossier.id"], name=op.f("fk__cash_entry__dossier_id__dossier")),
        sa.ForeignKeyConstraint(["receipt_id"], ["receipt.id"], name=op.f("fk__cash_entry__receipt_id__receipt")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk__cash_entry")),
    )
    op.create_index(op.f("ix__cash_entry_day_id"), "cash_entry", ["day_id"])
    op.create_index(op.f("ix__cash_entry_dossier_id"), "cash_entry", ["dossier_id"])
    op.create_index(
        "ix__cash_entry__to_deposit", "cash_entry", ["office_id"], postgresql_where=sa.text("deposited_at IS NULL")
    )
