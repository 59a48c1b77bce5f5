"""Row 10: taking up a run that was killed in its last step, behind many steps that are done."""

import os
import shutil
import signal
import subprocess
import time

from figures import ratio
from measures.steps import KINDS
from pairs import NoFigure, Runner

COUNTS = (1000, 10)
# Stands until it may go on, and says that it stands there and that it is over.
GATE = """#!/bin/sh
[ -e "$1/open" ] && exit 0
touch "$1/reached"
while [ ! -e "$1/open" ]; do sleep 0.02; done
touch "$1/passed"
"""
PATIENCE = 120  # seconds


def wait_for(path):
    for _ in range(PATIENCE * 50):
        if path.exists():
            return
        time.sleep(0.02)
    raise NoFigure(f"the run that is to be killed did not come to '{path.name}'")


def killed_run(stage, count):
    """The state folder of a run that got signal 9 in its last step, which only reads and may be done again."""
    state, gate = stage.state(f"killed-{count}"), stage.folder / f"gate-{count}"
    gate.mkdir()
    script = stage.folder / "gate.sh"
    script.write_text(GATE, encoding="utf-8")
    stage.prove_redaction(state)
    name = f"resuming-{count}"
    steps = "".join(f"  - id: step-{number}\n    {KINDS['nothing']}\n" for number in range(1, count + 1))
    steps += f"  - id: last\n    effect: read\n    timeout: 10m\n    command: {{run: [sh, {script}, {gate}]}}\n"
    stage.playbook(name, steps)
    runner = stage.run("andon", name, state)
    process = subprocess.Popen(runner.words, env=runner.environment, cwd=stage.folder, stdin=subprocess.DEVNULL,
                               stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        wait_for(gate / "reached")
    finally:
        os.kill(process.pid, signal.SIGKILL)
        process.wait()
        # Whatever became of the step's program: from here on nothing of the run is alive.
        (gate / "open").touch()
    return state


def measure(stage):
    runners = []
    for count in COUNTS:
        killed, state = killed_run(stage, count), stage.folder / "state" / f"resumed-{count}"

        def anew(killed=killed, state=state):
            shutil.rmtree(state, ignore_errors=True)
            shutil.copytree(killed, state)

        runners.append(Runner(count, [stage.andon, "resume", "--auto", "--yes"], stage.environment(state), before=anew))
    rounds = stage.watch.compare(runners, stage.rounds)
    yield ratio(rounds, 10, "resume after 1,000 steps that are done", "resume after 10", 1.15, COUNTS)
