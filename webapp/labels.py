"""Codes in words, Vietnamese first. What the engine says in codes, people read here."""

from typing import Any

from flask import has_request_context
from flask_babel import get_locale

Words = dict[str, tuple[str, str]]

STATUSES: Words = {
    "registered": ("Mới đăng ký", "Newly lodged"),
    "accepted": ("Được tiếp nhận", "Accepted"),
    "not_accepted": ("Không được tiếp nhận", "Not accepted"),
    "in_process": ("Đang xử lý", "In process"),
    "awaiting_supplement": ("Yêu cầu bổ sung giấy tờ", "Supplement requested"),
    "awaiting_payment": ("Yêu cầu thực hiện nghĩa vụ tài chính", "Payment requested"),
    "withdrawn": ("Công dân yêu cầu rút hồ sơ", "Withdrawn by the applicant"),
    "stopped": ("Dừng xử lý", "Stopped"),
    "decided": ("Đã xử lý xong", "Decided"),
    "handed_over": ("Đã trả kết quả", "Result handed over"),
}

CHANNELS: Words = {
    "in_person": ("trực tiếp", "in person"),
    "online": ("trực tuyến", "online"),
    "post": ("bưu chính", "by post"),
}

RETURN_WAYS: Words = {
    "counter": ("Tại quầy trả kết quả", "At the counter"),
    "post": ("Qua bưu chính", "By post"),
    "online": ("Bản điện tử", "Electronic"),
}

LEVELS: Words = {
    "ministry": ("Cấp bộ", "Ministry"),
    "province": ("Cấp tỉnh", "Province"),
    "commune": ("Cấp xã", "Commune"),
    "other": ("Cơ quan khác", "Other body"),
}

ONLINE_LEVELS: Words = {
    "full": ("Trực tuyến toàn trình", "Fully online"),
    "partial": ("Trực tuyến một phần", "Partly online"),
}

URGENCIES: Words = {
    "late": ("Quá hạn", "Late"),
    "urge": ("Gấp", "Critical"),
    "warn": ("Sắp đến hạn", "Due soon"),
    "ok": ("Trong hạn", "In time"),
    "none": ("Không tính hạn", "No clock"),
}

VIEWS: Words = {
    "all": ("Của tôi và chưa ai nhận", "Mine and open"),
    "mine": ("Của tôi", "Mine"),
    "open": ("Chưa ai nhận", "Open"),
    "team": ("Người khác đang giữ", "Held by others"),
}

VERDICTS: Words = {
    "ok": ("Đạt", "Good"),
    "missing": ("Thiếu", "Missing"),
    "invalid": ("Không hợp lệ", "Not valid"),
    "not_needed": ("Không cần", "Not needed"),
}

SOURCES: Words = {
    "paper": ("Bản giấy", "Paper"),
    "scan": ("Bản quét", "Scan"),
    "lookup": ("Tra cứu cơ sở dữ liệu", "Database look-up"),
    "warehouse": ("Kho dữ liệu điện tử", "Data warehouse"),
    "vneid": ("VNeID", "VNeID"),
    "e_original": ("Bản điện tử gốc", "Electronic original"),
    "e_certified": ("Bản chứng thực điện tử", "Certified electronic copy"),
}

#: Outside systems, by the topic of the step that asks them.
SYSTEMS: Words = {
    "population.lookup": ("Cơ sở dữ liệu quốc gia về dân cư", "National population database"),
    "population.issue_id": ("Cơ sở dữ liệu quốc gia về dân cư", "National population database"),
    "civil_status.search": ("Cơ sở dữ liệu hộ tịch", "Civil status database"),
    "civil_status.register": ("Cơ sở dữ liệu hộ tịch", "Civil status database"),
    "social.paylist": ("Hệ thống chi trả trợ cấp", "Social payment system"),
    "social.move_file": ("Hệ thống chi trả trợ cấp", "Social payment system"),
    "portal.deliver_result": ("Cổng Dịch vụ công quốc gia", "National Public Service Portal"),
}

