"""The two standards as a whole, by the `page` library, which has veraPDF's rules in native code."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator

import page

from letters.judges.finding import Finding

PROFILES = {"ua1": "PDF/UA-1", "2a": "PDF/A-2a"}
"""Every profile a letter keeps to, by the library's names."""

_FALSE_ALARMS = {
    # Takes the last byte of a stream for its end of line where that byte is a carriage return.
    "PDFA2A-STREAM-LENGTH-001",
}


_TOLD_BY = {
    "ALT-TEXT-LANGUAGE": "PDF/UA-1 7.2",
    "ANNOTATION-CONTENTS-LANGUAGE": "PDF/UA-1 7.2",
    "CONTENT-TAGGING": "PDF/UA-1 7.1",
    "FIGURE-ALTERNATIVE-TEXT": "PDF/UA-1 7.3",
    "FONT-EMBEDDING": "PDF/UA-1 7.21.4.1",
    "FONT-UNICODE-MAPPING": "PDF/UA-1 7.21.7",
    "HEADING-NESTING": "PDF/UA-1 7.4.2",
    "ID-PART": "PDF/UA-1 5",
    "ID-SCHEMA": "PDF/UA-1 5",
    "LI-KIDS": "PDF/UA-1 7.6",
    "LINK-CONTENTS": "PDF/UA-1 7.18.5",
    "LINK-LINK-TAG": "PDF/UA-1 7.1",
    "METADATA-TITLE": "PDF/UA-1 7.1",
    "OUTLINE-LANGUAGE": "PDF/UA-1 7.2",
    "STRUCT-TREE-ROOT": "PDF/UA-1 7.1",
    "TABLE-HEADERS-SCOPE": "PDF/UA-1 7.5",
    "TAGGED-DOCUMENT": "PDF/UA-1 7.1",
    "TEXT-LANGUAGE": "PDF/UA-1 7.2",
    "UNICODE-MAPPING": "PDF/UA-1 7.21.7",
    "VIEWER-PREFERENCES": "PDF/UA-1 7.1",
}
"""Rules of the library that one of our own says in plainer words, and names the place."""


def profile_findings(
    content: bytes, profiles: Iterable[str] = PROFILES, told: Collection[Finding] = ()
) -> Iterator[Finding]:
    """One finding for each rule of the profiles that the file breaks, unless `told` says it."""
    rules_told = {finding.rule for finding in told}
    for profile in profiles:
        standard = PROFILES[profile]
        try:
            failures = page.validate_pdf_bytes(content, profile=profile).failures
        except page.PageError as error:
            yield Finding(standard, f"The file cannot be read: {error}.")
            return
        messages = {failure.rule_id: failure.message for failure in failures}
        for rule, message in messages.items():
            stem = re.sub(r"^PDF(UA1|A2A)-|-\d+$", "", rule)
            if rule not in _FALSE_ALARMS and _TOLD_BY.get(stem) not in rules_told:
                yield Finding(f"{standard} {rule}", _sentence(message))


def _sentence(message: str) -> str:
    words = re.sub(r"\s+", " ", message).strip().rstrip(".")
    return f"{words[:1].upper()}{words[1:]}."
