"""The set-up: on a bare machine Python is enough, every package is pinned, and a second start does nothing again."""

import ast
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

import setup_env

ROOT = setup_env.ROOT
REQUIREMENTS = ("requirements.txt", "requirements-test.txt")


def run(*arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run([ROOT / "run", *arguments], capture_output=True, text=True, check=False, timeout=60)


def build_step(folder: Path, *, source: Path, output: Path) -> setup_env.Step:
    """A step that copies `source` to `output` and counts its runs in the output's neighbour."""

    def make() -> None:
        output.write_text(source.read_text())
        with output.with_suffix(".runs").open("a") as runs:
            runs.write("x")

    return setup_env.Step("copy", lambda: setup_env.hash_files([source]), (output,), make, stamps=folder / "stamps")


def test_setup_env_needs_the_standard_library_only():
    tree = ast.parse((ROOT / "setup_env.py").read_text())
    names = [alias.name for node in ast.walk(tree) if isinstance(node, ast.Import) for alias in node.names]
    names += [node.module or "" for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)]
    assert names
    assert {name.split(".")[0] for name in names} <= sys.stdlib_module_names


def test_run_is_three_lines_of_sh_that_anybody_may_start():
    script = ROOT / "run"
    assert os.access(script, os.X_OK)
    lines = script.read_text().splitlines()
    assert lines[0] == "#!/bin/sh"
    assert len(lines) == 3


def test_run_works_from_another_folder(tmp_path: Path):
    done = subprocess.run([ROOT / "run", "help"], cwd=tmp_path, capture_output=True, text=True, check=False)
    assert done.returncode == 0


@pytest.mark.parametrize("name", REQUIREMENTS)
def test_every_package_is_pinned_and_hashed_without_addresses(name: str):
    text = (ROOT / name).read_text()
    lines = [line for line in text.replace("\\\n", " ").splitlines() if line and not line.lstrip().startswith("#")]
    assert lines
    for line in lines:
        assert re.match(r"[a-z0-9][a-z0-9._-]*(\[[a-z0-9,-]+\])?==\S+ .*--hash=sha256:[0-9a-f]{64}", line), line
    assert not re.search(r"://|--index|--find-links|file:|@ ", text)


@pytest.mark.parametrize("name", REQUIREMENTS)
def test_the_compiled_file_holds_every_wanted_version(name: str):
    wanted = re.findall(r"^[\w\[\].-]+==[^\s;]+", (ROOT / name).with_suffix(".in").read_text(), re.MULTILINE)
    compiled = (ROOT / name).read_text()
    assert wanted
    plain = [re.sub(r"\[.*\]", "", pin) for pin in wanted]  # uv writes an extra as a package of its own
    assert [pin for pin in plain if not re.search(rf"^{re.escape(pin)} ", compiled, re.MULTILINE)] == []


def test_both_files_agree_on_every_version():
    runtime, test = (dict(re.findall(r"^([a-z0-9._-]+)\S*==(\S+)", (ROOT / n).read_text(), re.M)) for n in REQUIREMENTS)
    assert {
        name: (runtime[name], test[name]) for name in runtime.keys() & test.keys() if runtime[name] != test[name]
    } == {}


def test_continuous_integration_types_the_same_two_commands():
    script = ROOT / ".ci" / "run"
    assert os.access(script, os.X_OK)
    commands = [line for line in script.read_text().splitlines() if line.startswith("./run")]
    assert [command.split()[:2] for command in commands] == [["./run", "check"], ["./run", "test"]]
    assert "set -euo pipefail" in script.read_text()


def test_help_lists_every_command_of_the_interface():
    done = run("help")
    assert done.returncode == 0
    listed = re.findall(r"^  \./run (\w+) ", done.stdout, re.MULTILINE)
    names = ["demo", "test", "check", "serve", "worker", "bench", "faults", "fuzz", "sbom", "capture", "cli"]
    assert sorted(listed) == sorted(names)
    assert run().stdout == done.stdout


def test_an_unknown_command_is_one_clear_line_and_wrong_usage():
    done = run("dmeo")
    assert done.returncode == 2
    assert done.stdout == ""
    assert len(done.stderr.splitlines()) == 1
    assert "dmeo" in done.stderr
    assert "demo" in done.stderr


@pytest.mark.parametrize("name", [name for name, command in setup_env.COMMANDS.items() if command.target is None])
def test_a_command_of_a_later_version_says_so(name: str):
    done = run(name)
    assert done.returncode == 2
    assert done.stderr == f"fallow: ./run {name} comes with a later version\n"


def test_a_second_start_runs_no_step_again(tmp_path: Path):
    source, output = tmp_path / "in", tmp_path / "out"
    source.write_text("one")
    step = build_step(tmp_path, source=source, output=output)
    setup_env.prepare([step])
    setup_env.prepare([step])
    assert output.with_suffix(".runs").read_text() == "x"


def test_a_changed_input_or_a_lost_output_runs_the_step_again(tmp_path: Path):
    source, output = tmp_path / "in", tmp_path / "out"
    source.write_text("one")
    step = build_step(tmp_path, source=source, output=output)
    setup_env.prepare([step])
    source.write_text("two")
    setup_env.prepare([step])
    assert output.read_text() == "two"
    output.unlink()
    setup_env.prepare([step])
    assert output.read_text() == "two"
    assert output.with_suffix(".runs").read_text() == "xxx"


def test_a_step_that_fails_is_not_stamped(tmp_path: Path):
    def make() -> None:
        raise setup_env.SetupError("no network")

    step = setup_env.Step("fails", lambda: "same", (), make, stamps=tmp_path)
    with pytest.raises(setup_env.SetupError, match="no network"):
        setup_env.prepare([step])
    assert not step.is_done()


START = """
import sys, time
from pathlib import Path
import setup_env
output = Path(sys.argv[1])
def make():
    time.sleep(0.3)  # the others meet the lock meanwhile
    with output.open("a") as runs:
        runs.write("x")
setup_env.prepare([setup_env.Step("slow", lambda: "same", (output,), make, stamps=output.parent)])
"""


def test_starts_at_the_same_time_make_everything_once(tmp_path: Path):
    argv = [sys.executable, "-c", START, tmp_path / "out"]
    starts = [subprocess.Popen(argv, cwd=ROOT, stderr=subprocess.PIPE) for _ in range(3)]
    assert [(start.wait(timeout=30), start.communicate())[0] for start in starts] == [0, 0, 0]
    assert (tmp_path / "out").read_text() == "x"


@pytest.mark.skipif(os.environ.get("FALLOW_STARTED_BY") != "run", reason="the environment was not made by ./run")
def test_what_run_has_made_needs_no_second_making():
    assert run("--plan", "worker").stdout in ("nothing to do\n", "")  # "": not part of this version
    assert run("--plan", "test").stdout == "nothing to do\n"


def test_a_python_without_venv_is_named_with_its_remedy(monkeypatch: pytest.MonkeyPatch, tmp_path: Path):
    monkeypatch.setattr(setup_env, "SITE", tmp_path)
    monkeypatch.setitem(sys.modules, "ensurepip", None)
    with pytest.raises(setup_env.SetupError, match="apt-get install python3-venv"):
        setup_env.make_venv()


def test_uv_is_installed_by_its_hashes():
    pin = setup_env.pin_of("uv")
    assert pin.startswith("uv==")
    assert pin.count("--hash=sha256:") > 10
    assert not pin.endswith("\\")
