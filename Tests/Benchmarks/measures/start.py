"""Row 9: how long it takes to begin at all."""

from figures import ratio
from pairs import Runner


def measure(stage):
    environment = stage.environment(stage.state("start"))
    rounds = stage.watch.compare([
        Runner("andon", [stage.andon, "--version"], environment),
        Runner("yardstick", [stage.program("hello")], environment),
    ], stage.rounds)
    yield ratio(rounds, 9, "`andon --version`", "a C program that says hello", 8)
