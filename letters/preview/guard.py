"""Who may ask: this machine's browser, on a page of ours; and what a page of ours may do."""

from __future__ import annotations

from collections.abc import Collection

from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

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
