"""Commands in any order, killed at any step, two at once: nothing that one confirmed is ever lost.

Real processes work on a small project. After each step what is on disk is held against what the
commands said: approvals, notes and withdrawals, a site that is whole, and nothing left over.
"""

from __future__ import annotations

import os
import random
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, replace
from itertools import count, permutations, product
from pathlib import Path
from tempfile import mkdtemp
from typing import ClassVar

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    rule,
    run_state_machine_as_test,
)

from letters import Project
from letters.ledger import Ledger, read_ledger
from letters.publish.manifest import compare, read_facts
from tests.builders import changed, contents, write
from tests.killing import digests, is_left
from tests.rounds.found_property import ROUND, a_publishable, out_of, round_folder, site_of
from tests.rounds.stages import run

HERE = Path(__file__).parents[1]
ENVIRONMENT = {**os.environ, "PYTHONPATH": str(HERE), "PYTHONIOENCODING": "utf-8"}
PATIENCE = 300
"""Seconds until a command that hangs is a failure; all of them end by themselves long before."""

DIES = """\
import os, sys
from pathlib import Path
from tests.killing import die_at
from letters.cli import main
step, root, *rest = sys.argv[1:]
sys.argv[1:] = ["-C", root, *rest]
die_at(int(step), Path(root), os.open(os.devnull, os.O_WRONLY))
main()
"""

PEOPLE = ("kite", "hale")
LETTERS = {"northmoor": "northmoor", "southmoor": "southmoor", "eastmere-and-westmere": "eastmere"}
"""Each letter, and a force that it goes to."""

FINDINGS = {
    "northmoor": ("All is well.", "Most is well.", "Some is well."),
    "southmoor": ("Nothing is *labelled*.", "Little is *labelled*.", "Much is *labelled*."),
    "eastmere-and-westmere": ("The store is shared.", "The store is new.", "The store is old."),
}
WORDINGS = ("We looked at how", "We asked how", "We saw how")

STEPS = {"approve": 16, "build": 36, "publish": 58, "withdraw": 54, "review": 10, "dispatch": 8}
"""How many changes of files a command comes to, roughly: where it may be killed."""

APPROVING = tuple(
    ("approve", *forces, "--by", by, *back)
    for by in PEOPLE
    for forces in ((), ("northmoor",), ("southmoor", "westmere"))
    for back in ((), ("--revoke",))
)
WITHDRAWING = tuple(("withdraw", force, "--note", "NOTE") for force in LETTERS.values())
PUBLISHING = (
    ("publish", "--note", "NOTE"),
    ("publish", "--stage", "--note", "NOTE"),
)
OTHERS = (
    ("build",),
    ("build", "southmoor", "--only", "html"),
    ("check",),
    ("review",),
    ("dispatch", "--for-accuracy-check"),
)
Typed = tuple[str, ...]
TYPED = (*APPROVING, *WITHDRAWING * 3, *PUBLISHING, ("publish",), *OTHERS)
ACTS = (
    *("change and publish", "publish", "run") * 3,
    "change the wording",
    "delete what is staged",
)

Given = frozenset[tuple[str, str, str]]
"""Approvals: the letter, the words that it had, who gave it."""


@dataclass(frozen=True)
class Command:
    """What is typed after `letters`, and the change of files that it is killed at; 0 for none."""

    arguments: tuple[str, ...]
    dies_at: int = 0

    @property
    def name(self) -> str:
        return self.arguments[0]

    def given(self, before: Given, words: Mapping[str, str]) -> Given:
        """The approvals there are once it has been done."""
        if self.name != "approve":
            return before
        by = self.arguments[self.arguments.index("--by") + 1]
        forces = self.arguments[1 : self.arguments.index("--by")]
        asked = {i for i in LETTERS if not forces or any(f in i for f in forces)}
        if "--revoke" in self.arguments:
            return frozenset(each for each in before if each[0] not in asked or each[2] != by)
        kept = {each for each in before if each[0] not in asked or each[1] == words[each[0]]}
        return frozenset(kept | {(id_, words[id_], by) for id_ in asked})


