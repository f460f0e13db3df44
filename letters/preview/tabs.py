"""The tabs that are open, what each looks at, and the news each is sent."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from dataclasses import dataclass, field

from letters.preview.desk import Look
from letters.preview.panel import Json

News = tuple[str, Json]
"""The name of an event, and what it says."""

END: News = ("end", {})
"""After this a tab is told no more."""


@dataclass(eq=False)
class Tab:
    """One page in a browser, for as long as it listens."""

    look: Look = field(default_factory=Look)
    news: asyncio.Queue[News] = field(default_factory=asyncio.Queue)


class Tabs:
    """All tabs by the name each gave itself."""

    def __init__(self) -> None:
        self._open: dict[str, Tab] = {}
        self._is_over = False

    def looks(self) -> list[Look]:
        """What is looked at, each once."""
        return list(dict.fromkeys(tab.look for tab in self._open.values() if tab.look.letter))

    def listening(self) -> list[Tab]:
        """The tabs that are open now."""
        return list(self._open.values())

    def turn(self, name: str, look: Look) -> None:
        """Remember what a tab looks at from now on."""
        if name in self._open:
            self._open[name].look = look

    def close(self) -> None:
        """End what every tab is told, those included that are just coming."""
        self._is_over = True
        for tab in self.listening():
            tab.news.put_nowait(END)

    async def listen(self, name: str, look: Look, first: News) -> AsyncIterator[str]:
        """The events a tab is sent, as server-sent events, until it closes."""
        tab = Tab(look)
        self._open[name] = tab
        try:
            yield _event(first)
            while not self._is_over and (news := await tab.news.get()) is not END:
                yield _event(news)
        finally:
            if self._open.get(name) is tab:
                del self._open[name]


def _event(news: News) -> str:
    name, said = news
    return f"event: {name}\ndata: {json.dumps(said, ensure_ascii=False)}\n\n"
