"""Row 11: reading a playbook of ten thousand steps and looking for mistakes in it."""

from figures import Figure, ratio
from measures.growth import COUNTS, marginal
from measures.steps import playbook
from pairs import Runner
from stage import YARDSTICKS

LARGE = COUNTS[-1]
COMPOSE = YARDSTICKS / "compose"
WHAT, YARDSTICK, GOAL = "checking a playbook of 10,000 steps", "Yams composing the same file, whole process", 1.5


def measure(stage):
    environment = stage.environment(stage.state("loading"))
    paths = {count: stage.playbooks / f"{playbook(stage, 'true', count)}.yaml" for count in COUNTS[1:]}
    runners = [Runner(count, [stage.andon, "playbook", "check", path], environment) for count, path in paths.items()]
    if COMPOSE.exists():
        runners.append(Runner("yardstick", [COMPOSE, paths[LARGE]], environment))
    rounds = stage.watch.compare(runners, stage.rounds)
    if COMPOSE.exists():
        yield ratio(rounds, 11, WHAT, YARDSTICK, GOAL, (LARGE, "yardstick"))
    else:
        yield Figure(11, WHAT, YARDSTICK, GOAL, lacking="its yardstick is not built; `make bench` builds it")
    # One that looked at every step for each step would make this ten.
    yield marginal(rounds, 11, "of a playbook to check", GOAL)
