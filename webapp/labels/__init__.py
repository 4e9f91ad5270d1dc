"""Codes in words, Vietnamese first. What the engine says in codes, people read here."""

from typing import Any

from flask import has_request_context
from flask_babel import get_locale

from webapp.labels.events import EVENTS as EVENTS
from webapp.labels.events import MOVED as MOVED
from webapp.labels.money import CASH_ENTRIES as CASH_ENTRIES
from webapp.labels.money import CAUSES as CAUSES
from webapp.labels.money import CHARGE_STATES as CHARGE_STATES
from webapp.labels.money import FEE_CLASSES as FEE_CLASSES
from webapp.labels.money import MOMENTS as MOMENTS
from webapp.labels.money import MONEY as MONEY
from webapp.labels.money import PAYMENT_WAYS as PAYMENT_WAYS
from webapp.labels.money import SURPLUS as SURPLUS
from webapp.labels.refusals import REFUSALS as REFUSALS
from webapp.labels.waits import BRANCHES as BRANCHES
from webapp.labels.waits import OTHER_ANSWERS as OTHER_ANSWERS
from webapp.labels.waits import SIDES as SIDES
from webapp.labels.waits import TOLD as TOLD
from webapp.labels.waits import WAITS as WAITS
from webapp.labels.words import Words

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
    "vneid": ("trên VNeID", "in VNeID"),
    "kiosk": ("tại ki-ốt", "at a kiosk"),
    # online as well, but typed by an officer: counted apart
    "assisted": ("trực tuyến, cán bộ nộp giúp", "online, assisted by an officer"),
}

#: Why an officer lodges online for somebody.
ASSISTED_FOR: Words = {
    "no_account": ("Chưa có tài khoản định danh điện tử", "No electronic identity account"),
    "no_device": ("Không có thiết bị, mạng", "No device or network"),
    "elderly_disabled": ("Người cao tuổi, người khuyết tật", "Old age or disability"),
    "cannot_fill": ("Không tự kê khai được", "Cannot fill in the form"),
    "asked": ("Người dân đề nghị hỗ trợ", "Asked to be helped"),
}

HANDOVERS: Words = {
    "papers": ("Hồ sơ giấy", "Papers"),
    "result": ("Kết quả giải quyết", "Results"),
}

LEG_STATES: Words = {
    "received": ("đã nhận", "received"),
    "rejected": ("trả lại vì sai thẩm quyền", "sent back as not competent"),
    "cancelled": ("không còn cần", "no longer needed"),
}

