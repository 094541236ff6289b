"""Where things lie: the repository, a mode's state, and the place a service account can reach."""

from __future__ import annotations

import hashlib
import os
import pwd
import shutil
import stat
import tempfile
from dataclasses import dataclass
from pathlib import Path

from practice.launch.console import LaunchError, is_root

ROOT = Path(__file__).resolve().parents[2]
WORK = ROOT / ".wellrun"
VENV = Path(os.environ.get("WELLRUN_VENV") or ROOT / ".venv")
SYSTEM_STATE = Path("/var/lib")
THROWAWAY_PREFIX = "wellrun-"
NEEDED_FREE_BYTES = 1_000_000_000


@dataclass(frozen=True)
class Account:
    """The unprivileged account that runs the embedded services when the launcher is root."""

    uid: int
    gid: int


@dataclass(frozen=True)
class State:
    """One mode's data directory and the paths in it."""

    mode: str
    root: Path
    throwaway: bool = False

    @property
    def logs(self) -> Path:
        """One log file per process and one for the setup steps."""
        return self.root / "logs"

    @property
    def secrets_file(self) -> Path:
        """Generated passwords and keys, readable by the owner only."""
        return self.root / "secrets.json"

    @property
    def runtime_file(self) -> Path:
        """Ports and process ids of what runs now."""
        return self.root / "runtime.json"

    @property
    def logins_file(self) -> Path:
        """The cast's log-ins, written by `seed_demo` on the first run."""
        return self.root / "logins.json"

    @property
    def folders(self) -> dict[str, Path]:
        """The folders the product writes to, by the variable that tells it where."""
        return {
            "WELLRUN_OUTGOING": self.root / "exchange" / "outgoing",
            "WELLRUN_INCOMING": self.root / "exchange" / "incoming",
            "WELLRUN_MEDIA": self.root / "media",
            "WELLRUN_MAILBOX": self.root / "mailbox",
        }


def service_account() -> Account | None:
    """`nobody` when the launcher is root (PostgreSQL refuses to run as root), else None: run as oneself."""
    if not is_root():
        return None
    try:
        entry = pwd.getpwnam("nobody")
    except KeyError:
        raise LaunchError(
            "As root the database runs as the account 'nobody', which this machine lacks.\n"
            "Make it (useradd --system nobody) or start Wellrun as a normal user."
        ) from None
    return Account(uid=entry.pw_uid, gid=entry.pw_gid)


def reachable_by_others(path: Path) -> bool:
    """Whether any account may enter every existing directory on the way to `path`."""
    here = path.absolute()
    existing = (folder for folder in (here, *here.parents) if folder.exists())
    return all(folder.stat().st_mode & stat.S_IXOTH for folder in existing)


def short_hash(path: Path) -> str:
    """A stable short name for a path."""
    return hashlib.sha256(str(path.absolute()).encode()).hexdigest()[:12]


def outside_home(path: Path) -> Path:
    """The stand-in for a path below a closed directory such as /root."""
    return SYSTEM_STATE / f"wellrun-{short_hash(path)}"


def service_home(state: State) -> Path:
    """Where the embedded services of `state` keep their files.

    Below the state directory; below /var/lib when root's service account cannot enter the former
    (a clone under /root).
    """
    if is_root() and not reachable_by_others(state.root):
        return outside_home(state.root)
    return state.root / "services"


def make_open_folder(path: Path) -> None:
    """Make a directory that other accounts may pass through but not list."""
    path.mkdir(parents=True, exist_ok=True)
    if is_root() and path.stat().st_uid == 0:
        path.chmod(path.stat().st_mode | stat.S_IXOTH)


def prepare(state: State) -> None:
    """Make the state directory and its folders; refuse a full disk or another account's directory."""
    try:
        if state.root.is_relative_to(WORK):
            make_open_folder(WORK)
        make_open_folder(state.root)
        state.root.chmod(0o711 if is_root() else 0o700)
        for folder in (state.logs, *state.folders.values()):
            folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    except PermissionError as error:
        raise LaunchError(_other_account(state, error=error)) from error
    if not os.access(state.root, os.W_OK) or not os.access(state.logs, os.W_OK):
        raise LaunchError(_other_account(state))
    require_space(state.root)
    require_space(service_home(state))


def _other_account(state: State, *, error: OSError | None = None) -> str:
    reason = f" ({error})" if error else ""
    return (
        f"{state.root} belongs to another account{reason}: it was first started as somebody else.\n"
        "Start Wellrun as that account, or choose another directory: WELLRUN_STATE=/some/folder ./run demo"
    )


def require_space(path: Path) -> None:
    """Raise LaunchError unless the disk that holds `path` has 1 GB free."""
    place = path
    while not place.exists():
        place = place.parent
    free = shutil.disk_usage(place).free
    if free < NEEDED_FREE_BYTES:
        raise LaunchError(
            f"The disk that holds {place} has {free // 1_000_000} MB free; Wellrun needs at least 1,000 MB.\n"
            "Make room, or choose another disk: WELLRUN_STATE=/other/disk/wellrun ./run demo"
        )


def state_for(mode: str) -> State:
    """The kept state of `demo` or `dev`: WELLRUN_STATE when set, else below the repository."""
    chosen = os.environ.get("WELLRUN_STATE")
    root = Path(os.environ.get("WELLRUN_CWD", ".")).joinpath(chosen).absolute() if chosen else WORK / mode
    return State(mode=mode, root=root)


def temporary_folders() -> list[Path]:
    """Temporary directories that the service account can enter, the preferred one first."""
    places = [tempfile.gettempdir(), "/var/tmp", "/tmp"]  # noqa: S108 (mkdtemp makes a private one in it)
    found = [Path(place) for place in dict.fromkeys(places)]
    return [place for place in found if place.is_dir() and (not is_root() or reachable_by_others(place))]


def throwaway_state(mode: str) -> State:
    """A new directory for one run, in a place the service account can reach. The caller removes it."""
    usable = temporary_folders()
    if not usable:
        raise LaunchError("No temporary directory can be entered by the database's account. Set TMPDIR.")
    root = Path(tempfile.mkdtemp(prefix=f"{THROWAWAY_PREFIX}{mode}-", dir=usable[0]))
    if is_root():
        root.chmod(0o711)
    return State(mode=mode, root=root, throwaway=True)


def remove(state: State) -> None:
    """Delete a state directory and its services' files for good."""
    home = service_home(state)
    shutil.rmtree(state.root, ignore_errors=True)
    shutil.rmtree(home, ignore_errors=True)
