"""Every measure, by name, in the order of the goals. Each has `measure(stage)`, which gives its figures."""

from measures import crowd, flushes, growth, kill_switch, loading, output, reading, resuming, sql_steps, start, steps

ALL = {
    "kill-switch": kill_switch,
    "flushes": flushes,
    "steps": steps,
    "sql-steps": sql_steps,
    "growth": growth,
    "output": output,
    "start": start,
    "reading": reading,
    "resuming": resuming,
    "loading": loading,
    "crowd": crowd,
}
