"""What every command shares: options that may stand anywhere, the help, shell completion."""

from __future__ import annotations

import logging
import shlex
import sys
from collections.abc import Mapping
from pathlib import Path, PurePath
from typing import Any, NoReturn

import click
from click.shell_completion import CompletionItem

from letters.cli.answer import answer
from letters.files import find_root, round_folders

log = logging.getLogger("letters")
LOG_LINE = "%(asctime)s %(levelname)s %(name)s: %(message)s"


def _folder(context: click.Context, _: click.Parameter, value: Path | None) -> None:
    """Take the project's folder, wherever -C stands; a folder that is not there is refused."""
    root = context.find_root()
    answer().command = context.command_path.removeprefix(root.command_path).strip() or "letters"
    if value is None:
        return
    if not value.is_dir() and not context.resilient_parsing:
        refuse(f"There is no folder '{value}'.")
    context.obj = value


def refuse(why: str, code: int = 2) -> NoReturn:
    """End a run that cannot be carried out as asked, with this exit status."""
    answer().error = why
    if not answer().as_json:
        click.echo(f"letters: {why}", err=True)
    sys.exit(code)


def _as_json(_context: click.Context, _: click.Parameter, value: bool) -> None:
    answer().as_json |= value


def _quiet(_context: click.Context, _: click.Parameter, value: bool) -> None:
    answer().is_quiet |= value


def _verbose(_context: click.Context, _: click.Parameter, value: int) -> None:
    if value:
        _log_to(logging.StreamHandler(), logging.DEBUG if value > 1 else logging.INFO)


def _log_file(context: click.Context, _: click.Parameter, value: Path | None) -> None:
    if value is None or context.resilient_parsing:
        return
    try:
        _log_to(logging.FileHandler(value, encoding="utf-8"), logging.DEBUG)
    except OSError as error:
        refuse(f"The log cannot be written to {value}: {error.strerror}.")


def _log_to(handler: logging.Handler, level: int) -> None:
    """Write the log of this run to `handler` too, until the run ends."""
    handler.setLevel(level)
    handler.setFormatter(logging.Formatter(LOG_LINE))
    answer().handlers.append(handler)
    log.addHandler(handler)
    log.setLevel(logging.DEBUG)


def _close_logs() -> None:
    for handler in answer().handlers:
        log.removeHandler(handler)
        handler.close()


def shared_options() -> list[click.Option]:
    """The options that may stand before and after a command."""
    kinds: list[tuple[tuple[str, ...], dict[str, Any]]] = [
        (
            ("-C", "folder_"),
            {
                "metavar": "DIR",
                "callback": _folder,
                "type": click.Path(path_type=Path),
                "help": "The project: the folder, or one inside it, that holds recipients.yaml.",
            },
        ),
        (
            ("--json", "as_json_"),
            {"is_flag": True, "callback": _as_json, "help": "Answer in JSON."},
        ),
        (
            ("-q", "--quiet", "quiet_"),
            {"is_flag": True, "callback": _quiet, "help": "Print problems alone."},
        ),
        (
            ("-v", "--verbose", "verbose_"),
            {"count": True, "callback": _verbose, "help": "Tell what is done; -vv tells more."},
        ),
        (
            ("--log-file", "log_file_"),
            {
                "metavar": "FILE",
                "callback": _log_file,
                "type": click.Path(path_type=Path, dir_okay=False),
                "help": "Add what is done, in detail, to FILE.",
            },
        ),
    ]
    return [click.Option(names, expose_value=False, **facts) for names, facts in kinds]


def share(command: click.Command) -> None:
    """Give a command, and those under it, the shared options, after its own."""
    command.params += shared_options()
    if isinstance(command, click.Group):
        for each in command.commands.values():
            share(each)


def complete_rounds(context: click.Context, _: click.Parameter, begun: str) -> list[CompletionItem]:
    """The rounds of the project whose names begin so."""
    root = find_root(context.obj or Path())
    ids = [path.name for path in round_folders(root)] if root else []
    return [CompletionItem(id_) for id_ in ids if id_.startswith(begun)]


