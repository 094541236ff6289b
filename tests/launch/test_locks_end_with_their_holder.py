import subprocess
import sys

from practice.launch.locks import FileLock
from practice.launch.paths import ROOT

HOLD = """
import sys, time
from practice.launch.locks import FileLock
lock = FileLock(__import__("pathlib").Path(sys.argv[1]))
assert lock.try_exclusive()
print("held", flush=True)
time.sleep(60)
"""


def test_a_second_holder_is_turned_away(tmp_path):
    first, second = FileLock(tmp_path / "lock"), FileLock(tmp_path / "lock")

    assert first.try_exclusive()
    assert not second.try_exclusive()

    first.release()
    assert second.try_exclusive()
    second.release()


def test_several_users_share_and_shut_out_the_one_who_wants_to_be_alone(tmp_path):
    users = [FileLock(tmp_path / "lock") for _ in range(2)]
    for user in users:
        user.share()
    last = FileLock(tmp_path / "lock")

    users[0].release()
    assert not last.try_exclusive()
    users[1].release()
    assert last.try_exclusive()
    last.release()


def test_a_killed_holder_leaves_no_stale_lock(tmp_path):
    holder = subprocess.Popen(
        [sys.executable, "-c", HOLD, str(tmp_path / "lock")], cwd=ROOT, stdout=subprocess.PIPE
    )
    assert holder.stdout is not None
    assert holder.stdout.readline() == b"held\n"
    lock = FileLock(tmp_path / "lock")
    assert not lock.try_exclusive()

    holder.kill()
    holder.wait()
    holder.stdout.close()

    assert lock.try_exclusive()
    lock.release()
