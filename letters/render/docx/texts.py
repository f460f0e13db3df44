"""What a Word layout's own text may not hold: what nobody sees, what Word would change or replace,
and structure that belongs to the letter alone."""

import re
from collections.abc import Iterable, Iterator

from lxml import etree

from letters.document import as_read
from letters.errors import Place, Problem
from letters.files import digest
from letters.pictures import is_dark
from letters.questions import PICTURE, Answers, asked
from letters.render.docx.crest import pictures
from letters.render.docx.looks import SIGNS, FoundLooks, LookFault, misplaced, page_faults
from letters.render.docx.package import (
    MC,
    VML,
    A,
    Element,
    WordPackage,
    child,
    is_on,
    r,
    shown,
    value,
    w,
)
from letters.render.docx.pages import behind
from letters.render.docx.parts import LayoutParts
from letters.render.docx.sight import VisibleText, is_dark_shape
from letters.render.docx.stylesheet import LIST_LEVELS, REQUIRED, StyleSheet, label_problems
from letters.render.docx.tidy import TagScan, paragraphs, rows, scan
from letters.render.words import is_welsh, quoted, says_nothing, signs_left
from letters.sources.tables import unseen


def text_problems(
    package: WordPackage,
    parts: LayoutParts,
    styles: StyleSheet,
    answers: Answers,
    place: Place,
) -> Iterator[Problem]:
    """Every problem of the kind; each names its part as a Word user does."""
    for part in parts.texts:
        here = Place(place.file, cell=part.label)
        yield from _fields(part.root, here)
        yield from _pictures(part.root, here)
        yield from _unreadable(part.root, here)
        yield from _told(misplaced(part.root), here)
        yield from _bound(part.root, here)
        yield from label_problems(part.root, styles, here)
        yield from _alternatives(part.root, here)
        yield from _own_words(part.root, styles, here)
        yield from _without_ink(part.root, here)
    body = Place(place.file, cell=parts.main.label)
    yield from _headings(parts.main.root, styles, body)
    yield from _tables(parts.main.root, body)
    yield from _looks(package, parts, styles, place)
    yield from _behind(package, parts, answers, place)


_COUNTERS = {"PAGE", "NUMPAGES", "SECTION", "SECTIONPAGES"}
"""Fields that print a number and, without switches of another kind, nothing else."""
_FORMATS = re.compile(
    r"\w+(?:\s*\\\*\s*(?i:mergeformat|charformat|arabic|roman|alphabetic)"
    r'|\s*\\#\s*(?:[0#,]+|"[0#,]+"))*'
)
"""A field's name and, behind it, how its number is written: '\\* ROMAN', '\\# #,##0'."""
_DESCRIBING = ("descr", "title", "alt")
_LINK = re.compile(r'HYPERLINK\s+(?:"([^"]*)"|([^\s\\]+))?', re.IGNORECASE)
WEB = re.compile(r"(https?|mailto|tel):", re.IGNORECASE)


def _fields(root: Element, place: Place) -> Iterator[Problem]:
    codes = [value(field, "instr") for field in root.iter(w("fldSimple"))]
    for code in map(str.strip, codes + _complex_fields(root)):
        name = (code.split() or [""])[0].upper()
        if name in _COUNTERS and not _FORMATS.fullmatch(code):
            what = f"The field '{code}' may print words of its own beside its number."
            yield Problem(place, what, "In Word: delete it and insert a plain page number.")
        elif name == "HYPERLINK":
            yield from _link(code, place)
            if re.search(r"\\o\b", code, re.IGNORECASE):
                fix = "In Word: edit the link and empty its ScreenTip."
                yield Problem(place, f"The link '{code}' shows words when it is pointed at.", fix)
        elif name and name not in _COUNTERS:
            fix = "Use a placeholder such as {{ sent_date }} for what letters say."
            what = f"The field '{name}' would change, or fetch its text, when a letter is opened."
            yield Problem(place, what, fix)


def _without_ink(root: Element, place: Place) -> Iterator[Problem]:
    """Characters that nobody sees, in text and in what describes pictures."""
    for paragraph in root.iter(w("p")):
        text = "".join(each.text or "" for each in paragraph.iter(w("t")))
        described = (str(each.get(name, "")) for each in paragraph.iter() for name in _DESCRIBING)
        if fault := next(filter(None, map(unseen, [text, *described])), None):
            yield Problem(place, *fault)


