"""Broken Word letters, made from good ones by editing their parts."""

import io
import zipfile
from collections.abc import Callable

from tests.broken_files.case import WELSH, Broken

BODY = "word/document.xml"
CORE = "docProps/core.xml"
APP = "docProps/app.xml"
LANGUAGE = '<w:lang w:val="en-GB" w:eastAsia="en-GB" w:bidi="ar-SA"/>'
SINCERELY = '<w:r><w:t xml:space="preserve">Yours sincerely</w:t></w:r>'
FAITHFULLY = '<w:ins w:id="9" w:author="Pat"><w:r><w:t>Yours faithfully</w:t></w:r></w:ins>'
CLOSING_STYLE = '<w:keepLines/><w:spacing w:before="300" w:after="0"/></w:pPr>'
EMPTY = '<w:p><w:pPr><w:pStyle w:val="Closing"/></w:pPr></w:p>'
CLOSING = '<w:p><w:pPr><w:pStyle w:val="Closing"/></w:pPr><w:r>'
COMMENTS = '<w:comments xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"/>'


def part(name: str, change: Callable[[str], str]) -> Callable[[bytes], bytes]:
    """A change of one part's XML as one of the whole file."""

    def apply(content: bytes) -> bytes:
        parts = unpacked(content)
        before = parts.get(name, b"").decode()
        after = change(before)
        assert after != before
        return packed({**parts, name: after.encode()})

    return apply


def replaced(name: str, old: str, new: str, times: int = 1) -> Callable[[bytes], bytes]:
    """Text of a part replaced where it first stands, or as often as it is (-1)."""
    return part(name, lambda text: text.replace(old, new, times))