def complete_forces(context: click.Context, _: click.Parameter, begun: str) -> list[CompletionItem]:
    """The forces of the project whose ids begin so, each with its name."""
    from letters.project.recipients import read_recipients

    root = find_root(context.obj or Path())
    known = read_recipients(root, []).by_id if root else {}
    return [CompletionItem(id_, help=r.name) for id_, r in known.items() if id_.startswith(begun)]


def _round_name(_context: click.Context, _option: click.Parameter, value: str | None) -> str | None:
    """A round's name, though a shell completed it to the path of its folder."""
    if value:
        answer().round_id = PurePath(value).name
    return answer().round_id


round_option = click.option(
    "-r",
    "--round",
    "round_id",
    metavar="ROUND",
    callback=_round_name,
    shell_complete=complete_rounds,
    help="The round's folder name.",
)

forces_argument = click.argument(
    "forces", metavar="[FORCE]...", nargs=-1, shell_complete=complete_forces
)


def pasted(folder: Path, command: str) -> str:
    """A command as it can be pasted where this one was given: with the project's folder."""
    where = "" if folder == Path() else f" -C {shlex.quote(str(folder))}"
    return f"letters{where} {command}"


STEPS: Mapping[str, Mapping[str, str]] = {
    "Begin": {
        "new": "letters new my-letters",
        "recipients": "letters recipients import forces.xlsx",
        "new-round": "letters new-round 2027-welfare --from 2026-welfare",
        "sheet": "letters sheet -r 2026-welfare",
    },
    "Write and look": {
        "check": "letters check",
        "preview": "letters preview kent",
        "build": "letters build kent essex",
        "status": "letters status",
        "diff": "letters diff kent",
        "take-back": "letters take-back kent.docx",
        "comments": 'letters comments --reply 1 "Agreed; it is changed."',
    },
    "Approve and send": {
        "review": "letters review",
        "approve": "letters approve kent --by lowe",
        "dispatch": "letters dispatch --for-accuracy-check",
    },
    "Publish": {
        "numbers": "letters numbers",
        "claims": "letters claims",
        "publish": "letters publish --stage",
        "verify": "letters verify out",
        "withdraw": 'letters withdraw kent --note "It named a witness."',
    },
    "Help": {
        "compare": "letters compare last-year/ out/2026-welfare/letters/",
        "schema": "letters schema",
        "doctor": "letters doctor",
    },
}
"""The commands in the order of the work, each with an example."""


WHOLE = 1_000  # characters of a summary; none is cut


class InWorkingOrder(click.Group):
    """A group whose help lists its commands in the order of the work, with whole summaries."""

    def format_commands(
        self,
        ctx: click.Context,  # noqa: ARG002  (as click calls it)
        formatter: click.HelpFormatter,
    ) -> None:
        """Write the commands, step by step."""
        for step, names in STEPS.items():
            commands = [(name, self.commands[name]) for name in names if name in self.commands]
            with formatter.section(step):
                formatter.write_dl([(n, c.get_short_help_str(limit=WHOLE)) for n, c in commands])

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """Find the command asked for; a round named before one that is about none is refused."""
        name, command, rest = super().resolve_command(ctx, args)
        takes_round = command and any(each.name == "round_id" for each in command.params)
        if answer().round_id and not takes_round:
            ctx.fail(f"'{name}' is about no round: leave -r out.")
        return name, command, rest

    def invoke(self, ctx: click.Context) -> Any:
        """Run the command, and answer in JSON where that was asked for."""
        names, code = sys.argv[1:], 0
        log.debug("letters %s", names)
        try:
            return super().invoke(ctx)
        except SystemExit as ended:
            code = ended.code if isinstance(ended.code, int) else 1
            raise
        except click.UsageError as error:
            if not answer().as_json:
                raise
            answer().error, code = error.format_message(), error.exit_code
            sys.exit(code)
        finally:
            self._end(code)

    def _end(self, code: int) -> None:
        log.info("ended with exit status %d", code)
        _close_logs()
        if answer().as_json and not isinstance(sys.exc_info()[1], click.exceptions.Exit):
            answer().print(code)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Return a command, with its example under its help."""
        command = super().get_command(ctx, cmd_name)
        examples = {name: each for names in STEPS.values() for name, each in names.items()}
        if command is not None and cmd_name in examples:
            command.epilog = f"Example: {examples[cmd_name]}"
        return command
