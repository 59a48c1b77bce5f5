"""Row 12: a hundred runs at once, in one process and on one journal, against the same steps in one run.

No command does that: it takes an executable that is built with Andon's own modules, and there is none yet.
"""

from figures import Figure


def measure(stage):
    lacking = "no command does that, and nothing else that would is built yet"
    yield Figure(12, "100 runs at once, 20 steps each, in one process", "the same 2,000 steps in one run", 1.3, lacking=lacking)
    yield Figure(12, "their intents: 99th percentile until durable", "a commit by itself", 10, lacking=lacking)
