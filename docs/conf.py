"""Settings of the documentation site, which `make docs` makes in build/docs/."""

from __future__ import annotations

import tomllib
from pathlib import Path

from pygments.lexers.special import TextLexer
from sphinx.application import Sphinx

_ROOT = Path(__file__).resolve().parents[1]
_PROJECT = tomllib.loads((_ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]

project = "letters"
author = "The assessment-letters maintainers"
release = _PROJECT["version"]
extensions = ["myst_parser"]
myst_heading_anchors = 4
smartquotes = False  # messages and commands are shown letter by letter
html_theme = "furo"
html_title = f"letters {release}"
html_show_copyright = False
html_show_sourcelink = False
html_copy_source = False


def setup(app: Sphinx) -> None:
    """Show blocks of CSV and Markdown with placeholders as they are, without colours."""
    for name in ("csv", "markdown"):
        app.add_lexer(name, TextLexer)
