"""How a build is to be done."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from letters.render import FORMATS


@dataclass(frozen=True, slots=True)
class Wishes:
    """What may be asked of a build; `build_round` says what each means."""

    formats: Collection[str] = tuple(FORMATS)
    drafts: bool = False
    discard_edits: bool = False
    fresh: bool = False
    jobs: int = 1
    cluster: str = ""
    limit: float = 120.0