HANDOVER_STATES: Words = {
    "received": ("nhận đủ", "received whole"),
    "short": ("thiếu, hư hỏng", "something is short"),
    "missing": ("không có", "not there"),
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
    "lab.result": ("Phòng kiểm nghiệm", "Laboratory"),
    "food.watch": ("Cơ quan giám sát an toàn thực phẩm", "Food-safety watch"),
    "driving.lookup": ("Cơ sở dữ liệu giấy phép lái xe", "Driving-licence database"),
    "driving.issue": ("Cơ sở dữ liệu giấy phép lái xe", "Driving-licence database"),
    "social.entitlements": ("Cơ sở dữ liệu trợ giúp xã hội", "Social assistance database"),
    "social.pay_once": ("Hệ thống chi trả trợ cấp", "Social payment system"),
    "social.paylist": ("Hệ thống chi trả trợ cấp", "Social payment system"),
    "social.move_file": ("Hệ thống chi trả trợ cấp", "Social payment system"),
    "portal.deliver_result": ("Cổng Dịch vụ công quốc gia", "National Public Service Portal"),
    "portal.publish": ("Cổng Dịch vụ công quốc gia", "National Public Service Portal"),
    "land.survey": ("Đơn vị đo đạc", "Surveyor"),
    "land.update": ("Hệ thống thông tin đất đai", "Land information system"),
    "tax.notice": ("Cơ quan thuế", "Tax office"),
    "ministry.lodge": ("Hệ thống của bộ", "The ministry’s system"),
    "ministry.query": ("Hệ thống của bộ", "The ministry’s system"),
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

#: What somebody draws, as the social-assistance database has it.
BENEFITS: Words = {
    "social_pension": ("Trợ cấp hưu trí xã hội", "Social pension"),
    "social_allowance": ("Trợ cấp xã hội hằng tháng", "Monthly social allowance"),
    "pension_or_survivor": ("Lương hưu, trợ cấp bảo hiểm xã hội", "Pension or survivor's benefit"),
    "merit": ("Trợ cấp người có công", "Benefit of persons with merit"),
    "none": ("Không hưởng chế độ nào", "No benefit"),
}

#: What the licence database says of violations.
VIOLATIONS: Words = {"clear": ("Không có", "None"), "open": ("Còn vi phạm chưa giải quyết", "Pending")}

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
    "control": ("Phiếu kiểm soát quá trình giải quyết hồ sơ (Mẫu 06)", "Process control slip (form 06)"),
    "handover": ("Phiếu bàn giao hồ sơ", "Hand-over slip"),
    "site_minutes": ("Biên bản kiểm tra thực địa", "Minutes of the site visit"),
    "council_minutes": ("Biên bản phiên họp hội đồng thẩm định", "Minutes of the council"),
    "handover_list": ("Danh sách bàn giao", "Hand-over list"),
    "result_receipt": ("Giấy biên nhận trả kết quả", "Result receipt"),
    "history": ("Quá trình giải quyết hồ sơ", "Process history"),
    "cash_day": ("Sổ thu phí, lệ phí trong ngày", "Day book of a cashier"),
    "fee_receipt_phi": ("Biên lai thu phí", "Fee receipt"),
    "fee_receipt_le_phi": ("Biên lai thu lệ phí", "State charge receipt"),
    "fee_refund": ("Phiếu chi hoàn trả phí, lệ phí", "Refund of fees"),
    # What takes their place where a sector has papers of its own.
    "1.004222/receipt": ("Giấy tiếp nhận hồ sơ và hẹn trả kết quả (CT04)", "Receipt and appointment (CT04)"),
    "1.004222/refusal": ("Phiếu từ chối tiếp nhận, giải quyết hồ sơ (CT06)", "Refusal (CT06)"),
    "1.001612/receipt": ("Giấy biên nhận hồ sơ đăng ký hộ kinh doanh", "Receipt of the business registry"),
}


def slip_of(procedure: str, kind: str) -> str:
    """The name of a slip, as the sector of its procedure calls it."""
    own = f"{procedure}/{kind}"
    return label(SLIPS, own if own in SLIPS else kind)


#: What a submitter is to the applicant.
RELATIONS: Words = {
    "grandparent": ("ông, bà", "grandparent"),
    "parent": ("cha, mẹ", "parent"),
    "child": ("con", "child"),
    "spouse": ("vợ, chồng", "spouse"),
    "sibling": ("anh, chị, em ruột", "sibling"),
    "other_kin": ("người thân thích khác", "other kin"),
    "guardian": ("người giám hộ", "guardian"),
    "authorised": ("người được ủy quyền", "authorised person"),
    "postal": ("nhân viên bưu chính", "postal employee"),
    "officer_helping": ("cán bộ hỗ trợ nộp hồ sơ", "officer who helps"),
}

#: Who acts for the applicant: since the dossier was lodged, or named later.
REPRESENTATIVES: Words = {
    "submitter": ("Người nộp thay", "Submitter"),
    "proxy": ("Người được ủy quyền", "Representative"),
}

#: Papers by which somebody acts for the applicant, and for what.
AUTHORITY_KINDS: Words = {
    "power": ("Văn bản ủy quyền", "Power of attorney"),
    "contract": ("Hợp đồng ủy quyền", "Contract of mandate"),
    "introduction": ("Giấy giới thiệu của cơ quan, tổ chức", "Letter of introduction"),
    "none": ("Không cần văn bản ủy quyền", "No paper needed"),
}
SCOPES: Words = {
    "lodge": ("Nộp hồ sơ", "Lodge"),
    "change": ("Bổ sung, sửa đổi hồ sơ", "Supplement or change"),
    "withdraw": ("Rút hồ sơ", "Withdraw"),
    "receive": ("Nhận kết quả", "Fetch the result"),
}

CORRECTIONS: Words = {
    "replaced": ("đã thay kết quả", "replaced"),
    "no_error": ("không có sai sót", "no error"),
}

