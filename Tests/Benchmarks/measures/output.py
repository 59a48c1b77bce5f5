"""Row 8: a step that prints a lot."""

import sqlite3
from contextlib import closing

from figures import ratio
from pairs import NoFigure, Runner

LINE = "2025-01-01T00:00:00Z warning: order 0x5b38da6a701c568545dcfcb03fcb875f56beddc4 was refused, limit reached"
LARGE, SMALL = 64, 1


def talker(stage, size):
    """A program that prints so many MiB of log."""
    path = stage.folder / f"print-{size}.sh"
    path.write_text(f"#!/bin/sh\nyes '{LINE}' | head -c {size * 2**20}\n", encoding="utf-8")
    return path


def all_counted(state, size):
    """Andon keeps head and tail; that it took the rest too can be told by the count."""

    def look(_):
        with closing(sqlite3.connect(f"file:{state}/journal.db?mode=ro", uri=True)) as journal:
            found, = journal.execute(
                "SELECT json_extract(body, '$.details.outputs.stdout_bytes') FROM entry WHERE kind = 'step.acted'"
                " ORDER BY seq DESC LIMIT 1").fetchone()
        if found != size * 2**20:
            raise NoFigure(f"{found} bytes of {size} MiB were counted")

    return look


def andon(stage, size, state, name):
    stage.playbook(f"print-{size}", f"  - id: talk\n    command: {{run: [sh, {talker(stage, size)}]}}\n")
    return stage.run(name, f"print-{size}", state, after=all_counted(state, size))


def measure(stage):
    state = stage.state("output")
    stage.prove_redaction(state)
    kept = stage.folder / "printed"
    bash = Runner("yardstick", ["bash", "-c", f"sh {talker(stage, LARGE)} >{kept}"], stage.environment(state))
    rounds = stage.watch.compare(
        [andon(stage, LARGE, state, "andon"), andon(stage, SMALL, state, "small"), bash], stage.rounds)
    kept.unlink()
    yield ratio(rounds, 8, "one step that prints 64 MiB: wall time", "bash, into a file", 2.0)
    yield ratio(rounds, 8, "one step that prints 64 MiB: peak memory", "one that prints 1 MiB", 1.1,
                ("andon", "small"), "peak")
