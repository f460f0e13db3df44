"""The fast validator of Word letters: a sound package, accessible, with nothing left in it."""

from letters.validators.docx.package import package_findings, property_findings, read_parts
from letters.validators.docx.paragraphs import (
    list_findings,
    look_findings,
    paragraph_findings,
)
from letters.validators.texts import Finding


def validate_docx(content: bytes) -> tuple[Finding, ...]:
    """The rules that a Word letter breaks."""
    parts = read_parts(content)
    if isinstance(parts, Finding):
        return (parts,)
    found = (
        *property_findings(parts),
        *paragraph_findings(parts),
        *list_findings(parts),
        *package_findings(parts),
        *look_findings(parts),
    )
    return tuple(dict.fromkeys(found))
