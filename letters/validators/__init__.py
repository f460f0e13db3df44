"""Validators of finished files: the fast ones that every build runs, and veraPDF where it is."""

from collections.abc import Callable, Mapping
from pathlib import PurePath

from letters.render.words import Finding, is_written
from letters.validators.docx import validate_docx
from letters.validators.html import validate_html
from letters.validators.pdf import validate_pdf
from letters.validators.pdf.passages import Expected
from letters.validators.same_words import unlike_letter

_VALIDATORS: Mapping[str, Callable[[bytes], tuple[Finding, ...]]] = {
    ".docx": validate_docx,
    ".html": validate_html,
    ".pdf": validate_pdf,
}
FORMATS = tuple(_VALIDATORS)
"""The endings of the files that can be validated."""


def validate(
    name: str, content: bytes, *, written: str = "", letter: Expected | None = None
) -> tuple[Finding, ...]:
    """The rules that a finished file breaks; none for a sound one.

    `name` ends in .docx, .html or .pdf, which says how to read `content`; KeyError otherwise.
    `written` is what the letter is known to say: a record may speak of `{{ sent_date }}`, which
    would else be taken for a placeholder left behind. Where the whole `letter` is known, the file
    is held against it too: each of its words must be there, and no other. Every stage asks this
    one function, so that none refuses what another let pass.
    """
    ending = PurePath(name).suffix.lower()
    if ending == ".pdf":
        found = validate_pdf(content, letter=letter)
    else:
        found = _VALIDATORS[ending](content)
        found += unlike_letter(name, content, letter.document) if letter else ()
    return tuple(finding for finding in found if not is_written(finding, written))


__all__ = ["FORMATS", "Expected", "Finding", "validate"]
