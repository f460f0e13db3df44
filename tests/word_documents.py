"""Typeset letters of invented forces, made by hand, that show every structure of the block tree."""

from __future__ import annotations

import io
from datetime import date

from PIL import Image, ImageDraw

from letters.document import (
    SLOTS,
    Block,
    Break,
    Document,
    Emphasis,
    Figure,
    Gap,
    Heading,
    Inline,
    Language,
    Link,
    List,
    Paragraph,
    Passage,
    Quote,
    Strong,
    Table,
    Text,
)  # fmt: skip

TEXTS = {
    "page_label": "Page",
    "of_label": "of",
    "document_title": "Safe storage of evidence – Northmoor & Vale Police",
    "force_name": "Northmoor & Vale Police",
}


def png(width: int = 400, height: int = 120) -> bytes:
    image = Image.new("L", (width, height), 255)
    line = [(8 + 4 * n, height // 2 + (n * 7 % 40) - 20) for n in range(width // 4 - 4)]
    ImageDraw.Draw(image).line(line, fill=0, width=3)
    content = io.BytesIO()
    image.save(content, "PNG")
    return content.getvalue()


SIGNATURE = png()


def t(text: str) -> tuple[Inline, ...]:
    return (Text(text),)


def p(text: str, style: str = "") -> Paragraph:
    return Paragraph(t(text), style=style)


def lines(style: str, *texts: str) -> Paragraph:
    content: list[Inline] = []
    for text in texts:
        content += [Break(), Text(text)] if content else [Text(text)]
    return Paragraph(tuple(content), style=style)


def slots(body: tuple[Block, ...]) -> dict[str, tuple[Block, ...]]:
    return {
        "letter_sender": (
            p("Inspectorate of Invented Forces and Fire & Rescue Services", "Sender Name"),
            lines("Sender", "6th Floor, Globe House", "89 Eccleston Square", "Norham NH1 1PN"),
        ),
        "letter_addressees": (
            lines("Addressee", "Ada Thorne QPM", "Chief Constable", "Northmoor & Vale Police"),
            lines("Addressee", "Siân Ŵyn-Thomas", "Deputy Chief Constable", "Heddlu Tŷ Dŵr"),
        ),
        "letter_delivery": (p("Via email", "Delivery"),),
        "letter_copies": (
            p("Copied to: Police and Crime Commissioner", "Copied To"),
            lines("Copied To", "Jo O’Neill", "Mayor of Northmoor"),
        ),
        "letter_date": (p("2 October 2017", "Date"),),
        "letter_salutation": (p("Dear Chief Constable and Deputy Chief Constable", "Salutation"),),
        "letter_subject": (Heading(1, t("Safe storage of evidence")),),
        "letter_body": body,
        "letter_closing": (p("Yours sincerely", "Closing"),),
        "letter_signature": (Figure(SIGNATURE, "signature", "Signature of B. Merriden"),),
        "letter_signatory": (
            p("Beatrix Merriden QPM", "Signatory Name"),
            lines("Signatory", "His Majesty’s Inspector", "Inspector of Fire & Rescue Services"),
        ),
    }


def a_document(*body: Block, **changes: object) -> Document:
    fields: dict[str, object] = {
        "id": "northmoor",
        "title": "Safe storage of evidence – Northmoor & Vale Police",
        "author": "Inspectorate of Invented Forces",
        "subject": "Safe storage of evidence",
        "language": "en-GB",
        "created": date(2017, 10, 2),
        "modified": date(2017, 10, 5),
        "slots": slots(body or (p("All is well."),)),
        "texts": TEXTS,
        "information": (),
    }
    return Document(**{**fields, **changes})  # type: ignore[arg-type]


def bullets(*items: tuple[Block, ...]) -> List:
    return List(None, items)


def numbers(start: int, *items: tuple[Block, ...]) -> List:
    return List(start, items)


DEEP: Block = numbers(
    3,
    (p("Write a plan."), p("It needs a date.")),
    (
        p("Buy shelves:"),
        numbers(2, (p("steel;"),), (p("oak;"), numbers(4, (p("old,"),), (p("new."),)))),
        p("No shelf may lean."),
    ),
    (p("Then:"), bullets((p("count"), bullets((p("twice"),), (p("slowly"),))))),
    (p("Report."),),
)
LISTS: tuple[Block, ...] = (
    p("Do these:"),
    DEEP,
    p("And these, counted anew:"),
    numbers(1, (p("one"),), (p("two"),)),
    numbers(1, (p("one again"),)),
    bullets((p("first"),), (p("second"), Quote((p("Said so."), p("Twice."))))),
)
QUOTES: tuple[Block, ...] = (
    Quote(
        (
            p("We recommend that forces:"),
            numbers(1, (p("store evidence;"), bullets((p("dry"),), (p("cool"), p("and dark"))))),
            bullets((p("label it."),)),
            p("This is urgent."),
        )
    ),
    numbers(1, (Quote((p("A quotation begins the item."),)), p("It goes on.")), (p("Next."),)),
)
WORDS: tuple[Block, ...] = (
    Paragraph(
        (
            Text("Our report "), Emphasis(t("Shelves: a study")), Text(" says "), Strong(t("now")),
            Text(", and "), Strong((Emphasis(t("very")), Text(" "), Gap("date to be added"))),
            Text(". Write to "), Link("mailto:a.b@example.org", t("a.b@example.org")), Text(" or "),
            Link("https://example.org/?a=1&b=2", (Strong((Emphasis(t("read on")),)),)),
            Text(" or "), Link("https://example.org/?a=1&b=2", t("again")), Text("."), Break(),
            Language("cy", (Text("Diolch am y "), Emphasis(t("tŷ dŵr")))), Text("  two  spaces "),
        )
    ),
    Heading(2, (Text("A "), Strong(t("strong")), Text(" heading"))),
    Heading(3, t("A smaller one")),
)  # fmt: skip
TABLES: tuple[Block, ...] = (
    p("The counts:"),
    Table(
        (
            (t("Store"), t("Number of items held in it"), t("Share")),
            (t("North"), (Strong(t("12")), Break(), Text("counted")), t("40%")),
            (t("South & East"), (), t("60%")),
        ),
        ("left", "", "right"),
    ),
    Table(((t("Alone"),), (t("x"),)), ("center",)),
    p("After the tables."),
    bullets((p("In an item:"), Table(((t("a"), t("b")), (t("1"), t("2"))), ("", ""))), (p("z"),)),
    Quote((p("In a quotation:"), Table(((t("c"), t("d")), (t("3"), t("4"))), ("", "")))),
)
AWKWARD: tuple[Block, ...] = (
    bullets((bullets((p("a list begins the item"),), (p("inner"),)),), (p("outer"),)),
    numbers(7, (Table(((t("h"),), (t("v"),)), ("",)),), (Heading(3, t("a heading in it")),)),
    numbers(1, (), (p("after an empty item"),)),
    numbers(26, (p("twenty-six"),)),
)
HOSTILE = tuple(
    p(text)
    for text in (
        "Fire & Rescue <b>Services</b> ]]> &amp; \"quoted\" 'single'",
        "{{ force_name }} {% if x %} {# y #} {{p letter_body }}",
        "# 1. * _ | - \\ %1 $ £ ’ “ ” – … \u00a0 \u2011 😀 e\u0301",
    )
)
EVERYTHING: tuple[Block, ...] = (
    *WORDS,
    *LISTS,
    *QUOTES,
    *TABLES,
    *AWKWARD,
    *HOSTILE,
    p("The end."),
)
DOCUMENTS = {
    "plain": a_document(),
    "words": a_document(*WORDS),
    "lists": a_document(*LISTS),
    "quotes": a_document(*QUOTES),
    "tables": a_document(*TABLES),
    "awkward": a_document(*AWKWARD),
    "hostile": a_document(*HOSTILE),
    "escapes": a_document(p("{_{ x }_} {_% y %_}")),
    "everything": a_document(*EVERYTHING),
    "empty slots": a_document(slots={**dict.fromkeys(SLOTS, ()), "letter_body": (p("Hello."),)}),
    "draft": a_document(*WORDS, draft="DRAFT"),
    "Welsh": a_document(*LISTS, language="cy", draft="DRAFFT Ŵ"),
}


def folded(passages: tuple[Passage, ...]) -> list[Passage]:
    return [Passage(x.kind, x.label, " ".join(x.text.split())) for x in passages]
