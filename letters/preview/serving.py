"""Serving the preview: on this machine alone, until Ctrl-C."""

import contextlib
import logging
import socket
import threading
import webbrowser
from collections.abc import Callable, Iterator
from pathlib import Path

import uvicorn
from starlette.applications import Starlette

from letters.errors import ProblemsFound, UsageError
from letters.merge import letters_of, merge_letter
from letters.preview.app import preview_app
from letters.preview.state import PreviewState
from letters.project import Project
from letters.render.pdf.letter import require_version
from letters.sources.tables import Memory, remembering

HOST = "127.0.0.1"


def serve_preview(
    folder: Path,
    *,
    round_id: str | None = None,
    force: str | None = None,
    port: int = 0,
    open_browser: bool = True,
    published: bool = False,
    on_start: Callable[[str], None] = lambda _: None,
) -> None:
    """Show the letters of a round in the browser until Ctrl-C.

    The page is served on this machine only, at `port` or any free one; `on_start` hears of its
    address. With `published` the letters lack what their round keeps private. Problems in the
    project's files are shown on the page. Threads may be at work still when it returns, on what
    nobody waits for. Raises UsageError where there is no such project, round
    or force, or where the port is taken, LettersError where PDFs need another WeasyPrint.
    """
    require_version()
    memory: Memory = {}
    with remembering(memory):
        project = Project.load(folder)
    id_ = round_to_show(project, round_id)
    letter = _letter_id(project, id_, force)
    desk = PreviewState(project.root, id_, published=published, opening=letter, memory=memory)
    logging.getLogger("watchfiles").setLevel(logging.WARNING)
    with listening(port) as listener, contextlib.suppress(KeyboardInterrupt):
        number = listener.getsockname()[1]
        address = f"http://{HOST}:{number}/" + (f"#{letter}" if letter else "")
        server = ImmediateServer(preview_app(desk, (f"{HOST}:{number}", f"localhost:{number}")))
        with server.capture_signals():  # from before anybody knows that it runs
            on_start(address)
            if open_browser:
                threading.Thread(target=webbrowser.open, args=(address,), daemon=True).start()
            server.run(sockets=[listener])


def round_to_show(project: Project, asked: str | None = None) -> str:
    """The id of the round asked for, or of the only one, even where it is too faulty to load.

    Raises UsageError where there is no such round, or several and none is asked for.
    """
    known = [each.round.id for each in project.rounds] + list(project.unreadable)
    if asked in known:
        return asked
    return known[0] if asked is None and len(known) == 1 else project.round(asked).round.id


def _letter_id(project: Project, round_id: str, force: str | None) -> str:
    """The letter of `force`, or the first; nothing where none can be read yet."""
    try:
        project_round = project.round(round_id)
        if force:
            return merge_letter(project_round, force).id
        return next((letter.id for letter in letters_of(project_round)), "")
    except ProblemsFound:
        return force or ""


@contextlib.contextmanager
def listening(port: int) -> Iterator[socket.socket]:
    """A socket at `port` of this machine, or at any free one for 0. Raises UsageError."""
    with socket.socket() as listener:
        try:
            listener.bind((HOST, port))
            listener.listen()  # a browser that is there first waits
        except (OSError, OverflowError) as error:
            fix = "Name another with --port, or leave it out."
            raise UsageError(f"Port {port} cannot be used: {error}. {fix}") from error
        yield listener


class ImmediateServer(uvicorn.Server):
    """A server that ends at once, though tabs are listening and letters are being made."""

    def __init__(self, app: Starlette) -> None:
        super().__init__(uvicorn.Config(app, log_level="warning", lifespan="on"))
        self._end: Callable[[], None] = app.state.end

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """End what connections and the project's follower would wait for, then these."""
        self._end()
        await super().shutdown(sockets)
