"""BPMN 2.0's own schema: the order, number and type of everything in a file, extensions of other makers excepted.

The schema files are the OMG's and come with SpiffWorkflow; none lies in this repository. Validating costs about a
millisecond, so it is done when a bundle is deployed and never at an act.
"""

import re
import threading
from functools import cache
from importlib.resources import as_file, files

from lxml import etree

from engine.runtime.errors import Problem

_lock = threading.Lock()

#: What libxml2 calls a violation -> our sentence. {name} is the element, {attribute} and {value} what is wrong with it.
_SENTENCES = {
    "SCHEMAV_ELEMENT_CONTENT": "Phần tử “{name}” không được đứng ở đây: sai tên hoặc sai thứ tự.",
    "SCHEMAV_CVC_COMPLEX_TYPE_2_3": "Phần tử “{name}” không được chứa chữ trực tiếp.",
    "SCHEMAV_CVC_COMPLEX_TYPE_3_2_1": "Thuộc tính “{attribute}” không có trong chuẩn cho “{name}”.",
    "SCHEMAV_CVC_COMPLEX_TYPE_3_2_2": "Thuộc tính “{attribute}” không có trong chuẩn cho “{name}”.",
    "SCHEMAV_CVC_COMPLEX_TYPE_4": "Phần tử “{name}” thiếu thuộc tính bắt buộc “{attribute}”.",
    "SCHEMAV_CVC_ELT_1": "Phần tử gốc “{name}” không phải là một tệp BPMN 2.0.",
}
_INCOMPLETE = "Phần tử “{name}” thiếu phần tử con bắt buộc."
_VALUE = "Giá trị “{value}” của “{attribute}” trong phần tử “{name}” không đúng kiểu theo chuẩn."
_GENERAL = "Phần tử “{name}” không đúng lược đồ XML của BPMN 2.0."
_ATTRIBUTE = re.compile(r"attribute '(?:\{[^}]*\})?([^']+)'")
_QUOTED = re.compile(r"(?:: |The value )'([^']*)' is not a")


def check_schema(root: etree._Element) -> list[Problem]:
    """Where a file breaks the standard, in the order of the file."""
    schema = _schema()
    with _lock:  # the log belongs to the schema
        schema.validate(root)
        entries = list(schema.error_log)
    return list(dict.fromkeys(_problem(root, entry) for entry in entries))


@cache
def _schema() -> etree.XMLSchema:
    with as_file(files("SpiffWorkflow") / "bpmn" / "parser" / "schema") as folder:
        return etree.XMLSchema(etree.parse(folder / "BPMN20.xsd"))


def _problem(root: etree._Element, entry: etree._LogEntry) -> Problem:
    node = _at(root, entry.path)
    attribute, value = _ATTRIBUTE.search(entry.message), _QUOTED.search(entry.message)
    sentence = _VALUE if attribute and value else _SENTENCES.get(entry.type_name, _GENERAL)
    if "Missing child" in entry.message:
        sentence = _INCOMPLETE
    sentence = sentence.format(
        name=etree.QName(node).localname,
        attribute=attribute[1] if attribute else "",
        value=value[1][:80] if value else "",
    )
    owner = next((one for one in (node, *node.iterancestors()) if one.get("id")), None)
    return Problem("schema", sentence, owner.get("id") if owner is not None else None, entry.line)


def _at(root: etree._Element, path: str) -> etree._Element:
    """The element of a finding; the root where its path needs a prefix that only a part of the file declares."""
    try:
        found = root.getroottree().xpath(path, namespaces={p: uri for p, uri in root.nsmap.items() if p})
    except etree.XPathError:
        found = []
    return found[0] if found else root
