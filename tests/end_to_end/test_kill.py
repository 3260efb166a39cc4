"""Nothing reported is lost, doubled or invented, whoever is killed when."""

import random
import time
from pathlib import Path

import pytest

from tests.end_to_end.processes import watch

KILLS = 15


@pytest.mark.slow
@pytest.mark.parametrize("seed", [1])
def test_fifteen_kills_of_sensor_or_server_lose_double_and_invent_nothing(tmp_path: Path, seed: int) -> None:
    chance = random.Random(seed)
    with watch(tmp_path, ("roof", "van"), rate_hz=100.0) as scene:
        for name in ("server", "roof", "van"):
            scene.start(name)
        for _ in range(KILLS):
            time.sleep(chance.uniform(0.1, 0.9))
            victim = chance.choice(("server", "server", "roof", "van"))
            scene.kill(victim)
            time.sleep(chance.uniform(0.0, 0.3))
            scene.start(victim)
        time.sleep(1.0)
        for name in ("roof", "van"):
            scene.kill(name)  # the last ones have no time to say goodbye either
        scene.drain_all()
        time.sleep(1.5)  # what is no news for anyone may wait a second to be written
        scene.stop_all()
        assert scene.check() > 500
