"""The fast validator of Word letters: styles and relationships that lead nowhere, what a merge or
an editor left behind, faults of paragraphs, lists, tables and images, and words nobody sees."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from letters.render.docx.crest import pictures
from letters.render.docx.looks import FoundLooks, page_faults, unread_faults
from letters.render.docx.package import (
    WP,
    Element,
    NotReadable,
    WordPackage,
    absolute,
    child,
    is_on,
    value,
    w,
)
from letters.render.docx.tidy import SPACE, rows
from letters.render.words import (
    Finding,
    heading_findings,
    left_behind,
    may_be_welsh,
    poor_alternative,
    quoted,
    unmarked_welsh,
)

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


def list_findings(parts: WordFile) -> Iterator[Finding]:
    """A numbered list that goes on where an earlier list stopped."""
    numbered = _numbered(parts)
    ended: set[str] = set()
    running: dict[int, str] = {}
    for paragraph in parts.body.iter(f"{W}p"):
        properties = _properties(paragraph)
        if _continues(properties) or _in_cell(paragraph):
            continue
        level, number = _numbering(properties)
        if number in ended and number in numbered:
            what = "A numbered list goes on with the numbers of the list before it."
            yield Finding("letters: lists", what, quoted(words(paragraph)))
            ended.discard(number)
        ended.update(n for deep, n in running.items() if deep >= level and n != number)
        running = {deep: n for deep, n in running.items() if deep < level}
        if number:
            running[level] = number


def _properties(paragraph: Element) -> Mapping[str, Element]:
    """What a paragraph says of itself, by the names of its properties."""
    found = paragraph.find(f"{W}pPr")
    return {} if found is None else {str(element.tag): element for element in found}


def _continues(properties: Mapping[str, Element]) -> bool:
    """Whether a paragraph without a label goes on with a list item above it."""
    bare = f"{W}numPr" not in properties
    return bare and (f"{W}ind" in properties or "continue" in _list_style(properties))


def _numbering(properties: Mapping[str, Element]) -> tuple[int, str]:
    """The level of a paragraph's label, from 0, and the list it belongs to; -1 for ordinary text.

    A style can give a label too: its name then says the level ("List Bullet 2").
    """
    found = properties.get(f"{W}numPr")
    if found is not None:
        return int(value(found.find(f"{W}ilvl")) or 0), value(found.find(f"{W}numId"))
    style = re.fullmatch(r"list ?(?:bullet|number) ?(\d?)", _list_style(properties))
    return (int(style[1] or 1) - 1 if style else -1), ""


def _list_style(properties: Mapping[str, Element]) -> str:
    return value(properties.get(f"{W}pStyle")).lower()


def _numbered(parts: WordFile) -> set[str]:
    """The ids of lists that have numbers, not bullets."""
    tree = parts.numbering
    if tree is None:
        return set()
    bullets = {
        abstract.get(f"{W}abstractNumId")
        for abstract in tree.iter(f"{W}abstractNum")
        if all(value(form) in ("bullet", "none") for form in abstract.iter(f"{W}numFmt"))
    }
    return {
        number.get(f"{W}numId", "")
        for number in tree.iter(f"{W}num")
        if value(number.find(f"{W}abstractNumId")) not in bullets
    }


_HOLDS = {f"{W}drawing", f"{W}pict", f"{W}object", f"{W}fldSimple", f"{W}fldChar", f"{W}sectPr"}
_HEADING = re.compile(r"heading ([1-6])")


def paragraph_findings(parts: WordFile) -> Iterator[Finding]:
    """Faults of what a reader meets, in reading order within each kind."""
    yield from _headings(parts)
    default = default_language(parts)
    for where, tree in parts.printed():
        for paragraph in tree.iter(f"{W}p"):
            said = words(paragraph)
            # a cell, a header and a footer must hold a paragraph: an empty one says nothing there
            if where == "body" and not said.strip() and not _has_to_be(paragraph):
                yield from _empty(paragraph)
            if may_be_welsh(said):
                yield from _marked_language(paragraph, default)
        yield from _images(tree, where)
    yield from _same_ids(parts)
    yield from _tables(parts.body)


def _headings(parts: WordFile) -> Iterator[Finding]:
    names = {
        e.get(f"{W}styleId"): value(e.find(f"{W}name")).lower()
        for e in parts.styles.iter(f"{W}style")
    }
    headings = []
    for paragraph in parts.body.iter(f"{W}p"):
        level = _HEADING.fullmatch(names.get(_style(paragraph), ""))
        if level:
            headings.append((int(level[1]), words(paragraph)))
    return heading_findings("WCAG 2.2 1.3.1", headings)


def _style(paragraph: Element) -> str:
    return value(paragraph.find(f"{W}pPr/{W}pStyle"))


def _empty(paragraph: Element) -> Iterator[Finding]:
    if not any(e.tag in _HOLDS for e in paragraph.iter()):
        what = "An empty paragraph makes space; the space belongs in a style."
        yield Finding("WCAG 2.2 1.3.1", what, _after(paragraph))


def _has_to_be(paragraph: Element) -> bool:
    """Whether an empty paragraph has its reason.

    It ends a cell, keeps a table from what comes next, shows the label of a list item that begins
    with a list or a table, or is a line of the layout's own.
    """
    before = paragraph.getprevious()
    return (
        _in_cell(paragraph)
        or (before is not None and before.tag == f"{W}tbl")
        or _numbering(_properties(paragraph))[0] >= 0
        or any(value(b, "name").startswith(SPACE) for b in paragraph.iter(f"{W}bookmarkStart"))
    )


def _in_cell(paragraph: Element) -> bool:
    return next(paragraph.iterancestors(f"{W}tc"), None) is not None


def _after(paragraph: Element) -> str:
    before = paragraph.getprevious()
    return "" if before is None or not words(before) else f"after {quoted(words(before))}"


def _marked_language(paragraph: Element, default: str) -> Iterator[Finding]:
    spoken: dict[str, str] = {}
    for run in paragraph.iter(f"{W}r"):
        found = run.find(f"{W}rPr/{W}lang")
        language = default if found is None else found.get(f"{W}val", default)
        spoken[language] = spoken.get(language, "") + words(run)
    for language, text in spoken.items():
        yield from unmarked_welsh("WCAG 2.2 3.1.2", text, language)


def _images(tree: Element, where: str) -> Iterator[Finding]:
    for picture in pictures(tree):
        if picture.needs_one:
            place = f"{where}, image {quoted(picture.name)}"
            yield from poor_alternative("WCAG 2.2 1.1.1", picture.alternative, place)


def _same_ids(parts: WordFile) -> Iterator[Finding]:
    seen: set[str] = set()
    for _, tree in parts.printed():
        for properties in tree.iter(f"{{{WP}}}docPr"):
            id_ = properties.get("id", "")
            if id_ in seen:
                yield Finding("OOXML 20.4.2.5", f"Two images have the same number, {quoted(id_)}.")
            seen.add(id_)


def _tables(body: Element) -> Iterator[Finding]:
    """A table of several rows without a header; one row is layout and read as lines of text."""
    for table in body.iter(f"{W}tbl"):
        first, *others = rows(table) or [table]
        if others and not is_on(child(first, "trPr", "tblHeader")):
            cells = [words(cell) for cell in first.iter(f"{W}tc")]
            what = "The first row of a table is not marked as its header."
            yield Finding("WCAG 2.2 1.3.1", what, quoted(" ".join(cells)))


def look_findings(parts: WordFile) -> Iterator[Finding]:
    """Words that cannot be seen, or are struck out, turned round, off the page, drawn as signs."""
    texts = [tree for _, tree in parts.printed()]
    looks = FoundLooks(parts.styles, parts.theme, texts)
    settings = parts.trees.get("word/settings.xml")
    found = [fault for tree in texts for fault in looks.of_words(tree)]
    found += looks.of_styles()
    found += [f for tree in texts for f in (*page_faults(tree, settings), *unread_faults(tree))]
    for fault in dict.fromkeys(found):
        yield Finding("letters: sight", f"{fault.where} {fault.what}")


def validate_docx(content: bytes) -> tuple[Finding, ...]:
    """The rules that a Word letter breaks."""
    parts = read_parts(content)
    if isinstance(parts, Finding):
        return (parts,)
    found = (
        *property_findings(parts),
        *paragraph_findings(parts),
        *list_findings(parts),
        *package_findings(parts),
        *look_findings(parts),
    )
    return tuple(dict.fromkeys(found))
