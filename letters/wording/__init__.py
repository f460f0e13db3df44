"""Wording: Markdown with Jinja placeholders, merged with a letter into a block tree."""

from letters.wording.alone import WordingOnly
from letters.wording.drafts import unsigned
from letters.wording.typesetting import text_names, typeset
from letters.wording.wordings import Wording

__all__ = ["Wording", "WordingOnly", "text_names", "typeset", "unsigned"]
