"""Row 12: a hundred runs at once, in one process and on one journal, against the same steps in one run.

No command does that, so it is done by a program that is built with Andon's own modules: Tests/Benchmarks/Crowd.
"""

from figures import Figure, ratio
from pairs import NoFigure, Runner, Spread

RUNS, STEPS = 100, 20


def measure(stage):
    waits = []

    def crowd(name, runs, steps, after=lambda output: None):
        state = stage.state(name)
        return Runner(name, [stage.crowd, runs, steps, state], stage.environment(state), after=after)

    def note(output):
        intents, microseconds = map(int, output.read_text(encoding="utf-8").split())
        if intents != RUNS * STEPS:
            raise NoFigure(f"{intents} of {RUNS * STEPS} steps were begun")
        waits.append(microseconds / 1000)

    bare = stage.environment(stage.state("crowd"))
    commits = Runner("commits", [stage.program("yardsticks"), "commits", RUNS * STEPS, stage.folder / "crowd.db"], bare)
    rounds = stage.watch.compare(
        [crowd("crowd", RUNS, STEPS, note), crowd("line", 1, RUNS * STEPS), commits], stage.few)
    yield ratio(rounds, 12, f"{RUNS} runs at once, {STEPS} steps each, in one process",
                f"the same {RUNS * STEPS:,} steps in one run", 1.3, ("crowd", "line"))
    one = [wall / (RUNS * STEPS) for wall in rounds.each("commits")]
    slow = waits[-len(one):]  # the first round warms up
    yield Figure(12, "their intents: 99th percentile until durable", "a commit by itself, of as many in a row", 10,
                 Spread.of([wait / commit for wait, commit in zip(slow, one)]),
                 own=f"{Spread.of(slow).value:.2f} ms", other=f"{Spread.of(one).value:.2f} ms")
