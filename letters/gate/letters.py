"""Conditions on the letters themselves: finished, approved, built and sound, not before time."""

from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from datetime import datetime

from letters.approvals import ApprovalState, unproved_problems
from letters.build.letter import LetterFile
from letters.build.record import BuildRecord, LocalFolder, State, output_path
from letters.errors import Place, Problem, some
from letters.files import output_name
from letters.gate.candidate import Candidate
from letters.merge import letters_of
from letters.model import Letter, letter_id
from letters.project import ProjectRound
from letters.project.values import LONDON, written, written_moment
from letters.render import FORMATS, Artifact
from letters.status import build_states


def is_over(project_round: ProjectRound, now: datetime) -> bool:
    """Whether the round may be public at `now`, a moment with its time zone."""
    published = project_round.round.published
    return published is not None and now.timestamp() >= published.timestamp()


def embargo_problems(project_round: ProjectRound, now: datetime) -> tuple[Problem, ...]:
    """Why the round may not be public at `now`: it has no time of publication, or that is to come.

    `now` must have a time zone; ValueError otherwise.
    """
    if now.tzinfo is None:
        raise ValueError("now has no time zone")
    published = project_round.round.published
    if published is None:
        return (_no_time(project_round),)
    if is_over(project_round, now):
        return ()
    what = f"The embargo ends on {written_moment(published)}; it is {written_moment(now)} now."
    fix = "Publish after that; 'letters publish --stage' prepares the files meanwhile."
    return (Problem(_place(project_round), what, fix),)


def time_problems(project_round: ProjectRound) -> tuple[Problem, ...]:
    """Why the round cannot even be staged: it does not say when it is published, or its letters
    are dated after that, or were changed before it.
    """
    round_ = project_round.round
    if round_.published is None:
        return (_no_time(project_round),)
    out, problems = written_moment(round_.published), []
    day = round_.published.astimezone(LONDON).date()
    if round_.sent > day:
        what = f"The letters are dated {written(round_.sent)}, and are published before, on {out}."
        problems.append(Problem(_place(project_round, "sent"), what, _DATES))
    for letter in letters_of(project_round):
        if letter.sent > day and letter.sent != round_.sent:
            what = f"The letter is dated {written(letter.sent)}, and is published before, on {out}."
            problems.append(Problem(letter.places["sent"], what, _DATES))
    if round_.updated and round_.updated < day:
        what = f"The letters were changed on {written(round_.updated)}, and are published after, on"
        problems.append(Problem(_place(project_round, "updated"), f"{what} {out}.", _DATES))
    return tuple(problems)


_DATES = "Correct the date that is wrong."


def _no_time(project_round: ProjectRound) -> Problem:
    what = "The round does not say when it is published."
    return Problem(_place(project_round), what, "Write 'published: 5 October 2017 at 00:01'.")


def _place(project_round: ProjectRound, key: str = "published") -> Place:
    file = Place(f"rounds/{project_round.round.id}/round.yaml")
    return project_round.places.get(key, file).at(key)


def unsound(candidate: Candidate) -> Iterator[Problem]:
    """Problems of records, wording, layouts, and letters typeset with them."""
    yield from candidate.unsound


def awaiting(candidate: Candidate) -> Iterator[Problem]:
    """Forces without an outcome, in one problem."""
    groups, nouns = candidate.groups, candidate.project_round.round.nouns
    if groups.awaiting:
        names = ", ".join(recipient.name for recipient in groups.awaiting)
        verb = "awaits" if len(groups.awaiting) == 1 else "await"
        what = f"{len(groups.awaiting)} of {len(groups.recipients)} {nouns.many} {verb} an outcome:"
        place = Place(f"rounds/{candidate.project_round.round.id}", field="outcome")
        yield Problem(place, f"{what} {names}.", "Record each outcome.")


def unapproved(candidate: Candidate) -> Iterator[Problem]:
    """Finished letters that too few people have approved as they stand."""
    for letter in candidate.finished:
        state = candidate.approval(letter)
        if not state.approved:
            is_same = state.is_of_these_words
            found = unproved_problems(candidate.project_round, letter.id) if is_same else ()
            yield from (*found,) or (_unapproved(candidate, letter, state),)


def _unapproved(candidate: Candidate, letter: Letter, state: ApprovalState) -> Problem:
    round_ = candidate.project_round.round
    place = Place(f"rounds/{round_.id}/approvals.yaml", field=letter.id)
    by = state.lacking or "ID"
    fix = f"Have it approved: letters approve {letter.recipients[0].id} --by {by}."
    if state.voided:
        people = " and ".join(_person(candidate, id_) for id_ in state.voided)
        changed = state.first_changes(letter.recipients[0].id)
        what = f"{_the(letter)} was changed after {people} approved it: {changed}."
    elif state.is_enough:
        signatory = _person(candidate, state.lacking)
        what = f"{_the(letter)} was not approved by its signatory, {signatory}."
    elif state.by:
        what = f"{_the(letter)} was approved by {len(state.by)} of {state.needed} people."
    else:
        what = f"{_the(letter)} is not approved."
    return Problem(place, what, fix)


def _person(candidate: Candidate, id_: str) -> str:
    person = candidate.project_round.round.people.get(id_)
    return person.name if person else id_