def _link(code: str, place: Place) -> Iterator[Problem]:
    found = _LINK.match(code)
    target = (found[1] or found[2] or "") if found else ""
    if target and not WEB.match(target):
        yield dead_link(target, place)


def dead_link(target: str, place: Place) -> Problem:
    """The problem that a link leads to something that readers do not have."""
    what = f"The link to '{target}' leads to no web or e-mail address."
    return Problem(place, what, "Remove it, or link to an address that readers can reach.")


def _complex_fields(root: Element) -> list[str]:
    """The codes of fields whose code may be split over several runs."""
    codes: list[str] = []
    for element in root.iter(w("fldChar"), w("instrText")):
        if element.tag == w("instrText"):
            codes[-1:] = [(codes[-1] if codes else "") + (element.text or "")]
        elif value(element, "fldCharType") == "begin":
            codes.append("")
    return codes


def _pictures(root: Element, place: Place) -> Iterator[Problem]:
    for picture in pictures(root):
        name, text = picture.name or "a picture", picture.alternative
        if picture.needs_one and not text.strip():
            fix = "Add one in Word (View Alt Text), or mark the picture as decorative."
            yield Problem(place, f"The picture '{name}' has no alternative text.", fix)
        elif picture.needs_one and says_nothing(text):
            what = f"The alternative text of the picture '{name}' is '{text}', which says nothing."
            fix = "Say in Word (View Alt Text) what it shows, or mark it as decorative."
            yield Problem(place, what, fix)


def _behind(
    package: WordPackage, parts: LayoutParts, answers: Answers, place: Place
) -> Iterator[Problem]:
    """Dark drawings behind words: a problem where a letter's words run, else a question."""
    section = next(parts.main.root.iter(w("sectPr")), None)
    for part in parts.texts:
        here = Place(place.file, cell=part.label)
        for drawing, name, is_certain in behind(part.root, section, part.label):
            pictures = dict(package.related(part.name, "image"))
            shown = [pictures.get(id_, "") for id_ in _pictured(drawing)]
            if not any(is_dark(package.parts.get(each, b"")) for each in shown) and not (
                is_dark_shape(drawing)
            ):
                continue
            what = f"The drawing {quoted(name)} is dark and lies behind words"
            if is_certain:
                yield Problem(
                    here, f"{what} of the letter.", _KEEP_CLEAR[0].upper() + _KEEP_CLEAR[1:]
                )
                continue
            mark = digest(etree.tostring(drawing))[:12]
            question = f"{PICTURE} {quoted(name)} {mark} behind the words of the {part.label}"
            if answers.to(question) != READABLE:
                what += f", or may do so. Can all words of a letter be read? If not, {_KEEP_CLEAR}"
                yield asked(here, what, question, (READABLE,))


def _pictured(drawing: Element) -> Iterator[str]:
    """The ids of the pictures that a drawing shows at their full strength."""
    for blip in drawing.iter(f"{{{A}}}blip"):
        clear = [e.get("amt", "") for e in blip.iter(f"{{{A}}}alphaModFix")]
        bright = [e.get("bright", "") for e in blip.iter(f"{{{A}}}lum")]
        if not any(c.isdecimal() and int(c) <= _HALF for c in clear) and not any(
            b.isdecimal() and int(b) >= _HALF for b in bright
        ):
            yield blip.get(r("embed"), "")
    for data in drawing.iter(f"{{{VML}}}imagedata"):
        if data.get("blacklevel", "0") in ("0", ""):  # more than that is Word's "washout"
            yield data.get(r("id"), "")


_HALF = 50_000
"""Half, in thousandths of a percent: what is paler than that is a watermark."""

READABLE = "readable"
_KEEP_CLEAR = "choose Wrap Text, Square in Word, or move the drawing into the margin."

