"""What a reader meets in a finished file, block by block: the same passages in every format."""

from letters.render.readback.docx import read_docx, read_word
from letters.render.readback.html import read_html, read_page
from letters.render.readback.pdf import read_pdf

__all__ = ["read_docx", "read_html", "read_page", "read_pdf", "read_word"]
