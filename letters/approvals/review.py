"""One PDF of a round's letters for the person who signs: contents, what changed, the letters.

`review.json` beside it keeps what its letters said, and those of the one before.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path

from letters import document as tree
from letters.approvals import Approvals, ApprovalState, fact_changes
from letters.approvals.content import content_text, first_form, layout_lines, passages_of
from letters.approvals.signing import both_editions, shown
from letters.build.letter import make_files
from letters.build.record import LocalFolder, out_folder, place_in
from letters.changes.words import changes
from letters.errors import Problem, ProblemsFound, UsageError
from letters.files import OnWait, read_file, read_json, sole_change, tell_nobody, write_whole
from letters.merge import letters_of
from letters.model import Letter
from letters.project import Project, ProjectRound
from letters.project.values import written
from letters.render.pdf.join import PLACE, PdfPart, join_pdfs, page_count
from letters.render.round_templates import RoundTemplates

FILE = "review.json"
_ANEW = "Delete it; the next review is the first then."
REVIEW = "review.pdf"


@dataclass(frozen=True, slots=True)
class Reviewed:
    """One review: when it was made, and the content of each letter in it."""

    at: datetime
    texts: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Reviews:
    """The last review and the one before; None where there was none."""

    last: Reviewed | None = None
    before: Reviewed | None = None

    @property
    def now(self) -> Reviewed:
        """The last review, once there is one."""
        if self.last is None:
            raise ValueError("no review yet")
        return self.last

    def with_texts(self, texts: Mapping[str, str], at: datetime) -> Reviews:
        """The reviews once letters with these texts were reviewed at `at`.

        The same texts again are the same review.
        """
        if self.last and dict(self.last.texts) == dict(texts):
            return self
        return Reviews(Reviewed(at.replace(microsecond=0), texts), self.last)


def is_review(path: Path) -> bool:
    """Whether `path` is a review of letters; it is no letter, though it is made like one."""
    return path.name == REVIEW and (path.parent / FILE).is_file()


def read_reviews(folder: Path) -> Reviews:
    """The reviews made in `folder`; none where none can be read.

    Raises ProblemsFound where they are nested too deeply.
    """
    try:
        place = place_in(LocalFolder(folder), FILE)
        found = read_json(read_file(folder / FILE), place, _ANEW)
        return Reviews(_reviewed(found["last"]), _reviewed(found["before"]))
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return Reviews()


def write_reviews(folder: Path, reviews: Reviews) -> None:
    """Write `review.json`. Raises OSError where the system refuses."""
    entries = {"last": _entry(reviews.last), "before": _entry(reviews.before)}
    text = json.dumps(entries, ensure_ascii=False, indent=1)
    write_whole(folder / FILE, f"{text}\n".encode())


def _reviewed(entry: Mapping[str, object] | None) -> Reviewed | None:
    if entry is None:
        return None
    texts = entry["letters"]
    if not isinstance(texts, dict) or not all(isinstance(each, str) for each in texts.values()):
        raise TypeError("letters")
    return Reviewed(datetime.fromisoformat(str(entry["at"])), texts)


def _entry(reviewed: Reviewed | None) -> dict[str, object] | None:
    if reviewed is None:
        return None
    return {"at": reviewed.at.isoformat(), "letters": dict(sorted(reviewed.texts.items()))}


CONTENTS = "contents"
AROUND = 40
"""Characters shown on either side of changed words."""


@dataclass(frozen=True, slots=True)
class Review:
    """A review as it was made: its file, its letters, and those that changed since the last one.

    `since` is when that one was made; None the first time, when nothing has changed yet.
    """

    path: Path
    letters: tuple[str, ...]
    pages: int
    changed: tuple[str, ...] = ()
    since: datetime | None = None

    @property
    def said(self) -> str:
        """What it holds: "43 letters, 92 pages", and how many changed since the one before."""
        count = "1 letter" if len(self.letters) == 1 else f"{len(self.letters)} letters"
        told = f"{count}, {self.pages} pages"
        if self.since is None:
            return told
        day = f"{written(self.since.date())} at {self.since:%H:%M}"
        return f"{told}; {len(self.changed)} changed since the review of {day}"


@dataclass(frozen=True, slots=True)
class _ReviewedLetter:
    """A finished letter in a review."""

    letter: Letter
    document: tree.Document
    finished: tree.Document
    state: ApprovalState
    text: str
    first_text: str
    """The text in the form in which reviews of version 0.1.0 keep it."""

    @property
    def name(self) -> str:
        return _name(self.letter)


def review_round(
    project: Project,
    project_round: ProjectRound,
    *,
    at: datetime,
    out: Path | None = None,
    on_wait: OnWait = tell_nobody,
) -> Review:
    """Write `review.pdf` of all finished letters into `out` (`out/<round>` unless given).

    Letters not approved are drafts in it. The first page lists them all; from the second time on a
    list follows of what changed since the review before. Made again with nothing changed, a review
    keeps its bytes: `at` counts only for a new one. `on_wait` is called where another command that
    changes the project must end first. Raises ProblemsFound where the project has problems,
    UsageError where no letter is finished, RenderError where one cannot be made.
    """
    with sole_change(project.root, on_wait):
        return _review(*project.renewed(project_round), at, out or out_folder(project_round))


def _review(project: Project, project_round: ProjectRound, at: datetime, folder: Path) -> Review:
    if problems := project.problems_of(project_round):
        raise ProblemsFound(problems)
    round_templates = RoundTemplates.load(project_round)
    sheets = _sheets(round_templates, project_round)
    if not sheets:
        raise UsageError("No letter of this round is finished yet, so there is none to review.")
    reviews = read_reviews(folder).with_texts({s.letter.id: s.text for s in sheets}, at)
    changed = _changed(sheets, reviews.before)
    content = _pdf(round_templates, project_round, sheets, reviews.now.at, changed, reviews.before)
    write_whole(folder / REVIEW, content)
    write_reviews(folder, reviews)
    ids = tuple(sheet.letter.id for sheet in sheets)
    since = reviews.before.at if reviews.before else None
    return Review(folder / REVIEW, ids, page_count(content), tuple(changed), since)


def _sheets(round_templates: RoundTemplates, project_round: ProjectRound) -> list[_ReviewedLetter]:
    approvals, problems = Approvals.load(project_round), list[Problem]()
    sheets = []
    for letter in letters_of(project_round):
        if not letter.outcome:
            continue
        try:
            documents = both_editions(round_templates, letter)
        except ProblemsFound as found:
            problems += found.problems
        else:
            state = approvals.state(letter, *documents)
            document = shown(round_templates, letter, documents[0], state)
            text = content_text(letter, *documents)
            first = first_form(letter, *documents)
            sheets.append(_ReviewedLetter(letter, document, documents[0], state, text, first))
    if problems:
        raise ProblemsFound(problems)
    return sheets


def _changed(
    sheets: Sequence[_ReviewedLetter], before: Reviewed | None
) -> dict[str, tuple[tree.Block, ...]]:
    """What the list of changes says of each letter that is new, gone or not as it was."""
    if before is None:
        return {}
    found: dict[str, tuple[tree.Block, ...]] = {}
    for sheet in sheets:
        was = before.texts.get(sheet.letter.id)
        if was is None:
            found[sheet.letter.id] = (_words("This letter is new."),)
        elif was not in (sheet.text, sheet.first_text):
            found[sheet.letter.id] = (tree.List(None, tuple(_differences(was, sheet))),)
    for id_ in before.texts.keys() - {sheet.letter.id for sheet in sheets}:
        found[id_] = (_words("This letter is no longer among them."),)
    return found


def _differences(was: str, sheet: _ReviewedLetter) -> list[tuple[tree.Block, ...]]:
    """Each change of words with the words around it; else what differs beside the words."""
    now = tree.passages(sheet.finished)
    shown = [
        (_change(now[each.passage].text, each.start, each.end, each.was),)
        for each in changes(passages_of(was), sheet.finished)
    ]
    return [*shown] or [(_words(f"{each}."),) for each in fact_changes(was, sheet.text)]


def _change(text: str, start: int, end: int, was: str) -> tree.Paragraph:
    before, after = text[max(0, start - AROUND) : start], text[end : end + AROUND]
    lead = f"… {before.partition(' ')[2]}" if start > AROUND else before
    tail = f"{after.rpartition(' ')[0]} …" if end + AROUND < len(text) else after
    content: list[tree.Inline] = [tree.Text(lead)]
    if start < end:
        content.append(tree.Strong((tree.Text(text[start:end]),)))
    content.append(tree.Text(tail))
    said = f"It was: “{was}”." if was else "It was not there."
    return tree.Paragraph((*content, tree.Text(f" ({said})")))


def _pdf(
    round_templates: RoundTemplates,
    project_round: ProjectRound,
    sheets: Sequence[_ReviewedLetter],
    at: datetime,
    changed: Mapping[str, tuple[tree.Block, ...]],
    before: Reviewed | None,
) -> bytes:
    parts = [PdfPart(s.letter.id, s.name, _printed(round_templates, s.document)) for s in sheets]
    lengths = [page_count(part.content) for part in parts]
    first = _first_page(project_round, sheets, at)
    body = (*_opening(project_round, sheets, at), *_what_changed(project_round, changed, before))
    front, pages = b"", 1
    for _ in range(4):  # the table's own length moves what it lists, until it does not
        starts = [1 + pages + sum(lengths[:n]) for n in range(len(sheets))]
        table = _table(project_round, sheets, starts)
        slots = {**first.slots, "letter_body": (*body[:1], table, *body[1:])}
        front = _printed(round_templates, replace(first, slots=slots))
        if page_count(front) == pages:
            break
        pages = page_count(front)
    return join_pdfs(PdfPart(CONTENTS, "Contents", front), parts)


def _printed(round_templates: RoundTemplates, document: tree.Document) -> bytes:
    return make_files(round_templates.render, document, ["pdf"])["pdf"].artifact.content


def _first_page(
    project_round: ProjectRound, sheets: Sequence[_ReviewedLetter], at: datetime
) -> tree.Document:
    """The contents page but for its body, on the letters' own letterhead."""
    round_, like = project_round.round, sheets[0].finished
    title = f"Letters for approval: {round_.title}"
    kept = {name: text for name, text in like.texts.items() if name.endswith("_label")}
    texts = {**dict.fromkeys(like.texts, ""), **kept, "sender_name": round_.sender.name}
    slots: dict[str, tuple[tree.Block, ...]] = dict.fromkeys(tree.SLOTS, ())
    slots["letter_sender"] = like.slots["letter_sender"]
    slots["letter_subject"] = (tree.Heading(1, (tree.Text(title),)),)
    return tree.Document(
        id="review",
        title=title,
        author=round_.sender.name,
        subject=round_.title,
        language="en-GB",
        created=at.date(),
        modified=at.date(),
        slots=slots,
        texts={**texts, "document_title": title},
        information=(),
        handling="" if all(s.state.approved for s in sheets) else round_.handling or "",
    )