_M = "http://schemas.openxmlformats.org/officeDocument/2006/math"
_C = "http://schemas.openxmlformats.org/drawingml/2006/chart"
_CX = "http://schemas.microsoft.com/office/drawing/2014/chartex"
_DGM = "http://schemas.openxmlformats.org/drawingml/2006/diagram"
_PICTURE = "In Word: replace it by a picture with an alternative text."
_UNREADABLE = {
    w("sym"): ("symbol", "In Word: type an ordinary character in its place, or use a picture."),
    f"{{{_M}}}oMath": ("equation", "In Word: type it as ordinary text, or use a picture."),
    f"{{{_C}}}chart": ("chart", _PICTURE),
    f"{{{_CX}}}chart": ("chart", _PICTURE),
    f"{{{_DGM}}}relIds": ("SmartArt", _PICTURE),
    f"{{{A}}}t": ("drawing", _PICTURE),
    f"{{{VML}}}textpath": (
        "watermark or WordArt",
        "In Word: Design > Watermark > Remove Watermark, or delete the WordArt.",
    ),
    w("pgNum"): ("page number", "In Word: delete it and insert a plain page number."),
    w("altChunk"): ("inserted file", "In Word: open the file and save it again."),
    w("subDoc"): ("inserted file", "In Word: unlink the subdocument in the Outline view."),
    **{
        w(name): ("date code", "In Word: delete it and use a placeholder such as {{ sent_date }}.")
        for name in ("dayShort", "dayLong", "monthShort", "monthLong", "yearShort", "yearLong")
    },
}
"""What prints something that is in no run of text, so that it is neither read nor approved."""


_REPEATED = (f"{{{VML}}}textpath", f"{{{A}}}t")
"""What an older form of a drawing repeats; its words are held against those of the newer form."""


def _unreadable(root: Element, place: Place) -> Iterator[Problem]:
    said: dict[str, tuple[str, str]] = {}
    drawn = {*shown(root, *_UNREADABLE)}
    for found in root.iter(*_UNREADABLE):
        if found not in drawn and found.tag in _REPEATED:
            continue
        name, fix = _UNREADABLE[str(found.tag)]
        words = found.get("string") or "".join(map(str, found.itertext()))
        if found.tag == w("sym"):
            words = f"{value(found, 'char')} of {value(found, 'font')}"
        named = f"The {name} {quoted(words)}" if words.strip() else f"The {name}"
        said.setdefault(named, (f"{named} prints what cannot be read back and approved.", fix))
    yield from (Problem(place, *each) for each in said.values())


def _bound(root: Element, place: Place) -> Iterator[Problem]:
    for control in root.iter(w("sdt")):
        properties = child(control, "sdtPr")
        if properties is None or properties.find("{*}dataBinding") is None:
            continue
        named = (value(child(properties, key)) for key in ("alias", "tag"))
        name = next(filter(None, (*named, _said(control))), "without a name")
        what = f"The content control {quoted(name)} is bound to data of the file, which Word shows"
        fix = "In Word: right-click it and choose Remove Content Control; its text stays."
        yield Problem(place, f"{what} in place of a letter's words.", fix)


def _alternatives(root: Element, place: Place) -> Iterator[Problem]:
    for element in root.iter(f"{{{MC}}}AlternateContent"):
        first, *others = map(_said, element.iterchildren(f"{{{MC}}}Choice", f"{{{MC}}}Fallback"))
        for other in others:
            if other != first:
                both = " or ".join(quoted(each) if each else "nothing" for each in (first, other))
                what = f"A drawing says {both}, depending on the program that shows the letter."
                fix = "In Word: delete the text box or drawing, and insert it again."
                yield Problem(place, what, fix)


def _said(element: Element) -> str:
    """The words under an element in the form in which words are compared."""
    found = element.iter(w("t"), f"{{{VML}}}textpath")
    return as_read(" ".join(e.get("string", "") or e.text or "" for e in found))


def _own_words(root: Element, styles: StyleSheet, place: Place) -> Iterator[Problem]:
    for paragraph in paragraphs(root):
        found = scan(paragraph)
        for sign, is_placeholder in signs_left(found.literal):
            if is_placeholder:
                fix = "Write it as {{ name }}, or delete it."
                yield Problem(place, f"'{sign}' is a placeholder of another program.", fix)
            else:
                what = f"{quoted(found.literal)} holds a character that only one font can show."
                fix = "In Word: type an ordinary character in its place, or use a picture."
                yield Problem(place, what, fix)
        yield from _welsh(paragraph, found, styles.language, place)


