"""Typeset letters of an invented force, made by hand, with every structure a letter can have.

They stand apart from the builders because nothing is read, merged or worded to make them.
"""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from io import BytesIO
from pathlib import Path

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
    Origin,
    Paragraph,
    Passage,
    Quote,
    Strong,
    Table,
    Text,
    as_read,
)

ROOT = Path(__file__).resolve().parents[2]
LAYOUT = ROOT / "templates/letterhead"

LABELS = {
    "page_label": "Page",
    "of_label": "of",
    "letter_information_label": "Letter information",
}
TITLE = "Assessment – Westmarch & Vale Police"
TEXTS = {
    "sender_name": "The Inspectorate of Policing",
    "document_title": TITLE,
    "force_name": "Westmarch & Vale Police",
    **LABELS,
}
FINDING = (
    "We found that the force had considered the technology it needs to monitor its systems, and "
    "that its counter-corruption unit works with the organisations that support vulnerable people."
)


def signature() -> bytes:
    """A small picture of a pen stroke."""
    image = Image.new("RGBA", (90, 30), (0, 0, 0, 0))
    ImageDraw.Draw(image).line([(5, 25), (30, 5), (50, 25), (85, 8)], fill="navy", width=3)
    out = BytesIO()
    image.save(out, "PNG")
    return out.getvalue()


def paragraph(*content: Inline | str, style: str = "", line: int = 0) -> Paragraph:
    """A paragraph; plain strings are literal text."""
    inlines = tuple(Text(part) if isinstance(part, str) else part for part in content)
    return Paragraph(inlines, Origin("templates/sample/letter.md", line), style)


def lines(*text: str, style: str) -> Paragraph:
    """A paragraph of several lines."""
    parts = [part for line in text for part in (Break(), Text(line))]
    return paragraph(*parts[1:], style=style)


def cells(*words: str) -> tuple[tuple[Inline, ...], ...]:
    """A row of a table."""
    return tuple((Text(word),) for word in words)


def a_document(*body: Block, **slots: tuple[Block, ...]) -> Document:
    """A letter to an invented force that says `body`."""
    contents: Mapping[str, tuple[Block, ...]] = {
        "letter_sender": (
            paragraph("The Inspectorate of Policing", style="Sender Name"),
            lines("1 Example Street", "London", "EX1 1EX", style="Sender"),
        ),
        "letter_addressees": (
            lines("Ada Lark QPM", "Chief Constable", "Westmarch & Vale Police", style="Addressee"),
        ),
        "letter_delivery": (paragraph("Via email", style="Delivery"),),
        "letter_copies": (
            paragraph("Copied to: ", "Police and Crime Commissioner", style="Copied To"),
        ),
        "letter_date": (paragraph("2 October 2017", style="Date"),),
        "letter_salutation": (paragraph("Dear Chief Constable", style="Salutation"),),
        "letter_subject": (Heading(1, (Text("Assessment of your force’s plans"),)),),
        "letter_body": body,
        "letter_closing": (paragraph("Yours sincerely", style="Closing"),),
        "letter_signature": (Figure(signature(), "signature", "Signature of Bo Finch"),),
        "letter_signatory": (
            paragraph("Bo Finch QPM", style="Signatory Name"),
            lines(
                "Her Majesty’s Inspector of Constabulary",
                "Her Majesty’s Inspector of Fire & Rescue Services",
                style="Signatory",
            ),
        ),
        **slots,
    }
    return Document(
        id="westmarch",
        title=TITLE,
        author="The Inspectorate of Policing",
        subject="Assessment of your force’s plans",
        language="en-GB",
        created=date(2017, 10, 2),
        modified=date(2017, 10, 5),
        slots={slot: contents[slot] for slot in SLOTS},
        texts=TEXTS,
        information=(
            ("From", ("Bo Finch QPM", "Her Majesty’s Inspector of Constabulary")),
            ("To", ("Chief Constable", "Westmarch & Vale Police")),
            ("Sent on", ("2 October 2017",)),
        ),
    )


