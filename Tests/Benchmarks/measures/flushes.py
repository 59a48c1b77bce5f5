"""Row 3: how often the disk is asked to make something durable. Counted, not timed, so no neighbour changes it."""

import re
import subprocess

from figures import Figure
from measures import kill_switch
from measures.steps import andon
from pairs import NoFigure, Spread

COUNTS = (1, 3, 10, 100)
CALLS = "fsync,fdatasync,sync_file_range,msync,syncfs,sync"
CALL = re.compile(rb"\b(?:%s)\(" % CALLS.replace(",", "|").encode())


def flushes(stage, runner):
    """Of a process and everything it starts, but not of the servers it talks to."""
    runner.before()
    trace = stage.folder / "trace"
    done = subprocess.run(
        ["strace", "-f", "-qq", "-e", f"trace={CALLS}", "-e", "signal=none", "-o", trace, *map(str, runner.words)],
        env=runner.environment, cwd=stage.folder, stdin=subprocess.DEVNULL, capture_output=True, check=False)
    if done.returncode:
        raise NoFigure(f"under strace: exit {done.returncode}: {done.stderr.decode(errors='replace').strip()[-300:]}")
    runner.after(trace)
    # A call that another thread interrupts stands there twice, the second time as `<... fsync resumed>`.
    return len(CALL.findall(trace.read_bytes()))


def measure(stage):
    state = stage.state("flushes")
    stage.prove_redaction(state)  # which also makes the journal: an existing one is what is asked about
    above, told = [], []
    for count in COUNTS:
        found = flushes(stage, andon(stage, "true", count, state))
        above.append(found - count)
        told.append(f"{found} for {count}")
    yield Figure(
        3, "flushes of N steps, beyond N; the most of all N", "N + 1 commits for N steps", 2,
        Spread(max(above), min(above), max(above)), own=", ".join(told), counted=True)

    # The UPDATE with its check, and the request.
    state = stage.state("kill-switch")
    stage.prove_redaction(state)
    found = {runner.name: flushes(stage, runner) for runner in kill_switch.runners(stage, stage.near(), state)}
    beyond = [found[name] - 2 for name in ("andon", "floor")]
    yield Figure(
        3, "flushes of the kill switch, which has 2 steps, beyond 2", "3 commits for 2 steps", 2,
        *(Spread(number, number, number) for number in beyond), own=str(found["andon"]), counted=True)
