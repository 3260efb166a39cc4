import os
import signal
import subprocess
import sys
import textwrap
import time
from pathlib import Path

from wavewarden.demo.processes import Family


def alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return Path(f"/proc/{pid}/stat").read_text(encoding="ascii").split()[2] != "Z"


def test_a_child_that_ends_is_noticed_with_its_code_and_its_last_words(tmp_path):
    family = Family(tmp_path)
    family.start("odd", ["no-such-command"])
    family.children["odd"].wait(30)
    assert family.ended() == {"odd": 2}
    assert "no-such-command" in family.log_tail("odd")


def test_a_killed_parent_leaves_no_child_behind(tmp_path):
    script = textwrap.dedent(
        f"""
        import subprocess, sys, time
        from pathlib import Path
        import wavewarden.demo.processes as processes
        real = subprocess.Popen
        def sleeper(arguments, **options):
            sleep = "from wavewarden.demo.processes import leave_with_parent as l; l(); import time; time.sleep(60)"
            return real([sys.executable, "-c", sleep], **options)
        subprocess.Popen = sleeper
        family = processes.Family(Path({str(tmp_path)!r}))
        family.start("a", [])
        print(family.children["a"].pid, flush=True)
        time.sleep(60)
        """
    )
    parent = subprocess.Popen([sys.executable, "-c", script], stdout=subprocess.PIPE, text=True)
    assert parent.stdout is not None
    child = int(parent.stdout.readline())
    assert alive(child)
    time.sleep(0.5)
    parent.send_signal(signal.SIGKILL)
    parent.wait()
    parent.stdout.close()
    deadline = time.monotonic() + 5
    while alive(child) and time.monotonic() < deadline:
        time.sleep(0.05)
    assert not alive(child)
