"""P4: a failpoint dies or fails where it is named, at the time it is asked for, and nowhere else."""

import subprocess
import sys
import threading

import pytest

from backend import failpoints


def test_nothing_armed_nothing_happens() -> None:
    failpoints.arm("")
    failpoints.hit("delivery.sent")


def test_it_raises_at_its_place_the_second_time_and_once() -> None:
    failpoints.arm("delivery.sent:raise@2")
    failpoints.hit("delivery.recorded")
    failpoints.hit("delivery.sent")
    with pytest.raises(failpoints.FailpointHit, match=r"delivery\.sent"):
        failpoints.hit("delivery.sent")
    failpoints.hit("delivery.sent")


def test_it_kills_the_process_without_clean_up() -> None:
    program = (
        "from backend import failpoints\n"
        "failpoints.arm('here')\n"
        "try:\n    print('before', flush=True)\n    failpoints.hit('here')\nfinally:\n    print('after', flush=True)\n"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True)
    assert (done.returncode, done.stdout) == (failpoints.EXIT_STATUS, "before\n")


def test_it_holds_the_one_thread_that_passes_and_no_other() -> None:
    failpoints.arm("here:hang")
    held = threading.Thread(target=failpoints.hit, args=("here",), daemon=True)
    held.start()
    held.join(0.2)
    assert held.is_alive()
    failpoints.hit("here")


@pytest.mark.parametrize("setting", [":raise", "here:", "here:kill", "here@", "here@0", "here@x", "here:raise@-1"])
def test_what_cannot_be_read_is_refused(setting: str) -> None:
    with pytest.raises(ValueError, match="is no failpoint"):
        failpoints.arm(setting)
