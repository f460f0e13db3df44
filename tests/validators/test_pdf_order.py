"""Whether a PDF is read out in the order in which it is printed, over the ends of pages too."""

from __future__ import annotations

from collections.abc import Callable
from io import BytesIO

import pytest
from pikepdf import Array, Dictionary, Object, Pdf

from letters.document import Table, Text
from letters.render.pdf.letter import render_pdf
from letters.validators import validate
from tests.broken_files.pdf_changes import edited, elements, kids, walk, without_record
from tests.render.documents import a_document
from tests.validators.test_pdf_passages import layout

ANYWHERE = "tr, tbody tr { break-inside: auto; break-before: auto; break-after: auto }"


@pytest.fixture(scope="module")
def letter() -> bytes:
    """A letter in which two rows of a table go on over the end of a page."""
    texts = (("Force", "Plans"), *((f"West {n} " * 420, f"Plan {n} " * 400) for n in "ab"))
    rows = tuple(tuple((Text(cell.strip()),) for cell in row) for row in texts)
    return render_pdf(a_document(Table(rows, ("", ""))), layout(ANYWHERE))


def told(content: bytes) -> list[str]:
    return [str(found) for found in validate("letter.pdf", content)]


def pages(element: Object) -> set[tuple[int, int]]:
    """The pages that an element has words on, by the objects of a file."""
    found = set()
    for each in walk(element):
        found |= {(kid if isinstance(kid, Dictionary) else each).Pg.objgen for kid in marks(each)}
    return found


def marks(element: Object) -> list[Object]:
    """An element's marked content: numbers of its own page, or references to others."""
    return [kid for kid in kids(element) if not isinstance(kid, Dictionary) or "/MCID" in kid]


def test_a_row_over_the_end_of_a_page_is_in_order(letter: bytes) -> None:
    with Pdf.open(BytesIO(letter)) as pdf:
        assert [len(pages(row)) for row in elements(pdf, "/TR")] == [1, 2, 3]
    assert told(letter) == []


def with_cells_changed(pdf: Pdf) -> None:
    row = elements(pdf, "/TR")[1]
    row.K = Array(reversed(kids(row)))


def with_rows_changed(pdf: Pdf) -> None:
    _, first, second = elements(pdf, "/TR")
    first.K, second.K = second.K, first.K


def with_the_ends_of_a_cell_changed(pdf: Pdf) -> None:
    cell = elements(pdf, "/TD")[0]
    (holder,) = (each for each in walk(cell) if marks(each))
    holder.K = Array(reversed(kids(holder)))


CHANGES: dict[str, tuple[Callable[[Pdf], None], str]] = {
    "cells of one row": (
        with_cells_changed,
        "page 1, 'West a West a West a West a West a West a'",
    ),
    "rows": (with_rows_changed, "page 1, 'West a West a West a West a West a West a'"),
    "ends of one cell": (
        with_the_ends_of_a_cell_changed,
        "page 2, 'West a West a West a West a West a West a'",
    ),
}


@pytest.mark.parametrize("name", CHANGES)
def test_words_read_out_before_their_time_are_found(name: str, letter: bytes) -> None:
    change, place = CHANGES[name]
    what = "The order in which this is read out is not its order on the page. (PDF/UA-1 7.1)"
    alone = edited(without_record)(edited(change)(letter))
    assert told(alone) == [f"{place}: {what}"]
