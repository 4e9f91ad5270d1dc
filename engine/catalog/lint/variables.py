"""Names that a diagram may read without a form of its own giving them, and what each can be.

The table of routing variables of the frame: fixed at lodging, or set by an engine or service topic.
"""

from __future__ import annotations

from collections.abc import Mapping

BOOLEAN = ("true", "false")
INTEGER = "integer"
INSTANT = "instant"

#: name -> codes, BOOLEAN, INTEGER or INSTANT
VARIABLES: Mapping[str, tuple[str, ...] | str] = {
    # lodging, record
    "channel": ("in_person", "online", "post"),
    "dossier_form": ("electronic", "paper"),
    "return_way": ("counter", "post", "online"),
    "handling_mode": ("competent_office", "at_counter"),
    "transfer_needed": BOOLEAN,
    "result_transfer_needed": BOOLEAN,
    "fee_timing": ("none", "at_reception", "at_return", "before_result"),
    "amount_due": INTEGER,
    "payment_way": ("counter", "online"),
    "refusal_by": ("reception", "centre_head"),
    "review_needed": BOOLEAN,
    "silence_is_agreement": BOOLEAN,
    "supplement_max": INTEGER,
    "supplement_count": INTEGER,
    "confirm_days": INTEGER,
    "consultation_days": INTEGER,
    "extension_used": BOOLEAN,
    "refund_due": BOOLEAN,
    "refund_owed": BOOLEAN,
    "end_reason": ("not_accepted", "withdrawn", "stopped"),
    # engine topics
    "intake_state": ("accepted", "refused"),
    "transfer_state": ("received", "rejected"),
    "receipt_due_at": INSTANT,
    "payment_state": ("paid", "waived", "debt_recorded", "unpaid"),
    "supplement_state": ("completed", "expired"),
    "supplement_due_at": INSTANT,
    "completion_due_at": INSTANT,
    "consultation_state": ("answered", "silence_agreed", "incomplete"),
    "consultation_due_at": INSTANT,
    "extension_state": ("extended", "denied"),
    "signing_state": ("issued", "sent_back"),
    "confirm_state": ("confirmed", "corrected", "silent"),
    "confirm_due_at": INSTANT,
    "examination_outcome": ("eligible", "supplement", "consult", "ineligible"),
    "document_kind": ("result", "refusal", "interim"),
    "result_kind": ("granted", "refused", "notice"),
    "tax_state": ("settled",),
    "remote_end": ("not_accepted", "withdrawn", "stopped", "handed_over"),
    "revision_due_at": INSTANT,
    "remedy_due_at": INSTANT,
    "child_state": ("done", "failed"),
    "consents_needed": BOOLEAN,
    "acknowledged_by_leg": BOOLEAN,
    "acknowledge_by": INSTANT,
    "child_due_at": INSTANT,
    # service topics
    "registration_state": ("accepted", "rejected"),
    "personal_id_known": BOOLEAN,
    "benefit_held": ("social_pension", "social_allowance", "pension_or_survivor", "merit", "none"),
    "paid_elsewhere": BOOLEAN,
    "licence_state": ("found", "not_found"),
    "violation_state": ("clear", "open"),
    "lab_state": ("passed", "failed"),
}

#: What an instance of a part is started or called with, as facts outside the routing variables.
OUTSIDE = {
    "supplement_items",
    "charge_purpose",
    "transfer_to",
    "closing_ground",
    "end_reason",
    "result_id",
    "error_by",
}
OUTSIDE |= {"due_at", "child_kind", "child_key", "children_due"}


def _table(text: str) -> dict[str, frozenset[str]]:
    rows = (line.split() for line in text.splitlines() if line.strip())
    return {topic: frozenset(names) for topic, *names in rows}


#: Topic -> the variables that it may write; a test holds the functions and adapters to it. What a decision writes, its
#: element names.
ENGINE_TOPICS = _table("""
    dossier.accept intake_state
    dossier.refuse intake_state
    dossier.stop
    dossier.decide result_kind amount_due fee_timing payment_way
    dossier.return
    dossier.mirror remote_end
    ministry.pass_on intake_state
    slip.completion completion_due_at
    charge.open payment_state payment_answer amount_due
    charge.count payment_state
    charge.refund refund_due refund_owed
    obligation.open amount_due payment_way
    obligation.defer payment_state
    obligation.settle tax_state amount_due
    result.replace
    transfer.send transfer_state transfer_answer receipt_due_at
    transfer.send_back transfer_answer
    transfer.alarm receipt_due_at
    transfer.close transfer_state
    supplement.open supplement_state supplement_count supplement_due_at
    supplement.expire supplement_state
    clock.restart supplement_state
    clock.pause
    clock.resume
    clock.open_stage
    clock.start_anew
    clock.verify
    revision.open revision_due_at
    remedy.open remedy_due_at
    consultation.send consultation_state consultation_due_at
    consultation.close consultation_state
    deadline.extend extension_state extension_used
    deadline.deny extension_state
    document.interim document_kind
    document.issue signing_state document_kind
    document.send_back signing_state
    notice.preview confirm_state confirm_answer
    preview.close confirm_state
    child.first child_kind
    child.plan children_due
    child.prepare child_key child_state consents_needed consent_state
    child.open acknowledged_by_leg acknowledge_by child_due_at
    child.skip child_state
    child.close child_state
    examination.set_eligible examination_outcome
    examination.set_ineligible examination_outcome
    decision.evaluate
""")
SERVICE_TOPICS = _table("""
    civil_status.search
    civil_status.register registration_state
    population.lookup
    population.issue_id personal_id_known
    portal.deliver_result
    portal.publish
    land.survey
    land.update
    tax.notice
    social.paylist
    social.pay_once
    social.move_file
    social.entitlements benefit_held paid_elsewhere
    driving.lookup licence_state violation_state
    driving.issue
    lab.result lab_state
    food.watch
    ministry.lodge
    ministry.query
""")
#: Messages that the house itself brings, of what an applicant, a bank or another office did. Every other message comes
#: from another dossier, under a key.
FACTS = frozenset(
    """applicant_resubmitted applicant_confirmed applicant_corrected payment_settled transfer_acknowledged transfer_rejected
    result_acknowledged consultation_completed delivery_confirmed delivery_failed remote_status_changed""".split()
)
LANES = {
    "reception": "Tiếp nhận",
    "cashier": "Thu phí, lệ phí",
    "centre_head": "Lãnh đạo Trung tâm PVHCC",
    "division_head": "Lãnh đạo phòng",
    "specialist": "Chuyên viên thụ lý",
    "council": "Hội đồng thẩm định",
    "leader": "Lãnh đạo ký",
    "clerk": "Văn thư",
    "return": "Trả kết quả",
}
