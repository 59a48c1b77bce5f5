"""Servers for the time of a benchmark: PostgreSQL, the platform's API, and a distance to both.

All listen on loopback only, and `close()` ends them by the processes that were started here.
"""

import os
import pwd
import re
import secrets
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path

HERE = Path(__file__).resolve().parent
TABLES = """
CREATE TABLE trades_config (key text PRIMARY KEY, value text NOT NULL, updated_at timestamptz NOT NULL DEFAULT now());
INSERT INTO trades_config (key, value) VALUES ('TRADES_ENABLED', 'true'), ('API_STATUS', 'ok');
INSERT INTO trades_config (key, value) SELECT 'LIMIT_' || number, number::text FROM generate_series(1, 60) number;
"""


class NoServer(Exception):
    """It did not start; says why."""


def newest_postgres():
    """The folder of PostgreSQL's own programs. Debian's `psql` on PATH is a script around the real one, and slower."""
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/postgres"), key=lambda path: float(path.parts[-3]))
    if found:
        return found[-1].parent
    done = subprocess.run(["pg_config", "--bindir"], capture_output=True, text=True, check=False)
    if done.returncode or not (Path(done.stdout.strip()) / "postgres").exists():
        raise NoServer("no PostgreSQL server here: apt-get install postgresql")
    return Path(done.stdout.strip())


class Postgres:
    """A server with its default settings, so every COMMIT is on the disk; asks for SCRAM passwords, over TCP."""

    def __init__(self, folder):
        self.programs = newest_postgres()
        self.psql = self.programs / "psql"
        self.folder = Path(folder)
        self.password = secrets.token_hex(16)
        # PostgreSQL refuses to run as root.
        self.as_user = {"user": "postgres", "group": "postgres", "extra_groups": []} if os.getuid() == 0 else {}
        self.folder.mkdir()
        self.give(self.folder)
        self.make()
        self.port = free_port()
        self.process = self.start()

    def give(self, path):
        """To the server's user."""
        if self.as_user:
            os.chown(path, pwd.getpwnam("postgres").pw_uid, -1)

    def make(self):
        password = self.folder / "password"
        password.touch(mode=0o600)
        password.write_text(self.password + "\n", encoding="utf-8")
        self.give(password)
        words = [self.programs / "initdb", "-D", "data", "-U", "bench", "--pwfile=password", "-A", "scram-sha-256",
                 "-E", "UTF8", "--locale=C"]
        done = subprocess.run(words, cwd=self.folder, capture_output=True, text=True, check=False, **self.as_user)
        password.unlink()
        if done.returncode:
            raise NoServer("initdb: " + done.stderr.strip()[-300:])

    def start(self):
        words = [self.programs / "postgres", "-D", "data", "-p", str(self.port), "-c", "listen_addresses=127.0.0.1",
                 "-c", "unix_socket_directories="]
        with open(self.folder.parent / "postgres.log", "wb") as log:
            process = subprocess.Popen(words, cwd=self.folder, stdin=subprocess.DEVNULL, stdout=log, stderr=log,
                                       start_new_session=True, **self.as_user)
        for _ in range(400):
            try:
                self.query(TABLES)
                return process
            except NoServer as problem:
                if process.poll() is not None:
                    raise
                last = problem
                time.sleep(0.05)
        process.kill()
        raise last

    def address(self, port=None):
        return f"postgresql://bench:{self.password}@127.0.0.1:{port or self.port}/postgres"

    def query(self, statements):
        """What psql prints."""
        done = subprocess.run([self.psql, self.address(), "-qXAt", "-1", "-v", "ON_ERROR_STOP=1", "-c", statements],
                              capture_output=True, text=True, check=False)
        if done.returncode:
            raise NoServer("psql: " + done.stderr.strip()[-300:])
        return done.stdout.strip()

    @property
    def version(self):
        """15.18, say."""
        done = subprocess.run([self.programs / "postgres", "--version"], capture_output=True, text=True, check=True)
        return re.search(r"[\d.]+", done.stdout)[0]

    def close(self):
        # Fast, but orderly: a crash's files would lie in the folder that is removed next.
        end(self.process, signal.SIGINT)


class Listener:
    """A program that prints the port it listens on."""

    def __init__(self, words):
        self.process = subprocess.Popen(words, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, text=True,
                                        start_new_session=True)
        line = self.process.stdout.readline()
        if not line:
            raise NoServer(f"{words[0]} did not start")
        self.port = int(line)

    def close(self):
        end(self.process, signal.SIGTERM)
        self.process.stdout.close()


def distance(port, milliseconds):
    """A port behind which `port` is so many milliseconds away."""
    return Listener([sys.executable, str(HERE / "delay.py"), str(port), str(milliseconds)])


def free_port():
    with socket.socket() as some:
        some.bind(("127.0.0.1", 0))
        return some.getsockname()[1]


def end(process, how):
    if process.poll() is None:
        process.send_signal(how)
        try:
            process.wait(20)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
