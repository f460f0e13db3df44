"""Names of WordprocessingML: namespaces, relationship types, and the parts of a Word file.

The source of every rule here is ECMA-376, parts 1 and 2 (Office Open XML, Transitional).
"""

from __future__ import annotations

from lxml import etree

Element = etree._Element

W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
R = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
WP = "http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing"
A = "http://schemas.openxmlformats.org/drawingml/2006/main"
PIC = "http://schemas.openxmlformats.org/drawingml/2006/picture"
MC = "http://schemas.openxmlformats.org/markup-compatibility/2006"
VML = "urn:schemas-microsoft-com:vml"
DECORATIVE = "http://schemas.microsoft.com/office/drawing/2017/decorative"
PACKAGE_RELATIONSHIPS = "http://schemas.openxmlformats.org/package/2006/relationships"
CONTENT_TYPES = "http://schemas.openxmlformats.org/package/2006/content-types"
CORE = "http://schemas.openxmlformats.org/package/2006/metadata/core-properties"
EXTENDED = "http://schemas.openxmlformats.org/officeDocument/2006/extended-properties"
CORE_RELATIONSHIP = (
    "http://schemas.openxmlformats.org/package/2006/relationships/metadata/core-properties"
)


def w(name: str) -> str:
    """`name` in the main WordprocessingML namespace, as lxml writes it."""
    return f"{{{W}}}{name}"


def r(name: str) -> str:
    """`name` in the relationships namespace, as lxml writes it."""
    return f"{{{R}}}{name}"


def value(element: Element | None, attribute: str = "val", default: str = "") -> str:
    """An attribute of `element` in the main namespace; `default` where either is absent."""
    return default if element is None else str(element.get(w(attribute), default))


def number(element: Element | None, attribute: str = "val", default: int = 0) -> int:
    """The same as a whole number; `default` where it is none."""
    text = value(element, attribute).strip()
    return int(text) if text.lstrip("-").isdecimal() and len(text) < 10 else default


def child(element: Element | None, *path: str) -> Element | None:
    """The first element along `path` of main-namespace names, if there is one."""
    for name in path:
        element = None if element is None else element.find(w(name))
    return element
