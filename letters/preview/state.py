"""The state of a preview: the epoch everybody sees, the letters looked at, what is made of them."""

import asyncio
import json
import threading
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from letters.build.processes import settle
from letters.changes.diff import name_of, reach_sentence
from letters.files import digest
from letters.model import Letter
from letters.preview.snapshot import ChangeImpact, Snapshot, next_epoch, next_scope, problems_in
from letters.preview.views import Json, Pages, Views, details, problem_rows
from letters.render import FORMATS, Artifact
from letters.sources.tables import Memory, remembering
from letters.status import build_states


@dataclass(frozen=True, slots=True)
class Selection:
    """What one tab of the browser looks at: a letter, its format, and how wide pages are drawn."""

    letter: str = ""
    format: str = "pdf"
    width: int = 800


class PreviewState:
    """Reads the project in `root` anew when told to, and answers what the page asks.

    An epoch is put in place whole; a question is answered from one epoch alone.
    """

    def __init__(
        self,
        root: Path,
        round_id: str,
        *,
        published: bool = False,
        opening: str = "",
        memory: Memory | None = None,
    ) -> None:
        """`opening` is the letter to be made at once; `memory` is of files read just before."""
        self.root = root
        self.published = published
        self.round_id = round_id
        self.epoch = Snapshot()
        self.scope = ChangeImpact()
        self._views = Views()
        self._pages = Pages()
        self._opening = opening
        self._memory: Memory = {} if memory is None else memory
        self._reading = threading.Lock()

    def read(self, ready: Sequence[Selection] = ()) -> Snapshot:
        """Read the project; the new epoch is put in place once `ready` can be shown of it."""
        with self._reading:
            with remembering(self._memory):
                epoch = next_epoch(self.root, self.round_id, self.epoch, published=self.published)
            for look in ready:
                self.shown(look, epoch)
            if self._opening in epoch.letters:
                self._views.file(epoch, self._opening, "pdf")
                self._opening = ""
            self.epoch = epoch
            return epoch

    def measure(self) -> bool:
        """Find out how far the last change reaches; False where a newer epoch made it idle."""
        self._views.rest()
        epoch = self.epoch
        scope = next_scope(self.scope, epoch, lambda: self._is_over(epoch))
        if scope:
            self.scope = scope
            settle()
        return scope is not None

    def close(self) -> None:
        """End what works in the background."""
        self._views.close()

    def _is_over(self, epoch: Snapshot) -> bool:
        """Whether another epoch has come, or is coming and should not have to wait."""
        return self.epoch is not epoch or self._reading.locked()

    def file(self, id_: str, format_: str) -> Artifact | None:
        """A letter's file, as `build` would write it; None where it never could be made."""
        epoch = self.epoch
        if id_ not in epoch.letters or format_ not in FORMATS:
            return None
        file = self._views.file(epoch, id_, format_).file
        return file.artifact if file else None

    def picture(self, id_: str) -> bytes | None:
        """A page's picture, by the id that `shown` gave."""
        return self._pages.picture(id_)

    def shown(self, look: Selection, epoch: Snapshot | None = None) -> Json | None:
        """A letter as a tab shows it; None where the round has no such letter."""
        epoch = epoch or self.epoch
        letter = epoch.letters.get(look.letter)
        if letter is None or look.format not in FORMATS:
            return None
        shown = self._views.file(epoch, letter.id, look.format)
        document = self._views.view(epoch, letter.id).document
        problems = {*shown.problems, *problems_in(letter, epoch.problems)}
        return {
            "epoch": epoch.number,
            "id": letter.id,
            "name": name_of(letter),
            "format": look.format,
            "draft": bool(document and document.draft),
            "held": bool(shown.problems or epoch.template_problems) or letter.id in epoch.held,
            "problems": problem_rows(sorted(problems)),
            "others": problem_rows(p for p in epoch.all_problems if p not in problems),
            **(self._content(shown.file.artifact, look) if shown.file else {"file": ""}),
        }

    def _content(self, artifact: Artifact, look: Selection) -> Json:
        content: Json = {"file": digest(artifact.content)}
        if look.format == "pdf":
            pages = self._pages.draw(artifact.content, look.width)
            content["pages"] = [{"id": p.id, "width": p.width, "height": p.height} for p in pages]
        if look.format == "docx":
            from letters.render.readback.docx import read_styled  # readers are slow to start

            content["paragraphs"] = [
                {"style": style or "normal", "label": p.label, "kind": p.kind, "text": p.text}
                for style, p in read_styled(artifact.content)
            ]
        return content

    def details(self, id_: str) -> Json | None:
        """What the side panel says of a letter; None where there is none to say it of."""
        epoch = self.epoch
        letter = epoch.letters.get(id_)
        document = self._views.view(epoch, id_).document if letter else None
        if letter is None or document is None:
            return None
        return {"epoch": epoch.number, "id": id_, **details(epoch, letter, document)}

    def verdict(self, id_: str) -> Json | None:
        """What the validators find in each file of a letter."""
        epoch = self.epoch
        if id_ not in epoch.letters or self._views.view(epoch, id_).document is None:
            return None
        files = {format_: self._views.file(epoch, id_, format_).file for format_ in FORMATS}
        findings = {name: [str(each) for each in f.findings] for name, f in files.items() if f}
        return {"epoch": epoch.number, "id": id_, "findings": findings}

    def overview(self) -> Json:
        """The list of letters, all problems, and how far the last change reaches."""
        epoch, scope = self.epoch, self.scope
        round_ = epoch.round.round if epoch.round else None
        states = build_states(epoch.round) if epoch.round else {}
        letters = epoch.letters.values()
        return {
            "epoch": epoch.number,
            "title": round_.title if round_ else self.round_id,
            "nouns": [round_.nouns.one, round_.nouns.many] if round_ else ["force", "forces"],
            "letters": [self._entry(epoch, letter, states) for letter in letters],
            "problems": problem_rows(epoch.all_problems),
            "reach": self._reach(epoch, scope),
            "set": [id_ for id_ in scope.set if id_ in epoch.letters],
        }

    def _entry(self, epoch: Snapshot, letter: Letter, states: dict[str, str]) -> Json:
        outcome = letter.round.outcomes[letter.outcome] if letter.outcome else ""
        return {
            "id": letter.id,
            "name": name_of(letter),
            "outcome": outcome,
            "state": states.get(letter.id, "not built"),
            "problems": len(problems_in(letter, epoch.problems)),
        }

    def _reach(self, epoch: Snapshot, scope: ChangeImpact) -> Json | None:
        if not scope.files:
            return None
        ids = [id_ for id_ in scope.reached if id_ in epoch.letters]
        sentence = reach_sentence([name_of(epoch.letters[id_]) for id_ in ids], len(epoch.letters))
        return {"files": scope.files, "letters": ids, "sentence": sentence.partition(":")[0]}


