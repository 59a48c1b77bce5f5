"""Waits until nothing else keeps the machine busy, for a while: what a neighbour compiles is not to be measured."""

import time
from pathlib import Path

LOOK = 0.15  # seconds
# Of all processors' time; a machine that idles is far below, one compiler on two cores above.
BUSY = 0.25
# Of the time in which somebody waited for a processor or for the disk.
STALLED = 0.04


def used():
    """Ticks of all processors: at work, and altogether."""
    ticks = [int(word) for word in Path("/proc/stat").read_text(encoding="ascii").split("\n", 1)[0].split()[1:9]]
    idle = ticks[3] + ticks[4]
    return sum(ticks) - idle, sum(ticks)


def stalled(what):
    """Microseconds in which at least one process waited for it; 0 where the kernel does not count that."""
    try:
        return int(Path(f"/proc/pressure/{what}").read_text(encoding="ascii").split("\n", 1)[0].rpartition("=")[2])
    except (OSError, ValueError):
        return 0


def is_quiet():
    (work, total), before, begin = used(), [stalled("cpu"), stalled("io")], time.monotonic()
    time.sleep(LOOK)
    (work_now, total_now), after = used(), [stalled("cpu"), stalled("io")]
    passed = (time.monotonic() - begin) * 1e6
    return (work_now - work <= BUSY * (total_now - total)
            and all(now - then <= STALLED * passed for then, now in zip(before, after)))


class Patience:
    """Waits at most `seconds` at a time, and counts how often that was not enough."""

    def __init__(self, seconds):
        self.seconds = seconds
        self.pairs = self.busy = 0

    def wait(self):
        self.pairs += 1
        end = time.monotonic() + self.seconds
        while not is_quiet():
            if time.monotonic() >= end:
                self.busy += 1
                return

    @property
    def in_vain(self):
        """Whether so much was measured beside something else that the figures are worth little."""
        return self.busy * 4 > self.pairs
