"""`review.json`, beside the review: what its letters said, and those of the one before."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from letters.files import write_whole

FILE = "review.json"
REVIEW = "review.pdf"


@dataclass(frozen=True, slots=True)
class Reviewed:
    """One review: when it was made, and the content of each letter in it."""

    at: datetime
    texts: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Reviews:
    """The last review and the one before; None where there was none."""

    last: Reviewed | None = None
    before: Reviewed | None = None

    @property
    def now(self) -> Reviewed:
        """The last review, once there is one."""
        if self.last is None:
            raise ValueError("no review yet")
        return self.last

    def with_texts(self, texts: Mapping[str, str], at: datetime) -> Reviews:
        """The reviews once letters with these texts were reviewed at `at`.

        The same texts again are the same review.
        """
        if self.last and dict(self.last.texts) == dict(texts):
            return self
        return Reviews(Reviewed(at.replace(microsecond=0), texts), self.last)


def is_review(path: Path) -> bool:
    """Whether `path` is a review of letters; it is no letter, though it is made like one."""
    return path.name == REVIEW and (path.parent / FILE).is_file()


def read_reviews(folder: Path) -> Reviews:
    """The reviews made in `folder`; none where none can be read."""
    try:
        found = json.loads((folder / FILE).read_text(encoding="utf-8"))
        return Reviews(_reviewed(found["last"]), _reviewed(found["before"]))
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return Reviews()


def write_reviews(folder: Path, reviews: Reviews) -> None:
    """Write `review.json`. Raises OSError where the system refuses."""
    entries = {"last": _entry(reviews.last), "before": _entry(reviews.before)}
    text = json.dumps(entries, ensure_ascii=False, indent=1)
    write_whole(folder / FILE, f"{text}\n".encode())


def _reviewed(entry: Mapping[str, object] | None) -> Reviewed | None:
    if entry is None:
        return None
    texts = entry["letters"]
    if not isinstance(texts, dict):
        raise TypeError("letters")
    return Reviewed(datetime.fromisoformat(str(entry["at"])), texts)


def _entry(reviewed: Reviewed | None) -> dict[str, object] | None:
    if reviewed is None:
        return None
    return {"at": reviewed.at.isoformat(), "letters": dict(sorted(reviewed.texts.items()))}
