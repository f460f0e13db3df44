"""What a judge found in a finished file."""

from dataclasses import dataclass

LONGEST_QUOTE = 60  # characters


@dataclass(frozen=True, slots=True)
class Finding:
    """One rule that a file breaks.

    `rule` is the standard and its clause ("PDF/UA-1 7.1"), `what` a plain sentence, `where` the
    page, element or words concerned ("page 2, 'Dear Chief Constable'"), empty for the whole file.
    """

    rule: str
    what: str
    where: str = ""

    def __str__(self) -> str:
        said = f"{self.what} ({self.rule})"
        return f"{self.where}: {said}" if self.where else said

    @property
    def of_profile(self) -> bool:
        """Whether this is a rule of the standard as such, on which veraPDF decides."""
        return "PDFUA1-" in self.rule or "PDFA2A-" in self.rule


def quoted(words: str) -> str:
    """The words a finding is about, in quotation marks, cut where they are long."""
    line = " ".join(words.split())
    return f"'{line if len(line) <= LONGEST_QUOTE else line[: LONGEST_QUOTE - 1] + '…'}'"
