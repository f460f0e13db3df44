"""The page on Word happens as it says, with a letter that an editor changed and commented."""

from pathlib import Path
from shutil import copy

from letters import BuildOptions, Project, build_round
from tests.docs.test_docs import console, run, steps, text_of
from tests.word.returning import gone, ins, rewrite
from tests.word.returning import run as words
from tests.word.test_remarks import comment


def test_the_page_on_word_happens_as_it_says(starter: Path) -> None:
    project = Project.load(starter)
    build_round(project, project.round(), BuildOptions(formats=["docx"]))
    path = starter / "returned/ashmere-with-changes.docx"
    path.parent.mkdir()
    copy(starter / "out/first-round/letters/ashmere.docx", path)
    found = "Your plan names an owner and a date for each action."
    rewrite(
        path,
        found,
        words("Your plan names ")
        + gone("an owner")
        + ins("a person")
        + words(" and a date for each action."),
    )
    heard = "We are pleased to find that you have a plan in place, dated 12 January 2026."
    rewrite(path, heard, words("We are ") + gone("pleased") + ins("glad") + words(heard[14:]))
    comment(path, "Is this agreed?", about="for each action")
    shown, seen = "", ""
    for language, _, content in steps(text_of("word.md")):
        for command, output in console(content) if language == "console" else ():
            _, printed = run(command, starter)
            shown += f"$ {command}\n{output}"
            seen += f"$ {command}\n{printed}"
    assert seen == shown
    assert "letters take-back" in shown
