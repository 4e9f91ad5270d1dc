"""What a dossier waits for, and what goes on beside its own steps, as whoever reads a list of them would say it."""

from webapp.labels.words import Words

#: By the subject of the wait; what is not named here is said in the diagram's words.
WAITS: Words = {
    "applicant_resubmitted": ("Người nộp bổ sung hồ sơ", "The applicant to complete the dossier"),
    "applicant_confirmed": ("Người nộp xem và xác nhận bản điện tử", "The applicant to confirm the electronic draft"),
    "payment_settled": ("Người nộp nộp tiền", "The applicant to pay"),
    "child_acknowledged": ("Cơ quan nhận xác nhận hồ sơ con", "The office to acknowledge its part"),
    "child_finished": ("Kết quả của các hồ sơ con", "The results of the parts"),
    "transfer_acknowledged": ("Cơ quan nhận xác nhận đã nhận hồ sơ", "The other office to acknowledge the papers"),
    "result_acknowledged": ("Nơi trả xác nhận đã nhận kết quả", "The counter to acknowledge the result"),
    "consultation_completed": ("Cơ quan được hỏi trả lời ý kiến", "The offices asked to answer"),
    "delivery_confirmed": ("Bưu điện báo phát", "The post to report delivery"),
    "remote_status_changed": ("Hệ thống của bộ giải quyết", "The ministry's system to decide"),
}
#: The other answer to a question of which the first is in WAITS: one thing is waited for, not two.
OTHER_ANSWERS = ("applicant_corrected", "transfer_rejected", "delivery_failed")

#: Processes that begin beside the dossier's own.
SIDES: Words = {
    "return_papers": ("trả lại giấy tờ, hoàn phí", "giving papers back, refund"),
    "extend_deadline": ("xin lỗi, hẹn lại ngày trả", "apology and another date"),
    "correct_result": ("sửa sai sót trong kết quả", "putting a wrong result right"),
}
