"""Why an expression was refused, or gave no value."""

from dataclasses import dataclass

#: code -> sentence in Vietnamese and in English; {at} is the 1-based position, {near} the text there.
SENTENCES: dict[str, tuple[str, str]] = {
    "empty": ("Biểu thức để trống.", "The expression is empty."),
    "syntax": (
        "Biểu thức viết sai ở ký tự thứ {at}, gần “{near}”.",
        "The expression cannot be read at character {at}, near “{near}”.",
    ),
    "clock": (
        "Biểu thức đọc đồng hồ (“{near}”, ký tự thứ {at}) nên chạy lại sẽ khác. Hãy dùng lodged_on, accepted_on.",
        "The expression reads the clock (“{near}”, character {at}). Use lodged_on or accepted_on.",
    ),
    "function": (
        "Không có hàm “{near}” (ký tự thứ {at}).",
        "There is no function “{near}” (character {at}).",
    ),
    "failed": ("Không tính được biểu thức: {near}.", "The expression has no value: {near}."),
    "too_long": (
        "Biểu thức, dữ liệu hoặc kết quả của biểu thức quá dài.",
        "The expression, its data or its result is too long.",
    ),
    "too_slow": ("Biểu thức chạy quá lâu nên đã bị dừng.", "The expression ran too long and was stopped."),
    "too_much_memory": (
        "Biểu thức dùng quá nhiều bộ nhớ nên đã bị dừng.",
        "The expression used too much memory and was stopped.",
    ),
}


@dataclass(eq=False)
class FeelError(ValueError):
    """An expression that does not parse, is not allowed, or gives no value."""

    code: str
    expression: str
    #: 0-based, where in the expression; 0 and 0 when no place is to blame.
    start: int = 0
    end: int = 0
    near: str = ""

    def __str__(self) -> str:
        return self.sentence("vi")

    def sentence(self, language: str = "vi") -> str:
        vietnamese, english = SENTENCES[self.code]
        text = english if language == "en" else vietnamese
        return text.format(at=self.start + 1, near=self.near)
