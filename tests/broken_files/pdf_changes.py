"""What can be wrong with a PDF, done to a good one with pikepdf."""

import io
import re
from collections.abc import Callable, Iterator
from itertools import count

from pikepdf import Array, Dictionary, Name, Object, Page, Pdf, Stream, String


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


def with_footer_in_pieces(pdf: Pdf) -> None:
    """Each piece of each page number marked as it is drawn, and tagged beside the letter."""
    for page in pdf.pages:
        _tag_artifacts(pdf, page, 9, Dictionary(S=Name.P, P=elements(pdf, "/Document")[0]))


def with_heads_again(pdf: Pdf) -> None:
    """What page 2 repeats of a table's head, of three cells, tagged as a head once more."""
    head = elements(pdf, "/THead")[0]
    row = pdf.make_indirect(Dictionary(S=Name.TR, P=head, K=Array()))
    head.K.append(row)
    scope = Dictionary(O=Name.Table, Scope=Name.Column)
    _tag_artifacts(pdf, pdf.pages[1], 3, Dictionary(S=Name.TH, P=row, A=scope))


def _tag_artifacts(pdf: Pdf, page: Page, most: int, element: Dictionary) -> None:
    """Make the first artifacts of a page elements like `element`, inside its parent."""
    numbers = count(90)
    content = page.Contents.read_bytes()
    marked = _ARTIFACT.sub(lambda _: b"/P <</MCID %d>> BDC" % next(numbers), content, most)
    page.Contents = pdf.make_stream(marked)
    for number in range(90, next(numbers)):
        each = pdf.make_indirect(Dictionary(dict(element.items())))
        each.Pg, each.K = page.obj, number
        element.P.K.append(each)


_ARTIFACT = re.compile(rb"/Artifact\s+<<\s*/Type\s*/Pagination\s*>>\s+BDC")


def with_words(words: bytes, mark: bytes = b"") -> Callable[[Pdf], None]:
    """The glyphs `words` (as codes) drawn at the end of page 1, in a mark or in none."""

    def change(pdf: Pdf) -> None:
        page = pdf.pages[0]
        content = page.Contents.read_bytes()
        font = re.findall(rb"/(\S+) [\d.]+ Tf", content)[0]
        shown = b"BT /%s 11 Tf 1 0 0 1 100 60 Tm <%s> Tj ET" % (font, words)
        last = mark + b" BDC " + shown + b" EMC" if mark else shown
        page.Contents = pdf.make_stream(b"q " + content + b" Q " + last)

    return change


def with_passage_as_artifact(pdf: Pdf) -> None:
    """The first paragraph is still drawn, and its tag is empty."""
    page = pdf.pages[0]
    first = re.compile(rb"/\w+\s*<<\s*/MCID 0\s*>>\s*BDC")
    content, times = first.subn(b"/Artifact BMC", page.Contents.read_bytes())
    assert times == 1
    page.Contents = pdf.make_stream(content)


def with_mark_twice_in_the_tree(pdf: Pdf) -> None:
    """The first paragraph is read out once more, at the end."""
    first = elements(pdf, "/P")[0]
    again = Dictionary(S=Name.P, P=first.P, Pg=first.Pg, K=first.K)
    elements(pdf, "/Art")[0].K.append(pdf.make_indirect(again))


def with_mark_twice_on_the_page(pdf: Pdf) -> None:
    """Words drawn later under the mark of the first paragraph."""
    with_words(b"0003", b"/P <</MCID 0>>")(pdf)


def with_list_in_two(pdf: Pdf) -> None:
    """The last item of a list becomes a list of its own."""
    _cut_off_last(pdf, elements(pdf, "/L")[0], Name.L)


def with_table_in_two(pdf: Pdf) -> None:
    """The last row of a table becomes a table of its own."""
    table = elements(pdf, "/Table")[0]
    body = elements(pdf, "/TBody")[0]
    row = body.K[-1]
    del body.K[-1]
    own = pdf.make_indirect(Dictionary(S=Name.Table, P=table.P, K=Array([row])))
    _put_after(table, own)


def _cut_off_last(pdf: Pdf, whole: Object, kind: Name) -> None:
    last = whole.K[-1]
    del whole.K[-1]
    part = pdf.make_indirect(Dictionary(S=kind, P=whole.P, A=whole.A, K=Array([last])))
    _put_after(whole, part)


def _put_after(whole: Object, part: Object) -> None:
    places = [kid.objgen if isinstance(kid, Object) else None for kid in kids(whole.P)]
    whole.P.K.insert(places.index(whole.objgen) + 1, part)


def read_out_as(words: str, key: str) -> Callable[[Pdf], None]:
    """Screen readers are told to say other words for the first paragraph."""

    def change(pdf: Pdf) -> None:
        elements(pdf, "/P")[0][key] = String(words)

    return change


def mark_read_out_as(words: str) -> Callable[[Pdf], None]:
    """The same for the first piece of the page's content."""

    def change(pdf: Pdf) -> None:
        page = pdf.pages[0]
        said = b"<</MCID 0 /ActualText " + String(words).unparse() + b">>"
        page.Contents = pdf.make_stream(page.Contents.read_bytes().replace(b"<</MCID 0>>", said, 1))

    return change


def with_link_in_two(pdf: Pdf) -> None:
    """A link that fills two lines is tagged as two."""
    link = next(e for e in elements(pdf, "/Link") if len(kids(e)) == 4)
    one, other, words, more_words = kids(link)
    link.K = Array([one, words])
    rest = Dictionary(S=Name.Link, P=link.P, Pg=link.Pg, K=Array([other, more_words]))
    _put_after(link, pdf.make_indirect(rest))


def with_note(pdf: Pdf) -> None:
    """A comment laid over page 1 in a reader for PDFs."""
    note = Dictionary(
        Type=Name.Annot, Subtype=Name.FreeText, Rect=Array([90, 90, 300, 120]),
        Contents=String("Not so."), DA=String("/Helv 12 Tf"),
    )  # fmt: skip
    pdf.pages[0].Annots = Array([pdf.make_indirect(note)])


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


def without_record(pdf: Pdf) -> None:
    """A file as earlier versions made it."""
    del pdf.Root.PieceInfo


def cut_off(content: bytes) -> bytes:
    return content[: len(content) // 2]