def _welsh(paragraph: Element, found: TagScan, default: str, place: Place) -> Iterator[Problem]:
    if not is_welsh(found.literal):
        return
    spoken: dict[str, str] = {}
    for run in paragraph.iter(w("r")):
        language = value(child(run, "rPr", "lang"), default=default)
        spoken[language] = spoken.get(language, "") + _run_words(run)
    for language, words in spoken.items():
        if not language.lower().startswith("cy") and is_welsh(words):
            what = f"{quoted(words)} is Welsh and not marked so: it is read out as if English."
            fix = "In Word: select it and choose Review > Language > Set Proofing Language > Welsh."
            yield Problem(place, what, fix)


_HEADING = re.compile(r"heading ([1-9])")


def _headings(root: Element, styles: StyleSheet, place: Place) -> Iterator[Problem]:
    """Headings of the layout's own: one of level 2 may stand after the subject, and no other."""
    after_subject = False
    for paragraph in paragraphs(root):
        tags = scan(paragraph).tags
        after_subject |= any(tag.content == "letter_subject" for tag in tags)
        found = _HEADING.fullmatch(styles.name(value(child(paragraph, "pPr", "pStyle"))))
        if not found or any(tag.prefix == "p" for tag in tags):
            continue
        words = _said(paragraph)
        if words and after_subject and found[1] == "2":
            continue
        name = quoted(words) if words else "An empty paragraph"
        what = f"{name} has the style 'Heading {found[1]}', which is the letter's own."
        yield Problem(place, what, "In Word: give it another style, such as Letterhead or Normal.")


def _tables(root: Element, place: Place) -> Iterator[Problem]:
    for table in root.iter(w("tbl")):
        if len(rows(table)) > 1:
            what = f"The table that begins {quoted(_said(table))} has {len(rows(table))} rows,"
            what += " so it would be read out as a table of data without headings."
            fix = "In Word: make each row a table of its own (Table Layout > Split Table)."
            yield Problem(place, what, fix)


def _looks(
    package: WordPackage, parts: LayoutParts, styles: StyleSheet, place: Place
) -> Iterator[Problem]:
    """What styles, pages and the looks of words would do to the layout's words or a letter's."""
    theme = package.one(parts.main.name, "theme")
    roots = [part.root for part in parts.texts]
    looks = FoundLooks(styles.root, package.xml(theme) if theme else None, roots)
    for part in parts.texts:
        yield from _told(looks.of_words(part.root), Place(place.file, cell=part.label))
    for name in LIST_LEVELS:
        found = styles.numbered(styles.id(name))
        level = styles.numbering.element(*found) if found else None
        if level is not None:
            yield from _told(looks.of_labels(name, level, styles.id(name)), place)
    yield from _told(_foreign_fonts(package, parts), place)
    required = (styles.id(name) for names in REQUIRED.values() for name in names)
    yield from _told(looks.of_styles(required), place)
    for root in roots:
        yield from _told(page_faults(root, parts.settings), place)
    if looks.sight:
        yield from _hiding_styles(looks.sight, styles, place)


def _foreign_fonts(package: WordPackage, parts: LayoutParts) -> Iterator[LookFault]:
    """Fonts that the file brings itself, and names that stand for fonts of signs."""
    table = package.one(parts.main.name, "fontTable")
    for font in package.xml(table).iter(w("font")) if table else ():
        where, kinds = f"The font '{value(font, 'name')}'", ("Regular", "Bold", "Italic")
        if any(child(font, f"embed{kind}") is not None for kind in (*kinds, "BoldItalic")):
            what = "is part of the file, and nothing looks whether it draws each letter as itself."
            yield LookFault(
                where, what, "Under File, Options, Save, clear 'Embed fonts in the file'."
            )
        other = value(child(font, "altName"))
        if SIGNS.match(other) and not SIGNS.match(value(font, "name")):
            what = f"may be shown as '{other}', which prints signs for letters."
            yield LookFault(where, what, "Open the layout in Word and save it again.")


