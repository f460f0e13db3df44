"""What a reader meets in a finished file, block by block: the same passages in every format."""

from letters.document import Passage
from letters.render.readback.docx import read_docx, read_word
from letters.render.readback.html import read_html, read_page

__all__ = ["read_docx", "read_html", "read_page", "read_pdf", "read_word"]


def read_pdf(content: bytes) -> tuple[Passage, ...]:
    """The passages of a tagged PDF, in the order of its structure tree.

    Raises LettersError where the file is no PDF or has no tags.
    """
    from letters.render.readback.pdf import read_pdf  # its libraries are slow to start

    return read_pdf(content)
