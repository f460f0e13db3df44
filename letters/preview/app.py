"""The preview on this machine alone, until Ctrl-C: its addresses, each answered from the state.
Nothing is served by a path of a file."""

import contextlib
import logging
import socket
import threading
import webbrowser
from collections.abc import AsyncIterator, Callable, Collection, Iterator
from contextlib import asynccontextmanager, suppress
from importlib import resources
from pathlib import Path

import anyio
import uvicorn
from anyio.abc import TaskGroup
from starlette.applications import Starlette
from starlette.datastructures import Headers, MutableHeaders
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response, StreamingResponse
from starlette.routing import Route
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from letters.errors import ProblemsFound, UsageError
from letters.merge import letters_of, merge_letter
from letters.preview.snapshot import Ended, Follower, Work
from letters.preview.state import END, News, PreviewState, Selection, Tabs
from letters.preview.views import Json
from letters.project import Project
from letters.render.pdf.letter import require_version
from letters.sources.tables import Memory, remembering

PAGE_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; "
    "frame-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)
"""What the preview's own page may load."""

LETTER_POLICY = (
    "default-src 'none'; style-src 'unsafe-inline'; img-src data:; font-src data:; "
    "base-uri 'none'; form-action 'none'; frame-ancestors 'self'; sandbox allow-same-origin"
)
"""What a web letter may: show what it holds. It runs no script."""


class Guard:
    """Answers only requests that come from a page at one of `hosts`, and only reading ones.

    The Host header keeps other names from leading here (DNS rebinding); Sec-Fetch-Site and Origin
    keep other sites' pages from asking.
    """

    def __init__(self, app: ASGIApp, hosts: Collection[str]) -> None:
        self._app = app
        self._hosts = frozenset(hosts)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request, or refuse it."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return

        async def send_guarded(message: Message) -> None:
            if message["type"] == "http.response.start":
                _protect(MutableHeaders(scope=message))
            await send(message)

        refusal = self._refusal(scope)
        await (refusal or self._app)(scope, receive, send_guarded)

    def _refusal(self, scope: Scope) -> PlainTextResponse | None:
        headers = Headers(scope=scope)
        if headers.get("host", "") not in self._hosts:
            return _refused("This address is not the preview's.", 421)
        if not self._is_ours(headers):
            return _refused("Only the preview's own page may ask for this.", 403)
        if scope["method"] not in ("GET", "HEAD"):
            return _refused("The preview only shows; it takes nothing.", 405)
        return None

    def _is_ours(self, headers: Headers) -> bool:
        origin = headers.get("origin")
        site = headers.get("sec-fetch-site", "none")
        origins = {f"http://{host}" for host in self._hosts}
        return site in ("same-origin", "none") and (origin is None or origin in origins)


def _refused(why: str, status: int) -> PlainTextResponse:
    return PlainTextResponse(why, status)


def _protect(headers: MutableHeaders) -> None:
    headers.setdefault("content-security-policy", PAGE_POLICY)
    headers.setdefault("cache-control", "no-store")
    headers["x-content-type-options"] = "nosniff"
    headers["referrer-policy"] = "no-referrer"
    headers["cross-origin-resource-policy"] = "same-origin"
    headers["cross-origin-opener-policy"] = "same-origin"


PAGE = {
    "/": ("page.html", "text/html; charset=utf-8"),
    "/page.css": ("page.css", "text/css; charset=utf-8"),
    "/page.js": ("page.js", "text/javascript; charset=utf-8"),
    "/icon.svg": ("icon.svg", "image/svg+xml"),
    "/letter.js": ("letter.js", "text/javascript; charset=utf-8"),
}
FOREVER = "private, max-age=31536000, immutable"

PAUSE = 0.25
"""Seconds that tabs get to fetch and show a letter before anything else is worked out."""

log = logging.getLogger(__name__)


def preview_app(desk: PreviewState, hosts: Collection[str]) -> Starlette:
    """The preview of `desk` for browsers that call it by one of `hosts`."""
    server = _Server(desk)
    app = Starlette(
        routes=[*(Route(path, _page(path)) for path in PAGE), *server.routes()],
        middleware=[Middleware(Guard, hosts=hosts)],
        lifespan=server.lifespan,
        exception_handlers={Ended: _ended},
    )
    app.state.end = server.end
    return app


async def _ended(*_: object) -> Response:
    return PlainTextResponse("The preview has ended.", 503)


def _page(path: str) -> Callable[[Request], Response]:
    name, media_type = PAGE[path]
    content = (resources.files("letters.preview") / "page" / name).read_bytes()
    return lambda _: Response(content, media_type=media_type)