#: Persons of a declaration.
ROLES: Words = {
    "requester": ("Người yêu cầu", "Requester"),
    "mother": ("Mẹ", "Mother"),
    "father": ("Cha", "Father"),
    "bride": ("Bên nữ", "Bride"),
    "groom": ("Bên nam", "Groom"),
    "subject": ("Người được cấp, được hưởng", "Person concerned"),
    "beneficiary": ("Người hưởng", "Beneficiary"),
    "owner": ("Chủ đầu tư", "Owner"),
}

#: What a look-up found.
LOOKUPS: Words = {
    "found": ("Khớp", "Matches"),
    "missing": ("Chưa có dữ liệu", "No data"),
    "mismatch": ("Không khớp", "Does not match"),
}

SLIPS: Words = {
    "receipt": ("Giấy tiếp nhận hồ sơ và hẹn trả kết quả (Mẫu 01)", "Receipt and appointment (form 01)"),
    "supplement": ("Phiếu yêu cầu bổ sung, hoàn thiện hồ sơ (Mẫu 02)", "Supplement request (form 02)"),
    "refusal": ("Phiếu từ chối tiếp nhận, giải quyết hồ sơ (Mẫu 03)", "Refusal (form 03)"),
    "extension": ("Văn bản xin lỗi và hẹn lại (Mẫu 04)", "Apology and new appointment (form 04)"),
    "stop": ("Thông báo dừng giải quyết hồ sơ (Mẫu 05)", "Stop notice (form 05)"),
}

CHARGE_STATES: Words = {
    "owed": ("Chưa nộp", "Owed"),
    "paid": ("Đã nộp", "Paid"),
    "waived": ("Được miễn", "Waived"),
    "debt_recorded": ("Ghi nợ", "Debt recorded"),
    "cancelled": ("Không phải nộp nữa", "No longer owed"),
    "refund_due": ("Phải hoàn trả", "To be refunded"),
    "refunded": ("Đã hoàn trả", "Refunded"),
}

RESULT_KINDS: Words = {
    "granted": ("Đồng ý giải quyết", "Granted"),
    "refused": ("Từ chối giải quyết", "Refused"),
    "notice": ("Văn bản trả lời", "Written answer"),
}

#: Why a head stops a dossier.
STOP_GROUNDS: Words = {
    "authority_request": ("Văn bản của cơ quan có thẩm quyền (tòa án, công an…)", "An authority asks for it in writing"),
    "sector_law": ("Quy định của pháp luật chuyên ngành", "The law of the sector"),
    "obligation_unmet": ("Không thực hiện nghĩa vụ tài chính", "An obligation to pay was not met"),
    "other": ("Căn cứ khác", "Another ground"),
}

