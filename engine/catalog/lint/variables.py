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

ENGINE_TOPICS = frozenset(
    """dossier.accept dossier.refuse dossier.stop dossier.decide dossier.return dossier.mirror ministry.pass_on slip.completion
    charge.open charge.count charge.refund obligation.open obligation.defer obligation.settle result.replace transfer.send transfer.send_back
    transfer.alarm transfer.close
    supplement.open supplement.expire clock.restart clock.pause clock.resume clock.open_stage clock.start_anew clock.verify revision.open remedy.open
    consultation.send consultation.close deadline.extend deadline.deny document.interim document.issue document.send_back notice.preview preview.close
    child.first child.plan child.prepare child.open child.skip child.close
    examination.set_eligible examination.set_ineligible decision.evaluate""".split()
)
SERVICE_TOPICS = frozenset(
    """civil_status.search civil_status.register population.lookup population.issue_id portal.deliver_result portal.publish
    land.survey land.update tax.notice social.paylist social.pay_once social.move_file social.entitlements
    driving.lookup driving.issue lab.result food.watch
    ministry.lodge ministry.query""".split()
)
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
