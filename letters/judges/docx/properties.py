"""What a Word file says of itself: title, author, dates, language, and whose file it was before."""

from __future__ import annotations

from collections.abc import Iterator

from letters.judges.docx.parts import Parts, W
from letters.judges.finding import Finding, quoted

_CORE = "docProps/core.xml"
_APP = "docProps/app.xml"
_WANTED = {
    "title": ("title", "WCAG 2.2 2.4.2"),
    "creator": ("author", "letters: properties"),
    "created": ("date", "letters: properties"),
}
_AUTHORS_OF_TOOLS = {"python-docx", "docxtpl", "unknown", "user", "admin", "microsoft office user"}
_LEFT = {"Company": "company", "Manager": "manager"}
_NO_TEMPLATE = {"", "Normal", "Normal.dotm", "Normal.dot"}


def property_findings(parts: Parts) -> Iterator[Finding]:
    """Properties that are missing or are the template author's."""
    core = _texts(parts, _CORE)
    for name, (word, rule) in _WANTED.items():
        if not core.get(name):
            yield Finding(rule, f"The file has no {word} in its properties.")
    yield from _template_author(core, _texts(parts, _APP))
    if not _language(parts):
        what = "The file does not say which language it is in."
        yield Finding("WCAG 2.2 3.1.1", what)


def _template_author(core: dict[str, str], app: dict[str, str]) -> Iterator[Finding]:
    author, editor = core.get("creator", ""), core.get("lastModifiedBy", "")
    if author.lower() in _AUTHORS_OF_TOOLS:
        yield _left("author", author)
    if editor and editor != author:
        yield _left("last editor", editor)
    for name, word in _LEFT.items():
        if app.get(name) and app[name] != author:
            yield _left(word, app[name])
    if app.get("Template", "") not in _NO_TEMPLATE:
        yield _left("file name", app["Template"])


def _left(what: str, found: str) -> Finding:
    return Finding("letters: properties", f"The template's {what} was left: {quoted(found)}.")


def _texts(parts: Parts, name: str) -> dict[str, str]:
    tree = parts.trees.get(name)
    if tree is None:
        return {}
    return {str(e.tag).rpartition("}")[2]: (e.text or "").strip() for e in tree}


def _language(parts: Parts) -> str:
    path = f"{W}docDefaults/{W}rPrDefault/{W}rPr/{W}lang"
    found = parts.trees["word/styles.xml"].find(path)
    return "" if found is None else found.get(f"{W}val", "")


def default_language(parts: Parts) -> str:
    """The language of text that names none."""
    return _language(parts)