#: Ledger events as lines of a story; `{…}` are names in the event's payload or added by the page.
EVENTS: Words = {
    "version.drafted": ("Tạo bản nháp quy trình {code}, số {number}", "Draft {number} of {code} deployed"),
    "version.published": ("Áp dụng quy trình {code} từ {effective_from}", "{code} in force from {effective_from}"),
    "dossier.lodged": ("Nộp hồ sơ {channel}", "Lodged {channel}"),
    "dossier.accepted": ("Tiếp nhận, cấp mã {code}", "Accepted under {code}"),
    "dossier.refused": ("Từ chối tiếp nhận", "Not accepted"),
    "dossier.decided": ("Đã có kết quả: {result_kind}", "Result ready: {result_kind}"),
    "dossier.returned": ("Đã trả kết quả cho người nộp", "Result handed over"),
    "dossier.stopped": ("Dừng giải quyết: {ground}", "Stopped: {ground}"),
    "dossier.withdrawn": ("Người nộp rút hồ sơ", "Withdrawn by the applicant"),
    "letter.sent": ("Báo cho hồ sơ khác: {name}", "Told other dossiers: {name}"),
    "letter.received": ("Nhận thông điệp từ hồ sơ khác: {name}", "Heard from another dossier: {name}"),
    "dossier.moved": ("Chuyển sang phiên bản quy trình khác", "Moved to another version of the diagram"),
    "status.changed": ("Trạng thái: {status}", "Status: {status}"),
    "step.passed": ("Quy trình đi tiếp", "The diagram moved on"),
    "instance.ended": ("Kết thúc quy trình", "The diagram ended"),
    "task.opened": ("Chuyển bước: {step}", "Step opened: {step}"),
    "task.claimed": ("Nhận việc: {step}", "Claimed: {step}"),
    "task.reassigned": ("Giao lại việc cho {officer}: {step}", "Reassigned to {officer}: {step}"),
    "task.released": ("Trả lại việc cho bộ phận: {step}", "Released: {step}"),
    "task.completed": ("Hoàn thành: {step}", "Completed: {step}"),
    "task.closed": ("Bước được đóng: {step}", "Step closed: {step}"),
    "wait.opened": ("Bắt đầu chờ: {step}", "Waiting: {step}"),
    "wait.closed": ("Hết chờ: {step}", "Wait over: {step}"),
    "supplement.requested": ("Yêu cầu bổ sung lần {round}", "Supplement requested, round {round}"),
    "supplement.received": ("Người nộp đã bổ sung lần {round}", "Supplement received, round {round}"),
    "deadline.set": ("Hẹn trả {due_at}", "Due {due_at}"),
    "deadline.closed": ("Đồng hồ dừng", "The clock stopped"),
    "deadline.extended": ("Xin lỗi và hẹn lại {due_at}", "Apology, new date {due_at}"),
    "extension.denied": ("Không đồng ý gia hạn", "Extension denied"),
    "slip.issued": ("Lập {kind}, số {number}", "Issued {kind}, no. {number}"),
    "paper.stored": ("Đính kèm tệp cho {component}", "File attached to {component}"),
    "paper.judged": ("Kiểm tra giấy tờ {component}: {verdict}", "Checked {component}: {verdict}"),
    "charge.opened": ("Lập khoản thu {amount}", "Charge of {amount}"),
    "charge.closed": ("Khoản thu: {state}", "Charge: {state}"),
    "charge.refunded": ("Hoàn trả {amount}", "Refunded {amount}"),
    "charge.counted": ("Ghi nhận nghĩa vụ tài chính: {amount}", "Obligation counted: {amount}"),
    "transfer.sent": ("Chuyển hồ sơ đến {to_office}", "Sent to {to_office}"),
    "transfer.closed": ("Cơ quan nhận đã trả lời chặng {leg}", "Leg {leg} answered"),
    "office.redirected": ("Xác định lại cơ quan giải quyết: {to_office}", "Redirected to {to_office}"),
    "consultation.sent": ("Lấy ý kiến cơ quan liên quan, hạn {due_at}", "Offices consulted, by {due_at}"),
    "consultation.answered": ("{office} đã trả lời ý kiến", "{office} answered"),
    "consultation.closed": ("Tổng hợp ý kiến", "Opinions summed up"),
    "preview.sent": ("Gửi bản điện tử để người nộp xác nhận", "Draft sent for confirmation"),
    "preview.answered": ("Người nộp đã trả lời bản điện tử", "The applicant answered the draft"),
    "preview.closed": ("Kết thúc xác nhận bản điện tử", "Confirmation closed"),
    "document.issued": ("Ký, cấp số {number}", "Signed, numbered {number}"),
    "document.sent_back": ("Trả lại dự thảo", "Draft sent back"),
    "side.started": ("Bắt đầu việc kèm theo: {process}", "Side process began: {process}"),
    "result.replaced": (
        "Thu hồi kết quả số {old_number}, thay bằng số {number}",
        "Result {old_number} revoked, replaced by {number}",
    ),
    "rules.applied": ("Tính theo bảng quyết định của quy trình", "Worked out by the procedure's decision table"),
    "service.asked": ("Hỏi {system}", "Asked: {system}"),
    "service.answered": ("{system} đã trả lời", "Answer from: {system}"),
}