def every_structure() -> tuple[Block, ...]:
    """One of everything a wording can say."""
    link = Link("mailto:jo.wren@example.org", (Text("jo.wren@example.org"),))
    return (
        paragraph(
            "As we said in ", Emphasis((Text("Policing 2016"),)), " – ‘with care’ & <b>", line=3
        ),
        paragraph(
            Strong((Text("Bold, "), Emphasis((Text("both"),)))), " and plain. Write to ", link, "."
        ),
        Heading(2, (Text("What we found"),)),
        Quote(
            (
                paragraph("To address this cause of concern, we recommend a plan."),
                paragraph("Soon."),
            )
        ),
        nested_lists(),
        Heading(3, (Text("In Welsh"),)),
        paragraph(
            "Annwyl ", Language("cy", (Text("Brif Gwnstabl, tŷ dŵr Ŵ Ŷ"),)), " is a greeting."
        ),
        List(7, ((paragraph("seven"),), (paragraph("eight"),))),
        Table(
            (cells("Force", "Plans"), cells("Westmarch", "12"), cells("Dunmere", "1,004")),
            ("", "right"),
        ),
        Table((cells("Only", "heads"),), ("left", "center")),
        paragraph(
            "Awkward: # 1. * _ | {{ braces }} \\ “quotes” … 50% £5 well-known pre- and post-war"
        ),
    )


def nested_lists() -> List:
    """Lists in lists, a quote in an item, a list in a quote, and text after a nested list."""
    roman = List(4, ((paragraph("four"),), (paragraph("five"),)))
    letters = List(2, ((paragraph("bee"), roman, paragraph("after roman")), (paragraph("sea"),)))
    dashes = List(None, ((paragraph("dash"), List(None, ((paragraph("square"),),))),))
    return List(
        3,
        (
            (paragraph("three"), letters, paragraph("after letters")),
            (
                paragraph("four"),
                dashes,
                Quote((paragraph("quoted"), List(None, ((paragraph("q"),),)))),
            ),
            (List(None, ((paragraph("a list first"),),)), paragraph("then text")),
        ),
    )


def long_letter() -> Document:
    """A letter of three pages on which everything crosses a page end somewhere."""
    rows = [cells(f"Element {n}", FINDING[: 20 + 7 * (n % 20)].strip()) for n in range(30)]
    address = "https://www.example.org/publications/" + "abuse-of-position/" * 3
    entries = tuple((paragraph(f"{n}: {FINDING}"), paragraph(FINDING)) for n in range(6))
    return a_document(
        *every_structure(),
        *(
            paragraph(f"{n}. {FINDING} ", Link(address, (Text(FINDING[:60]),)), ".")
            for n in range(4)
        ),
        List(None, entries),
        paragraph(" ".join([FINDING] * 30)),
        Quote(tuple(paragraph(FINDING, " ", FINDING) for _ in range(3))),
        Table((cells("Element", "Finding"), *rows), ("", "")),
        paragraph(
            Link(address, (Text(address),)), " is long; so is pre- and post-submission work." * 8
        ),
    )


def a_draft() -> Document:
    """A draft with a gap in it."""
    return replace(a_document(paragraph("The plan is ", Gap("to be added"), ".")), draft="DRAFT")


def words(text: str) -> tuple[Inline, ...]:
    """A text as the only inline."""
    return (Text(text),)


def bullets(*items: tuple[Block, ...]) -> List:
    """A list whose items are not counted."""
    return List(None, items)


def numbers(start: int, *items: tuple[Block, ...]) -> List:
    """A list counted from `start`."""
    return List(start, items)


