"""What a person reads when the till, a fee or an exemption is refused."""

from webapp.labels.words import Words

MONEY: Words = {
    "till_malformed": (
        "Trang thu tiền gửi thiếu hoặc sai thông tin. Hãy tải lại trang rồi làm lại.",
        "The page of the till sent something that it does not offer. Please reload it and try again.",
    ),
    "taken_before": (
        "{who} đã thu khoản này lúc {at}, biên lai số {numbers}. Không thu lần nữa.",
        "{who} took this money at {at}, receipt {numbers}. Do not take it again.",
    ),
    "receipt_void": ("Biên lai số {number} đã hủy lúc {at}.", "Receipt {number} was voided at {at}."),
    "refund_too_much": (
        "Chỉ được hoàn tối đa {most}, là số đã thu; không hoàn được {amount}.",
        "At most {most} can be given back, which is what was paid; not {amount}.",
    ),
    "day_open": ("Bạn đang có sổ thu mở từ {at}.", "You have had an open day book since {at}."),
    "day_closed": ("Sổ này đã khóa lúc {at}.", "This book was closed at {at}."),
    "difference_unexplained": (
        "Theo sổ phải có {expected} tiền mặt, kiểm đếm được {counted}: hãy ghi lý do chênh lệch.",
        "The book says {expected} in cash, {counted} was counted: say why.",
    ),
    "deposit_missing": (
        "Hãy ghi số giấy nộp tiền vào ngân sách của các khoản đã thu.",
        "Enter the number of the slip with which the money goes to the budget.",
    ),
    "money_malformed": (
        "Số tiền phải là số đồng nguyên, không âm, ví dụ 150.000.",
        "An amount is whole dong, not below 0, for example 150.000.",
    ),
    "fee_not_whole": (
        "“{fee}” tính ra {amount}: tiền thu phải là số đồng nguyên, không âm. Hãy xem lại số trang, số bản đã nhập.",
        "“{fee}” comes to {amount}: a fee is whole dong, not below 0. Please look at the pages and copies entered.",
    ),
    "proof_missing": (
        "Chưa ghi giấy tờ chứng minh thuộc diện được miễn, giảm: {exempt}.",
        "The paper that shows the exemption is missing: {exempt}.",
    ),
    "class_unknown": (
        "Thủ tục này không có mức miễn, giảm cho đối tượng đó.",
        "This procedure has no exemption for that class.",
    ),
    "nothing_to_pay": ("Hồ sơ này hiện không có khoản nào chờ nộp.", "Nothing is to be paid for this dossier now."),
    "payment_unknown": (
        "Không có yêu cầu thanh toán nào mang số này.",
        "No payment was asked for under this reference.",
    ),
    "told_otherwise": (
        "Giao dịch này đã được báo trước đây với nội dung khác.",
        "This transaction was told before with other contents.",
    ),
    "not_positive": ("Số tiền thanh toán phải lớn hơn 0.", "A payment is more than 0."),
    "no_surplus": (
        "Khoản này không còn là tiền thừa: đã ghi thu hoặc đã trả lại.",
        "This is no surplus any more: it was counted, or went back.",
    ),
    "word_not_theirs": (
        "Thông báo không mang chữ ký đúng của cổng thanh toán.",
        "The notification does not bear the gateway's own check sum.",
    ),
    "nothing_owed": (
        "Hồ sơ này không còn khoản nào phải thu hoặc hoàn lại: đã có người làm trước.",
        "Nothing of this dossier is to be taken or given back any more: somebody did it before.",
    ),
    "account_missing": (
        "Hãy ghi tài khoản nhận tiền hoàn.",
        "Enter the account to which the money goes back.",
    ),
    "not_reassessable": (
        "Hồ sơ đã kết thúc, phí và lệ phí không tính lại được.",
        "The dossier has ended: its fees stay as they are.",
    ),
    "exemption_idle": (
        "Không có khoản nào của hồ sơ này được miễn, giảm theo diện đó.",
        "No fee of this dossier is less for this class of person.",
    ),
}