#: Systems in which officers look by hand, and what they found there.
DATABASES: Words = {"population": ("cơ sở dữ liệu quốc gia về dân cư", "the national population database")}
FOUND_BY_HAND: Words = {"found": ("có dữ liệu", "found"), "missing": ("không có dữ liệu", "not found")}

#: Where a posting hangs; other places are written out.
POSTED_AT: Words = {
    "office": ("trụ sở Ủy ban nhân dân", "the office of the People's Committee"),
    "hamlet": ("thôn, tổ dân phố", "the hamlet"),
    "portal": ("cổng thông tin điện tử", "the web portal"),
}

#: What a changed declaration may not touch, because the dossier was accepted for it.
AMENDED_TOO_FAR: Words = {
    "papers": ("giấy tờ phải nộp", "the papers that are needed"),
    "limit": ("thời hạn giải quyết", "the time limit"),
    "office": ("cơ quan giải quyết", "the office that decides"),
    "course": ("cách giải quyết hoặc cách nhận kết quả", "the way it is handled or the result is returned"),
    "applicant": ("số định danh của người yêu cầu", "the applicant's personal id"),
}

#: Registers of numbers that are no paper of ours.
REGISTERS: Words = {
    "dossier_code": ("Mã hồ sơ", "Dossier codes"),
    "result": ("Kết quả giải quyết thủ tục hành chính", "Results"),
    "document": ("Văn bản khác", "Other letters"),
}

#: How a dossier of the register stands to its date.
STANDINGS: Words = {
    "open": ("Đang giải quyết, trong hạn", "Open, in time"),
    "open_late": ("Đang giải quyết, quá hạn", "Open, late"),
    "on_time": ("Đã giải quyết đúng hạn", "Decided in time"),
    "late": ("Đã giải quyết quá hạn", "Decided late"),
    "ended": ("Dừng, rút", "Stopped, withdrawn"),
}

#: How a paper of the warehouse stands.
PAPER_STATES: Words = {
    "valid": ("Còn hiệu lực", "In force"),
    "expired": ("Hết hiệu lực", "Expired"),
    "replaced": ("Đã thay thế", "Replaced"),
    "revoked": ("Đã thu hồi", "Revoked"),
}

RESULT_KINDS: Words = {
    "granted": ("Đồng ý giải quyết", "Granted"),
    "refused": ("Từ chối giải quyết", "Refused"),
    "notice": ("Văn bản trả lời", "Written answer"),
}

#: Why reception refuses a dossier; the same codes as in the form `one_stop/check_dossier`.
REFUSAL_GROUNDS: Words = {
    "wrong_authority": ("Không thuộc thẩm quyền giải quyết", "Not competent"),
    "wrong_subject": ("Không thuộc đối tượng, phạm vi của thủ tục", "Outside the scope of the procedure"),
    "not_completed": ("Không hoàn thiện hồ sơ theo yêu cầu", "Not completed as asked"),
    "duplicate": ("Trùng với hồ sơ đang giải quyết", "Same as a dossier in process"),
    "forbidden": ("Pháp luật quy định không tiếp nhận", "The law forbids it"),
    "other": ("Lý do khác", "Other ground"),
}

#: Why a head stops a dossier.
STOP_GROUNDS: Words = {
    "authority_request": ("Văn bản của cơ quan có thẩm quyền (tòa án, công an…)", "An authority asks for it in writing"),
    "sector_law": ("Quy định của pháp luật chuyên ngành", "The law of the sector"),
    "obligation_unmet": ("Không thực hiện nghĩa vụ tài chính", "An obligation to pay was not met"),
    "other": ("Căn cứ khác", "Another ground"),
}