def _opening(
    project_round: ProjectRound, sheets: Sequence[_ReviewedLetter], at: datetime
) -> list[tree.Block]:
    round_ = project_round.round
    approved = sum(sheet.state.approved for sheet in sheets)
    count = f"{len(sheets)} letters" if len(sheets) > 1 else "1 letter"
    said = f"{count}, of which {approved} approved. Made on {written(at.date())} at {at:%H:%M}."
    waiting = [
        recipient.name
        for letter in letters_of(project_round)
        if not letter.outcome
        for recipient in letter.recipients
    ]
    rest = [_words(f"Awaiting an outcome: {', '.join(waiting)}.")] if waiting else []
    opening: list[tree.Block] = [_words(said), *rest]
    if round_.approvals_needed > 1:
        opening.append(_words(f"Each letter needs {round_.approvals_needed} approvals."))
    return [*opening, *_layout_prints(sheets)]


def _layout_prints(sheets: Sequence[_ReviewedLetter]) -> Iterator[tree.Block]:
    """What the letters' layout says round them, some of it in one format alone."""
    lines = dict.fromkeys(line for sheet in sheets for line in layout_lines(sheet.finished))
    if lines:
        yield _words("Round the letters their layout prints, and approvals bind it too:")
        yield tree.List(None, tuple((_words(f"{place}: {line}"),) for place, line in lines))


