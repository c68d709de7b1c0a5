"""Contenders of a bench, each in a process of its own that is asked for one pass after another over pipes.

A contender reads one JSON object a line and answers each with one: `seconds` it took, `cpu_s` of its own processor
time, `count` handled. Before the first it says `{"ready": true}`. It ends with its standard input.
"""

import json
import subprocess
import tempfile
from collections.abc import Mapping, Sequence
from contextlib import ExitStack
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import setup_env


class ContenderFailed(Exception):
    """A contender ended in the middle; the text holds what it said last."""


class Contender:
    """`argv` is started at once. `name` is what the table says."""

    def __init__(self, name: str, argv: Sequence[str | Path], env: Mapping[str, str] | None = None) -> None:
        self.name = name
        self._said = tempfile.TemporaryFile("w+")  # noqa: SIM115  closed in __exit__
        self._process = subprocess.Popen(
            [str(part) for part in argv],
            cwd=setup_env.ROOT,
            env={**setup_env.build_environment(), **(env or {})},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=self._said,
            text=True,
        )

    @property
    def pid(self) -> int:
        return self._process.pid

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, fault: BaseException | None, trace: TracebackType | None
    ) -> None:
        assert self._process.stdin is not None
        self._process.stdin.close()
        try:
            self._process.wait(10)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        if self._process.stdout is not None:
            self._process.stdout.close()
        self._said.close()

    def tell(self, **command: Any) -> None:
        assert self._process.stdin is not None
        try:
            self._process.stdin.write(json.dumps(command) + "\n")
            self._process.stdin.flush()
        except BrokenPipeError:
            raise self._failure() from None

    def hear(self) -> dict[str, Any]:
        assert self._process.stdout is not None
        line = self._process.stdout.readline()
        if not line:
            raise self._failure()
        heard: dict[str, Any] = json.loads(line)
        return heard

    def ask(self, **command: Any) -> dict[str, Any]:
        """Tell, and hear the answer."""
        self.tell(**command)
        return self.hear()

    def _failure(self) -> ContenderFailed:
        self._process.kill()
        self._process.wait()
        self._said.seek(0)
        return ContenderFailed(f"{self.name}: {self._said.read()[-1500:].strip()}")


def start(stack: ExitStack, name: str, argv: Sequence[str | Path], env: Mapping[str, str] | None = None) -> Contender:
    """Start one that ends with the stack; it is ready when this returns."""
    contender = stack.enter_context(Contender(name, argv, env))
    contender.hear()
    return contender