@dataclass(frozen=True)
class Ended:
    """A command that has ended, or was killed, and all that it printed."""

    command: Command
    status: int
    said: str

    @property
    def is_killed(self) -> bool:
        return self.status == -9

    @property
    def is_done(self) -> bool:
        return self.status == 0

    def __str__(self) -> str:
        dies = f" (killed at {self.command.dies_at})" if self.command.dies_at else ""
        return f"{' '.join(self.command.arguments)}{dies} -> {self.status}\n{self.said}"


class Promises:
    """What commands said that they did, held against what is on disk."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.finding = {id_: texts[0] for id_, texts in FINDINGS.items()}
        self.wording = WORDINGS[0]
        self.given: Given = frozenset()
        self.words_of: dict[tuple[str, str], str] = {}
        self.notes: set[str] = set()
        self.promised: set[tuple[str, str]] = set()
        self.withdrawn: dict[str, str] = {}
        self.ledger, self.identities = Ledger(), dict[str, set[str]]()
        self.verified: Mapping[str, bytes] = {}

    @property
    def words(self) -> dict[str, str]:
        """What tells the words of each letter now from those that it had."""
        return {id_: f"{self.wording} {finding}" for id_, finding in self.finding.items()}

    def start(self) -> None:
        """Take what is there as it is."""
        self.given, self.identities = self._approvals()
        self.ledger = self._ledger()

    def look(self, ended: Sequence[Ended]) -> None:
        """Hold all against what these commands, which were there at once, said."""
        for each in ended:
            assert "Traceback" not in each.said
            always = each.command.name in ("approve", "build", "review", "check", "dispatch")
            assert each.is_killed or each.status in ((0,) if always else (0, 1))
        self._look_at_approvals(ended)
        self._look_at_ledger(ended)
        self._look_at_site(ended)
        if any(each.is_killed for each in ended):
            before = self._approvals()[0]
            assert run("-C", self.root, "status")[0] == 0
            assert self._approvals()[0] == before
        assert not [path for path in digests(self.root) if is_left(path)]

    def _approvals(self) -> tuple[Given, dict[str, set[str]]]:
        signed = Project.load(self.root).round().signed
        found = set()
        for id_, entry in signed.items():
            key = (id_, entry.digest)
            if key not in self.words_of:  # words never approved before are those of now
                assert (id_, self.words[id_]) not in {
                    (other, words) for (other, _), words in self.words_of.items()
                }
                self.words_of[key] = self.words[id_]
            found |= {(id_, self.words_of[key], each.by) for each in entry.approvals}
        identities = {id_: {a.identity for a in entry.approvals} for id_, entry in signed.items()}
        return frozenset(found), identities

    def _look_at_approvals(self, ended: Sequence[Ended]) -> None:
        """Those there are follow from what was done, in one order or the other."""
        possible = set()
        for order in permutations(ended):
            for is_done in product(*([True, False] if e.is_killed else [e.is_done] for e in order)):
                given = self.given
                for each, done in zip(order, is_done, strict=True):
                    given = each.command.given(given, self.words) if done else given
                possible.add(given)
        found, self.later = self._approvals()
        assert found in possible
        self.given = found

    def _ledger(self) -> Ledger:
        return read_ledger(Project.load(self.root).round())

    def _look_at_ledger(self, ended: Sequence[Ended]) -> None:
        before, now = self.ledger, self._ledger()
        self.notes |= {each.command.arguments[-1] for each in ended}
        for id_, entry in before.letters.items():
            assert now.letters[id_].first == entry.first
        self._look_at_withdrawals(now, ended)
        for each in ended:
            if each.is_done:
                self._promise(now, each)
        for id_ in LETTERS:
            told = [change.note for change in now.letters[id_].history] if now.letters else []
            assert {note for letter, note in self.promised if letter == id_} <= {*told}
        self.ledger, self.identities = now, self.later

    def _look_at_withdrawals(self, now: Ledger, ended: Sequence[Ended]) -> None:
        """Each letter withdrawn still is, unless a publication brought it back, approved again."""
        for id_, note in list(self.withdrawn.items()):
            withdrawal = now.letters[id_].withdrawn
            if withdrawal and withdrawal.note == note:
                continue
            known = self.ledger.letters[id_].known or ()
            given = self.identities.get(id_, set()) | self.later.get(id_, set())
            assert given - set(known)
            assert any(each.command.name == "publish" for each in ended)
            del self.withdrawn[id_]

    def _promise(self, now: Ledger, ended: Ended) -> None:
        """Note down what a command that was done said of the ledger."""
        if found := re.search(r"^Withdrew the letter of ([a-z-]+)\.", ended.said, re.MULTILINE):
            withdrawal = now.letters[found[1]].withdrawn
            assert withdrawal
            assert withdrawal.note in self.notes
            self.withdrawn[found[1]] = withdrawal.note
            self.promised.add((found[1], f"Withdrawn: {withdrawal.note}"))
        elif re.search("^Published", ended.said, re.MULTILINE):
            said = re.search(r"^Changed: ([a-z, -]+)\.$", ended.said, re.MULTILINE)
            for id_ in said[1].split(", ") if said else ():
                notes = [each.note for each in now.letters[id_].history if each.note in self.notes]
                own = ended.command.arguments[-1] if "--note" in ended.command.arguments else ""
                assert notes  # of what was staged, the note is older
                self.promised.add((id_, own or notes[-1]))

    def _look_at_site(self, ended: Sequence[Ended]) -> None:
        site = site_of(self.root)
        files = contents(site)
        if not files:
            assert not self.verified  # it was there before
            return
        if files != self.verified:
            assert compare(site) == ()
            status, said = run("verify", site)
            assert (status, "every file as published" in said) == (0, True), said
            self.verified = files
        facts = read_facts(files)
        assert facts
        for letter in facts.letters:
            if letter.id in self.withdrawn:
                names = [name for name in files if letter.id in Path(name).name]
                assert names == [f"letters/{letter.id}.html"]
                assert self.withdrawn[letter.id] in files[names[0]].decode()
            entry = self.ledger.letters[letter.id]
            if not _is_killed(ended) and any(_changes_site(each) for each in ended):
                assert (letter.history, letter.withdrawn) == (entry.history, entry.withdrawn)


def _is_killed(ended: Sequence[Ended]) -> bool:
    return any(each.is_killed for each in ended)


def _changes_site(ended: Ended) -> bool:
    return ended.is_done and "Published" in ended.said


class Commands(RuleBasedStateMachine):
    """A project, and whatever is done to it."""

    base: ClassVar[Path]
    """The project to begin with, which stays as it is."""
    where: ClassVar[Path]
    """The folder for the copies that are worked on."""

    def __init__(self) -> None:
        super().__init__()
        self.root = Path(mkdtemp(dir=self.where)) / "project"
        shutil.copytree(self.base, self.root)
        self.promises = Promises(self.root)
        self.steps, self.numbers, self.log = count(), count(1), list[str]()

    @initialize(is_published=st.sampled_from((True, True, False)))
    def begin(self, is_published: bool) -> None:
        if not is_published:
            shutil.rmtree(out_of(self.root))
            (round_folder(self.root) / "published.json").unlink()
        self.promises.start()

    @rule(seed=st.integers(0, 2**32))
    def step(self, seed: int) -> None:
        """Do the next thing. One draw decides it, with its place in the run: of few runs, one would
        else draw the same for each step, and others leave most commands out.
        """
        chance = random.Random(f"{seed} {next(self.steps)}")
        act, arguments = chance.choice(ACTS), chance.choice(TYPED)
        if act == "change the wording":
            self.change_wording(chance.randrange(3))
        elif act == "delete what is staged":
            shutil.rmtree(out_of(self.root) / "staged", ignore_errors=True)
        else:
            if act == "change and publish":
                self.change_record(chance.choice([*LETTERS]), chance.randrange(3))
                arguments = chance.choice(PUBLISHING)
            if act == "publish":
                arguments = ("publish",)
            if "publish" in act:
                self.make_ready(again=chance.random() < 0.3)
            how = chance.choice(("killed", "together", "killed, together", "whole"))
            share = chance.randrange(chance.choice((0, 70)), 100)  # the last steps matter most
            self.do(arguments, how, share, chance.choice(TYPED))

    def make_ready(self, *, again: bool) -> None:
        """Have all approved and built; `again`, so that what was withdrawn comes back."""
        sign = ("approve", "--by", PEOPLE[0])
        for typed in (*(((*sign, "--revoke"),) if again else ()), sign, ("build", "--jobs", "1")):
            status, said = run("-C", self.root, *typed)
            self._look([Ended(Command(typed), status, said)])

    def do(self, arguments: Typed, how: str, share: int = 0, other: Typed = ("check",)) -> None:
        """Run a command: whole or killed once a share of its steps is done; with another or not."""
        step = 1 + share * STEPS.get(arguments[0], 1) // 100 if "killed" in how else 0
        others = [Command(other)] if "together" in how else []
        commands = [self._noted(each) for each in (Command(arguments, step), *others)]
        self._look(list(self._ended(commands)))

    def change_record(self, id_: str, number: int) -> None:
        path = round_folder(self.root) / "assessments.csv"
        old, new = self.promises.finding[id_], FINDINGS[id_][number]
        write(path, changed(path.read_text("utf-8"), old, new))
        self.promises.finding[id_] = new

    def change_wording(self, number: int) -> None:
        path = self.root / "templates/found-property/letter.md"
        write(path, changed(path.read_text("utf-8"), self.promises.wording, WORDINGS[number]))
        self.promises.wording = WORDINGS[number]

    def _noted(self, command: Command) -> Command:
        note = f"Reason {next(self.numbers)}."
        arguments = tuple(note if each == "NOTE" else each for each in command.arguments)
        return replace(command, arguments=arguments)

    def _ended(self, commands: Sequence[Command]) -> Iterator[Ended]:
        with ExitStack() as stack:
            started = [stack.enter_context(self._started(each)) for each in commands]
            for command, process in zip(commands, started, strict=True):
                said, _ = process.communicate(timeout=PATIENCE)
                yield Ended(command, process.returncode, said)

    def _started(self, command: Command) -> subprocess.Popen[str]:
        dies = ("-c", DIES, str(command.dies_at), str(self.root))
        own = dies if command.dies_at else ("-m", "letters", "-C", str(self.root))
        return subprocess.Popen(
            [sys.executable, *own, *command.arguments],
            cwd=HERE,
            env=ENVIRONMENT,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            encoding="utf-8",
        )

    def _look(self, ended: Sequence[Ended]) -> None:
        self.log.append("\n".join(map(str, ended)))
        try:
            self.promises.look(ended)
        except BaseException as error:
            error.add_note("\n".join(["What was done:", *self.log]))
            raise

    def teardown(self) -> None:
        shutil.rmtree(self.root.parent)


@pytest.fixture(scope="module")
def base(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Three letters, approved, built and published."""
    root = tmp_path_factory.mktemp("stateful") / "base"
    round_ = ROUND.replace("March 2026", "March 2020")
    round_ = changed(round_, "people:\n", "people:\n  hale:\n    name: Robin Hale\n")
    a_publishable(root, round=round_)
    mail = "Subject: {{ round_title }}\n\nPlease say whether it is right.\n"
    write(root / "templates/found-property/accuracy-check.txt", mail)
    for arguments in (("approve", "--by", "kite"), ("build", "--jobs", "1"), ("publish",)):
        assert run("-C", root, *arguments)[0] == 0
    return root


@pytest.fixture
def machine(base: Path, tmp_path: Path) -> type[Commands]:
    """The commands, on copies of a project of their own."""

    class Here(Commands):
        pass

    Here.base, Here.where = base, tmp_path
    return Here


def test_a_few_commands_lose_nothing(machine: type[Commands]) -> None:
    commands = machine()
    commands.begin(is_published=True)
    withdrawal, both = ("withdraw", "southmoor", "--note", "NOTE"), ("approve", "--by", "hale")
    commands.do(withdrawal, "killed", 60)
    commands.do(withdrawal, "whole")
    commands.change_record("northmoor", 1)
    commands.do(both, "together", 0, ("approve", "northmoor", "--by", "kite"))
    commands.teardown()


@pytest.mark.long
def test_commands_in_any_order_lose_nothing(machine: type[Commands]) -> None:
    run_state_machine_as_test(
        machine,
        settings=settings(
            max_examples=6,
            stateful_step_count=16,
            derandomize=True,
            deadline=None,
            database=None,
            phases=[Phase.generate],
            suppress_health_check=list(HealthCheck),
        ),
    )
