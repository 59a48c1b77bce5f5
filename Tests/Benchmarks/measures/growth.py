"""Row 7: what one step more costs, and how much memory a run takes, as runs grow to ten thousand steps."""

from statistics import median

from figures import Figure, mebibytes
from measures.steps import andon
from pairs import Spread

COUNTS = (10, 100, 1000, 10_000)
KINDS = {"nothing": "steps that do nothing", "true": "steps that run `true`"}


def marginal(rounds, row, what, goal):
    """What one more takes between 1,000 and 10,000, against what it takes between 100 and 1,000."""
    walls = list(zip(*(rounds.each(count) for count in COUNTS[1:])))
    before = [(thousand - hundred) / 900 for hundred, thousand, _ in walls]
    after = [(many - thousand) / 9000 for _, thousand, many in walls]
    ratios = [late / early for late, early in zip(after, before)]
    late, early = median(after), median(before)
    # Differences of differences: the median of their ratios would say more about the noise than this one does.
    return Figure(row, f"one step more, {what}, behind 1,000", "one step more behind 100", goal,
                  Spread(late / early, min(ratios), max(ratios)), own=f"{late * 1000:.0f} µs", other=f"{early * 1000:.0f} µs")


def measure(stage):
    for kind, steps in KINDS.items():
        # Each with a journal of its own: what the short runs take is not to hold what the long ones have left behind.
        states = {count: stage.state(f"growth-{kind}-{count}") for count in COUNTS}
        for state in states.values():
            stage.prove_redaction(state)
        runners = [andon(stage, kind, count, state, count) for count, state in states.items()]
        rounds = stage.watch.compare(runners, stage.few)
        yield marginal(rounds, 7, f"of {steps}", 1.10)
        yield Figure(
            7, f"peak memory of 10,000 {steps}", "peak memory of 10 steps", 1.6, rounds.ratio(10_000, 10, "peak"),
            own=mebibytes(rounds.median(10_000, "peak")), other=mebibytes(rounds.median(10, "peak")))
