"""The name somebody probably meant."""

from __future__ import annotations

from collections.abc import Iterable
from difflib import get_close_matches


def nearest(word: str, known: Iterable[str]) -> str:
    """The known word most like `word`; empty where none is like it."""
    return next(iter(get_close_matches(word, sorted(known), n=1, cutoff=0.7)), "")
