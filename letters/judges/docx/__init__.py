"""The fast judge of Word letters: a sound package, accessible, with nothing left in it."""

from __future__ import annotations

from letters.judges.docx.lists import list_findings
from letters.judges.docx.package import package_findings
from letters.judges.docx.paragraphs import paragraph_findings
from letters.judges.docx.parts import read_parts
from letters.judges.docx.properties import property_findings
from letters.judges.docx.sight import sight_findings
from letters.judges.finding import Finding


def judge_docx(content: bytes) -> tuple[Finding, ...]:
    """The rules that a Word letter breaks."""
    parts = read_parts(content)
    if isinstance(parts, Finding):
        return (parts,)
    found = (
        *property_findings(parts),
        *paragraph_findings(parts),
        *list_findings(parts),
        *package_findings(parts),
        *sight_findings(parts),
    )
    return tuple(dict.fromkeys(found))
