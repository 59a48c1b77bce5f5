"""Rows 4 and 5: a thousand steps, each with its intent and its outcome on the disk."""

import sqlite3
from contextlib import closing

from figures import ratio
from pairs import NoFigure, Runner

COUNT = 1000
# What changes nothing needs no check; a playbook of a thousand that lack one would be warned of a thousand times.
KINDS = {"nothing": 'set: {done: "true"}', "true": "effect: read\n    command: {run: [/bin/true]}"}


def playbook(stage, kind, count):
    """The name of a playbook with so many steps of a kind."""
    name = f"{kind}-{count}"
    if not (stage.playbooks / f"{name}.yaml").exists():
        stage.playbook(name, "".join(f"  - id: step-{number}\n    {KINDS[kind]}\n" for number in range(1, count + 1)))
    return name


def all_recorded(state, count):
    """What has to hold after a run: so many intents and as many outcomes of it are in the journal."""

    def look(_):
        # Not for writing: the last writer to close a journal would tidy it up, and that is Andon's to do.
        with closing(sqlite3.connect(f"file:{state}/journal.db?mode=ro", uri=True)) as journal:
            for kind in ("step.intended", "step.finished"):
                found, = journal.execute(
                    "SELECT count(*) FROM entry WHERE run = (SELECT max(run) FROM entry) AND kind = ?", [kind]).fetchone()
                if found != count:
                    raise NoFigure(f"{found} of {count} entries {kind} in the journal")

    return look


def andon(stage, kind, count, state, name="andon"):
    return stage.run(name, playbook(stage, kind, count), state, after=all_recorded(state, count))


def floor(stage, kind, count, state):
    words = [stage.program("floor"), kind, count, stage.folder / f"floor-{kind}.db"]
    return Runner("floor", words, stage.environment(state))


def measure(stage):
    state = stage.state("steps-nothing")
    stage.prove_redaction(state)
    bare = stage.environment(state)
    commits = Runner("yardstick", [stage.program("yardsticks"), "commits", COUNT, stage.folder / "commits.db"], bare)
    rounds = stage.watch.compare(
        [andon(stage, "nothing", COUNT, state), commits, floor(stage, "nothing", COUNT, state)], stage.rounds)
    yield ratio(rounds, 4, "1,000 durable steps that do nothing", "1,000 raw SQLite commits (WAL, FULL)", 1.5)

    state = stage.state("steps-true")
    stage.prove_redaction(state)
    script = stage.folder / "true.sh"
    script.write_text("#!/bin/bash\nset -e\n" + "/bin/true\n" * COUNT, encoding="utf-8")
    bash = Runner("yardstick", ["bash", script], bare)
    rounds = stage.watch.compare(
        [andon(stage, "true", COUNT, state), bash, floor(stage, "true", COUNT, state)], stage.rounds)
    yield ratio(rounds, 5, "1,000 durable steps that run `true`", "bash running `/bin/true` 1,000 times; nothing recorded", 1.3)
