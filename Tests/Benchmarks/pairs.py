"""Times programs against each other, in turns.

Machines drift: what one program is told to have taken now says little about another one an hour ago. So every round
runs all of them, in one order and in the next round in the other (A B, B A, …), each ratio is taken inside a round, and
what counts is the median of the ratios.
"""

import os
import signal
import subprocess
import time
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median
from typing import Callable

LONGEST = 600  # seconds for one run
ENOUGH = 300  # seconds of measuring after which no further round begins


class NoFigure(Exception):
    """It went wrong, or left something undone: that has no figure, however fast it was."""


@dataclass
class Runner:
    """One of the programs: how to start it, what to do before, and what has to hold after. Neither is timed."""

    name: str
    words: list
    environment: dict
    before: Callable[[], None] = lambda: None
    after: Callable[[Path], None] = lambda output: None


@dataclass(frozen=True)
class Taken:
    """What one run took."""

    wall: float  # milliseconds
    cpu: float  # milliseconds, with all its children
    peak: float  # MiB of the largest process among it and its children


@dataclass
class Spread:
    """Medians with what lies around them."""

    value: float
    low: float
    high: float

    @classmethod
    def of(cls, values):
        return cls(median(values), min(values), max(values))


@dataclass
class Rounds:
    """What every program took in every round."""

    taken: dict = field(default_factory=dict)

    def ratio(self, one, other, what="wall"):
        pairs = zip(self.taken[one], self.taken[other])
        return Spread.of([getattr(a, what) / getattr(b, what) for a, b in pairs])

    def each(self, name, what="wall"):
        return [getattr(taken, what) for taken in self.taken[name]]

    def median(self, name, what="wall"):
        return median(self.each(name, what))


class Stopwatch:
    """Runs programs through the launcher, which is as small as a process can be."""

    def __init__(self, launcher, folder, patience):
        self.launcher = str(launcher)
        self.output = Path(folder) / "output"
        self.patience = patience

    def once(self, runner):
        runner.before()
        process = subprocess.Popen(
            [self.launcher, str(self.output), *map(str, runner.words)], env=runner.environment, text=True,
            cwd=self.output.parent, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
            start_new_session=True)
        try:
            told, problem = process.communicate(timeout=LONGEST)
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)  # its own group, made above
            process.communicate()
            raise NoFigure(f"{runner.name}: not over after {LONGEST} s") from None
        if process.returncode:
            raise NoFigure(f"{runner.name}: {problem.strip()}")
        nanoseconds, microseconds, kibibytes, code = map(int, told.split())
        if code:
            said = self.output.read_text(encoding="utf-8", errors="replace").strip()
            raise NoFigure(f"{runner.name}: exit {code}: {' / '.join(said[-300:].splitlines())}")
        runner.after(self.output)
        return Taken(nanoseconds / 1e6, microseconds / 1e3, kibibytes / 1024)

    def compare(self, runners, rounds):
        """The first round only warms up. What is very slow has fewer rounds, but one at least."""
        found = Rounds({runner.name: [] for runner in runners})
        begin = time.monotonic()
        for number in range(rounds + 1):
            if number > 1 and time.monotonic() - begin > ENOUGH:
                break
            self.patience.wait()
            for runner in runners if number % 2 else reversed(runners):
                taken = self.once(runner)
                if number:
                    found.taken[runner.name].append(taken)
        return found
