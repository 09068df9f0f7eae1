"""A copy of the data to bring rows into, and the command that does so."""

import pytest
import true_rows

from bookbuilder import cli


@pytest.fixture(scope="session")
def frames():
    return true_rows.simulate()


@pytest.fixture
def project(tmp_path):
    return true_rows.copy_data(true_rows.ROOT, tmp_path / "project")


@pytest.fixture
def rows(project, capsys):
    """Return a function that gives the command; it returns status and what was said."""

    def give(*files, **options):
        named = [f"--{name}={value}" for name, value in options.items()]
        status = cli.main(["--root", str(project), "rows", *map(str, files), *named])
        out, err = capsys.readouterr()
        return status, out + err

    return give


@pytest.fixture
def contents(project):
    """Return a function that reads the three files as they are."""
    folder = project / "data/raw/survey"
    return lambda: {
        name: (folder / f"{name}.csv").read_text(encoding="utf-8") for name in true_rows.TABLES
    }


@pytest.fixture
def files(frames, tmp_path):
    """Return a function that writes the three tables as plain files, some of them changed."""
    folder = tmp_path / "mine"
    folder.mkdir()

    def write(**changed):
        paths = []
        for name in true_rows.TABLES:
            paths.append(folder / f"{name}.csv")
            changed.get(name, frames[name]).to_csv(paths[-1], index=False)
        return paths

    return write
