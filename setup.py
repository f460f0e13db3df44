"""What pyproject.toml cannot say: the letterhead in the package, links of the package page."""

import os
import re
from pathlib import Path
from shutil import copytree

from setuptools import setup
from setuptools.command.build_py import build_py

HERE = Path(__file__).parent


class WithLetterhead(build_py):
    """Puts `templates/letterhead`, from which new projects start, into the built package."""

    def run(self) -> None:
        """Build the package; an editable one finds the folder in the repository."""
        super().run()
        if not self.editable_mode:
            source = HERE / "templates/letterhead"
            target = Path(self.build_lib) / "letters/example/letterhead"
            copytree(source, target, dirs_exist_ok=True)


BASE = os.environ.get("LETTERS_BASE_ADDRESS", "").rstrip("/")
"""The repository's address, under which its files and pictures are served; given at a release."""


def package_page() -> str:
    """Return README.md with links and pictures that lead from anywhere.

    A package page is shown where the repository is not. Without an address links stay as they are:
    none is made up.
    """
    text = (HERE / "README.md").read_text(encoding="utf-8")
    return re.sub(r"\]\((?!https?:|mailto:|#)", f"]({BASE}/", text) if BASE else text


setup(
    cmdclass={"build_py": WithLetterhead},
    long_description=package_page(),
    long_description_content_type="text/markdown",
    project_urls={
        "Documentation": f"{BASE}/docs/index.md",
        "Changes": f"{BASE}/CHANGELOG.md",
        "Source": BASE,
    }
    if BASE
    else {},
)