def unpacked(content: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def packed(parts: dict[str, bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, part_ in parts.items():
            archive.writestr(name, part_)
    return out.getvalue()


def without_element(name: str, tag: str) -> Callable[[bytes], bytes]:
    """A part without its first element of a name, and what that holds."""

    def change(text: str) -> str:
        start = text.index(f"<{tag}>")
        return text[:start] + text[text.index(f"</{tag}>") + len(tag) + 3 :]

    return part(name, change)


def with_list_that_goes_on(text: str) -> str:
    """The numbered list at the end takes the number of a list before it, after other text."""
    old = '<w:pStyle w:val="Closing"/>'
    numbered = '<w:pStyle w:val="ListNumber"/><w:numPr><w:ilvl w:val="0"/><w:numId w:val="3"/>'
    return text.replace(old, f"{numbered}</w:numPr>")


def cut_off(content: bytes) -> bytes:
    return content[: len(content) // 2]


def with_look(look: str) -> Callable[[bytes], bytes]:
    """The words "Yours sincerely" with a property of their own."""
    return replaced(BODY, SINCERELY, SINCERELY.replace("<w:r>", f"<w:r><w:rPr>{look}</w:rPr>"))


def unseen(why: str) -> tuple[str]:
    return (f"'Yours sincerely' cannot be seen: {why}. (letters: sight)",)


DOCXS = (
    Broken(
        "no title",
        without_element(CORE, "dc:title"),
        ("The file has no title in its properties. (WCAG 2.2 2.4.2)",),
    ),
    Broken(
        "no author",
        without_element(CORE, "dc:creator"),
        ("The file has no author in its properties. (letters: properties)",),
    ),
    Broken(
        "no date",
        replaced(CORE, "2019-03-04T00:00:00Z", ""),
        ("The file has no date in its properties. (letters: properties)",),
    ),
    Broken(
        "the template's editor left",
        replaced(
            CORE,
            "</dc:creator>",
            "</dc:creator><cp:lastModifiedBy>Pat Template</cp:lastModifiedBy>",
        ),
        ("The template's last editor was left: 'Pat Template'. (letters: properties)",),
    ),
    Broken(
        "the template's company left",
        replaced(APP, "</Properties>", "<Company>Print Shop Ltd</Company></Properties>"),
        ("The template's company was left: 'Print Shop Ltd'. (letters: properties)",),
    ),
    Broken(
        "the template's file name left",
        replaced(APP, "</Properties>", "<Template>Letter-old.dotx</Template></Properties>"),
        ("The template's file name was left: 'Letter-old.dotx'. (letters: properties)",),
    ),
    Broken(
        "the tool as author",
        replaced(CORE, "Inspectorate of Constabulary for Verrenland", "python-docx"),
        ("The template's author was left: 'python-docx'. (letters: properties)",),
    ),
    Broken(
        "no language",
        replaced("word/styles.xml", LANGUAGE, ""),
        ("The file does not say which language it is in. (WCAG 2.2 3.1.1)",),
    ),
    Broken(
        "heading gap",
        replaced(BODY, '"Heading2"', '"Heading3"'),
        (
            "'What we found': A heading of level 3 follows one of level 1: a level is"
            " left out. (WCAG 2.2 1.3.1)",
        ),
    ),
    Broken(
        "no heading of level 1",
        replaced(BODY, '"Heading1"', '"Heading2"'),
        ("The letter has no headings of level 1; it needs exactly one. (WCAG 2.2 1.3.1)",),
    ),
    Broken(
        "list that continues numbering",
        part(BODY, with_list_that_goes_on),
        (
            "'Yours sincerely': A numbered list goes on with the numbers of the list "
            "before it. (letters: lists)",
        ),
    ),
    Broken(
        "table head unmarked",
        replaced(BODY, "<w:tblHeader/>", ""),
        (
            "'Measure Your force All forces': The first row of a table is not marked "
            "as its header. (WCAG 2.2 1.3.1)",
        ),
    ),
    Broken(
        "no alternative text",
        replaced(BODY, ' descr="Signature of Dame Beatrix Merriden"', ""),
        ("body, image 'signature': An image has no alternative text. (WCAG 2.2 1.1.1)",),
    ),
    Broken(
        "file name as alternative text",
        replaced(BODY, ' descr="Signature of Dame Beatrix Merriden"', ' descr="signature.png"'),
        (
            "body, image 'signature': The alternative text of an image, 'signature.png', "
            "does not say what it shows. (WCAG 2.2 1.1.1)",
        ),
    ),
    Broken(
        "empty paragraph as space",
        replaced(BODY, CLOSING, EMPTY + CLOSING),
        (
            "after 'If you have any queries, please contact Rosalind Ekwueme-Ha…': An"
            " empty paragraph makes space; the space belongs in a style. (WCAG 2.2 "
            "1.3.1)",
        ),
    ),
    Broken(
        "placeholder left in the body",
        replaced(BODY, "Yours sincerely", "{{ sent_date }}"),
        ("A sign of the template was left behind: '{{ sent_date }}'. (letters: placeholders)",),
    ),
    Broken(
        "placeholder left in a footer",
        replaced("word/footer1.xml", "Page ", "{{ page_label }} "),
        (
            "word/footer1.xml: A sign of the template was left behind: '{{ page_label"
            " }}'. (letters: placeholders)",
        ),
    ),
    Broken(
        "tag of the template left",
        replaced(BODY, "Yours sincerely", "{%p if delivery %}"),
        ("A sign of the template was left behind: '{%p if delivery %}'. (letters: placeholders)",),
    ),
    Broken(
        "field code left",
        replaced("word/footer2.xml", " PAGE ", " MERGEFIELD force_name "),
        (
            "word/footer2.xml: A sign of the template was left behind: 'MERGEFIELD "
            "force_name'. (letters: placeholders)",
        ),
    ),
    Broken(
        "tracked change",
        replaced(BODY, SINCERELY, FAITHFULLY),
        (
            "'Yours faithfully': The file holds a tracked change that is neither "
            "accepted nor rejected. (letters: edits)",
        ),
    ),
    Broken(
        "comments",
        part("word/comments.xml", lambda _: COMMENTS),
        ("The file holds comments of an editor. (letters: edits)",),
    ),
    Broken(
        "unknown style",
        replaced(BODY, '"Closing"', '"Farewell"'),
        ("The text uses a style that the file lacks: 'Farewell'. (OOXML 17.7)",),
    ),
    Broken(
        "hidden words",
        with_look("<w:vanish/>"),
        unseen("they are hidden text"),
    ),
    Broken(
        "white words",
        with_look('<w:color w:val="FFFFFF"/>'),
        unseen("they have the colour of the paper"),
    ),
    Broken(
        "tiny words",
        with_look('<w:sz w:val="7"/>'),
        unseen("they are smaller than four points"),
    ),
    Broken(
        "words hidden by their style",
        replaced("word/styles.xml", CLOSING_STYLE, f"{CLOSING_STYLE}<w:rPr><w:vanish/></w:rPr>"),
        unseen("they are hidden text"),
    ),
    Broken(
        "part that is not there",
        replaced("word/_rels/document.xml.rels", "theme/theme1.xml", "theme/theme9.xml"),
        ("The file points to a part that it lacks: 'word/theme/theme9.xml'. (OOXML 9.3)",),
    ),
    Broken(
        "image that is not there",
        replaced(BODY, "rIdLetterImage1", "rId99"),
        (
            "word/document.xml: A link or image points nowhere: the file has no "
            "'rId99'. (OOXML 9.3)",
        ),
    ),
    Broken(
        "two images of one number",
        replaced(BODY, 'docPr id="4"', 'docPr id="1"'),
        ("Two images have the same number, '1'. (OOXML 20.4.2.5)",),
    ),
    Broken(
        "Welsh unmarked",
        replaced(BODY, '<w:lang w:val="cy-GB"/>', "", -1),
        (
            "'Our thanks go to the staff of Heddlu Bro Ŵydden who spoke t…': Welsh "
            "words are not marked as Welsh, so they are read out as if they were "
            "English. (WCAG 2.2 3.1.2)",
        ),
        WELSH,
    ),
    Broken(
        "without its beginning",
        lambda content: content[40:],
        ("The file is not a Word document, or it is damaged. (OOXML)",),
    ),
    Broken(
        "cut off",
        cut_off,
        ("The file is not a Word document, or it is damaged. (OOXML)",),
    ),
    Broken(
        "one part twice",
        lambda content: content.replace(b"word/settings.xml", b"word/document.xml"),
        ("The file holds the same part twice. (OOXML)",),
    ),
    Broken(
        "too many parts",
        lambda content: packed({**unpacked(content), **{f"x/{n}": b"" for n in range(10_000)}}),
        ("The file holds more than 10,000 parts. (OOXML)",),
    ),
    Broken(
        "a damaged image",
        lambda content: content.replace(b"\x89PNG", b"\x89PNK"),
        ("The file is not a Word document, or it is damaged. (OOXML)",),
    ),
    Broken(
        "a part that is no XML",
        replaced(APP, "</Properties>", ""),
        ("The file's part 'docProps/app.xml' is missing or cannot be read. (OOXML)",),
    ),
)
