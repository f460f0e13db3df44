"""The two standards as a whole, by the `page` library, which has veraPDF's rules in native code."""

from __future__ import annotations

import re
from collections.abc import Iterator

import page

from letters.judges.finding import Finding

_PROFILES = {"ua1": "PDF/UA-1", "2a": "PDF/A-2a"}


def profile_findings(content: bytes) -> Iterator[Finding]:
    """One finding for each rule of PDF/UA-1 and PDF/A-2a that the file breaks."""
    for profile, standard in _PROFILES.items():
        try:
            failures = page.validate_pdf_bytes(content, profile=profile).failures
        except page.PageError as error:
            yield Finding(standard, f"The file cannot be read: {error}.")
            return
        for rule, message in {failure.rule_id: failure.message for failure in failures}.items():
            yield Finding(f"{standard} {rule}", _sentence(message))


def _sentence(message: str) -> str:
    words = re.sub(r"\s+", " ", message).strip().rstrip(".")
    return f"{words[:1].upper()}{words[1:]}."
