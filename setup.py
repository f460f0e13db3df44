"""The one thing that pyproject.toml cannot say: an installed package brings its own letterhead."""

from pathlib import Path
from shutil import copytree

from setuptools import setup
from setuptools.command.build_py import build_py


class WithLetterhead(build_py):
    """Puts `templates/letterhead`, from which new projects start, into the built package."""

    def run(self) -> None:
        """Build the package; an editable one finds the folder in the repository."""
        super().run()
        if not self.editable_mode:
            source = Path(__file__).parent / "templates/letterhead"
            target = Path(self.build_lib) / "letters/example/letterhead"
            copytree(source, target, dirs_exist_ok=True)


setup(cmdclass={"build_py": WithLetterhead})
