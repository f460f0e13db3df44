"""The two standards as a whole, by the `page` library, which has veraPDF's rules in native code."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

import page

from letters.judges.finding import Finding

PROFILES = {"ua1": "PDF/UA-1", "2a": "PDF/A-2a"}
"""Every profile a letter keeps to, by the library's names."""

_FALSE_ALARMS = {
    # Takes the last byte of a stream for its end of line where that byte is a carriage return.
    "PDFA2A-STREAM-LENGTH-001",
}


def profile_findings(content: bytes, profiles: Iterable[str] = PROFILES) -> Iterator[Finding]:
    """One finding for each rule of the profiles that the file breaks."""
    for profile in profiles:
        standard = PROFILES[profile]
        try:
            failures = page.validate_pdf_bytes(content, profile=profile).failures
        except page.PageError as error:
            yield Finding(standard, f"The file cannot be read: {error}.")
            return
        messages = {failure.rule_id: failure.message for failure in failures}
        for rule in (rule for rule in messages if rule not in _FALSE_ALARMS):
            yield Finding(f"{standard} {rule}", _sentence(messages[rule]))


def _sentence(message: str) -> str:
    words = re.sub(r"\s+", " ", message).strip().rstrip(".")
    return f"{words[:1].upper()}{words[1:]}."
