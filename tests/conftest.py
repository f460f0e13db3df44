"""Projects that many tests share."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from filelock import FileLock

from letters import Project, build_round
from letters.new import new_project
from tests.rounds.follow_up import publish_example


@pytest.fixture(scope="session", autouse=True)
def _own_state(tmp_path_factory: pytest.TempPathFactory, worker_id: str) -> Iterator[None]:
    """The user's own key is one of the tests, the same for all test workers."""
    base = tmp_path_factory.getbasetemp()
    with pytest.MonkeyPatch.context() as patch:
        folder = (base if worker_id == "master" else base.parent) / "state"
        patch.setenv("XDG_STATE_HOME", str(folder))
        yield


@pytest.fixture
def starter(tmp_path: Path) -> Path:
    """A starter project of its own, in a folder with spaces and accents."""
    folder = tmp_path / "a project – é"
    new_project(folder)
    return folder


@pytest.fixture(scope="session")
def example_project(tmp_path_factory: pytest.TempPathFactory, worker_id: str) -> Path:
    """The example project with all its letters built, once for all test workers. Read only."""
    base = tmp_path_factory.getbasetemp()
    folder = (base if worker_id == "master" else base.parent) / "example"
    with FileLock(folder.with_suffix(".lock")):
        if not (folder / "out/done").exists():
            new_project(folder, example=True)
            project = Project.load(folder)
            build_round(project, project.round(None))
            (folder / "out/done").touch()
    return folder


@pytest.fixture(scope="session")
def example_out(example_project: Path) -> Path:
    """Where the example's letters and `build.json` are. Read only."""
    (folder,) = (path.parent for path in (example_project / "out").glob("*/build.json"))
    return folder


@pytest.fixture(scope="session")
def published_example(tmp_path_factory: pytest.TempPathFactory, worker_id: str) -> Path:
    """The example as shipped, a follow-up round beside it, both published, once. Read only."""
    base = tmp_path_factory.getbasetemp()
    folder = (base if worker_id == "master" else base.parent) / "published-example"
    with FileLock(folder.with_suffix(".lock")):
        if not (folder / "done").exists():
            publish_example(folder)
            (folder / "done").touch()
    return folder
