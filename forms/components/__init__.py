"""The components, registered by being imported."""

from forms.components import choice, date, file, layout, number, text, vietnam

__all__ = ["choice", "date", "file", "layout", "number", "text", "vietnam"]
