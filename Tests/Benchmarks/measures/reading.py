"""Row 10: the report of an incident of about 200 entries, out of a journal of a million and one of a thousand."""

import re
from pathlib import Path

import journals
from figures import ratio
from pairs import NoFigure, Runner

SIZES = {"small": (1000, 5), "large": (1_000_000, 5000)}


def whole(output: Path):
    if "# Postmortem" not in output.read_text(encoding="utf-8"):
        raise NoFigure("that is no report")


def about_200(output: Path):
    rows = int(re.match(r"\d+", output.read_text(encoding="utf-8"))[0])
    if not 150 <= rows <= 250:
        raise NoFigure(f"{rows} entries were read")


def measure(stage):
    runners = []
    for name, (entries, incidents) in SIZES.items():
        state = stage.state(f"reading-{name}")
        journals.make(state, entries, incidents)
        runners.append(Runner(name, [stage.andon, "postmortem", "create", "INC-1", "--out", "-"],
                              stage.environment(state), after=whole))
    select = [stage.program("yardsticks"), "rows", stage.state("reading-large") / "journal.db", 1]
    runners.append(Runner("yardstick", select, stage.environment(state), after=about_200))
    rounds = stage.watch.compare(runners, stage.rounds)
    what = "report of an incident of 200 entries, of a million"
    yield ratio(rounds, 10, what, "C: the raw SELECT, whole process", 4, ("large", "yardstick"))
    yield ratio(rounds, 10, what, "the same, of a thousand", 1.25, ("large", "small"))
