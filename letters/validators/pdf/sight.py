"""What a reader who looks at the pages would miss: words that cannot be seen, pages turned."""

from __future__ import annotations

from collections.abc import Iterator

from pikepdf import Array, Name, Pdf

from letters.validators.finding import Finding, quoted
from letters.validators.pdf.content import Stretch


def unseen_findings(stretches: list[Stretch]) -> Iterator[Finding]:
    """Words that are read out, copied and found, and not to be seen."""
    unseen: dict[tuple[int, str], str] = {}
    for stretch in stretches:
        if stretch.unseen:
            words = unseen.get((stretch.page, stretch.unseen), "")
            unseen[stretch.page, stretch.unseen] = f"{words} {stretch.words}"
    for (page, why), words in unseen.items():
        what = f"Words cannot be seen: {why}."
        yield Finding("letters: sight", what, f"page {page + 1}, {quoted(words)}")


def turned_findings(pdf: Pdf) -> Iterator[Finding]:
    """Pages that are shown on their side or upside down."""
    for number, page in enumerate(pdf.pages, 1):
        turn = int(page.rotation) % 360
        if turn:
            what = f"The page is turned by {turn} degrees; a letter's pages stand upright."
            yield Finding("letters: sight", what, f"page {number}")


def laid_over_findings(pdf: Pdf) -> Iterator[Finding]:
    """What somebody laid over the pages: notes, stamps, fields. A letter has links alone."""
    for number, page in enumerate(pdf.pages, 1):
        for each in page.obj.get("/Annots", Array()):
            kind = each.get("/Subtype")
            if kind != Name.Link:
                what = f"Something that is no link is laid over the page: {quoted(str(kind)[1:])}."
                yield Finding("letters: sight", what, f"page {number}")
