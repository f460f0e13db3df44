"""Who may ask the preview what, that it serves what build writes, and how it starts and ends."""

from __future__ import annotations

import os
import re
import shutil
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import anyio
import pytest
from click.testing import CliRunner

from letters import BuildOptions, Project, build_round
from letters.cli import cli
from letters.preview.app import LETTER_POLICY, PAGE_POLICY, listening
from letters.preview.state import News, Selection, Tabs
from tests.preview.serving import GUARD, Served, served

ROOT = Path(__file__).parents[2]
FORMATS = ("docx", "pdf", "html")


@pytest.fixture(scope="module")
def preview(tmp_path_factory: pytest.TempPathFactory, example_project: Path) -> Iterator[Served]:
    """A preview of the example of 43 letters, in a copy of its own."""
    folder = tmp_path_factory.mktemp("pré view") / "the example"
    shutil.copytree(example_project, folder)
    with served(folder) as started:
        started.until(lambda said: said["letters"])
        yield started


@pytest.mark.parametrize("format_", FORMATS)
def test_what_is_served_is_what_build_writes(
    preview: Served, example_out: Path, format_: str
) -> None:
    files = sorted((example_out / "letters").glob(f"*.{format_}"))
    assert len(files) == 43
    shown = files if format_ != "pdf" else files[::6]  # a PDF takes 50 ms
    differing = [f for f in shown if preview.get(f"/letters/{f.name}").content != f.read_bytes()]
    assert differing == []


@pytest.mark.parametrize(
    ("host", "status"),
    [
        ("{host}", 200),
        ("localhost:{port}", 200),
        ("127.0.0.1", 421),
        ("127.0.0.1:1", 421),
        ("letters.example", 421),
        ("letters.example:{port}", 421),
        ("{host}.letters.example", 421),
        ("", 421),
    ],
)
def test_only_its_own_names_lead_to_it(preview: Served, host: str, status: int) -> None:
    own = preview.address.removeprefix("http://")
    asked = host.format(host=own, port=own.split(":")[1])
    for path in ("/", "/overview.json", "/events", "/letters/averlund.pdf"):
        if status != 200 or path != "/events":
            assert preview.get(path, Host=asked).status == status


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({}, 200),
        ({"Sec_Fetch_Site": "none"}, 200),
        ({"Sec_Fetch_Site": "same-origin"}, 200),
        ({"Sec_Fetch_Site": "same-site"}, 403),
        ({"Sec_Fetch_Site": "cross-site"}, 403),
        ({"Origin": "https://letters.example"}, 403),
        ({"Origin": "http://127.0.0.1:1"}, 403),
        ({"Origin": "null"}, 403),
    ],
)
def test_pages_of_others_are_refused(preview: Served, headers: dict[str, str], status: int) -> None:
    assert preview.get("/letters/averlund.html", **headers).status == status


def test_its_own_origin_may_ask(preview: Served) -> None:
    assert preview.get("/overview.json", Origin=preview.address).status == 200


@pytest.mark.parametrize(
    "path",
    [
        "/recipients.yaml",
        "/../recipients.yaml",
        "/letters/../recipients.yaml",
        "/letters/..%2f..%2frecipients.yaml",
        "/letters/%2e%2e/recipients.yaml",
        "/letters/../../etc/passwd",
        "/letters//etc/passwd.pdf",
        "/letters/averlund.yaml",
        "/letters/averlund.pdf%00.html",
        "/letters/nobody.pdf",
        "/letters/nobody/shown.json",
        "/letters/averlund/shown.json?format=../x",
        "/pages/..%2f..%2fpage.html.png",
        "/pages/0.png",
        "/page/page.js",
        "/page.html",
        "/%2e%2e/page.css",
    ],
)
def test_no_path_leads_to_a_file(preview: Served, path: str) -> None:
    answer = preview.get(path)
    assert answer.status == 404
    assert answer.content in (b"Not Found", b"There is nothing at this address.")


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "PATCH", "OPTIONS"])
def test_nothing_is_taken(preview: Served, method: str) -> None:
    assert preview.get("/overview.json", method=method).status == 405


@pytest.mark.parametrize(
    ("path", "policy"),
    [
        ("/", PAGE_POLICY),
        ("/page.js", PAGE_POLICY),
        ("/nothing", PAGE_POLICY),
        ("/letters/averlund.pdf", PAGE_POLICY),
        ("/letters/averlund.html", LETTER_POLICY),
    ],
)
def test_every_answer_bears_its_policy(preview: Served, path: str, policy: str) -> None:
    headers = preview.get(path).headers
    assert headers["content-security-policy"] == policy
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["cross-origin-resource-policy"] == "same-origin"


def test_the_policies_let_nothing_in() -> None:
    assert "default-src 'none'" in PAGE_POLICY
    assert "default-src 'none'" in LETTER_POLICY
    assert "script-src 'self'" in PAGE_POLICY
    assert "script" not in LETTER_POLICY.replace("sandbox allow-same-origin", "")
    assert "unsafe-eval" not in PAGE_POLICY + LETTER_POLICY
    assert "http" not in PAGE_POLICY + LETTER_POLICY


