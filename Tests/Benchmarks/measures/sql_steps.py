"""Row 6: a hundred SQL steps, against a hundred psql processes and against one that is given everything."""

from figures import ratio
from measures.kill_switch import LOOK
from measures.steps import all_recorded
from pairs import Runner

COUNT = 100


def measure(stage):
    state = stage.state("sql-steps")
    stage.prove_redaction(state)
    steps = "".join(f'  - id: step-{number}\n    sql: {{connection: database, run: "{LOOK}"}}\n'
                    for number in range(1, COUNT + 1))
    stage.playbook("sql-steps", steps, "connections: [database]")
    script = stage.folder / "sql-steps.sh"
    script.write_text(
        "#!/bin/bash\nset -e\n" + f'"$PSQL" "$DATABASE_URL" -qXAt -v ON_ERROR_STOP=1 -c "{LOOK}"\n' * COUNT,
        encoding="utf-8")
    statements = stage.folder / "sql-steps.sql"
    statements.write_text(f"{LOOK};\n" * COUNT, encoding="utf-8")

    variables = stage.near()
    environment = stage.environment(state, **variables)
    rounds = stage.watch.compare([
        stage.run("andon", "sql-steps", state, variables, after=all_recorded(state, COUNT)),
        Runner("psql each", ["bash", script], environment),
        Runner("one psql", [variables["PSQL"], variables["DATABASE_URL"], "-qXAt", "-f", statements], environment),
        Runner("floor", [stage.program("floor"), "sql", COUNT, stage.folder / "sql-steps.db"], environment),
    ], stage.rounds)
    what = "100 durable SQL steps"
    yield ratio(rounds, 6, what, "100 psql processes; nothing recorded", 0.05, ("andon", "psql each"))
    yield ratio(rounds, 6, what, "one `psql -f`; nothing recorded", 3, ("andon", "one psql"))
