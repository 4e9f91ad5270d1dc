"""Money is whole dong, an int; floats never touch it."""


def dong(amount: int) -> str:
    """150000 -> `150.000 đ`."""
    return f"{amount:,}".replace(",", ".") + " đ"