def test_files_have_their_names_and_types(preview: Served) -> None:
    named = {f: preview.get(f"/letters/averlund.{f}").headers for f in FORMATS}
    assert named["pdf"]["content-type"] == "application/pdf"
    assert named["pdf"]["content-disposition"] == 'inline; filename="averlund.pdf"'
    assert named["docx"]["content-disposition"] == 'attachment; filename="averlund.docx"'
    assert named["html"]["content-type"] == "text/html; charset=utf-8"


def preview_process(folder: Path, *, before: str = "") -> tuple[subprocess.Popen[str], str]:
    """A preview in a process of its own, in which `before` is run first, and its address."""
    code = f"{before}\nfrom letters.cli import main\nmain()"
    run = subprocess.Popen(
        [sys.executable, "-c", code, "-C", str(folder), "preview", "ashmere", "--no-browser"],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env={**os.environ, "PYTHONUNBUFFERED": "1", "PYTHONPATH": str(ROOT)},
    )
    assert run.stdout
    line = run.stdout.readline()
    found = re.fullmatch(
        r"Preview at (http://127\.0\.0\.1:\d+)/#ashmere \(Ctrl-C ends it\)\n", line
    )
    assert found
    return run, found[1]


def ended_by_ctrl_c(run: subprocess.Popen[str]) -> tuple[int, str, str]:
    """The status of a process after Ctrl-C, and what it said since."""
    run.send_signal(signal.SIGINT)
    status = run.wait(GUARD)
    return status, *run.communicate(timeout=GUARD)  # the pipes are its children's too


@pytest.mark.parametrize("listens", [False, True])
def test_ctrl_c_ends_it_at_once(starter: Path, listens: bool) -> None:
    run, address = preview_process(starter)
    tab = _listening_tab(address) if listens else None
    assert ended_by_ctrl_c(run) == (0, "", "")
    if tab:
        tab.close()


AT_WORK = """
import threading
from letters.preview.state import PreviewState
def {work}(*_):
    print("at work")
    threading.Event().wait()
PreviewState.{work} = {work}
"""
"""Work that is begun and never done."""


@pytest.mark.parametrize("work", ["read", "overview"])
def test_ctrl_c_waits_for_no_work(starter: Path, work: str) -> None:
    run, address = preview_process(starter, before=AT_WORK.format(work=work))
    host, port = address.removeprefix("http://").split(":")
    with socket.create_connection((host, int(port))) as browser:
        browser.sendall(f"GET /overview.json HTTP/1.1\r\nHost: {host}:{port}\r\n\r\n".encode())
        assert run.stdout
        assert run.stdout.readline() == "at work\n"
        assert ended_by_ctrl_c(run) == (0, "", "")


def test_a_tab_misses_nothing_that_comes_while_it_is_opened() -> None:
    tabs = Tabs()

    async def first() -> News:
        for tab in tabs.listening():
            tab.news.put_nowait(("epoch", {"epoch": 2}))
        return "epoch", {"epoch": 1}

    async def told() -> list[str]:
        stream = tabs.listen("a", Selection(), first)
        return [await anext(stream), await anext(stream)]

    assert anyio.run(told) == [f'event: epoch\ndata: {{"epoch": {n}}}\n\n' for n in (1, 2)]


def _listening_tab(address: str) -> socket.socket:
    """A connection that has been told of the first epoch and goes on listening."""
    host, port = address.removeprefix("http://").split(":")
    tab = socket.create_connection((host, int(port)))
    tab.sendall(f"GET /events?tab=a HTTP/1.1\r\nHost: {host}:{port}\r\n\r\n".encode())
    seen = b""
    while b"event: epoch" not in seen:
        seen += tab.recv(4096)
    return tab


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["ashmeer"], "'ashmeer' is not a force of round first-round. Did you mean 'ashmere'?"),
        (["-r", "first-rond"], "There is no round 'first-rond'. Did you mean 'first-round'?"),
    ],
)
def test_wrong_usage_is_told(starter: Path, arguments: list[str], message: str) -> None:
    run = CliRunner().invoke(cli, ["-C", str(starter), "preview", "--no-browser", *arguments])
    assert run.exit_code == 2
    assert run.stderr == f"letters: {message}\n"


def test_a_port_in_use_is_told(starter: Path) -> None:
    with listening(0) as taken:
        port = taken.getsockname()[1]
        arguments = ["-C", str(starter), "preview", "--no-browser", "--port", str(port)]
        run = CliRunner().invoke(cli, arguments)
    assert run.exit_code == 2
    assert run.stderr.startswith(f"letters: Port {port} cannot be used: ")
    assert run.stderr.endswith("Name another with --port, or leave it out.\n")


def test_a_project_too_faulty_to_load_is_served_until_it_is_mended(starter: Path) -> None:
    file = starter / "rounds/first-round/round.yaml"
    sound = file.read_text(encoding="utf-8")
    file.write_text("title: [", encoding="utf-8")
    project = Project.load(starter)
    assert project.unreadable
    with served(starter) as started:
        started.until(lambda said: said["problems"])
        file.write_text(sound, encoding="utf-8")
        said = started.until(lambda said: said["letters"])
        assert said["problems"] == []


def test_a_build_meanwhile_shows_in_the_states(starter: Path) -> None:
    with served(starter) as started:
        said = started.until(lambda said: said["letters"])
        assert said["letters"][0]["state"] == "not built"
        project = Project.load(starter)
        build_round(project, project.round(None), BuildOptions(formats=["html"]))
        assert [e["state"] for e in started.overview()["letters"]] == ["draft", "draft", "awaiting"]
