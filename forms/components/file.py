"""The slot of a document component. Files are stored by other means: an answer never holds one."""

from forms.component import Component
from forms.registry import component


@component("filepicker")
class Slot(Component):
    """Shows and takes the files of the component that `properties.component` names."""