#: What the applicant reads on the tracking page.
NOTICES: Words = {
    "accepted": ("Hồ sơ đã được tiếp nhận, mã {code}.", "Your dossier was accepted under {code}."),
    "refused": ("Hồ sơ không được tiếp nhận; lý do ghi trên phiếu.", "Not accepted; the slip says why."),
    "supplement_asked": ("Bạn cần bổ sung giấy tờ (lần {round}).", "Please complete your papers (round {round})."),
    "restarted": ("Đã nhận đủ phần bổ sung, thời hạn tính lại từ đầu.", "Complete; the limit starts again."),
    "fee_due": ("Bạn cần nộp {amount}.", "Please pay {amount}."),
    "preview": (
        "Mời bạn xem và xác nhận bản điện tử; sau một ngày không phản hồi, bản này được dùng.",
        "Please confirm the electronic draft; after one day without an answer it will be used.",
    ),
    "extended": ("Cơ quan xin lỗi và hẹn lại ngày trả kết quả.", "We apologise and set a new date."),
    "ready": ("Đã có kết quả.", "Your result is ready."),
    "result_on_its_way": ("Kết quả đang được chuyển về nơi bạn nộp.", "The result is on its way to you."),
    "replaced": (
        "Kết quả có sai sót đã được thu hồi và thay thế, không thu thêm phí.",
        "A faulty result was revoked and replaced, free of charge.",
    ),
    "returned": ("Đã trả kết quả.", "The result was handed over."),
    "stopped": ("Hồ sơ đã dừng giải quyết.", "The dossier was stopped."),
    "withdrawn": ("Bạn đã rút hồ sơ.", "You withdrew the dossier."),
}

