"""Where the measures happen: one folder that is gone afterwards, the compiled helpers, the servers, and Andon's files."""

import os
import shutil
import subprocess
from functools import cached_property
from pathlib import Path

import machine
import servers
from pairs import NoFigure, Runner, Stopwatch

HERE = Path(__file__).resolve().parent
ROOT = HERE.parent.parent
# What `make bench` builds with Swift.
YARDSTICKS = ROOT / ".build/yardsticks/release"
# So many runs a figure from the slow end of a measure is made of, at most.
FEW = 5

TOKEN = "bench-9f2c81d7e05b4a36"
ENVIRONMENT = """format: 1
environment: production
production: true
connections:
  database: {postgres: "env:DATABASE_URL"}
  api: {http: "env:API_URL"}
  service: {token: "env:SERVICE_TOKEN"}
"""


class Stage:
    """What all measures share. Servers start when the first measure asks for one."""

    def __init__(self, andon, crowd, rounds, folder, patience):
        self.andon = str(andon)
        self.crowd = str(crowd)
        self.rounds = rounds
        self.folder = Path(folder)
        self.folder.chmod(0o711)  # the database server is another user
        self.playbooks = self.folder / "playbooks"
        self.compile()
        self.watch = Stopwatch(self.program("launch"), folder, patience)
        self.lay_out_playbooks()

    @property
    def few(self):
        return min(self.rounds, FEW)

    def close(self):
        # Only what was started: asking for a server would start it.
        for name in ("far_api", "far_postgres", "api", "postgres"):
            if name in self.__dict__:
                self.__dict__[name].close()

    # Programs

    def compile(self):
        (self.folder / "bin").mkdir()
        include = subprocess.run(["pg_config", "--includedir"], capture_output=True, text=True, check=True).stdout.strip()
        for name, flags in {"launch": ["-static"], "hello": [], "answer": ["-pthread"], "yardsticks": ["-lsqlite3"],
                            "floor": ["-I" + include, "-lpq", "-lcurl", "-lsqlite3"]}.items():
            source = HERE / "Programs" / f"{name}.c"
            subprocess.run(["gcc", "-O2", "-Wall", "-o", self.program(name), source, *flags], check=True)

    def program(self, name):
        return self.folder / "bin" / name

    def ask(self, *words):
        """What one of the yardsticks prints."""
        done = subprocess.run([self.program("yardsticks"), *map(str, words)], capture_output=True, text=True, check=True)
        return done.stdout.strip()

    # Servers

    @cached_property
    def postgres(self):
        return servers.Postgres(self.folder / "postgres")

    @cached_property
    def api(self):
        return servers.Listener([str(self.program("answer"))])

    @cached_property
    def far_postgres(self):
        return servers.distance(self.postgres.port, 30)

    @cached_property
    def far_api(self):
        return servers.distance(self.api.port, 30)

    def near(self):
        """The variables by which everybody finds the servers."""
        return {"DATABASE_URL": self.postgres.address(), "API_URL": f"http://127.0.0.1:{self.api.port}",
                "PSQL": str(self.postgres.psql)}

    def far(self):
        return {"DATABASE_URL": self.postgres.address(self.far_postgres.port),
                "API_URL": f"http://127.0.0.1:{self.far_api.port}", "PSQL": str(self.postgres.psql)}

    # Andon

    def lay_out_playbooks(self):
        """The shipped ones, as somebody who uses Andon has them, with an environment of ours."""
        shutil.copytree(ROOT / "playbooks", self.playbooks)
        (self.playbooks / "environments/production.yaml").write_text(ENVIRONMENT, encoding="utf-8")

    def playbook(self, name, steps, head=""):
        """Writes one; `steps` are lines of YAML."""
        path = self.playbooks / f"{name}.yaml"
        path.write_text(f"format: 1\nid: {name}\nname: Benchmark {name}\nseverity: P2\n{head or 'connections: [service]'}\n"
                        f"steps:\n{steps}", encoding="utf-8")
        return path

    def state(self, name):
        """A folder for a journal, made when it is not there."""
        path = self.folder / "state" / name
        path.mkdir(parents=True, exist_ok=True)
        return path

    def environment(self, state, **more):
        """Of every program that is measured, Andon or not."""
        return {"PATH": "/usr/bin:/bin", "HOME": str(self.folder), "USER": "bench", "LANG": "C.UTF-8",
                "ANDON_STATE": str(state), "ANDON_PLAYBOOKS": str(self.playbooks), "SERVICE_TOKEN": TOKEN, **more}

    def run(self, name, playbook, state, more=None, **hooks):
        """Andon, running a playbook into the journal of a state folder."""
        words = [self.andon, "run", playbook, "--auto", "--yes"]
        return Runner(name, words, self.environment(state, **(more or {})), **hooks)

    def prove_redaction(self, state):
        """Every measured run has a secret to hide: what prints it has to leave no trace of it in the same journal."""
        (self.folder / "token").write_text(TOKEN, encoding="utf-8")
        self.playbook("leak", f"  - id: leak\n    command: {{run: [cat, {self.folder / 'token'}]}}\n")
        self.watch.once(self.run("andon", "leak", state))
        said = self.watch.output.read_bytes() + b"".join(path.read_bytes() for path in state.glob("journal.db*"))
        if TOKEN.encode() in said or b"[secret:SERVICE_TOKEN]" not in said:
            raise NoFigure("redaction is not on")

    def describe(self):
        versions = [f"PostgreSQL {self.postgres.version}", f"SQLite {self.ask('version')}"]
        return machine.description(self.folder, versions, self.ask("flush", self.folder / "flushed"))


def durable_place():
    """A folder for temporary files that is on a disk: where nothing survives a power cut, flushing costs nothing."""
    for place in (os.environ.get("TMPDIR"), "/tmp", "/var/tmp"):
        if place and os.access(place, os.W_OK) and machine.filesystem(place) not in ("tmpfs", "ramfs"):
            return place
    raise NoFigure("/tmp and /var/tmp are in memory: set TMPDIR to a folder on a disk")
