"""`python -m backend.workers`, also `./run worker`: the reminder worker. SIGTERM and Ctrl-C drain it."""

import os
import signal
import sys
import threading
from types import FrameType

ended = threading.Event()


def end(_number: int, _frame: FrameType | None) -> None:
    """Only starts a thread: a signal may meet the main thread inside any lock."""
    threading.Thread(target=ended.set).start()


signal.signal(signal.SIGTERM, end)  # before the imports below, which take a second (FIELD_NOTES 21)
signal.signal(signal.SIGINT, end)


def main() -> int:
    """Run a worker until it is told to end. 0: drained; 1: it died; 2: the settings have faults."""
    import logging

    from backend.errors import SettingsError
    from backend.settings import Settings
    from backend.workers.scheduler import Worker

    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(levelname)s %(name)s: %(message)s", stream=sys.stderr)
    try:
        worker = Worker(Settings.from_environment(os.environ))
    except SettingsError as error:
        for fault in error.faults:
            print(f"worker: {fault}", file=sys.stderr)
        return 2

    def stop_when_told() -> None:
        ended.wait()
        worker.stop()

    threading.Thread(target=stop_when_told, daemon=True).start()
    return worker.run()


if __name__ == "__main__":
    status = main()
    sys.stderr.flush()
    os._exit(status)  # what hangs in a thread, say on a database that is away, must not keep the process
