"""`./run test [pytest arguments]`: browsers, then the phone app's unit tests, the core with its coverage, the rest.

With arguments: only pytest with these. Exit status: 0 all passed, 1 not.
"""

import os
import shutil
import subprocess
import sys
from collections.abc import Sequence

import setup_env

BROWSERS = ("chromium", "firefox-esr")
CORE = "tests/unit/schedules"
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
    for argv in ([*apt, "update"], [*apt, "install", "-y", "--no-install-recommends", *names]):
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
    """All parts, also after one failed; pytest's largest part speaks last."""
    failed: list[str] = []
    if setup_env.has_app():
        npm = [str(setup_env.NODE), str(setup_env.NPM), "test", "--", "--run"]
        if subprocess.run(npm, cwd=setup_env.APP, env=setup_env.node_environment(), check=False).returncode:
            failed.append("phone app")
    # files in the order of their names: the stories, which take longest, begin, and no long file is left to the end
    in_order = ("--dist", "loadfile", "--no-loadscope-reorder")
    parts = {
        "core": (*PYTEST, "-n", "2", CORE, *COVERAGE),
        "the rest": (*PYTEST, "-n", "2", *in_order, f"--ignore={CORE}"),
    }
    for name, argv in parts.items():
        print(f"--- {name}", flush=True)
        if subprocess.run(argv, check=False).returncode:
            failed.append(name)
    if failed:
        print(f"failed: {', '.join(failed)}", file=sys.stderr)
    return 1 if failed else 0


def main(arguments: Sequence[str]) -> int:
    os.environ["FALLOW_STARTED_BY"] = "run"
    if not prepare_browsers():
        return 1
    if arguments:
        return subprocess.run([*PYTEST, *arguments], check=False).returncode
    return run_everything()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
