"""The PDF engine in a process of its own: it starts while another does, and neither waits."""

import threading
from collections.abc import Callable
from functools import partial

from letters.build.executors import WorkerFailed
from letters.build.processes import ProcessExecutor
from letters.document import Document
from letters.errors import LettersError, Place, Problem, RenderError
from letters.render import Artifact
from letters.render.html import WebLayout
from letters.render.pdf.letter import forget_letters, print_problems, render_pdf

LIMIT = 30.0
"""Seconds after which a letter is given up."""


class PdfProcess:
    """Prints letters as `render_pdf` does; a process that is lost costs one letter."""

    def __init__(self) -> None:
        self._layout: WebLayout | None = None
        self._process: ProcessExecutor[Document | None, bytes | Problem] | None = None
        self._lock = threading.Lock()
        self._is_over = False

    def print(self, document: Document, layout: WebLayout) -> Artifact:
        """A typeset letter as a PDF file. Raises RenderError."""
        with self._lock:
            ended = WorkerFailed("the preview has ended")
            answer = ended if self._is_over else self._ask(document, layout)
        if self._is_over:
            self.close()
        if isinstance(answer, WorkerFailed):
            what, fix = f"The PDF {answer.why}.", "Open the letter again."
            raise RenderError(Problem(Place(layout.file), what, fix))
        if isinstance(answer, Problem):
            raise RenderError(answer)
        return Artifact.named(document.id, "pdf", answer)

    def forget(self) -> None:
        """Let go of what was worked out for letters so far."""
        with self._lock:
            if self._layout:
                self._ask(None, self._layout)

    def close(self) -> None:
        """End the process: at once, or when it is done with the letter that it is at."""
        self._is_over = True
        if self._lock.acquire(blocking=False):
            self._end()
            self._lock.release()

    def _end(self) -> None:
        if self._process:
            self._process.__exit__()
        self._layout = self._process = None

    def _ask(self, document: Document | None, layout: WebLayout) -> bytes | Problem | WorkerFailed:
        if self._process is None or self._layout is not layout:
            self._end()
            self._layout = layout
            factory = partial(begin_printing, layout)
            self._process = ProcessExecutor(factory, size=1, limit=LIMIT).__enter__()
        (answer,) = self._process.run([document])
        return answer


def begin_printing(layout: WebLayout) -> Callable[[Document | None], bytes | Problem]:
    """Begin the work of the other process."""

    def answer(document: Document | None) -> bytes | Problem:
        try:
            if document:
                return render_pdf(document, layout)
            forget_letters()
            print_problems(layout)  # makes the layout ready again, while nobody waits
        except RenderError as error:
            return error.problem
        except LettersError as error:  # the engine does not start
            return Problem(Place(layout.file), str(error), "")
        return b""

    return answer
