"""Vietnamese text: one form to store, one to search."""

import unicodedata


def nfc(text: str) -> str:
    """Composed Unicode, as every text is stored and compared."""
    return unicodedata.normalize("NFC", text)


def shortened(text: str, most: int) -> str:
    """At most so long; where something is left out, it says so."""
    return text if len(text) <= most else f"{text[: most - 1]}…"


def fold(text: str) -> str:
    """`Đăng ký khai sinh` -> `dang ky khai sinh`: what people type without diacritics."""
    plain = unicodedata.normalize("NFD", text.lower().replace("đ", "d"))
    return " ".join("".join(c for c in plain if not unicodedata.combining(c)).split())
