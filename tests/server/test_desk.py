"""A thread that works in rounds: a fault and a silent database each cost one round."""

import threading

from sqlalchemy.exc import OperationalError

from server.desk import Desk


class Troubled(Desk):
    def __init__(self) -> None:
        super().__init__("troubled", round_s=0.001)
        self.rounds, self.went_on = 0, threading.Event()

    def work(self) -> None:
        self.rounds += 1
        if self.rounds == 1:
            raise ValueError("a fault of ours")
        if self.rounds == 2:
            raise OperationalError("SELECT 1", {}, Exception("gone"))
        self.went_on.set()


def test_a_round_that_fails_is_counted_and_told_and_the_next_one_works(caplog):
    desk = Troubled()
    desk.start()
    assert desk.went_on.wait(10)
    desk.stop()
    assert not desk.is_alive()
    assert desk.faults == 1
    assert "troubled: goes on after a fault" in caplog.text
    assert "troubled: stands still, the database does not answer: gone" in caplog.text


def test_one_that_never_began_stops_too():
    Troubled().stop()
