from sensor.window import Window


def sizes(window: Window, answers: int, *, credit: int = 400) -> list[int]:
    found = [window.size]
    for _ in range(answers):
        window.answered(credit)
        found.append(window.size)
    return found


def test_it_starts_at_four_and_doubles_up_to_the_most() -> None:
    assert sizes(Window(most=400), 8) == [4, 8, 16, 32, 64, 128, 256, 260, 264]
    assert sizes(Window(most=20), 4) == [4, 8, 16, 20, 20]


def test_the_servers_credit_is_never_exceeded_and_never_stops_it_for_good() -> None:
    assert sizes(Window(most=400), 3, credit=10) == [4, 8, 10, 10]
    window = Window(most=400)
    window.answered(0)
    assert window.size == 1


def test_each_reconnect_starts_small_again() -> None:
    window = Window(most=400)
    sizes(window, 5)
    window.reconnected(stalled=False)
    assert window.size == 4


def test_a_connection_that_died_before_any_answer_is_followed_by_one_report() -> None:
    window = Window(most=400)
    window.reconnected(stalled=False)
    window.reconnected(stalled=False)
    assert sizes(window, 3) == [1, 2, 4, 8]


def test_what_stalled_once_is_approached_slowly_the_next_time() -> None:
    window = Window(most=400)
    sizes(window, 4)
    window.reconnected(stalled=True)
    assert sizes(window, 5) == [4, 8, 16, 32, 36, 40]
