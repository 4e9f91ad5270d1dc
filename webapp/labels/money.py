"""Words of fees, payments and day books."""

from webapp.labels.words import Words

CHARGE_STATES: Words = {
    "owed": ("Chưa nộp", "Owed"),
    "paid": ("Đã nộp", "Paid"),
    "waived": ("Được miễn", "Waived"),
    "debt_recorded": ("Ghi nợ", "Debt recorded"),
    "cancelled": ("Không phải nộp nữa", "No longer owed"),
    "refund_due": ("Phải hoàn trả", "To be refunded"),
    "refunded": ("Đã hoàn trả", "Refunded"),
}

#: When a fee falls due of which nothing is asked yet.
MOMENTS: Words = {
    "before_result": ("nộp trước khi có kết quả", "due before the result"),
    "at_return": ("nộp khi trả kết quả", "due when the result is handed over"),
}

#: Why a fee was assessed after the lodging, or is asked for beside the steps.
CAUSES: Words = {
    "amended": ("tính lại vì nội dung khai được sửa", "assessed anew: the declaration was changed"),
    "exempted": ("tính lại vì có giấy tờ miễn, giảm", "assessed anew: a paper of an exemption came"),
    "decided": ("tính lại theo kết quả giải quyết", "assessed anew by the result"),
    "left": ("khoản còn lại khi hồ sơ kết thúc", "left over when the dossier ended"),
}

#: How money comes and goes.
PAYMENT_WAYS: Words = {
    "cash": ("Tiền mặt", "Cash"),
    "card": ("Thẻ", "Card"),
    "qr": ("Mã QR", "QR code"),
    "transfer": ("Chuyển khoản", "Transfer"),
    "online": ("Trực tuyến", "Online"),
}

#: Kinds of money.
MONEY: Words = {"phi": ("Phí", "Fee"), "le_phi": ("Lệ phí", "State charge")}

#: Lines of a day book.
CASH_ENTRIES: Words = {
    "receipt": ("Thu", "Taken"),
    "void": ("Hủy biên lai", "Receipt voided"),
    "refund": ("Hoàn trả", "Given back"),
}

#: Why money that came online is a surplus.
SURPLUS: Words = {
    "amount": ("Số tiền khác số phải nộp", "Not the amount that is owed"),
    "not_owed": ("Khoản này đã nộp hoặc không phải nộp nữa", "Paid before, or no longer owed"),
}

#: For whom a fee may be waived or reduced, where its rule says so.
FEE_CLASSES: Words = {
    "merit_family": ("Người, gia đình có công với cách mạng", "Person or family of merit"),
    "poor_household": ("Hộ nghèo", "Poor household"),
    "near_poor_household": ("Hộ cận nghèo", "Near-poor household"),
    "disabled": ("Người khuyết tật", "Person with a disability"),
    "child": ("Trẻ em", "Child"),
    "elderly": ("Người cao tuổi", "Elderly person"),
    "minority_hard_area": ("Đồng bào dân tộc thiểu số ở xã đặc biệt khó khăn", "Ethnic minority in an extremely difficult commune"),
    "border_island": ("Người ở xã biên giới, hải đảo", "Resident of a border or island commune"),
    "orphan": ("Người từ đủ 16 đến dưới 18 tuổi mồ côi cả cha và mẹ", "Orphan of both parents, from 16 to under 18"),
}
