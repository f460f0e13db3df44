"""Typeset letters made by hand, with every structure a letter can have. The forces are invented."""

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
    Quote,
    Strong,
    Table,
    Text,
)

ROOT = Path(__file__).resolve().parent.parent
LAYOUT = ROOT / "templates/letterhead"

LABELS = {
    "page_label": "Page",
    "of_label": "of",
    "letter_information_label": "Letter information",
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


def a_letter(*body: Block, **slots: tuple[Block, ...]) -> Document:
    """A letter to an invented force that says `body`."""
    contents: Mapping[str, tuple[Block, ...]] = {
        "letter_sender": (
            paragraph("The Inspectorate of Policing", style="Sender Name"),
            lines("1 Example Street", "London", "EX1 1EX", style="Sender"),
        ),
        "letter_addressees": (
            lines("Ada Lark QPM", "Chief Constable", "Westmarch Police", style="Addressee"),
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
        title="Assessment – Westmarch Police",
        author="The Inspectorate of Policing",
        subject="Assessment of your force’s plans",
        language="en-GB",
        created=date(2017, 10, 2),
        modified=date(2017, 10, 5),
        slots={slot: contents[slot] for slot in SLOTS},
        texts={"sender_name": "The Inspectorate of Policing", **LABELS},
        information=(
            ("From", ("Bo Finch QPM", "Her Majesty’s Inspector of Constabulary")),
            ("To", ("Chief Constable", "Westmarch Police")),
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
    return a_letter(
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
    return replace(a_letter(paragraph("The plan is ", Gap("to be added"), ".")), draft="DRAFT")