def _table(
    project_round: ProjectRound, sheets: Sequence[_ReviewedLetter], starts: Sequence[int]
) -> tree.Table:
    round_ = project_round.round
    noun = round_.nouns.one.replace("_", " ").capitalize()
    heads = (
        (tree.Text(noun),),
        (tree.Text("Outcome"),),
        (tree.Text("Approval"),),
        (tree.Text("Page of this file"),),
    )
    rows = [
        (
            (tree.Link(f"{PLACE}{sheet.letter.id}", (tree.Text(sheet.name),)),),
            (tree.Text(round_.outcomes[sheet.letter.outcome or ""]),),
            (tree.Text(sheet.state.word),),
            (tree.Text(str(start)),),
        )
        for sheet, start in zip(sheets, starts, strict=True)
    ]
    return tree.Table((heads, *rows), ("left", "left", "left", "right"))


def _what_changed(
    project_round: ProjectRound,
    changed: Mapping[str, tuple[tree.Block, ...]],
    before: Reviewed | None,
) -> list[tree.Block]:
    if before is None:
        return []
    day = f"{written(before.at.date())} at {before.at:%H:%M}"
    blocks: list[tree.Block] = [
        tree.Heading(2, (tree.Text(f"What has changed since the review of {day}"),))
    ]
    names = {letter.id: _name(letter) for letter in letters_of(project_round)}
    for id_, said in changed.items():
        blocks += [tree.Heading(3, (tree.Text(names.get(id_, id_)),)), *said]
    return blocks if changed else [*blocks, _words("Nothing.")]


def _name(letter: Letter) -> str:
    return ", ".join(recipient.name for recipient in letter.recipients)


def _words(text: str) -> tree.Paragraph:
    return tree.Paragraph((tree.Text(text),))
