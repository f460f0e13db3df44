"""The fast validator of PDF letters: PDF/UA-1 and PDF/A-2a, and what validators do not see."""

import io
from collections.abc import Iterable, Iterator

from pikepdf import PasswordError, Pdf, PdfError

from letters.render.words import Finding
from letters.validators.pdf.elements import (
    PROFILES,
    catalogue_findings,
    element_findings,
    is_tagged,
    kept_record,
    profile_findings,
)
from letters.validators.pdf.fonts import font_findings
from letters.validators.pdf.passages import (
    Expected,
    passage_findings,
    recorded_findings,
    spoken_findings,
)
from letters.validators.pdf.pdf_file import PdfReading, read
from letters.validators.pdf.tagged import (
    laid_over_findings,
    order_findings,
    turned_findings,
    unseen_findings,
)

_MALFORMED = (ArithmeticError, AttributeError, LookupError, RecursionError, TypeError, ValueError)
"""What reading a page or a tree raises that says something else than such things do."""


def validate_pdf(
    content: bytes, profiles: Iterable[str] = PROFILES, letter: Expected | None = None
) -> tuple[Finding, ...]:
    """The rules that a PDF letter breaks: our own, and those of `profiles` ("ua1", "2a").

    Whether it says what it should is asked where the `letter` is at hand.
    """
    try:
        with Pdf.open(io.BytesIO(content)) as pdf:
            own = list(dict.fromkeys(_own(pdf, letter)))
    except (PdfError, PasswordError):
        return (Finding("PDF", "The file is damaged or locked: it cannot be opened."),)
    except _MALFORMED:
        own = [Finding("PDF", "The file is damaged: its pages or its tags make no sense.")]
    return (*own, *profile_findings(content, profiles, told=own))


def _own(pdf: Pdf, letter: Expected | None) -> Iterator[Finding]:
    yield from catalogue_findings(pdf)
    yield from turned_findings(pdf)
    yield from laid_over_findings(pdf)
    if is_tagged(pdf):
        reading = read(pdf)
        yield from element_findings(reading)
        yield from order_findings(reading)
        yield from spoken_findings(reading)
        yield from _unlike_letter(pdf, reading, letter)
        yield from font_findings(reading.fonts)
        yield from unseen_findings(reading.stretches)


def _unlike_letter(pdf: Pdf, reading: PdfReading, letter: Expected | None) -> Iterator[Finding]:
    """Where a file is not what it should be; of a file alone its own record tells."""
    record = kept_record(pdf)
    if letter:
        yield from passage_findings(reading, letter)
    elif record:
        yield from recorded_findings(reading, record)
