"""docs/performance.md: written by a whole run from what it measured. Nothing in it is written by hand."""

from textwrap import fill

from figures import HEADS, cells

HEAD = """# How fast Andon is

Written by `make bench` (`Tests/Benchmarks`), not by hand. Each figure is a ratio: what Andon takes, divided by what a
yardstick takes for the same work in the same minutes. **Less is better**, and a goal is met when the ratio is not above
it. What stands in the way of a goal that is missed, and what was tried, people write down in
[performance notes](performance-notes.md).

## Where

| | |
|---|---|
"""

HOW = """
## How

- Programs take turns: A B, then B A, and so on. Each ratio is taken inside one such round; told is the median of the
  ratios, with the smallest and the largest. {rounds} rounds each, {few} of the runs of up to 10,000 steps, and fewer of what
  takes longer than five minutes. Times are medians.
- Before each round the machine is given a while to become quiet. {busy} of {pairs} rounds began although something else was
  still running.
- A time is that of the whole process, from its start to its end, with all it had to load. Processor time counts what it
  started; peak memory is that of the largest process.
- Everything is on in every run of Andon: full durability, checks, the chain of the journal, and redaction with a live
  secret. That redaction works is tried out in the very journal that is measured.
- The journal is there already and grows from round to round, as the journal of somebody who uses Andon does. Every run
  opens an incident and nobody closes it, which is more open at once than anybody should have.
- The database is PostgreSQL with its default durability, reached over TCP on this machine with a SCRAM password; the API is
  a small server in C. A run that leaves trading enabled, loses an entry or ends with the wrong exit code has no figure.
- The floor is a C program with the same libraries that does the same work, durably, and nothing else: the ratio that would be
  left of Andon if everything but the work cost nothing.
"""

# A busy disk makes every commit slow, and a ratio of two slow things is near 1 whatever else is true.
WARNING = """
**Too much else was running. These figures are worth little, those that are met as well as those that are missed.**
"""

ROWS = {
    1: "the emergency as it is: a process that was not running, an UPDATE of one row with the number of rows checked, a "
       "SELECT that proves it, an HTTP request with its status checked. The script does the same and records nothing",
    2: "the same, with a round trip of 30 ms to the database and to the API",
    3: "calls of `fsync`, `fdatasync` and their like, counted by `strace` in andon and everything it starts, into a journal "
       "that exists. N steps need N + 1 commits when the outcome of one shares a commit with the intent of the next",
    4: "what Andon itself costs: steps that do nothing, against commits of one row by SQLite with nothing around it",
    5: "steps that run a program, against the shell that runs it and forgets",
    6: "steps that read one row, over one connection",
    7: "nothing slows down or piles up as a run gets longer: the cost of a step more between 1,000 and 10,000 steps against "
       "that between 100 and 1,000, and the peak of memory",
    8: "output is taken to the last byte, counted, hashed and searched for secrets; memory does not grow with it",
    9: "the start of the process alone",
    10: "reading back takes as long in a journal of a million entries as in one of a thousand, and taking up a run that was "
        "killed does not depend on how much of it is done",
    11: "reading a playbook and looking for every mistake in it, against reading its YAML alone",
    12: "many runs share one journal: nobody waits long for an intent to become durable",
}


def write(path, figures, place, stage):
    """`place`: rows about the machine."""
    patience = stage.watch.patience
    text = HEAD + "".join(f"| {what} | {value} |\n" for what, value in place.items())
    text += HOW.format(rounds=stage.rounds, few=stage.few, busy=patience.busy, pairs=patience.pairs)
    text += WARNING if patience.in_vain else ""
    text += f"\n## Figures\n\n| # | {' | '.join(HEADS)} |\n|{'---|' * (len(HEADS) + 1)}\n"
    text += "".join(f"| {figure.row} | {' | '.join(cells(figure))} |\n" for figure in figures)
    judged = [figure for figure in figures if figure.met is not None]
    text += f"\n{sum(figure.met for figure in judged)} of {len(judged)} goals that were measured are met.\n"
    text += "\n## What each row measures\n\n"
    text += "".join(fill(f"- **{row}**: {what}.", 120, subsequent_indent="  ") + "\n" for row, what in ROWS.items())
    path.write_text(text, encoding="utf-8")
