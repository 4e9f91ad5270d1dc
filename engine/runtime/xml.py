"""The hardened door for XML from people with an upload button.

No DOCTYPE (hence no entities and no external files), no network, UTF-8 alone, and limits against bombs.
"""

from lxml import etree

from engine.runtime.errors import DiagramRefused, Problem

MAX_BYTES = 2 * 1024 * 1024
MAX_ELEMENTS = 5_000
MAX_DEPTH = 100
#: Attributes of one element, and characters of one attribute: far more than any tool writes.
MAX_ATTRIBUTES = 100
MAX_VALUE = 4_000
ENCODINGS = frozenset({"utf-8", "utf8", "us-ascii", "ascii"})


def read(data: bytes, most: int = MAX_ELEMENTS) -> etree._Element:
    """The root of a document that is safe to walk; comments and processing instructions are gone."""
    if len(data) > MAX_BYTES:
        raise _refused("too_large", f"Tệp lớn hơn {MAX_BYTES // 1024 // 1024} MB.")
    _check_text(data)
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
        if b"<!DOCTYPE" in data:
            raise _refused("doctype", _DOCTYPE, 1) from broken
        raise _refused("not_xml", f"Tệp không phải là XML hợp lệ, lỗi ở dòng {line}.", line) from broken
    except ValueError as unreadable:
        raise _refused("not_xml", "Tệp không phải là XML hợp lệ.") from unreadable
    about = root.getroottree().docinfo
    if about.doctype:
        raise _refused("doctype", _DOCTYPE, 1)
    if (about.encoding or "utf-8").lower() not in ENCODINGS:
        raise _refused("encoding", f"Tệp khai bảng mã {about.encoding}; chỉ nhận UTF-8.", 1)
    _measure(root, most)
    return root


_DOCTYPE = "Tệp có khai báo DOCTYPE; không chấp nhận vì lý do an toàn."


def _check_text(data: bytes) -> None:
    """What another encoding would hide from whoever looks at the bytes, or a stored text could not keep."""
    try:
        data.decode("utf-8")
    except UnicodeDecodeError as wrong:
        line = data.count(b"\n", 0, wrong.start) + 1
        raise _refused("encoding", f"Tệp không phải văn bản UTF-8, lỗi ở dòng {line}.", line) from wrong
    if (at := data.find(b"\0")) >= 0:
        line = data.count(b"\n", 0, at) + 1
        raise _refused("encoding", f"Tệp có ký tự NUL ở dòng {line}, hoặc không phải UTF-8.", line)


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
        if len(element.attrib) > MAX_ATTRIBUTES:
            raise _refused(
                "too_many", f"Một phần tử có hơn {MAX_ATTRIBUTES} thuộc tính.", element.sourceline
            )
        if any(len(value) > MAX_VALUE for value in element.attrib.values()):
            raise _refused(
                "too_long", f"Một thuộc tính dài hơn {MAX_VALUE} ký tự.", element.sourceline
            )
        todo.extend((child, depth + 1) for child in element)


def _refused(rule: str, sentence: str, line: int | None = None) -> DiagramRefused:
    return DiagramRefused((Problem(rule, sentence, line=line),))
