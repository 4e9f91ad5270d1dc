"""What a person reads when a dossier under way cannot be changed, taken back or corrected."""

from webapp.labels.words import Words

STEERING: Words = {
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
    "asker_missing": ("Hãy chọn ai là người đề nghị sửa.", "Say who asks for the change."),
}
