"""LibreOffice: opens Word letters and prints them to PDF."""

import re
import subprocess
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from pypdfium2 import PdfDocument

_PAGE_NUMBER = r"\S+\s+{}\s+\S+\s+{}\s*$"


@dataclass(frozen=True)
class Print:
    """A letter as LibreOffice prints it: its pages, and its words without header and footer."""

    pages: int
    words: str


def printed(paths: Sequence[Path], folder: Path) -> dict[str, Path]:
    """Every Word letter as a PDF in `folder`, by the letter's name."""
    profile = f"-env:UserInstallation={(folder / 'profile').as_uri()}"
    options = [profile, "--headless", "--convert-to", "pdf", "--outdir", str(folder)]
    command = ["soffice", *options, *map(str, paths)]
    subprocess.run(command, capture_output=True, check=True)
    return {path.stem: folder / f"{path.stem}.pdf" for path in paths}


def read_print(path: Path, *repeated: str) -> Print:
    """A printed letter read line by line.

    `repeated` is what further pages may begin with: the letter's title, the heads of a table.
    """
    with PdfDocument(path) as pdf:
        texts = [page.get_textpage().get_text_range() for page in pdf]
    return Print(
        len(texts), "".join(_body(t, n, len(texts), repeated) for n, t in enumerate(texts))
    )


def _body(text: str, page: int, pages: int, repeated: Sequence[str]) -> str:
    text = re.sub(_PAGE_NUMBER.format(page + 1, pages), "", text)
    text = "".join(text.split()).replace(
        "\ufffe", "-"
    )  # the reader's sign for a hyphen at a line end
    for head in repeated if page else ():
        text = text.removeprefix("".join(head.split()))
    return text