#: What the applicant reads on the tracking page; `{…}` are facts of the notice, or added by the page.
NOTICES: Words = {
    "accepted": ("Hồ sơ đã được tiếp nhận, mã {code}.", "Your dossier was accepted under {code}."),
    "refused": ("Hồ sơ không được tiếp nhận; lý do ghi trên phiếu.", "Not accepted; the slip says why."),
    "supplement_asked": ("Bạn cần bổ sung giấy tờ (lần {round}).", "Please complete your papers (round {round})."),
    "remedy_asked": ("Cơ sở phải khắc phục lỗi trong thời hạn, xem nội dung.", "Mend the faults in time, see what."),
    "ministry_asks": ("Hệ thống của bộ yêu cầu bổ sung, xem phiếu.", "The ministry asks for more, see the slip."),
    "restarted": ("Đã nhận đủ phần bổ sung, thời hạn tính lại từ đầu.", "Complete; the limit starts again."),
    "fee_due": ("Bạn cần nộp {amount}.", "Please pay {amount}."),
    "fee_amended": (
        "Phí, lệ phí được tính lại theo nội dung đã sửa: trước {before}, nay {after}.",
        "The fees were worked out anew after the change: {before} before, now {after}.",
    ),
    "fee_exempted": (
        "Phí, lệ phí được tính lại theo giấy tờ miễn, giảm: trước {before}, nay {after}.",
        "The fees were worked out anew by the paper of an exemption: {before} before, now {after}.",
    ),
    "fee_decided": (
        "Phí, lệ phí được tính lại theo kết quả giải quyết: trước {before}, nay {after}.",
        "The fees were worked out anew by the result: {before} before, now {after}.",
    ),
    "overpaid": (
        "Bạn đã chuyển {amount} không phải khoản đang phải nộp; cơ quan sẽ trả lại.",
        "You paid {amount} that is not what is owed; it will be returned.",
    ),
    "overpaid_returned": ("{amount} nộp thừa đã được trả lại qua cổng thanh toán.", "{amount} paid too much was returned."),
    "preview": (
        "Mời bạn xem và xác nhận bản điện tử; sau một ngày không phản hồi, bản này được dùng.",
        "Please confirm the electronic draft; after one day without an answer it will be used.",
    ),
    "extended": ("Cơ quan xin lỗi và hẹn lại ngày trả kết quả.", "We apologise and set a new date."),
    "verifying": (
        "Hồ sơ phải xác minh; ngày hẹn trả kết quả theo thời hạn của luật cho việc đó.",
        "Something must be verified; the new date is the one that the law gives for it.",
    ),
    "begun_elsewhere": (
        "Cơ quan giải quyết đã nhận hồ sơ, hẹn trả kết quả {due_at}.",
        "The deciding office has your dossier; it is due {due_at}.",
    ),
    "clock_paused": (
        "Thời gian từ nay không tính vào thời hạn giải quyết, theo {article}.",
        "From now on time does not count in the limit, by {article}.",
    ),
    "pause_lifted": (
        "Hồ sơ không còn tạm dừng theo {article}; thời gian vẫn chưa tính vào thời hạn vì lý do khác.",
        "Your dossier is no longer suspended by {article}; time still does not count, for another reason.",
    ),
    "clock_resumed": ("Hồ sơ được giải quyết tiếp, hẹn trả kết quả {due_at}.", "Work goes on; it is due {due_at}."),
    "date_moved": (
        "Ngày hẹn trả kết quả chuyển từ {old_due_at} sang {due_at}: {reason}.",
        "Your date moved from {old_due_at} to {due_at}: {reason}.",
    ),
    "answer_moved": (
        "Hạn bổ sung hồ sơ chuyển từ {old_due_at} sang {due_at}: {reason}.",
        "The date until which you may complete your dossier moved from {old_due_at} to {due_at}: {reason}.",
    ),
    "ready": ("Đã có kết quả.", "Your result is ready."),
    "result_on_its_way": ("Kết quả đang được chuyển về nơi bạn nộp.", "The result is on its way to you."),
    "visit_announced": (
        "Cơ quan kiểm tra thực địa lúc {due_at}, tại {place}. Thành phần: {people}.",
        "The office comes to look at {due_at}, {place}. Who comes: {people}.",
    ),
    "correction_asked": (
        "Đã nhận đề nghị sửa kết quả; xong trước {due_at}.",
        "Your request to correct the result arrived; it will be done by {due_at}.",
    ),
    "no_error": (
        "Đã xem xét: kết quả không có sai sót của cơ quan. {explanation}",
        "The result was looked at again: the office made no error. {explanation}",
    ),
    "replaced": (
        "Kết quả có sai sót đã được thu hồi và thay thế, không thu thêm phí.",
        "A faulty result was revoked and replaced, free of charge.",
    ),
    "returned": ("Đã trả kết quả.", "The result was handed over."),
    "stopped": ("Hồ sơ đã dừng giải quyết.", "The dossier was stopped."),
    "withdrawn": ("Bạn đã rút hồ sơ.", "You withdrew the dossier."),
    "amended": ("Đã ghi nhận nội dung bạn sửa; ngày hẹn trả không đổi.", "Your changes were recorded; the date stays."),
}

