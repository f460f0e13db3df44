"""A Word layout's parts as Jinja templates. The only use of docxtpl: its patching of the XML."""

from __future__ import annotations

from collections.abc import Callable

from jinja2 import StrictUndefined
from jinja2.sandbox import ImmutableSandboxedEnvironment
from lxml import etree
from markupsafe import Markup

from letters.render.docx.names import Element, w
from letters.render.docx.parts import Parts

DECLARATION = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'


def template_sources(parts: Parts) -> dict[str, str]:
    """The parts that hold placeholders, by name, with each placeholder where Jinja can see it."""
    from docxtpl import DocxTemplate  # costs a quarter of a second, and only letters need it

    patch: Callable[[str], str] = DocxTemplate("").patch_xml
    return {
        part.name: DECLARATION + patch(etree.tostring(part.root, encoding="unicode"))
        for part in parts.texts
        if part is parts.main or "{" in own_words(part.root)
    }


def own_words(element: Element) -> str:
    """The text under an element, as its runs have it."""
    return "".join(text.text or "" for text in element.iter(w("t")))


def sandbox() -> ImmutableSandboxedEnvironment:
    """The environment of layouts: strict, sandboxed, every text literal."""
    return ImmutableSandboxedEnvironment(
        autoescape=True, undefined=StrictUndefined, finalize=_with_breaks
    )


def _with_breaks(text: object) -> object:
    """A text of several lines, with Word's line breaks; blocks are left as they are."""
    if not isinstance(text, str) or isinstance(text, Markup) or "\n" not in text:
        return text
    return Markup('</w:t><w:br/><w:t xml:space="preserve">').join(text.splitlines())