News = tuple[str, Json]
"""The name of an event, and what it says."""

END: News = ("end", {})
"""After this a tab is told no more."""


@dataclass(eq=False)
class Tab:
    """One page in a browser, for as long as it listens."""

    look: Selection = field(default_factory=Selection)
    news: asyncio.Queue[News] = field(default_factory=asyncio.Queue)


class Tabs:
    """All tabs by the name each gave itself."""

    def __init__(self) -> None:
        self._open: dict[str, Tab] = {}
        self._is_over = False

    def looks(self) -> list[Selection]:
        """What is looked at, each once."""
        return list(dict.fromkeys(tab.look for tab in self._open.values() if tab.look.letter))

    def listening(self) -> list[Tab]:
        """The tabs that are open now."""
        return list(self._open.values())

    def turn(self, name: str, look: Selection) -> None:
        """Remember what a tab looks at from now on."""
        if name in self._open:
            self._open[name].look = look

    def close(self) -> None:
        """End what every tab is told, those included that are just coming."""
        self._is_over = True
        for tab in self.listening():
            tab.news.put_nowait(END)

    async def listen(
        self, name: str, look: Selection, first: Callable[[], Awaitable[News]]
    ) -> AsyncIterator[str]:
        """The events a tab is sent, as server-sent events, until it closes.

        What it is told `first` is asked for once the tab is known, so that it misses nothing that
        comes meanwhile.
        """
        tab = Tab(look)
        self._open[name] = tab
        try:
            news = await first()
            while not self._is_over and news is not END:
                yield _event(news)
                news = await tab.news.get()
        finally:
            if self._open.get(name) is tab:
                del self._open[name]


def _event(news: News) -> str:
    name, said = news
    return f"event: {name}\ndata: {json.dumps(said, ensure_ascii=False)}\n\n"
