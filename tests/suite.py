"""`./run test [pytest arguments]`: browsers, then everything, with the core (and its coverage) and the phone app's unit
tests beside the rest.

With arguments: only pytest with these. Exit status: 0 all passed, 1 not.
"""

import os
import shutil
import subprocess
import sys
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

import setup_env

BROWSERS = ("chromium", "firefox-esr")
LIGHTER = ("chromium-headless-shell",)  # takes its place where Debian has it
CORE = "tests/unit/schedules"
PROPERTIES = "*_properties.py"
PYTEST = (sys.executable, "-m", "pytest")
COVERAGE = ("--cov=schedules", "--cov-branch", "--cov-fail-under=100", "--cov-report=term-missing:skip-covered")


def find_missing_browsers() -> list[str]:
    return [name for name in BROWSERS if shutil.which(name) is None]


def install_browsers(names: Sequence[str]) -> None:
    """From Debian's packages, when that is allowed here; a failure shows as a browser that is still missing."""
    if os.geteuid() != 0 or shutil.which("apt-get") is None:
        return
    print(f"installing {' and '.join(names)} ...", flush=True)
    apt = ["apt-get", "-o", "DPkg::Lock::Timeout=300", "-qq"]
    env = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    install = [*apt, "install", "-y", "--no-install-recommends"]
    for argv in ([*apt, "update"], [*install, *names], [*install, *LIGHTER]):
        done = subprocess.run(argv, env=env, stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False)
        if done.returncode:
            print(f"{' '.join(argv)}: {done.stderr.strip()[-300:]}", file=sys.stderr)
            return


def prepare_browsers() -> bool:
    """Make sure of the browsers. False: they are missing where they must not be (CI)."""
    if missing := find_missing_browsers():
        install_browsers(missing)
        missing = find_missing_browsers()
    if not missing:
        return True
    lack = f"{' and '.join(missing)} not installed (apt-get install {' '.join(missing)}, as root)"
    if os.environ.get("CI") == "true":
        print(f"browser tests must not be skipped in CI: {lack}", file=sys.stderr)
        return False
    print(f"browser tests are skipped: {lack}", file=sys.stderr)
    os.environ["FALLOW_BROWSERS"] = "missing"  # read by tests/pwa
    return True


def run_everything() -> int:
    """All parts, also after one failed. What asks no clock takes the time that the rest leaves, and speaks first."""
    failed: list[str] = []
    with TemporaryDirectory() as folder, ThreadPoolExecutor(1) as pool:
        beside = {name: pool.submit(run_beside, part, Path(folder) / name) for name, part in list_clockless().items()}
        print("--- the rest", flush=True)
        # files in the order of their names: the stories, which take longest, begin; no long file is left to the end
        in_order = ("--dist", "loadfile", "--no-loadscope-reorder")
        rest = subprocess.run([*PYTEST, "-n", "3", *in_order, f"--ignore={CORE}"], check=False).returncode
        for name, part in beside.items():
            code = part.result()
            print(f"--- {name}\n{(Path(folder) / name).read_text()}", flush=True)
            if code:
                failed.append(name)
    if rest:
        failed.append("the rest")
    if failed:
        print(f"failed: {', '.join(failed)}", file=sys.stderr)
    return 1 if failed else 0


@dataclass(frozen=True)
class Part:
    argv: Sequence[str | Path]
    cwd: Path = setup_env.ROOT
    env: Mapping[str, str] | None = None


def list_clockless() -> dict[str, Part]:
    """The parts that start no process and wait for nothing, by name. Examples reach every branch; the properties, which
    would take twice as long, need not count them."""
    phone_app = (setup_env.NODE, setup_env.NPM, "test", "--", "--run")
    return {
        "phone app": Part(phone_app, setup_env.APP, setup_env.node_environment()),
        "core": Part((*PYTEST, CORE, f"--ignore-glob={PROPERTIES}", *COVERAGE)),
        "core's properties": Part((*PYTEST, *sorted(setup_env.ROOT.glob(f"{CORE}/{PROPERTIES}")))),
    }


def run_beside(part: Part, output: Path) -> int:
    """Run at a low priority, into a file; gives the exit status."""
    gently = ("nice", "-n", "10") if shutil.which("nice") else ()
    with output.open("w") as said:
        argv = (*gently, *part.argv)
        return subprocess.run(argv, cwd=part.cwd, env=part.env, stdout=said, stderr=said, check=False).returncode


def main(arguments: Sequence[str]) -> int:
    os.environ["FALLOW_STARTED_BY"] = "run"
    if not prepare_browsers():
        return 1
    if arguments:
        return subprocess.run([*PYTEST, *arguments], check=False).returncode
    return run_everything()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