DEEP: Block = numbers(
    3,
    (paragraph("Write a plan."), paragraph("It needs a date.")),
    (
        paragraph("Buy shelves:"),
        numbers(
            2,
            (paragraph("steel;"),),
            (paragraph("oak;"), numbers(4, (paragraph("old,"),), (paragraph("new."),))),
        ),
        paragraph("No shelf may lean."),
    ),
    (
        paragraph("Then:"),
        bullets((paragraph("count"), bullets((paragraph("twice"),), (paragraph("slowly"),)))),
    ),
    (paragraph("Report."),),
)
LISTS: tuple[Block, ...] = (
    paragraph("Do these:"),
    DEEP,
    paragraph("And these, counted anew:"),
    numbers(1, (paragraph("one"),), (paragraph("two"),)),
    numbers(1, (paragraph("one again"),)),
    bullets(
        (paragraph("first"),),
        (paragraph("second"), Quote((paragraph("Said so."), paragraph("Twice.")))),
    ),
)
QUOTES: tuple[Block, ...] = (
    Quote(
        (
            paragraph("We recommend that forces:"),
            numbers(
                1,
                (
                    paragraph("store evidence;"),
                    bullets((paragraph("dry"),), (paragraph("cool"), paragraph("and dark"))),
                ),
            ),
            bullets((paragraph("label it."),)),
            paragraph("This is urgent."),
        )
    ),
    numbers(
        1,
        (Quote((paragraph("A quotation begins the item."),)), paragraph("It goes on.")),
        (paragraph("Next."),),
    ),
)
WORDS: tuple[Block, ...] = (
    Paragraph(
        (
            Text("Our report "),
            Emphasis(words("Shelves: a study")),
            Text(" says "),
            Strong(words("now")),
            Text(", and "),
            Strong((Emphasis(words("very")), Text(" "), Gap("date to be added"))),
            Text(". Write to "),
            Link("mailto:a.b@example.org", words("a.b@example.org")),
            Text(" or "),
            Link("https://example.org/?a=1&b=2", (Strong((Emphasis(words("read on")),)),)),
            Text(" or "),
            Link("https://example.org/?a=1&b=2", words("again")),
            Text("."),
            Break(),
            Language("cy", (Text("Diolch am y "), Emphasis(words("tŷ dŵr")))),
            Text("  two  spaces "),
        )
    ),
    Heading(2, (Text("A "), Strong(words("strong")), Text(" heading"))),
    Heading(3, words("A smaller one")),
)
TABLES: tuple[Block, ...] = (
    paragraph("The counts:"),
    Table(
        (
            (words("Store"), words("Number of items held in it"), words("Share")),
            (words("North"), (Strong(words("12")), Break(), Text("counted")), words("40%")),
            (words("South & East"), (), words("60%")),
        ),
        ("left", "", "right"),
    ),
    Table(((words("Alone"),), (words("x"),)), ("center",)),
    paragraph("After the tables."),
    bullets(
        (
            paragraph("In an item:"),
            Table(((words("a"), words("b")), (words("1"), words("2"))), ("", "")),
        ),
        (paragraph("z"),),
    ),
    Quote(
        (
            paragraph("In a quotation:"),
            Table(((words("c"), words("d")), (words("3"), words("4"))), ("", "")),
        )
    ),
)
AWKWARD: tuple[Block, ...] = (
    bullets(
        (bullets((paragraph("a list begins the item"),), (paragraph("inner"),)),),
        (paragraph("outer"),),
    ),
    numbers(
        7, (Table(((words("h"),), (words("v"),)), ("",)),), (Heading(3, words("a heading in it")),)
    ),
    numbers(1, (), (paragraph("after an empty item"),)),
    numbers(26, (paragraph("twenty-six"),)),
)
HOSTILE = tuple(
    paragraph(text)
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
    paragraph("The end."),
)
DOCUMENTS = {
    "plain": a_document(paragraph("All is well.")),
    "words": a_document(*WORDS),
    "lists": a_document(*LISTS),
    "quotes": a_document(*QUOTES),
    "tables": a_document(*TABLES),
    "awkward": a_document(*AWKWARD),
    "hostile": a_document(*HOSTILE),
    "escapes": a_document(paragraph("{_{ x }_} {_% y %_}")),
    "everything": a_document(*EVERYTHING),
    "empty slots": a_document(
        paragraph("Hello."), **{slot: () for slot in SLOTS if slot != "letter_body"}
    ),
    "draft": replace(a_document(*WORDS), draft="DRAFT"),
    "Welsh": replace(a_document(*LISTS), language="cy", draft="DRAFFT Ŵ"),
    "two addressees": a_document(
        paragraph("All is well."),
        letter_addressees=(
            lines("Ada Lark QPM", "Chief Constable", style="Addressee"),
            lines("Siân Ŵyn-Thomas", "Deputy Chief Constable", style="Addressee"),
        ),
        letter_copies=(
            paragraph("Copied to: Police and Crime Commissioner", style="Copied To"),
            lines("Jo O’Neill", "Mayor of Westmarch", style="Copied To"),
        ),
    ),
}


def folded(passages: tuple[Passage, ...]) -> list[Passage]:
    """The passages with every run of spaces, of any kind, as one space: as words are compared."""
    return [Passage(x.kind, x.label, as_read(x.text)) for x in passages]