def miscounted(candidate: Candidate) -> Iterator[Problem]:
    """Forces without a letter, or with several; see `count_problems`."""
    yield from count_problems(candidate.project_round, [each.id for each in candidate.letters])


def count_problems(
    project_round: ProjectRound, ids: Collection[str], where: str = "The round"
) -> tuple[Problem, ...]:
    """Whether `ids` are those of the round's letters, each once, and each force has its letter.

    A joint letter is one letter to several forces. `where` names what holds the ids, such as "The
    manifest", so that recipients, letters, index and manifest are counted by one rule.
    """
    place = Place(f"rounds/{project_round.round.id}")
    joint = {
        force: record.forces for record in project_round.assessments for force in record.forces
    }
    wanted = {
        letter_id(joint.get(recipient.id, (recipient.id,))): None
        for recipient in project_round.recipients
    }
    found = Counter(ids)
    problems = []
    for id_ in wanted:
        if found[id_] != 1:
            many = f"{found[id_]} letters" if found[id_] else "no letter"
            what = f"{where} holds {many} '{id_}'."
            problems.append(
                Problem(place, what, "Each recipient gets one letter; make them again.")
            )
    for id_ in found.keys() - wanted.keys():
        what = f"{where} holds a letter '{id_}', which goes to no one in the round."
        problems.append(Problem(place, what, "Add the recipient, or make the letters again."))
    return tuple(problems)


def badly_built(candidate: Candidate) -> Iterator[Problem]:
    """Approved letters that a build could not make, or whose files are not those it made.

    Letters not built at all are none: publication makes its own files, of the same words. Letters
    of one state are one problem, since one build mends them all. What is on disk is read too, but
    for files with a seal: the record of a build is a file like others, which anyone can write.
    """
    states = build_states(candidate.project_round, out=candidate.out)
    built = BuildRecord.read(LocalFolder(candidate.out)).letters
    found: dict[str, list[Letter]] = {}
    for letter in candidate.finished:
        state = states[letter.id]
        if not candidate.approval(letter).approved:
            continue
        if state == State.BUILT and not built[letter.id].is_sealed:
            state = _OTHER if _says_otherwise(candidate, letter) else state
        if state in _STATES:
            found.setdefault(state, []).append(letter)
    for state, letters in found.items():
        yield _badly_built(candidate, state, letters)


def _says_otherwise(candidate: Candidate, letter: Letter) -> bool:
    """Whether a file of a built letter does not say what was approved."""
    sent, _ = candidate.editions[letter.id]
    files = {f: candidate.out / output_path(output_name(letter.id, f)) for f in FORMATS}
    return any(
        LetterFile(sent, Artifact.named(letter.id, format_, path.read_bytes())).findings
        for format_, path in files.items()
        if path.is_file()
    )


def _badly_built(candidate: Candidate, state: str, letters: Sequence[Letter]) -> Problem:
    place = Place(f"out/{candidate.project_round.round.id}/letters")
    one, many = _STATES[state]
    if len(letters) == 1:
        what, build = f"{_the(letters[0])} is {one}.", "Build it: letters build."
        place = place.at(letters[0].id)
    else:
        what = f"{len(letters)} letters are {many}: {some([each.id for each in letters])}."
        build = "Build them: letters build."
    return Problem(place, what, _FIXES.get(state, build))


_OTHER = "other words"

_STATES = {
    _OTHER: (
        "there in a file that does not say what was approved",
        "there in files that do not say what was approved",
    ),
    "out of date": ("out of date", "out of date"),
    "changed on disk": ("changed on disk", "changed on disk"),
    "draft": (
        "built as a draft only, though it is approved",
        "built as drafts only, though they are approved",
    ),
    "failed": ("one that the last build could not make", "not made by the last build"),
    "edited": ("edited by hand in Word", "edited by hand in Word"),
}
"""States that speak against publication: in words for one letter, and for several."""

_FIXES = {
    _OTHER: "Build again: letters build --fresh.",
    "failed": "Build again and see what stops it: letters build.",
    "edited": "Carry the change into the record or wording, or build with --discard-edits.",
}


def unsound_files(candidate: Candidate) -> Iterator[Problem]:
    """What validators find in the published edition of approved letters, in every format.

    Files that are there as a command made them passed the same rules then.
    """
    found: dict[str, list[str]] = {}
    for files in candidate.files.values():
        if isinstance(files, Problem):
            yield files
            continue
        for each in files.values():
            for finding in each.findings:
                found.setdefault(str(finding), []).append(each.file.name)
    yield from validated(candidate.project_round, found)


def validated(
    project_round: ProjectRound, found: Mapping[str, Sequence[str]]
) -> tuple[Problem, ...]:
    """Findings as reasons against publication: each once, with the files it was made in."""
    place = Place(f"out/{project_round.round.id}")
    return tuple(
        Problem(place, f"A check found in {_files(names)}: {finding}", "Correct the layout.")
        for finding, names in found.items()
    )


def _files(names: Sequence[str]) -> str:
    others = len(names) - 1
    return f"{names[0]} and {others} more" if others else names[0]


def _the(letter: Letter) -> str:
    return f"The letter to {' and '.join(recipient.name for recipient in letter.recipients)}"
