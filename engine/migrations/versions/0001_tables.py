"""The tables of the first release.

Revision ID: 0001
Revises:
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0001"
down_revision = None


def upgrade() -> None:
    op.create_table(
        "code_counter",
        sa.Column("office_code", sa.String(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("last", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("office_code", "day", name=op.f("pk__code_counter")),
    )
    op.create_table(
        "lane",
        sa.Column("code", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("name_en", sa.String(), nullable=False),
        sa.Column("side", sa.Text(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("code", name=op.f("pk__lane")),
    )
    op.create_table(
        "ledger_event",
        sa.Column("stream_id", sa.Uuid(), nullable=False),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column("type", sa.String(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("actor_id", sa.Uuid(), nullable=False),
        sa.Column("payload", postgresql.JSONB(), nullable=False),
        sa.Column("prev", sa.String(), nullable=False),
        sa.Column("digest", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("stream_id", "seq", name=op.f("pk__ledger_event")),
    )
    op.create_index("ix__ledger_event__at", "ledger_event", ["at"], unique=False)
    op.create_table(
        "office",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("code", sa.String(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("name_en", sa.String(), nullable=False),
        sa.Column("parent_id", sa.Uuid(), nullable=True),
        sa.Column("place_code", sa.String(), nullable=True),
        sa.Column("phone", sa.String(), nullable=True),
        sa.Column("address", sa.String(), nullable=True),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("valid_to", sa.Date(), nullable=True),
        sa.Column("replaced_by_id", sa.Uuid(), nullable=True),
        sa.CheckConstraint("valid_to IS NULL OR valid_to > valid_from", name=op.f("ck__office__valid_range")),
        sa.ForeignKeyConstraint(["parent_id"], ["office.id"], name=op.f("fk__office__parent_id__office")),
        sa.ForeignKeyConstraint(
            ["replaced_by_id"], ["office.id"], name=op.f("fk__office__replaced_by_id__office")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk__office")),
        sa.UniqueConstraint("code", "valid_from", name=op.f("uq__office__code")),
    )
    op.create_index(op.f("ix__office_parent_id"), "office", ["parent_id"], unique=False)
    op.create_index(op.f("ix__office_place_code"), "office", ["place_code"], unique=False)
    op.create_table(
        "officer",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("title", sa.String(), nullable=True),
        sa.Column("phone", sa.String(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk__officer")),
    )
    op.create_table(
        "procedure",
        sa.Column("code", sa.String(), nullable=False),
        sa.Column("name_vi", sa.String(), nullable=False),
        sa.Column("name_en", sa.String(), nullable=True),
        sa.Column("field", sa.String(), nullable=False),
        sa.Column("field_code", sa.String(), nullable=True),
        sa.Column("levels", postgresql.JSONB(), nullable=False),
        sa.Column("kind", sa.String(), nullable=True),
        sa.Column("deciding_agency", sa.String(), nullable=True),
        sa.Column("executing_agency", sa.String(), nullable=True),
        sa.Column("cooperating_agency", sa.String(), nullable=True),
        sa.Column("applicants", postgresql.JSONB(), nullable=False),
        sa.Column("channels", postgresql.JSONB(), nullable=False),
        sa.Column("components", postgresql.JSONB(), nullable=False),
        sa.Column("legal_basis", postgresql.JSONB(), nullable=False),
        sa.Column("results", postgresql.JSONB(), nullable=False),
        sa.Column("steps_text", sa.String(), nullable=False),
        sa.Column("conditions_text", sa.String(), nullable=False),
        sa.Column("published", postgresql.JSONB(), nullable=False),
        sa.Column("decision", sa.String(), nullable=True),
        sa.Column("ministry", sa.String(), nullable=True),
        sa.Column("online_level", sa.String(), nullable=True),
        sa.Column("effective_from", sa.Date(), nullable=True),
        sa.Column("effective_to", sa.Date(), nullable=True),
        sa.Column("source_digest", sa.String(), nullable=True),
        sa.Column("search_name", sa.String(), nullable=False),
        sa.Column("search_rest", sa.String(), nullable=False),
        sa.Column(
            "search_vector",
            postgresql.TSVECTOR(),
            sa.Computed(
                "setweight(to_tsvector('simple'::regconfig, search_name), 'A') || setweight(to_tsvector('simple'::regconfig, search_rest), 'B')",
                persisted=True,
            ),
            nullable=False,
        ),
        sa.PrimaryKeyConstraint("code", name=op.f("pk__procedure")),
    )
    op.create_index(op.f("ix__procedure_field"), "procedure", ["field"], unique=False)
    op.create_index(
        op.f("ix__procedure_search_vector"),
        "procedure",
        ["search_vector"],
        unique=False,
        postgresql_using="gin",
        postgresql_with={"fastupdate": "off"},
    )
    # What a search looks at stays in the row; the long texts beside it go out of line.
    for column in ("search_name", "search_rest", "search_vector"):
        op.execute(f"ALTER TABLE procedure ALTER COLUMN {column} SET STORAGE MAIN")
    op.create_table(
        "procedure_version",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("code", sa.String(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("digest", sa.String(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("effective_from", sa.Date(), nullable=True),
        sa.Column("effective_to", sa.Date(), nullable=True),
        sa.Column("record", postgresql.JSONB(), nullable=False),
        sa.Column("diagram", sa.LargeBinary(), nullable=False),
        sa.Column("decisions", postgresql.JSONB(), nullable=False),
        sa.Column("scenarios", postgresql.JSONB(), nullable=False),
        sa.Column("calls", postgresql.JSONB(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("created_by", sa.Uuid(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk__procedure_version")),
        sa.UniqueConstraint("code", "digest", name="uq__procedure_version__digest"),
        sa.UniqueConstraint("code", "number", name=op.f("uq__procedure_version__code")),
    )
    op.create_table(
        "account",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("officer_id", sa.Uuid(), nullable=False),
        sa.Column("username", sa.String(), nullable=False),
        sa.Column("email", sa.String(), nullable=False),
        sa.Column("password", sa.String(), nullable=True),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.Column("fs_uniquifier", sa.String(), nullable=False),
        sa.Column("confirmed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("last_login_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("current_login_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("last_login_ip", sa.String(), nullable=True),
        sa.Column("current_login_ip", sa.String(), nullable=True),
        sa.Column("login_count", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["officer_id"], ["officer.id"], name=op.f("fk__account__officer_id__officer")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk__account")),
        sa.UniqueConstraint("email", name=op.f("uq__account__email")),
        sa.UniqueConstraint("fs_uniquifier", name=op.f("uq__account__fs_uniquifier")),
        sa.UniqueConstraint("officer_id", name=op.f("uq__account__officer_id")),
        sa.UniqueConstraint("username", name=op.f("uq__account__username")),
    )
    op.create_table(
        "day_exception",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("office_id", sa.Uuid(), nullable=True),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("name_en", sa.String(), nullable=False),
        sa.Column(
            "spans",
            postgresql.JSONB(
                none_as_null=True,
            ),
            nullable=True,
        ),
        sa.Column("source", sa.String(), nullable=False),
        sa.Column("entered_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("withdrawn_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "kind <> 'half_day' OR spans IS NOT NULL", name=op.f("ck__day_exception__half_day_has_spans")
        ),
        sa.ForeignKeyConstraint(
            ["office_id"], ["office.id"], name=op.f("fk__day_exception__office_id__office")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk__day_exception")),
    )
    op.create_index("ix__day_exception__day", "day_exception", ["day"], unique=False)
    op.create_table(
        "dossier",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("code", sa.String(), nullable=True),
        sa.Column("reference", sa.String(), nullable=False),
        sa.Column("secret", sa.String(), nullable=False),
        sa.Column("lodging_key", sa.Uuid(), nullable=True),
        sa.Column("procedure_code", sa.String(), nullable=False),
        sa.Column("version_id", sa.Uuid(), nullable=False),
        sa.Column("variant", sa.String(), nullable=True),
        sa.Column("channel", sa.String(), nullable=False),
        sa.Column("dossier_form", sa.String(), nullable=False),
        sa.Column("return_way", sa.String(), nullable=False),
        sa.Column("status", sa.String(), nullable=False),
        sa.Column("result_kind", sa.String(), nullable=True),
        sa.Column("result_number", sa.String(), nullable=True),
        sa.Column("applicant_name", sa.String(), nullable=False),
        sa.Column("applicant_personal_id", sa.String(), nullable=True),
        sa.Column("applicant_phone", sa.String(), nullable=True),
        sa.Column("applicant_email", sa.String(), nullable=True),
        sa.Column("applicant_address", sa.String(), nullable=True),
        sa.Column("owner_name", sa.String(), nullable=False),
        sa.Column("submitter_name", sa.String(), nullable=False),
        sa.Column("is_proxy", sa.Boolean(), nullable=False),
        sa.Column("search_text", sa.String(), nullable=False),
        sa.Column("receiving_office_id", sa.Uuid(), nullable=False),
        sa.Column("competent_office_id", sa.Uuid(), nullable=False),
        sa.Column("facts", postgresql.JSONB(), nullable=False),
        sa.Column("agreed_days", sa.Integer(), nullable=True),
        sa.Column("lodged_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("accepted_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("end_step", sa.String(), nullable=True),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("moved_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("moved_by", sa.Uuid(), nullable=False),
        sa.Column("moved_step", sa.String(), nullable=True),
        sa.ForeignKeyConstraint(
            ["competent_office_id"], ["office.id"], name=op.f("fk__dossier__competent_office_id__office")
        ),
        sa.ForeignKeyConstraint(
            ["procedure_code"], ["procedure.code"], name=op.f("fk__dossier__procedure_code__procedure")
        ),
        sa.ForeignKeyConstraint(
            ["receiving_office_id"], ["office.id"], name=op.f("fk__dossier__receiving_office_id__office")
        ),
        sa.ForeignKeyConstraint(
            ["version_id"], ["procedure_version.id"], name=op.f("fk__dossier__version_id__procedure_version")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk__dossier")),
        sa.UniqueConstraint("code", name=op.f("uq__dossier__code")),
        sa.UniqueConstraint("lodging_key", name=op.f("uq__dossier__lodging_key")),
        sa.UniqueConstraint("reference", name=op.f("uq__dossier__reference")),
    )
    op.create_index(
        "ix__dossier__competent_office_id__due_at", "dossier", ["competent_office_id", "due_at"], unique=False
    )
    op.create_index(
        "ix__dossier__receiving_office_id__due_at", "dossier", ["receiving_office_id", "due_at"], unique=False
    )
    op.create_index(
        "ix__dossier__search_text",
        "dossier",
        ["search_text"],
        unique=False,
        postgresql_ops={"search_text": "text_pattern_ops"},
    )
    op.create_index(
        "ix__dossier__words",
        "dossier",
        [sa.literal_column("to_tsvector('simple', search_text)")],
        unique=False,
        postgresql_using="gin",
    )
    op.create_index(
        op.f("ix__dossier_applicant_personal_id"), "dossier", ["applicant_personal_id"], unique=False
    )
    op.create_index(op.f("ix__dossier_procedure_code"), "dossier", ["procedure_code"], unique=False)
    op.create_table(
        "form_version",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("version_id", sa.Uuid(), nullable=False),
        sa.Column("key", sa.String(), nullable=False),
        sa.Column("document", postgresql.JSONB(), nullable=False),
        sa.Column("digest", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(
            ["version_id"],
            ["procedure_version.id"],
            name=op.f("fk__form_version__version_id__procedure_version"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk__form_version")),
        sa.UniqueConstraint("version_id", "key", name=op.f("uq__form_version__version_id")),
    )
    op.create_table(
        "office_hours",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("office_id", sa.Uuid(), nullable=True),
        sa.Column("week", postgresql.JSONB(), nullable=False),
        sa.Column("source", sa.String(), nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("valid_to", sa.Date(), nullable=True),
        sa.Column("entered_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("withdrawn_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "valid_to IS NULL OR valid_to > valid_from", name=op.f("ck__office_hours__valid_range")
        ),
        sa.ForeignKeyConstraint(
            ["office_id"], ["office.id"], name=op.f("fk__office_hours__office_id__office")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk__office_hours")),
    )
    op.create_index(op.f("ix__office_hours_office_id"), "office_hours", ["office_id"], unique=False)
    op.create_table(
        "posting",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("officer_id", sa.Uuid(), nullable=False),
        sa.Column("office_id", sa.Uuid(), nullable=False),
        sa.Column("lane", sa.String(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("valid_to", sa.Date(), nullable=True),
        sa.CheckConstraint(
            "valid_to IS NULL OR valid_to > valid_from", name=op.f("ck__posting__valid_range")
        ),
        sa.ForeignKeyConstraint(["lane"], ["lane.code"], name=op.f("fk__posting__lane__lane")),
        sa.ForeignKeyConstraint(["office_id"], ["office.id"], name=op.f("fk__posting__office_id__office")),
        sa.ForeignKeyConstraint(
            ["officer_id"], ["officer.id"], name=op.f("fk__posting__officer_id__officer")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk__posting")),
    )
    op.create_index("ix__posting__office_id_lane", "posting", ["office_id", "lane"], unique=False)
    op.create_index(op.f("ix__posting_officer_id"), "posting", ["officer_id"], unique=False)
    op.create_table(
        "charge",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("dossier_id", sa.Uuid(), nullable=False),
        sa.Column("fee", sa.String(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("amount", sa.Integer(), nullable=False),
        sa.Column("full_amount", sa.Integer(), nullable=False),
        sa.Column("basis", sa.String(), nullable=False),
        sa.Column("moment", sa.String(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("way", sa.String(), nullable=True),
        sa.Column("receipt_no", sa.String(), nullable=True),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("settled_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("amount >= 0 AND full_amount >= amount", name=op.f("ck__charge__amounts")),
        sa.ForeignKeyConstraint(["dossier_id"], ["dossier.id"], name=op.f("fk__charge__dossier_id__dossier")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk__charge")),
    )
    op.create_index(op.f("ix__charge_dossier_id"), "charge", ["dossier_id"], unique=False)
    op.create_table(
        "component",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("dossier_id", sa.Uuid(), nullable=False),
        sa.Column("key", sa.String(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("originals", sa.Integer(), nullable=False),
        sa.Column("certified", sa.Integer(), nullable=False),
        sa.Column("copies", sa.Integer(), nullable=False),
        sa.Column("required", sa.Boolean(), nullable=False),
        sa.Column("satisfied_by", postgresql.JSONB(), nullable=False),
        sa.Column("verdict", sa.String(), nullable=True),
        sa.Column("obtained_by", sa.String(), nullable=True),
        sa.Column("note", sa.String(), nullable=True),
        sa.ForeignKeyConstraint(
            ["dossier_id"], ["dossier.id"], name=op.f("fk__component__dossier_id__dossier")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk__component")),
        sa.UniqueConstraint("dossier_id", "key", name=op.f("uq__component__dossier_id")),
    )
    op.create_index(op.f("ix__component_dossier_id"), "component", ["dossier_id"], unique=False)
    op.create_table(
        "consultation",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("dossier_id", sa.Uuid(), nullable=False),
        sa.Column("office_id", sa.Uuid(), nullable=False),
        sa.Column("question", sa.String(), nullable=False),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("answer", sa.String(), nullable=True),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("answered_by", sa.Uuid(), nullable=True),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["dossier_id"], ["dossier.id"], name=op.f("fk__consultation__dossier_id__dossier")
        ),
        sa.ForeignKeyConstraint(
            ["office_id"], ["office.id"], name=op.f("fk__consultation__office_id__office")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk__consultation")),
    )
    op.create_index(op.f("ix__consultation_dossier_id"), "consultation", ["dossier_id"], unique=False)
    op.create_index(op.f("ix__consultation_office_id"), "consultation", ["office_id"], unique=False)
    op.create_table(
        "deadline",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("dossier_id", sa.Uuid(), nullable=False),
        sa.Column("rule", sa.String(), nullable=False),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("stopped_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("stopped_why", sa.String(), nullable=True),
        sa.Column("lines", postgresql.JSONB(), nullable=False),
        sa.ForeignKeyConstraint(
            ["dossier_id"], ["dossier.id"], name=op.f("fk__deadline__dossier_id__dossier")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk__deadline")),
    )
    op.create_index(op.f("ix__deadline_dossier_id"), "deadline", ["dossier_id"], unique=False)
    op.create_table(
        "document_file",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("dossier_id", sa.Uuid(), nullable=False),
        sa.Column("component_key", sa.String(), nullable=False),
        sa.Column("sha256", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("media_type", sa.String(), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("stored_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("stored_by", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["dossier_id"], ["dossier.id"], name=op.f("fk__document_file__dossier_id__dossier")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk__document_file")),
    )
    op.create_index(op.f("ix__document_file_dossier_id"), "document_file", ["dossier_id"], unique=False)
    op.create_table(
        "notice",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("dossier_id", sa.Uuid(), nullable=False),
        sa.Column("template", sa.String(), nullable=False),
        sa.Column("facts", postgresql.JSONB(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["dossier_id"], ["dossier.id"], name=op.f("fk__notice__dossier_id__dossier")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk__notice")),
    )
    op.create_index(op.f("ix__notice_dossier_id"), "notice", ["dossier_id"], unique=False)
    op.create_table(
        "runtime_state",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("dossier_id", sa.Uuid(), nullable=False),
        sa.Column("role", sa.String(), nullable=False),
        sa.Column("process_version_id", sa.Uuid(), nullable=False),
        sa.Column("codec", sa.Integer(), nullable=False),
        sa.Column("state", sa.LargeBinary(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["dossier_id"], ["dossier.id"], name=op.f("fk__runtime_state__dossier_id__dossier")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk__runtime_state")),
        postgresql_with={"fillfactor": 70},
    )
    op.create_index("ix__runtime_state__dossier_id", "runtime_state", ["dossier_id"], unique=False)
    op.create_table(
        "slip",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("dossier_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("number", sa.String(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("made_by", sa.Uuid(), nullable=False),
        sa.Column("data", postgresql.JSONB(), nullable=False),
        sa.Column("digest", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["dossier_id"], ["dossier.id"], name=op.f("fk__slip__dossier_id__dossier")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk__slip")),
    )
    op.create_index(op.f("ix__slip_dossier_id"), "slip", ["dossier_id"], unique=False)
    op.create_table(
        "supplement",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("dossier_id", sa.Uuid(), nullable=False),
        sa.Column("round", sa.Integer(), nullable=False),
        sa.Column("after_acceptance", sa.Boolean(), nullable=False),
        sa.Column("items", postgresql.JSONB(), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("received_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("taken_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("remark", sa.String(), nullable=True),
        sa.ForeignKeyConstraint(
            ["dossier_id"], ["dossier.id"], name=op.f("fk__supplement__dossier_id__dossier")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk__supplement")),
        sa.UniqueConstraint("dossier_id", "round", name=op.f("uq__supplement__dossier_id")),
    )
    op.create_index(op.f("ix__supplement_dossier_id"), "supplement", ["dossier_id"], unique=False)
    op.create_table(
        "transfer",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("dossier_id", sa.Uuid(), nullable=False),
        sa.Column("leg", sa.Integer(), nullable=False),
        sa.Column("from_office_id", sa.Uuid(), nullable=False),
        sa.Column("to_office_id", sa.Uuid(), nullable=False),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("state", sa.String(), nullable=True),
        sa.Column("note", sa.String(), nullable=True),
        sa.ForeignKeyConstraint(
            ["dossier_id"], ["dossier.id"], name=op.f("fk__transfer__dossier_id__dossier")
        ),
        sa.ForeignKeyConstraint(
            ["from_office_id"], ["office.id"], name=op.f("fk__transfer__from_office_id__office")
        ),
        sa.ForeignKeyConstraint(
            ["to_office_id"], ["office.id"], name=op.f("fk__transfer__to_office_id__office")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk__transfer")),
        sa.UniqueConstraint("dossier_id", "leg", name=op.f("uq__transfer__dossier_id")),
    )
    op.create_index(op.f("ix__transfer_dossier_id"), "transfer", ["dossier_id"], unique=False)
    op.create_table(
        "task",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("dossier_id", sa.Uuid(), nullable=False),
        sa.Column("runtime_id", sa.Uuid(), nullable=False),
        sa.Column("token", sa.String(), nullable=False),
        sa.Column("step_id", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("form_key", sa.String(), nullable=False),
        sa.Column("lane", sa.String(), nullable=False),
        sa.Column("office_id", sa.Uuid(), nullable=False),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("sort_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("clock_from", sa.DateTime(timezone=True), nullable=False),
        sa.Column("warn_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("urge_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("assignee_id", sa.Uuid(), nullable=True),
        sa.Column("claimed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("done_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("done_by", sa.Uuid(), nullable=True),
        sa.Column("done_how", sa.String(), nullable=True),
        sa.Column("done_key", sa.Uuid(), nullable=True),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("draft", postgresql.JSONB(), nullable=True),
        sa.Column("draft_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["assignee_id"], ["officer.id"], name=op.f("fk__task__assignee_id__officer")),
        sa.ForeignKeyConstraint(["dossier_id"], ["dossier.id"], name=op.f("fk__task__dossier_id__dossier")),
        sa.ForeignKeyConstraint(["lane"], ["lane.code"], name=op.f("fk__task__lane__lane")),
        sa.ForeignKeyConstraint(["office_id"], ["office.id"], name=op.f("fk__task__office_id__office")),
        sa.ForeignKeyConstraint(
            ["runtime_id"], ["runtime_state.id"], name=op.f("fk__task__runtime_id__runtime_state")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk__task")),
    )
    op.create_index(
        "ix__task__mine",
        "task",
        ["assignee_id", "sort_at"],
        unique=False,
        postgresql_where=sa.text("done_at IS NULL"),
    )
    op.create_index(
        "ix__task__open",
        "task",
        ["office_id", "lane", "sort_at", "id"],
        unique=False,
        postgresql_where=sa.text("done_at IS NULL"),
    )
    op.create_index(op.f("ix__task_dossier_id"), "task", ["dossier_id"], unique=False)
    op.create_table(
        "wait",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("dossier_id", sa.Uuid(), nullable=False),
        sa.Column("runtime_id", sa.Uuid(), nullable=False),
        sa.Column("token", sa.String(), nullable=False),
        sa.Column("step_id", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("lane", sa.String(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("subject", sa.String(), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("how", sa.String(), nullable=True),
        sa.ForeignKeyConstraint(["dossier_id"], ["dossier.id"], name=op.f("fk__wait__dossier_id__dossier")),
        sa.ForeignKeyConstraint(
            ["runtime_id"], ["runtime_state.id"], name=op.f("fk__wait__runtime_id__runtime_state")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk__wait")),
    )
    op.create_index(
        "ix__wait__armed",
        "wait",
        ["due_at"],
        unique=False,
        postgresql_where=sa.text("closed_at IS NULL AND kind = 'timer'"),
    )
    op.create_index(
        "ix__wait__dossier_id",
        "wait",
        ["dossier_id"],
        unique=False,
        postgresql_where=sa.text("closed_at IS NULL"),
    )
    op.create_index(
        "ix__wait__subject",
        "wait",
        ["subject"],
        unique=False,
        postgresql_where=sa.text("closed_at IS NULL"),
    )
    op.create_table(
        "answer_set",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("dossier_id", sa.Uuid(), nullable=False),
        sa.Column("task_id", sa.Uuid(), nullable=True),
        sa.Column("step_id", sa.String(), nullable=False),
        sa.Column("form_key", sa.String(), nullable=False),
        sa.Column("answers", postgresql.JSONB(), nullable=False),
        sa.Column("digest", sa.String(), nullable=False),
        sa.Column("given_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("given_by", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["dossier_id"], ["dossier.id"], name=op.f("fk__answer_set__dossier_id__dossier")
        ),
        sa.ForeignKeyConstraint(["task_id"], ["task.id"], name=op.f("fk__answer_set__task_id__task")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk__answer_set")),
    )
    op.create_index(
        "ix__answer_set__dossier_id__step_id",
        "answer_set",
        ["dossier_id", "step_id", "given_at"],
        unique=False,
    )
