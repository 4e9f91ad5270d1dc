"""What a person reads when a dossier under way cannot be changed, taken back or corrected."""

from webapp.labels.words import Words

STEERING: Words = {
    "dossier_suspended": (
        "Hồ sơ đang tạm dừng giải quyết từ {at}, theo {article}. Bản nháp vẫn giữ; làm tiếp khi lãnh đạo cho đồng hồ chạy tiếp.",
        "The dossier is suspended since {at}, by {article}. The draft is kept; go on when a head lets the clock go on.",
    ),
    "not_amendable": (
        "Không sửa được nữa: hồ sơ đã có kết quả hoặc đã kết thúc.",
        "It cannot be changed any more: a result was issued or the dossier has ended.",
    ),
    "nothing_amended": ("Chưa có nội dung nào được sửa.", "Nothing was changed."),
    "amended_too_far": (
        "Nội dung sửa làm thay đổi {touches} nên không sửa được ở đây. Hãy rút hồ sơ này và nộp hồ sơ mới.",
        "The change touches {touches}, so it cannot be made here. Withdraw this dossier and lodge a new one.",
    ),
    "amended_in_group": (
        "Hồ sơ liên thông đã chuyển đến các cơ quan theo nội dung khai lúc nộp; không sửa riêng được. Hãy rút hồ sơ và nộp lại.",
        "The dossiers of the group rest on what was declared; it cannot be changed in one of them. Withdraw and lodge anew.",
    ),
    "result_unknown": (
        "Chọn một kết quả trong danh sách; chỉ cơ quan giữ phần này của nhóm mới ghi được.",
        "Choose a result of the list; only the office that holds this part of the group records it.",
    ),
    "asked_in_form": (
        "Hồ sơ này chờ hồ sơ lần hai có mẫu riêng. Hãy khai theo mẫu và gửi kèm giấy tờ đã chỉnh sửa.",
        "This dossier waits for a second submission with a form of its own. Fill it in and add the mended papers.",
    ),
    "line_unanswered": (
        "Chưa trả lời nội dung: “{line}”. Mỗi nội dung trong thông báo phải được trả lời.",
        "Not answered: “{line}”. Every remark of the notice is answered.",
    ),
    "papers_missing": (
        "Còn thiếu: {names}. Đính kèm tệp, hoặc ghi rõ bản giấy nộp ở đâu, khi nào.",
        "Missing: {names}. Attach a file, or say where and when it is handed in on paper.",
    ),
    "nothing_to_recall": (
        "Chỉ lấy lại được bước vừa chuyển, và chỉ người đã làm bước đó.",
        "Only the last step can be taken back, by whoever did it.",
    ),
    "task_seen": (
        "Không lấy lại được: {who} đã mở hoặc đã nhận bước «{step}» lúc {at}. Hãy đề nghị họ trả lại.",
        "It cannot be taken back: {who} opened or claimed the step «{step}» at {at}. Ask them to send it back.",
    ),
    "task_told": (
        "Không lấy lại được: việc này không chỉ chuyển bước mà còn có tác động khác ({did}).",
        "It cannot be taken back: more came of it than the next step ({did}).",
    ),
    "task_taken_back": (
        "Việc này không còn phải làm: {who} đã lấy lại bước trước lúc {at}.",
        "Nobody has to do this any more: {who} took the step before back at {at}.",
    ),
    "no_visit": ("Hồ sơ không còn chờ kiểm tra thực địa.", "No step of the dossier waits for a site visit."),
    "visit_past": ("Phải báo trước: thời gian kiểm tra đã qua.", "The applicant is told before: that time is over."),
    "visit_unclear": (
        "Hãy ghi đủ thời gian (ngày/tháng/năm giờ:phút), địa điểm và thành phần kiểm tra.",
        "Say when (day/month/year hours:minutes), where, and who comes.",
    ),
    "not_posted": (
        "Hồ sơ không còn được niêm yết: ý kiến được ghi nhận trong thời gian niêm yết.",
        "The dossier is not posted any more: objections are recorded while it is.",
    ),
    "objection_unclear": ("Hãy ghi ai có ý kiến và nội dung ý kiến.", "Say who objects, and to what."),
    "asker_missing": ("Hãy chọn ai là người đề nghị sửa.", "Say who asks for the change."),
}
