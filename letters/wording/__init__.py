"""Wording: Markdown with Jinja placeholders, merged with a letter into a block tree."""

from letters.wording.files import unsigned
from letters.wording.typesetting import text_names, typeset
from letters.wording.wordings import Wording

__all__ = ["Wording", "text_names", "typeset", "unsigned"]
