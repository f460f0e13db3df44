"""Wording: Markdown with Jinja placeholders, merged with a letter into a block tree."""
