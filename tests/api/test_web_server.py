"""`./run serve` as a process: it stops when it is told to, also while a worker is still loading."""

import os
import signal
import socket
import subprocess
import sys
from pathlib import Path
from time import monotonic
from urllib.error import URLError
from urllib.request import urlopen

from tests.services.worker_process import until

AT_ONCE_S = 3.0


def answers(port: int) -> bool:
    try:
        with urlopen(f"http://127.0.0.1:{port}/healthz", timeout=2) as response:
            return bool(response.status == 200)
    except (URLError, ConnectionError, TimeoutError):
        return False


def test_a_stop_right_after_the_first_answer_reaches_the_worker_that_still_loads(tmp_path: Path) -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = int(free.getsockname()[1])
    environment = {**os.environ, "FALLOW_DATABASE_URL": f"sqlite:///{tmp_path}/fallow.db"}
    command = [sys.executable, "-m", "backend.serve", "--port", str(port), "--workers", "3"]
    server = subprocess.Popen(command, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        until(lambda: answers(port))
        asked = monotonic()
        server.send_signal(signal.SIGTERM)
        assert server.wait(timeout=30) == 0
        assert monotonic() - asked < AT_ONCE_S
    finally:
        if server.poll() is None:
            server.kill()
            server.wait()
