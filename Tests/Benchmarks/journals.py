"""Long journals to measure with."""

import subprocess
from pathlib import Path

HERE = Path(__file__).resolve().parent


def make(folder, entries, incidents):
    """The journal of a state folder, with so many entries; every closed incident has its report. Its size in MiB."""
    subprocess.run([HERE.parent / "big_journal.py", folder / "journal.db", str(entries), str(incidents)], check=True)
    (folder / "reports").mkdir()
    for number in range(1, incidents + 1):
        (folder / "reports" / f"INC-{number}.md").touch()
    return (folder / "journal.db").stat().st_size / 2**20
