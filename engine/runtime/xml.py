"""The hardened door for XML from people with an upload button.

No DOCTYPE (hence no entities and no external files), no network, and three limits against bombs.
"""

from lxml import etree

from engine.runtime.errors import DiagramRefused, Problem

MAX_BYTES = 2 * 1024 * 1024
MAX_ELEMENTS = 5_000
MAX_DEPTH = 100


def read(data: bytes, most: int = MAX_ELEMENTS) -> etree._Element:
    """The root of a document that is safe to walk; comments and processing instructions are gone."""
    if len(data) > MAX_BYTES:
        raise _refused("too_large", f"Tệp lớn hơn {MAX_BYTES // 1024 // 1024} MB.")
    parser = etree.XMLParser(
        resolve_entities=False,
        load_dtd=False,
        no_network=True,
        huge_tree=False,
        remove_comments=True,
        remove_pis=True,
    )
    try:
        root = etree.fromstring(data, parser)
    except etree.XMLSyntaxError as broken:
        line = broken.lineno or 1
        raise _refused("not_xml", f"Tệp không phải là XML hợp lệ, lỗi ở dòng {line}.", line) from broken
    except ValueError as unreadable:
        raise _refused("not_xml", "Tệp không phải là XML hợp lệ.") from unreadable
    if root.getroottree().docinfo.doctype:
        raise _refused("doctype", "Tệp có khai báo DOCTYPE; không chấp nhận vì lý do an toàn.", 1)
    _measure(root, most)
    return root


def _measure(root: etree._Element, most: int) -> None:
    count = 0
    todo = [(root, 1)]
    while todo:
        element, depth = todo.pop()
        count += 1
        if count > most:
            raise _refused("too_many", f"Tệp có hơn {most} phần tử XML.", element.sourceline)
        if depth > MAX_DEPTH:
            raise _refused("too_deep", f"Tệp lồng nhau sâu hơn {MAX_DEPTH} cấp.", element.sourceline)
        todo.extend((child, depth + 1) for child in element)


def _refused(rule: str, sentence: str, line: int | None = None) -> DiagramRefused:
    return DiagramRefused((Problem(rule, sentence, line=line),))