def _told(faults: Iterable[LookFault], place: Place) -> Iterator[Problem]:
    yield from (Problem(place, f"{each.where} {each.what}", each.fix) for each in faults)


def _hiding_styles(sight: VisibleText, styles: StyleSheet, place: Place) -> Iterator[Problem]:
    for kind in ("paragraph", "character"):
        for name in ("Normal", *REQUIRED[kind]) if kind == "paragraph" else REQUIRED[kind]:
            table = styles.id("Table Grid") if name.startswith("Table ") else ""
            if why := sight.hides(styles.id(name), table):
                what = f"Words in the style '{name}' cannot be seen: {why}."
                yield Problem(place, what, "In Word: change the font or paragraph of the style.")


def _run_words(run: Element) -> str:
    return "".join(t.text or "" for t in run.iter(w("t")) if next(t.iterancestors(w("r"))) is run)


_TRACKED = {
    w(name)
    for name in (
        "ins", "del", "moveFrom", "moveTo", "rPrChange", "pPrChange", "sectPrChange",
        "tblPrChange", "trPrChange", "tcPrChange", "numberingChange", "cellIns", "cellDel",
    )
}  # fmt: skip


def residue(package: WordPackage, parts: LayoutParts, place: Place) -> Iterator[Problem]:
    """Every problem of the kind."""
    for part in parts.texts:
        here = Place(place.file, cell=part.label)
        yield from _edits(part.root, here)
    yield from _relations(package, place)
    yield from _loose_ends(package, parts, place)
    yield from _settings(parts.settings, place)


def _edits(root: Element, place: Place) -> Iterator[Problem]:
    names = {element.tag for element in root.iter(etree.Element)}
    if names & _TRACKED:
        fix = "Accept or reject all of them under Review in Word."
        yield Problem(place, "Tracked changes would travel into every letter.", fix)
    if names & {w("commentRangeStart"), w("commentReference")}:
        fix = "Delete all comments under Review in Word."
        yield Problem(place, "Comments would travel into every letter.", fix)


def _relations(package: WordPackage, place: Place) -> Iterator[Problem]:
    names = [n for n in package.parts if n.endswith(".rels")]
    for name in sorted(names):
        folder, _, part = name.rpartition("_rels/")
        for relation in package.relationships(folder + part.removesuffix(".rels")):
            if relation.external and not (
                relation.type == "hyperlink" and WEB.match(relation.target)
            ):
                yield _external(relation.type, relation.target, place)
            elif relation.type in ("oleObject", "package", "control"):
                fix = "Replace it by text or a picture."
                yield Problem(
                    place, f"The embedded object '{relation.target}' cannot be kept.", fix
                )


def _loose_ends(package: WordPackage, parts: LayoutParts, place: Place) -> Iterator[Problem]:
    """Parts that the file points to and lacks, and links and pictures that lead nowhere."""
    fix = "In Word: delete the picture or link that is broken, insert it again, and save."
    for target in package.missing():
        yield Problem(place, f"The file points to a part that it lacks: '{target}'.", fix)
    for part in parts.texts:
        if unknown := package.unrelated(part.name, part.root):
            what = f"A link or picture leads nowhere: the file has no '{unknown[0]}'."
            yield Problem(Place(place.file, cell=part.label), what, fix)


def _external(kind: str, target: str, place: Place) -> Problem:
    if kind == "attachedTemplate":
        what = f"The layout is linked to the Word template '{target}'."
        return Problem(place, what, "Under Developer, Document Template, choose Normal.")
    if kind == "hyperlink":
        return dead_link(target, place)
    what = f"The {kind} '{target}' is linked and not part of the file."
    return Problem(place, what, "Break the link under File, Info, Edit Links to Files.")


def _settings(settings: Element | None, place: Place) -> Iterator[Problem]:
    protection = child(settings, "documentProtection")
    enforced = value(protection, "enforcement").lower() in ("1", "true", "on")
    if enforced or child(settings, "writeProtection") is not None:
        fix = "Stop the protection under Review, Restrict Editing."
        yield Problem(place, "The layout is protected, so every letter would be.", fix)
    if is_on(child(settings, "trackRevisions")):
        fix = "Switch off Track Changes under Review."
        yield Problem(place, "Word is set to track changes in the layout.", fix)
