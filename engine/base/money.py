"""Money is whole dong, an int; floats never touch it."""

_DIGITS = ("không", "một", "hai", "ba", "bốn", "năm", "sáu", "bảy", "tám", "chín")
_GROUPS = ("", "nghìn", "triệu")


def dong(amount: int) -> str:
    """150000 -> `150.000 đ`."""
    return f"{amount:,}".replace(",", ".") + " đ"


def in_words(amount: int) -> str:
    """8005 -> `Tám nghìn không trăm linh năm đồng`, as a receipt says it."""
    if amount == 0:
        return "Không đồng"
    words = " ".join(_whole(amount))
    return f"{words[0].upper()}{words[1:]} đồng"


def _whole(amount: int) -> list[str]:
    """Groups of three from the top; above 999 tỷ the tỷ are counted in words of their own."""
    high, rest = divmod(amount, 10**9)
    words = [*_whole(high), "tỷ"] if high else []
    for power in (2, 1, 0):
        group = rest // 1000**power % 1000
        if group:
            words += [*_group(group, leading=not words), *([_GROUPS[power]] if power else [])]
    return words


def _group(group: int, *, leading: bool) -> list[str]:
    """Three digits; behind higher ones the hundreds are said even when there are none."""
    hundreds, tens, ones = group // 100, group // 10 % 10, group % 10
    words = [] if leading and not hundreds else [_DIGITS[hundreds], "trăm"]
    if tens == 0:
        return [*words, *(["linh"] if words else []), _DIGITS[ones]] if ones else words
    words += ["mười"] if tens == 1 else [_DIGITS[tens], "mươi"]
    if ones:
        words.append({1: "mốt" if tens > 1 else "một", 4: "tư" if tens > 1 else "bốn", 5: "lăm"}.get(ones, _DIGITS[ones]))
    return words
