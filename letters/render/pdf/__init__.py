"""A letter as PDF: the engine and what is mended round it; `text` needs no engine."""