#: What the office that holds a part of a group says of it.
REPORTED: Words = {
    "received": ("Đã nhận, đang giải quyết", "Received, being worked on"),
    "granted": ("Đã giải quyết, đã trả kết quả", "Granted, and the result is returned"),
    "refused": ("Không giải quyết, đã trả lời bằng văn bản", "Refused, answered in writing"),
}

#: The dossiers of a group.
CHILDREN: Words = {
    "birth": ("đăng ký khai sinh", "birth registration"),
    "residence": ("cư trú", "residence"),
    "insurance": ("bảo hiểm", "insurance"),
    "card": ("thẻ căn cước", "citizen card"),
    "death": ("đăng ký khai tử", "death registration"),
    "support": ("hỗ trợ chi phí mai táng", "funeral support"),
    "birth_support": ("hỗ trợ khi sinh con", "birth support"),
    "allowance": ("hỗ trợ mai táng của trợ cấp xã hội", "funeral support of the social allowance"),
    "merit": ("chế độ người có công", "benefits of persons with merit"),
    # the group's own dossier
    "": ("hồ sơ của cả nhóm", "the group itself"),
}

#: Why the clock does what it does, in the ledger of its intervals.
CLOCK_WHYS: Words = {
    "accepted": ("tiếp nhận đủ và hợp lệ", "accepted, complete and valid"),
    "acknowledged": ("cơ quan giải quyết xác nhận đã nhận", "acknowledged by the deciding office"),
    "restarted": ("tính lại từ đầu, từ khi người nộp bổ sung đủ", "from zero, from when the applicant completed it"),
    "extended": ("xin lỗi và hẹn lại", "apology and new date"),
    "verified": ("thời hạn khi phải xác minh", "the limit where something must be verified"),
    "verification": ("phải xác minh", "something must be verified"),
    "resumed": ("chạy tiếp", "goes on"),
    "opened": ("bắt đầu bước", "the step began"),
    "supplement": ("chờ người nộp bổ sung", "waiting for the applicant's supplement"),
    "P01": ("chờ thực hiện nghĩa vụ tài chính", "waiting for payment"),
    "P02": ("hệ thống gặp sự cố", "the system was down"),
    "P03": ("tạm dừng theo luật", "suspended by law"),
    "P04": ("niêm yết công khai", "public posting"),
    "P05": ("trích đo địa chính", "survey of the plot"),
    "P06": ("nghĩa vụ tài chính về đất đai", "obligation for land"),
    "P07": ("xác minh giấy phép lái xe", "verifying the licence"),
    "P14": ("chờ xác nhận qua VNeID", "confirmations through VNeID"),
    "revision": ("người nộp chỉnh sửa", "the applicant mends the file"),
    "stage": ("giai đoạn tiếp theo", "the next stage"),
    "kept": ("giữ hạn đã có", "the date that it had"),
    "calendar": ("lịch làm việc thay đổi", "the calendar was changed"),
    "fault": ("hệ thống gặp sự cố", "the system was down"),
    "part": ("một phần của nhóm cần lâu hơn", "a part of the group takes longer"),
    "ministry": ("hệ thống của bộ báo ngày hẹn", "the ministry’s system says the date"),
    "apology": ("một phần của nhóm đã xin lỗi, hẹn lại", "a part of the group was apologised for and has another date"),
    "part_still": ("một phần của nhóm tạm dừng", "a part of the group stands still"),
    "T07": ("chờ người nộp bổ sung một phần của nhóm", "the applicant completes a part of the group"),
}

CLOCK_KINDS: Words = {
    "running": ("Chạy", "Running"),
    "paused": ("Tạm dừng", "Standing still"),
    "fault": ("Sự cố hệ thống", "System down"),
    "waiting": ("Đóng, chờ tính lại", "Closed, to begin again"),
}

#: How a limit of the decree stands.
WATCH_STATES: Words = {
    "met": ("đúng hạn", "in time"),
    "late": ("quá hạn", "late"),
    "open": ("đang tính", "counting"),
    "over": ("không còn làm được", "no longer possible"),
}

#: One sentence per refusal; `{…}` are its facts.
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
