"""The contender's end of the pipes (`contenders.py`). Standard library only: peers run it in their own environment."""

import json
import sys
import time
from collections.abc import Callable
from typing import Any


def answer(run_pass: Callable[[dict[str, Any]], dict[str, Any]]) -> None:
    """Say that we are ready, then run one pass a line until standard input ends."""
    print('{"ready": true}', flush=True)
    for line in sys.stdin:
        print(json.dumps(run_pass(json.loads(line))), flush=True)


class Watch:
    """Time and this process's own processor time since it was made."""

    def __init__(self) -> None:
        self._cpu, self._began = time.process_time(), time.monotonic()

    def read(self, handled: int) -> dict[str, Any]:
        """What a pass that ends now answers."""
        ended, cpu = time.monotonic(), time.process_time()
        return {"count": handled, "began": self._began, "ended": ended, "cpu_s": cpu - self._cpu}
