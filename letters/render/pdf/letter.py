"""A letter as PDF: one file that is both PDF/A-2a (for archives) and PDF/UA-1 (for every reader).

PDF/A-2a is ISO 19005-2, PDF/UA-1 is ISO 14289-1. The bytes depend on the document and the layout
alone: no clock, no font of the machine, no file outside the layout, no network.

Importing this starts no engine. WeasyPrint is started, and looked over, when a layout is first made
ready for printing, which everything that makes letters does before its first letter.
"""

from __future__ import annotations

import io
import sys
import threading
import warnings
from collections.abc import Iterator
from contextlib import contextmanager, redirect_stdout
from functools import lru_cache, partial
from importlib import import_module
from importlib.metadata import version
from types import ModuleType
from typing import TYPE_CHECKING, Any

from letters.document import Document
from letters.errors import LettersError, Problem, RenderError
from letters.render.assets import only_bundled_fonts
from letters.render.html import WebLayout
from letters.render.pdf.reuse import reuse_for

SELDOM = ("fontTools.subset", "fontTools.varLib.instancer")
"""What the engine calls only where harfbuzz-subset is not installed, or for a variable font. Their
start is a tenth of the engine's."""


@contextmanager
def seldom_later() -> Iterator[None]:
    """While this lasts, importing one of `SELDOM` gives a stand-in that loads it when called."""
    standing = {name: _StandIn(name) for name in SELDOM if name not in sys.modules}
    sys.modules.update(standing)
    try:
        yield
    finally:
        for name, module in standing.items():
            if sys.modules.get(name) is module:
                del sys.modules[name]


class _StandIn(ModuleType):
    """A module all of whose names are functions of the real one."""

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        return partial(_call, self.__name__, name)


def _call(module: str, name: str, *args: Any, **options: Any) -> Any:
    return getattr(import_module(module), name)(*args, **options)


if TYPE_CHECKING:
    from letters.render.pdf.engine import PdfEngine

MAJOR, PROVED = 70, "'weasyprint==70.0' 'pydyf==0.13.0'"
"""The WeasyPrint that letters are made with, as `pyproject.toml` asks for it, and the versions in
`requirements/run.txt`, which have every inner name that letters use."""

_LOCK = threading.Lock()
"""The engine's fonts and our stand-in for its tags serve one letter at a time."""


def render_pdf(document: Document, layout: WebLayout) -> bytes:
    """A typeset letter as a PDF file.

    Raises RenderError where the letter cannot be made whole: a character the font lacks, an image
    that cannot be read, a rule of print.css that the engine does not know. Raises LettersError
    as `start_engine` does.
    """
    with _LOCK:
        try:
            return _engine(layout).print(document)
        except RenderError:
            _engine.cache_clear()  # or the next letter would not hear of it
            raise


def print_problems(layout: WebLayout) -> tuple[Problem, ...]:
    """What the engine cannot use in print.css; no letter of the layout is made until it is mended.

    Ask after `WebLayout.problems`, which finds everything else. Raises LettersError as
    `start_engine` does.
    """
    try:
        with _LOCK:
            _engine(layout)
    except RenderError as error:
        return (error.problem,)
    return ()


def forget_letters() -> None:
    """Let go of what was worked out for letters so far; the next one takes a little longer."""
    with _LOCK:
        _engine.cache_clear()


def start_engine() -> type[PdfEngine]:
    """What makes layouts ready for printing. It takes half a second, the first time in a process.

    Raises LettersError where WeasyPrint or one of its libraries does not start, where it is of
    another version than letters are made with, or lacks a name that they use.
    """
    # WeasyPrint looks for fonts as soon as it is imported
    with only_bundled_fonts(), seldom_later():
        try:
            with _quietly():
                import weasyprint
                from weasyprint.text.ffi import harfbuzz_subset

            require_version(weasyprint.__version__)
            from letters.render.pdf.engine import PdfEngine
        except OSError as error:
            what = f"PDF letters need WeasyPrint and its libraries, which do not start: {error}."
            raise LettersError(f"{what} {_how_to_install()}") from error
        except (AttributeError, ImportError) as error:
            what = f"PDF letters cannot use the WeasyPrint that is installed: {error}."
            raise LettersError(f"{what} Run: pip install {PROVED}.") from error
    if harfbuzz_subset is None:
        what = "PDF letters need the library harfbuzz-subset, which is not found."
        raise LettersError(f"{what} {_how_to_install()}")
    return PdfEngine


@contextmanager
def _quietly() -> Iterator[None]:
    """While this lasts, nothing is printed: WeasyPrint prints a page where a library is missing."""
    with redirect_stdout(io.StringIO()), warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)
        yield


_INSTALL = {"darwin": "brew install pango", "win32": "pacman -S mingw-w64-ucrt-x86_64-pango"}
_APT = "sudo apt-get install libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0"


def _how_to_install() -> str:
    """What mends a machine without the engine's libraries, and what does without them."""
    return (
        f"Run: {_INSTALL.get(sys.platform, _APT)} (docs/setup.md says more), or make the other"
        " letters alone: letters build --only html --only docx."
    )


def pango_version() -> str:
    """The version of Pango, such as `1.50.12`. Raises LettersError as `start_engine` does."""
    start_engine()
    from weasyprint.text.ffi import pango

    number: int = pango.pango_version()
    return f"{number // 10_000}.{number // 100 % 100}.{number % 100}"


def require_version(installed: str = "") -> None:
    """Raise LettersError unless letters can be made with this version of WeasyPrint.

    Of the one that is installed where none is given: that is read without starting it.
    """
    found = installed or version("weasyprint")
    if found.partition(".")[0] != str(MAJOR):
        raise LettersError(
            f"PDF letters need WeasyPrint {MAJOR}; {found} is installed."
            f" Run: pip install 'weasyprint>={MAJOR},<{MAJOR + 1}'."
        )


@lru_cache(maxsize=4)
def _engine(layout: WebLayout) -> PdfEngine:
    """The engine with a layout made ready; whoever asks holds the lock."""
    return start_engine()(layout, reuse_for(layout.print_css.text, layout.source))
