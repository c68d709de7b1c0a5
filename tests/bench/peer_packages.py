"""The peers' packages, in an environment of their own (`.venv-peers`), so that the product's pins hold.

Made when a bench first asks, stamped like the rest of the set-up (`setup_env.Step`).
"""

from pathlib import Path

import setup_env
from setup_env import ROOT, Step, call, hash_files

PEERS = Path(__file__).parent / "peers"
REQUIREMENTS = Path(__file__).parent / "requirements-peers.txt"
VENV = ROOT / ".venv-peers"
PYTHON = VENV / "bin" / "python"
STAMPS = VENV / ".stamps"
MODULES = PEERS / "node_modules"


def prepare_python() -> None:
    """Make the peers' Python environment. SetupError says why it cannot be made."""
    inputs = [REQUIREMENTS]
    setup_env.prepare(
        [
            Step("python of the peers", lambda: setup_env.RELEASE, (PYTHON,), _make_venv, STAMPS),
            Step("packages of the peers", lambda: hash_files(inputs, setup_env.RELEASE), (PYTHON,), _install, STAMPS),
        ]
    )


def prepare_node() -> None:
    """Install the peers that run on Node. SetupError says why they cannot be installed."""
    inputs = [PEERS / "package.json", PEERS / "package-lock.json"]
    setup_env.prepare([Step("node peers", lambda: hash_files(inputs), (MODULES,), _install_node, STAMPS)])


def _make_venv() -> None:
    call([setup_env.PYTHON, "-m", "venv", "--clear", VENV])


def _install() -> None:
    quiet = ["--quiet", "--require-hashes", "-r", REQUIREMENTS]
    try:
        call([setup_env.VENV / "bin" / "uv", "pip", "install", "--python", PYTHON, *quiet])
    except setup_env.SetupError:
        call([PYTHON, "-m", "pip", "install", "--disable-pip-version-check", "--no-input", *quiet])


def _install_node() -> None:
    install = ["ci", "--omit=optional", "--ignore-scripts", "--no-audit", "--no-fund"]
    call([setup_env.NODE, setup_env.NPM, *install], cwd=PEERS, env=setup_env.node_environment())
