"""Faults of a Word file as a package: styles and relationships that lead nowhere, what a merge or
an editor left behind."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from letters.render.docx.package import (
    Element,
    NotReadable,
    WordPackage,
    absolute,
    w,
)
from letters.render.words import quoted
from letters.validators.texts import Finding, left_behind

W = w("")
"""The main namespace, as lxml writes it before a name."""

_USUAL = {"officeDocument": "word/document.xml", "styles": "word/styles.xml"}
"""The parts that a letter needs, by type; the names that Word gives them are used in findings."""
_TYPES = "[Content_Types].xml"

_TEXT = f"{W}t"
_SIGNS = {f"{W}tab": " ", f"{W}ptab": " ", f"{W}br": " ", f"{W}noBreakHyphen": "-"}
_SAID = (_TEXT, *_SIGNS)


@dataclass(frozen=True, slots=True)
class WordFile:
    """The parsed parts of a Word file by name, the file itself, and its main part's name."""

    trees: Mapping[str, Element]
    package: WordPackage
    main: str
    related: Mapping[str, tuple[str, ...]]
    """The parts that the main one leads to, by the type of their relationship, sorted."""

    @property
    def body(self) -> Element:
        """The letter's own part."""
        return self.trees[self.main]

    @property
    def styles(self) -> Element:
        """The part that holds the styles."""
        return self.trees[self.related["styles"][0]]

    @property
    def numbering(self) -> Element | None:
        """The part that numbers the lists."""
        return self._one("numbering")

    @property
    def theme(self) -> Element | None:
        """The part that names the theme's colours."""
        return self._one("theme")

    def _one(self, kind: str) -> Element | None:
        return next((self.trees[name] for name in self.related.get(kind, ())), None)

    def printed(self) -> Iterator[tuple[str, Element]]:
        """Body, headers and footers, with how a finding names them."""
        yield "body", self.body
        kinds = ("header", "footer", "footnotes", "endnotes")
        named = [(name, kind) for kind in kinds for name in self.related.get(kind, ())]
        yield from ((kind, self.trees[name]) for name, kind in sorted(named))


def read_parts(content: bytes) -> WordFile | Finding:
    """The parts of a Word file, or why there are none."""
    try:
        package = WordPackage.read(content)
        main = package.one("", "officeDocument")
        found = {"officeDocument": main, "styles": main and package.one(main, "styles")}
        missing = [_USUAL[kind] for kind, name in found.items() if not name]
        missing += [_TYPES] if _TYPES not in package.parts else []
        if missing:
            return Finding("OOXML", f"The file lacks its part {missing[0]}.")
        trees = {name: package.xml(name, shared=True) for name in package.xml_parts}
    except NotReadable as cause:
        return Finding("OOXML", cause.what)
    related: dict[str, tuple[str, ...]] = {}
    for each in package.relationships(main):
        name = "" if each.external else absolute(main, each.target)
        if name in trees:
            related[each.type] = tuple(sorted((*related.get(each.type, ()), name)))
    return WordFile(trees, package, main, related)


def words(element: Element) -> str:
    """The words of a paragraph or of anything that holds runs."""
    found = (e.text or "" if e.tag == _TEXT else _SIGNS[str(e.tag)] for e in element.iter(*_SAID))
    return "".join(found)


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


def property_findings(parts: WordFile) -> Iterator[Finding]:
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


def _texts(parts: WordFile, name: str) -> dict[str, str]:
    tree = parts.trees.get(name)
    if tree is None:
        return {}
    return {str(e.tag).rpartition("}")[2]: (e.text or "").strip() for e in tree}


def _language(parts: WordFile) -> str:
    path = f"{W}docDefaults/{W}rPrDefault/{W}rPr/{W}lang"
    found = parts.styles.find(path)
    return "" if found is None else found.get(f"{W}val", "")


def default_language(parts: WordFile) -> str:
    """The language of text that names none."""
    return _language(parts)


_NO_WORDS = ("theme", "fontTable", "webSettings", "numbering")
_STYLED = {f"{W}pStyle", f"{W}rStyle", f"{W}tblStyle"}
_CHANGES = {f"{W}{name}" for name in ("ins", "del", "moveFrom", "moveTo", "rPrChange", "pPrChange")}


def package_findings(parts: WordFile) -> Iterator[Finding]:
    """Faults that do not belong to one paragraph, table or image."""
    yield from _unknown_styles(parts)
    yield from _dead_ends(parts)
    yield from _edits(parts)
    for name, tree in sorted(parts.trees.items()):
        yield from _left_behind("" if name == parts.main else name, tree)


def _unknown_styles(parts: WordFile) -> Iterator[Finding]:
    known = {e.get(f"{W}styleId") for e in parts.styles.iter(f"{W}style")}
    used = {e.get(f"{W}val", "") for _, tree in parts.printed() for e in tree.iter(*_STYLED)}
    for style in sorted(used - known):
        yield Finding("OOXML 17.7", f"The text uses a style that the file lacks: {quoted(style)}.")


def _dead_ends(parts: WordFile) -> Iterator[Finding]:
    for name in parts.package.missing():
        yield Finding("OOXML 9.3", f"The file points to a part that it lacks: {quoted(name)}.")
    for name, tree in sorted(parts.trees.items()):
        for id_ in () if name.endswith(".rels") else parts.package.unrelated(name, tree):
            what = f"A link or image points nowhere: the file has no {quoted(id_)}."
            yield Finding("OOXML 9.3", what, name)


def _edits(parts: WordFile) -> Iterator[Finding]:
    for where, tree in parts.printed():
        change = next(tree.iter(*_CHANGES), None)
        if change is not None:
            what = "The file holds a tracked change that is neither accepted nor rejected."
            yield Finding("letters: edits", what, quoted(words(change)) if words(change) else where)
    if any("comments" in name for name in parts.package.parts):
        yield Finding("letters: edits", "The file holds comments of an editor.")


def _left_behind(where: str, tree: Element) -> Iterator[Finding]:
    if where.endswith(".rels") or any(kind in where for kind in _NO_WORDS):
        return
    paragraphs = list(tree.iter(f"{W}p"))
    for paragraph in paragraphs:
        yield from left_behind(words(paragraph), where)
        for code in paragraph.iter(f"{W}instrText"):
            yield from left_behind(code.text or "", where)
    if not paragraphs:
        yield from left_behind(" ".join(map(str, tree.itertext())), where)