#: One sentence per refusal; `{…}` are its facts.
REFUSALS: Words = {
    "domain_error": ("Không thực hiện được.", "This cannot be done."),
    "missing": ("Không tìm thấy.", "Not found."),
    "forbidden": ("Bạn không có quyền làm việc này.", "You may not do this."),
    "cannot_move": ("Hồ sơ không chuyển được sang phiên bản đó: {sentence}", "The dossier cannot move: {sentence}"),
    "not_its_version": (
        "Đó không phải là một phiên bản đã công bố khác của chính quy trình này.",
        "That is not another published version of the dossier's own diagram.",
    ),
    "stale": (
        "Hồ sơ vừa có thay đổi. Hãy xem lại rồi làm tiếp.",
        "This has changed. Please look again and go on.",
    ),
    "invalid": ("Thông tin chưa đúng.", "Something is not right."),
    "deploy_refused": (
        "Gói quy trình có lỗi nên chưa được lưu: {sentence}",
        "The bundle has errors and was not stored: {sentence}",
    ),
    "version_not_draft": (
        "Chỉ công bố được bản nháp; phiên bản này đã được công bố.",
        "Only a draft can be published; this version was published before.",
    ),
    "part_not_published": (
        "Phần “{part}” mà quy trình gọi còn là bản nháp; hãy công bố phần đó trước.",
        "The called part “{part}” is still a draft; publish it first.",
    ),
    "effective_too_early": (
        "Phiên bản mới chỉ có thể có hiệu lực từ ngày {since}: không sớm hơn hôm nay và phiên bản đang áp dụng.",
        "A new version can take effect from {since} on: not before today, nor before the one in force began.",
    ),
    "task_already_done": (
        "{who} đã hoàn thành việc này lúc {at}. Những gì bạn gõ vẫn còn ở dưới.",
        "{who} finished this at {at}. What you typed is still below.",
    ),
    "task_held": ("{who} đang giữ việc này từ {at}.", "{who} has held this since {at}."),
    "task_changed": (
        "{who} đã thay đổi hồ sơ lúc {at}, sau khi bạn mở trang. Những gì bạn gõ vẫn còn ở dưới.",
        "{who} changed the dossier at {at}, after you opened the page. What you typed is still below.",
    ),
    "task_not_yours": ("Không có việc này trong phần việc của bạn.", "No such task among yours."),
    "same_hands": (
        "Người đã thẩm tra hồ sơ không được ký hồ sơ đó.",
        "Who examined a dossier may not sign it.",
    ),
    "office_not_offered": ("Không có cơ quan được chọn.", "There is no such office."),
    "not_in_lane": (
        "Cán bộ được chọn hôm nay không ở vị trí này.",
        "That officer does not stand in this lane today.",
    ),
    "components_missing": (
        "Chưa tiếp nhận được: còn thiếu {names}.",
        "Not accepted yet: missing {names}.",
    ),
    "component_unknown": (
        "Thủ tục này không có thành phần hồ sơ «{component}».",
        "This procedure has no component «{component}».",
    ),
    "verdict_unknown": (
        "Kết quả kiểm tra của «{component}» không hợp lệ.",
        "The verdict on «{component}» is not a known one.",
    ),
    "component_needed": (
        "«{component}» là giấy tờ bắt buộc, không thể ghi «Không cần».",
        "«{component}» is required; it cannot be called not needed.",
    ),
    "upload_empty": ("Tệp «{name}» rỗng.", "The file «{name}» is empty."),
    "upload_too_large": (
        "Tệp «{name}» lớn hơn {megabytes} MB.",
        "The file «{name}» is larger than {megabytes} MB.",
    ),
    "upload_not_as_named": (
        "Nội dung tệp «{name}» không đúng với tên hoặc không thuộc loại được nhận (PDF, ảnh, Word).",
        "The content of «{name}» is not what its name says, or of a kind we do not take.",
    ),
    "office_unclear": (
        "Hãy chọn cơ quan giải quyết cho thủ tục này.",
        "Please choose the office that decides.",
    ),
    "procedure_not_in_force": (
        "Thủ tục {procedure} chưa có quy trình đang áp dụng.",
        "No version of {procedure} is in force.",
    ),
    "limit_unknown": (
        "Thủ tục này không công bố thời hạn. Hãy ghi số ngày làm việc đã thỏa thuận với người nộp.",
        "No limit is published. Enter the working days agreed with the applicant.",
    ),
    "extension_too_late": (
        "Phải xin lỗi và hẹn lại trước hạn ít nhất 1 ngày (muộn nhất {latest}).",
        "The apology must come at least one day before the due date (by {latest}).",
    ),
    "not_stoppable": (
        "Chỉ dừng được hồ sơ đã tiếp nhận và chưa có kết quả.",
        "Only a dossier that was accepted and has no result yet can be stopped.",
    ),
    "ground_unknown": ("Hãy chọn căn cứ dừng giải quyết.", "Choose the ground on which the work is stopped."),
    "reason_missing": ("Hãy ghi rõ lý do.", "Say why."),
    "lodged_otherwise": (
        "Trang này đã được gửi trước đó với nội dung khác; hồ sơ nộp lần đầu vẫn giữ nguyên. Hãy mở trang mới.",
        "This page was sent before with other contents; what was lodged then stands. Please open a new page.",
    ),
    "supplement_used": (
        "Đã yêu cầu bổ sung đủ số lần được phép: phải kết luận trên hồ sơ hiện có.",
        "The applicant was asked as often as allowed: conclude on the papers at hand.",
    ),
    "supplement_late": (
        "Đã quá hạn yêu cầu bổ sung ({latest}): hãy ghi lý do gửi muộn.",
        "The time to ask for papers ended on {latest}: say why this is sent later.",
    ),
    "nothing_to_extend": (
        "Hồ sơ hiện không tính hạn nên không có ngày để hẹn lại.",
        "No due date is running: there is none to move.",
    ),
    "extension_used": ("Hồ sơ này đã được hẹn lại một lần.", "The date has been moved once already."),
    "extension_not_later": ("Ngày hẹn mới phải sau {due}.", "The new date must lie after {due}."),
    "sent_otherwise": (
        "Trang này đã được gửi trước đó với nội dung khác; lần gửi đầu vẫn giữ nguyên. Hãy tải lại trang.",
        "This page was sent before with other contents; what was done then stands. Please reload the page.",
    ),
    "key_missing": ("Yêu cầu không hợp lệ: hãy tải lại trang rồi gửi lại.", "Not a valid request: reload the page and send it again."),
    "moved_on": (
        "Hồ sơ không còn chờ việc này: {who} đã xử lý lúc {at}.",
        "The dossier no longer waits for this: {who} dealt with it at {at}.",
    ),
    "not_waiting": ("Hồ sơ không còn chờ việc này.", "The dossier no longer waits for this."),
    "not_withdrawable": (
        "Không rút được: hồ sơ đã có kết quả hoặc đã kết thúc.",
        "It cannot be withdrawn: a result was issued or the dossier has ended.",
    ),
    "extension_under_way": (
        "Văn bản xin lỗi, hẹn lại của hồ sơ này đang được làm.",
        "An extension of this dossier is already under way.",
    ),
    "correction_under_way": (
        "Kết quả của hồ sơ này đang được xem xét sửa.",
        "A correction of this result is already under way.",
    ),
    "nothing_to_correct": (
        "Chỉ sửa được kết quả đã ban hành.",
        "Only a result that was issued can be corrected.",
    ),
    "application_malformed": (
        "Trang gửi lên nội dung mà mẫu không có. Hãy tải lại trang.",
        "The page sent something that it does not offer. Please reload it.",
    ),
    "intake_malformed": (
        "Trang gửi lên nội dung mà mẫu không có. Hãy tải lại trang.",
        "The page sent something that it does not offer. Please reload it.",
    ),
    "upload_forged": (
        "Có tệp không phải được tải lên từ trang này. Hãy chọn lại tệp.",
        "A file was named that was not uploaded here. Please choose it again.",
    ),
    "not_asked": ("Cơ quan của bạn không được hỏi về hồ sơ này.", "Your office was not asked."),
    "tracking_unknown": (
        "Không có hồ sơ nào khớp với mã và mã tra cứu này. Hãy xem lại trên giấy tiếp nhận.",
        "No dossier matches this code and secret. Please look at your receipt again.",
    ),
    "office_unknown": ("Không có cơ quan nào mang mã này.", "No office has this code."),
    "officer_unknown": ("Không có cán bộ này.", "No such officer."),
    "wrong_position": ("Bước này không chờ thao tác đó.", "This step does not wait for that."),
    "no_condition_true": (
        "Không nhánh nào của «{name}» phù hợp với kết quả đã nhập.",
        "No way out of «{name}» fits what was entered.",
    ),
    "condition_failed": (
        "Không tính được điều kiện tại «{name}».",
        "A condition at «{name}» gave no value.",
    ),
    "decision_failed": (
        "Bảng quyết định «{decision}» không cho kết quả: {reason}",
        "The decision «{decision}» gave no value: {reason}",
    ),
    "act_too_long": (
        "Quy trình chạy quá lâu tại «{name}»; thao tác đã bị hủy.",
        "The diagram ran too long at «{name}»; nothing was done.",
    ),
    "state_too_large": (
        "Dữ liệu định tuyến của hồ sơ quá lớn.",
        "The dossier's routing data is too large.",
    ),
    "bad_variable": ("Giá trị định tuyến không hợp lệ.", "A routing value is not valid."),
    "diagram_refused": ("Sơ đồ quy trình bị từ chối.", "The diagram was refused."),
    "act_malformed": (
        "Trang gửi lên nội dung mà mẫu không có. Hãy tải lại trang.",
        "The page sent something that it does not offer. Please reload it.",
    ),
    "choice_missing": ("Việc này cần chọn một mục trong danh sách.", "This act needs a choice from the list."),
    "not_confirmed": ("Việc này không hoàn tác được: hãy đánh dấu xác nhận.", "This cannot be undone: tick to confirm."),
    "sentence_missing": ("Việc này cần ghi rõ nội dung.", "This act needs a sentence."),
    "sentence_too_long": ("Nội dung tối đa 4.000 ký tự.", "At most 4,000 characters."),
    "paper_not_asked": (
        "Có tệp gửi cho giấy tờ mà cơ quan không yêu cầu. Hãy tải lại trang.",
        "A file was sent for a paper that nobody asked for. Please reload the page.",
    ),
    "draft_unknown": (
        "Không còn bản nào chờ bạn xác nhận.",
        "No draft waits for your answer any more.",
    ),
    "not_the_applicant": (
        "Số này không phải số của người yêu cầu ghi trong tờ khai.",
        "This is not the number that the applicant declared.",
    ),
    "position_gone": ("Hồ sơ đã qua bước này.", "The dossier has left this step."),
}


def label(words: Words, code: str | None, /, **facts: Any) -> str:
    """The words for a code in the reader's language; an unknown code shows itself."""
    if code is None:
        return ""
    pair = words.get(code, (code, code))
    text = pair[1] if english() else pair[0]
    return text.format_map(_Facts(facts)) if "{" in text else text


class _Facts(dict[str, Any]):
    """A fact that is not there is a dash, never an error page."""

    def __missing__(self, name: str) -> str:
        return "–"


def english() -> bool:
    """Whether the reader asked for English."""
    return has_request_context() and get_locale().language == "en"
