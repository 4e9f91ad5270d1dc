"""A code in words, Vietnamese first."""

Words = dict[str, tuple[str, str]]
