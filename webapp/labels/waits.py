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

#: Branches of administration that hold parts of interconnected groups.
BRANCHES: Words = {
    "police": ("Công an", "Police"),
    "social_insurance": ("Bảo hiểm xã hội", "Social insurance"),
    "home_affairs": ("Nội vụ", "Home affairs"),
}

#: What came of an act besides its next step, by the first part of the event that says so.
TOLD: Words = {
    "status": ("trạng thái đã báo Cổng Dịch vụ công quốc gia", "the status was told to the national portal"),
    "dossier": ("hồ sơ đã được tiếp nhận, trả lại hoặc có kết quả", "the dossier was accepted, refused or decided"),
    "slip": ("đã lập giấy cho người nộp", "a slip was issued"),
    "document": ("văn bản đã phát hành hoặc trả lại", "a document was issued or sent back"),
    "charge": ("đã lập hoặc thu khoản tiền", "money was charged"),
    "receipt": ("đã lập biên lai", "a receipt was written"),
    "deadline": ("ngày hẹn đã đặt hoặc đã đổi", "a date was set or moved"),
    "clock": ("đồng hồ đã dừng hoặc chạy tiếp", "the clock stopped or went on"),
    "letter": ("đã báo cho hồ sơ khác", "other dossiers were told"),
    "service": ("đã hỏi hệ thống khác", "another system was asked"),
    "child": ("đã mở hồ sơ con", "a dossier was opened for another office"),
    "transfer": ("đã chuyển cơ quan khác", "it was sent to another office"),
    "consultation": ("đã hỏi ý kiến cơ quan khác", "other offices were consulted"),
    "wait": ("hồ sơ đang chờ bên ngoài", "the dossier waits for somebody outside"),
    "supplement": ("đã yêu cầu người nộp bổ sung", "the applicant was asked for more"),
    "preview": ("đã hỏi ý người nộp", "the applicant was asked to confirm"),
    "side": ("đã bắt đầu việc song song", "something else was begun beside it"),
    "instance": ("quy trình đã kết thúc", "the diagram has ended"),
    "handover": ("đã bàn giao giấy tờ", "papers were handed over"),
    "visit": ("đã báo lịch kiểm tra thực địa cho người nộp", "the applicant was told of a site visit"),
    "posting": ("đã niêm yết công khai", "it was posted publicly"),
    "objection": ("đã có ý kiến về niêm yết", "somebody objected to the posting"),
    "correction": ("đã có đề nghị sửa kết quả", "a correction was asked for"),
    "error": ("đã báo sai sót của kết quả trước đó", "an error in an earlier result was reported"),
    "extension": ("đã xin lỗi, hẹn lại", "an apology with another date was given"),
    "result": ("kết quả đã thay", "the result was replaced"),
    "warehouse": ("kết quả đã vào kho của chủ hồ sơ", "the result lies in the owner's warehouse"),
    "paper": ("đã lấy giấy trong kho", "a paper of the warehouse was taken"),
    "authority": ("đã xác định cơ quan giải quyết", "who decides was said"),
    "steps": ("thời hạn của các bước đã đổi", "the times of steps were moved"),
    "database": ("đã ghi việc tra cứu cơ sở dữ liệu", "a look into a database was recorded"),
    "fee": ("phí, lệ phí đã tính lại", "fees were worked out anew"),
    "payment": ("đã có khoản thanh toán trực tuyến", "money came online"),
    "surplus": ("đã có khoản nộp thừa", "more was paid than was owed"),
    "excess": ("khoản thu thừa đã được xử lý", "what was taken too much was settled"),
    "exemption": ("đã ghi nhận miễn, giảm", "an exemption was proved"),
    "calendar": ("lịch làm việc đã đổi", "the calendar changed"),
    "fault": ("có sự cố hệ thống được tính", "a fault of the system was counted"),
    "office": ("cơ quan đã thay đổi", "the office changed"),
    "version": ("hồ sơ đã chuyển sang phiên bản khác", "the dossier moved to another version"),
    "task": ("việc đã giao cho người khác", "the work was given to somebody else"),
}
