"""Row 12: a hundred runs at once, in one process and on one journal, against the same steps in one run.

No command does that, so it takes an executable that is built with Andon's own modules. Where `make bench` has built
`crowd`, it is started as `crowd RUNS STEPS FOLDER` and prints one line of JSON a round, with the milliseconds of

    {"together": …, "alone": …, "intent_p99": …, "commit": …}

the runs at once; as many steps in one run; the 99th percentile of what an intent took until it was durable; and the median
of a commit by itself.
"""

import json
import subprocess

from figures import Figure, milliseconds
from pairs import NoFigure, Spread
from stage import YARDSTICKS

RUNS, STEPS = 100, 20
CROWD = YARDSTICKS / "crowd"
TOGETHER = ("100 runs at once, 20 steps each, in one process", "the same 2,000 steps in one run", 1.3)
INTENT = ("their intents: 99th percentile until durable", "a commit by itself", 10)


def measure(stage):
    if not CROWD.exists():
        for what in (TOGETHER, INTENT):
            yield Figure(12, *what, lacking="no command does that, and nothing else that would is built yet")
        return
    rounds = []
    for _ in range(stage.rounds):
        stage.watch.patience.wait()
        folder = stage.state(f"crowd-{len(rounds)}")
        done = subprocess.run([CROWD, str(RUNS), str(STEPS), folder], env=stage.environment(folder), text=True,
                              stdin=subprocess.DEVNULL, capture_output=True, check=False)
        if done.returncode:
            raise NoFigure(f"crowd: exit {done.returncode}: {done.stderr.strip()[-300:]}")
        rounds.append(json.loads(done.stdout))
    for what, own, other in ((TOGETHER, "together", "alone"), (INTENT, "intent_p99", "commit")):
        taken, yardstick = (Spread.of([taken[name] for taken in rounds]).value for name in (own, other))
        yield Figure(12, *what, Spread.of([taken[own] / taken[other] for taken in rounds]), own=milliseconds(taken),
                     other=milliseconds(yardstick))
