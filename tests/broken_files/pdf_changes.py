"""What can be wrong with a PDF, done to a good one with pikepdf."""

import io
import re
from collections.abc import Callable, Iterator
from itertools import count

from pikepdf import Array, Dictionary, Name, Object, Pdf, Stream, String


def edited(change: Callable[[Pdf], None]) -> Callable[[bytes], bytes]:
    """The change of an opened file as one of its bytes."""

    def apply(content: bytes) -> bytes:
        with Pdf.open(io.BytesIO(content)) as pdf:
            change(pdf)
            out = io.BytesIO()
            pdf.save(out)
        return out.getvalue()

    return apply


def elements(pdf: Pdf, tag: str) -> list[Object]:
    """The structure elements of a type, in reading order."""
    return [element for element in walk(pdf.Root.StructTreeRoot) if element.get("/S") == tag]


def walk(element: Object) -> Iterator[Object]:
    yield element
    for kid in kids(element):
        if isinstance(kid, Dictionary) and "/S" in kid:
            yield from walk(kid)


def kids(element: Object) -> list[Object]:
    found = element.get("/K", Array())
    return list(found) if isinstance(found, Array) else [found]


def fonts(pdf: Pdf) -> list[Object]:
    """The fonts as pages name them."""
    return [font for font in pdf.objects if is_a(font, Name.Type0)]


def is_a(found: Object, subtype: Name) -> bool:
    return isinstance(found, Dictionary | Stream) and found.get("/Subtype") == subtype


def without_title(pdf: Pdf) -> None:
    with pdf.open_metadata(set_pikepdf_as_editor=False, update_docinfo=False) as metadata:
        del metadata["dc:title"]


def with_placeholder_in_title(pdf: Pdf) -> None:
    with pdf.open_metadata(set_pikepdf_as_editor=False, update_docinfo=False) as metadata:
        metadata["dc:title"] = "Digital evidence – {{ force_name }}"


def without_declaration(pdf: Pdf) -> None:
    with pdf.open_metadata(set_pikepdf_as_editor=False, update_docinfo=False) as metadata:
        del metadata["pdfuaid:part"]


def without_tags(pdf: Pdf) -> None:
    del pdf.Root.StructTreeRoot
    del pdf.Root.MarkInfo


def signature_says(alternative: str | None) -> Callable[[Pdf], None]:
    def change(pdf: Pdf) -> None:
        (figure,) = elements(pdf, "/Figure")
        if alternative is None:
            del figure.Alt
        else:
            figure.Alt = String(alternative)

    return change


def retagged(old: str, new: str) -> Callable[[Pdf], None]:
    """The first element of one type becomes another."""

    def change(pdf: Pdf) -> None:
        elements(pdf, old)[0].S = Name(new)

    return change


def without_font_program(pdf: Pdf) -> None:
    descriptor = fonts(pdf)[0].DescendantFonts[0].FontDescriptor
    del descriptor.FontFile2


def without_meanings(pdf: Pdf) -> None:
    del fonts(pdf)[0].ToUnicode


def with_a_wrong_glyph(pdf: Pdf) -> None:
    """The text says the letter W where the font draws an I."""
    font = fonts(pdf)[0]
    cmap = font.ToUnicode.read_bytes()
    font.ToUnicode = pdf.make_stream(cmap.replace(b"<002c> <0049>", b"<002c> <0057>"))


def with_footer(*, tagged: bool) -> Callable[[Pdf], None]:
    """The page number of page 1 marked as the letter's own text, in the tree or not."""

    def change(pdf: Pdf) -> None:
        page, numbers = pdf.pages[0], count(90)
        content = page.Contents.read_bytes()
        footer = rb"/Artifact\s+<<\s*/Type\s*/Pagination\s*>>\s+BDC"
        marked = re.sub(footer, lambda _: b"/P <</MCID %d>> BDC" % next(numbers), content)
        page.Contents = pdf.make_stream(marked)
        if tagged:
            article = elements(pdf, "/Art")[0]
            ids = Array(range(90, next(numbers)))
            paragraph = Dictionary(S=Name.P, P=article, Pg=page.obj, K=ids)
            article.K.append(pdf.make_indirect(paragraph))

    return change


def with_first_words(before: bytes) -> Callable[[Pdf], None]:
    """The first words of the letter painted after instructions of another kind."""

    def change(pdf: Pdf) -> None:
        page = pdf.pages[0]
        page.Resources.ExtGState.None_ = Dictionary(ca=0)
        content = page.Contents.read_bytes()
        words = re.compile(rb"(/MCID 0>>\s+BDC.*?)(BT.*?ET)", re.DOTALL)
        unseen = rb"\1q " + before + rb" \2 Q"
        page.Contents = pdf.make_stream(words.sub(unseen, content, count=1))

    return change


def turned(pdf: Pdf) -> None:
    pdf.pages[1].Rotate = 90


def with_tags_of_nonsense(pdf: Pdf) -> None:
    elements(pdf, "/P")[0].K = String("third")


def without_languages(pdf: Pdf) -> None:
    for element in walk(pdf.Root.StructTreeRoot):
        if "/Lang" in element:
            del element.Lang


def with_list_out_of_order(pdf: Pdf) -> None:
    """An item's last paragraph is read before the list inside it."""
    body = next(e for e in elements(pdf, "/LBody") if len(kids(e)) == 3)
    first, inner, last = kids(body)
    body.K = Array([first, last, inner])


def with_link_named_by_address(pdf: Pdf) -> None:
    link = pdf.pages[1].Annots[0]
    link.Contents = String("https://harbour.example/")


def without(tag: str, attribute: str) -> Callable[[Pdf], None]:
    """The first element of a type loses an attribute."""

    def change(pdf: Pdf) -> None:
        del elements(pdf, tag)[0].A[attribute]

    return change


def with_paragraph_in_two(pdf: Pdf) -> None:
    """A paragraph that fills two pages becomes two."""
    whole = next(p for p in elements(pdf, "/P") if any("/Pg" in k for k in references(p)))
    first_page = [k for k in kids(whole) if not is_elsewhere(k, whole)]
    rest = [k for k in kids(whole) if is_elsewhere(k, whole)]
    parent = whole.P
    below = pdf.make_indirect(Dictionary(S=Name.P, P=parent, Pg=rest[0].Pg, K=Array(rest)))
    whole.K = Array(first_page)
    at = [kid.objgen for kid in kids(parent)].index(whole.objgen)
    parent.K.insert(at + 1, below)


def references(element: Object) -> list[Object]:
    """The marks of an element that say their page themselves."""
    return [kid for kid in kids(element) if isinstance(kid, Dictionary) and "/MCID" in kid]


def is_elsewhere(kid: Object | int, element: Object) -> bool:
    return isinstance(kid, Dictionary) and "/Pg" in kid and kid.Pg.objgen != element.Pg.objgen


def with_smooth_image(pdf: Pdf) -> None:
    image = next(found for found in pdf.objects if is_a(found, Name.Image))
    image.Interpolate = True


def without_language(pdf: Pdf) -> None:
    del pdf.Root.Lang


def without_title_bar(pdf: Pdf) -> None:
    del pdf.Root.ViewerPreferences


def without_header_cells(pdf: Pdf) -> None:
    for cell in elements(pdf, "/TH"):
        cell.S = Name.TD


def without_label_and_body(pdf: Pdf) -> None:
    elements(pdf, "/LBody")[0].S = Name.Div


def cut_off(content: bytes) -> bytes:
    return content[: len(content) // 2]
