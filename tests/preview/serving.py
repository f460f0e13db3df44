"""A preview served from this process, for tests that ask it or look at it in a browser."""

from __future__ import annotations

import http.client
import json
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from playwright.sync_api import Page

from letters import Project
from letters.preview.app import HOST, ImmediateServer, listening, preview_app, round_to_show
from letters.preview.state import PreviewState

GUARD = 120
"""Seconds after which a test that waits in vain fails; none waits for time to pass."""


@dataclass(frozen=True)
class Answer:
    """What a server answered; the names of headers are in lower case."""

    status: int
    content: bytes
    headers: dict[str, str]


@dataclass(frozen=True)
class Served:
    """A preview under way: its address, without a slash at the end, and what it shows."""

    address: str
    desk: PreviewState

    def get(self, path: str, method: str = "GET", **headers: str) -> Answer:
        """What is answered at `path`, which is sent as it is, with `headers` (a_b for A-B)."""
        connection = http.client.HTTPConnection(self.address.removeprefix("http://"))
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        connection.request(method, path, headers=named)
        answer = connection.getresponse()
        content = answer.read()
        connection.close()
        return Answer(answer.status, content, {k.lower(): v for k, v in answer.getheaders()})

    def overview(self) -> dict[str, Any]:
        """What the page's list says now."""
        said: dict[str, Any] = json.loads(self.get("/overview.json").content)
        return said

    def until(self, is_so: Callable[[dict[str, Any]], object]) -> dict[str, Any]:
        """What the page's list says once `is_so` holds of it, as the page would hear of it."""
        with self.listen() as epochs:
            for _ in epochs:
                if is_so(said := self.overview()):
                    return said
        raise AssertionError("The preview ended.")

    @contextmanager
    def listen(self, look: str = "") -> Iterator[Iterator[dict[str, Any]]]:
        """What a tab is told: each epoch from the first reading on, the one of now first."""
        connection = http.client.HTTPConnection(self.address.removeprefix("http://"), timeout=GUARD)
        connection.request("GET", f"/events?tab={id(connection)}{look}")
        events = connection.getresponse()
        try:
            yield _epochs(events)
        finally:
            events.close()
            connection.close()

    def open(self, page: Page, look: str = "") -> None:
        """Open the page at a letter ("ashmere/html") and wait until all of it is there."""
        page.goto("about:blank")
        page.goto(f"{self.address}/#{look}")
        page.locator("html[data-epoch]").wait_for(state="attached")
        page.locator("#verdict li").first.wait_for()


def _epochs(events: http.client.HTTPResponse) -> Iterator[dict[str, Any]]:
    name = ""
    for line in map(bytes.decode, events):
        if line.startswith("event: "):
            name = line.removeprefix("event: ").strip()
        elif line.startswith("data: ") and name == "epoch":
            epoch = json.loads(line.removeprefix("data: "))
            if epoch["epoch"]:
                yield epoch


@contextmanager
def served(folder: Path) -> Iterator[Served]:
    """Serve the only round of the project in `folder`, as `letters preview` does."""
    project = Project.load(folder)
    desk = PreviewState(project.root, round_to_show(project))
    with listening(0) as listener:
        port = listener.getsockname()[1]
        server = ImmediateServer(preview_app(desk, (f"{HOST}:{port}", f"localhost:{port}")))
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]})
        thread.start()
        try:
            yield Served(f"http://{HOST}:{port}", desk)
        finally:
            server.should_exit = True
            thread.join()
