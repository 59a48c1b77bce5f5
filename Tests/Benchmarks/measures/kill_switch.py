"""Rows 1 and 2: the kill switch, cold, against the script that a responder runs without Andon."""

from figures import ratio
from pairs import NoFigure, Runner

OFF = "UPDATE trades_config SET value = 'false' WHERE key = 'TRADES_ENABLED'"
LOOK = "SELECT value FROM trades_config WHERE key = 'TRADES_ENABLED'"
ON = "UPDATE trades_config SET value = 'true' WHERE key = 'TRADES_ENABLED'"

HEAD = "kill_switch: {word: PAUSE}\nconnections: [database, api]"
STEPS = f"""  - id: disable-trades
    name: Disable trading in the database
    effect: destructive
    idempotent: true
    sql: {{connection: database, run: "{OFF}", expect: {{rows: 1}}}}
    verify:
      sql: {{connection: database, run: "{LOOK}"}}
      until: rows[0].value == "false"
  - id: api-answers
    name: The API answers
    http: {{connection: api, get: /trades, status: [200]}}
"""

# psql as it is, without the script that Debian puts around it. Nothing is recorded.
SCRIPT = f"""#!/bin/bash
set -euo pipefail
"$PSQL" "$DATABASE_URL" -qXAt -v ON_ERROR_STOP=1 -c "{OFF}"
[ "$("$PSQL" "$DATABASE_URL" -qXAt -v ON_ERROR_STOP=1 -c "{LOOK}")" = false ]
curl -fsS "$API_URL/trades"
"""
YARDSTICK = "bash, psql twice, curl; nothing recorded"


def runners(stage, variables, state):
    """Andon, the script and the floor. None gets a figure that leaves trading enabled."""

    def enable():
        stage.postgres.query(ON)

    def disabled(_):
        if stage.postgres.query(LOOK) != "false":
            raise NoFigure("trading is still enabled")

    script = stage.folder / "kill-switch.sh"
    script.write_text(SCRIPT, encoding="utf-8")
    stage.playbook("kill-switch", STEPS, HEAD)
    environment = stage.environment(state, **variables)
    return [Runner(name, words, environment, enable, disabled) for name, words in {
        "andon": [stage.andon, "pull", "kill-switch", "--confirm", "PAUSE"],
        "yardstick": ["bash", script],
        "floor": [stage.program("floor"), "kill-switch", stage.folder / "kill-switch.db"],
    }.items()]


def measure(stage):
    state = stage.state("kill-switch")
    stage.prove_redaction(state)
    near = stage.watch.compare(runners(stage, stage.near(), state), stage.rounds)
    for name, what, goal in (("wall time", "wall", 0.60), ("processor time", "cpu", 0.55), ("peak memory", "peak", 2.5)):
        yield ratio(near, 1, f"kill switch, cold: {name}", YARDSTICK, goal, what=what)
    far = stage.watch.compare(runners(stage, stage.far(), state), stage.rounds)
    yield ratio(far, 2, "kill switch, servers 30 ms away: wall time", YARDSTICK, 0.60)