class _Server:
    def __init__(self, desk: PreviewState) -> None:
        self.desk = desk
        self.tabs = Tabs()
        self._work = Work()
        self._measuring = anyio.Lock()
        self._is_read = anyio.Event()
        self._group: TaskGroup

    def routes(self) -> list[Route]:
        return [
            Route("/events", self.events),
            Route("/overview.json", self.overview),
            Route("/pages/{id}.png", self.picture),
            Route("/letters/{id}/shown.json", self.shown),
            Route("/letters/{id}/details.json", self.details),
            Route("/letters/{id}/verdict.json", self.verdict),
            Route("/letters/{id}.{format}", self.file),
        ]

    @asynccontextmanager
    async def lifespan(self, _: Starlette) -> AsyncIterator[None]:
        """Follow the project for as long as the server runs."""
        async with anyio.create_task_group() as group:
            self._group = group
            follower = Follower(self.desk.root, self.read)
            group.start_soon(follower.run)
            yield
            follower.stop()
            self.end()
            self.desk.close()

    def end(self) -> None:
        """End what tabs are told, and wait for nothing that is still being worked out."""
        self._is_read.set()
        self.tabs.close()
        self._work.end()

    async def read(self) -> None:
        """Read the project again, tell every tab, then find out how far the change reaches."""
        try:
            await self._work.result(self.desk.read, self.tabs.looks())
            self._is_read.set()
            for tab in self.tabs.listening():
                tab.news.put_nowait(("epoch", await self._news(tab.look)))
        except Ended:
            return
        except Exception:
            log.exception("The project could not be read.")  # the next save is read all the same
            self._is_read.set()
        self._group.start_soon(self.measure)

    async def measure(self) -> None:
        """Say how far the last change reaches, unless there was another by then."""
        epoch = self.desk.epoch
        await anyio.sleep(PAUSE)
        with suppress(Ended):
            async with self._measuring:
                if self.desk.epoch is epoch and await self._work.result(self.desk.measure):
                    for tab in self.tabs.listening():
                        tab.news.put_nowait(("reach", {"epoch": self.desk.epoch.number}))

    async def _news(self, look: Selection) -> Json:
        shown = await self._work.result(self.desk.shown, look)
        return shown or {"epoch": self.desk.epoch.number}

    async def events(self, request: Request) -> Response:
        """Server-sent events: "epoch" with what the tab looks at, "reach" when that is known."""
        look, name = _look(request), request.query_params.get("tab", "")

        async def first() -> News:
            try:
                return "epoch", await self._news(look)
            except Ended:
                return END

        stream = self.tabs.listen(name, look, first)
        return StreamingResponse(stream, media_type="text/event-stream")

    async def overview(self, _: Request) -> Response:
        """The list of letters."""
        return JSONResponse(await self._work.result(self.desk.overview))

    async def shown(self, request: Request) -> Response:
        """A letter in one format; the tab looks at it from now on."""
        look = _look(request)
        self.tabs.turn(request.query_params.get("tab", ""), look)
        await self._is_read.wait()  # a page that is opened at a letter asks before that is known
        return _json(await self._work.result(self.desk.shown, look))

    async def details(self, request: Request) -> Response:
        """The side panel of a letter."""
        return _json(await self._work.result(self.desk.details, request.path_params["id"]))

    async def verdict(self, request: Request) -> Response:
        """The validators' findings in a letter's files."""
        return _json(await self._work.result(self.desk.verdict, request.path_params["id"]))

    async def picture(self, request: Request) -> Response:
        """A page of a PDF; its id changes when the page does."""
        content = await self._work.result(self.desk.picture, request.path_params["id"])
        if content is None:
            return _nothing()
        return Response(content, media_type="image/png", headers={"cache-control": FOREVER})

    async def file(self, request: Request) -> Response:
        """A letter's file, byte for byte as `build` writes it."""
        id_, format_ = request.path_params["id"], request.path_params["format"]
        artifact = await self._work.result(self.desk.file, id_, format_)
        if artifact is None:
            return _nothing()
        shown = "attachment" if format_ == "docx" else "inline"
        headers = {"content-disposition": f'{shown}; filename="{artifact.name}"'}
        if format_ == "html":
            headers["content-security-policy"] = LETTER_POLICY
        return Response(artifact.content, media_type=artifact.media_type, headers=headers)


def _look(request: Request) -> Selection:
    asked = request.query_params
    width = asked.get("width", "")
    return Selection(
        request.path_params.get("id") or asked.get("letter", ""),
        asked.get("format", "pdf"),
        int(width) if width.isdecimal() and len(width) < 6 else Selection().width,
    )


def _json(said: Json | None) -> Response:
    return _nothing() if said is None else JSONResponse(said)


def _nothing() -> Response:
    return PlainTextResponse("There is nothing at this address.", 404)


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
