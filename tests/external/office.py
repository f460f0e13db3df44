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


def read_print(path: Path, title: str, heads: str) -> Print:
    """A printed letter read line by line.

    Further pages may begin with the letter's title, and with the heads of a table that goes on.
    """
    with PdfDocument(path) as pdf:
        texts = [page.get_textpage().get_text_range() for page in pdf]
    words = ""
    for page, text in enumerate(texts):
        body = _body(text, page, len(texts))
        if page:
            body = body.removeprefix("".join(title.split()))
        repeated = "".join(heads.split())
        words += body.removeprefix(repeated) if repeated in words else body
    return Print(len(texts), words)


def _body(text: str, page: int, pages: int) -> str:
    text = re.sub(_PAGE_NUMBER.format(page + 1, pages), "", text)
    # the reader's sign for a hyphen at a line end
    return "".join(text.split()).replace("\ufffe", "-")
