"""A Redis server for the queues that need one, from the system's packages; installed where we may."""

import os
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

APT = ["apt-get", "install", "-y", "-q", "-o", "DPkg::Lock::Timeout=300", "redis-server"]


def find_redis() -> Path | None:
    """The server's program; as root on Debian or Ubuntu it is installed first. None: there is none."""
    if shutil.which("redis-server") is None and os.geteuid() == 0 and shutil.which("apt-get") is not None:
        print("bench scheduler: installing redis-server", file=sys.stderr, flush=True)
        quiet = {**os.environ, "DEBIAN_FRONTEND": "noninteractive", "RUNLEVEL": "1"}
        subprocess.run(APT, env=quiet, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, check=False)
    found = shutil.which("redis-server")
    return Path(found) if found else None


@contextmanager
def run_redis(program: Path) -> Iterator[int]:
    """Start one that keeps nothing on disk, on loopback; its port."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = int(probe.getsockname()[1])
    options = ["--port", str(port), "--bind", "127.0.0.1", "--save", "", "--appendonly", "no"]
    process = subprocess.Popen([program, *options], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, cwd="/")
    try:
        _wait_until_ready(port)
        yield port
    finally:
        process.terminate()
        process.wait(10)


def _wait_until_ready(port: int) -> None:
    until = time.monotonic() + 10
    while True:
        try:
            socket.create_connection(("127.0.0.1", port), 1).close()
            return
        except OSError:
            if time.monotonic() > until:
                raise
            time.sleep(0.02)
