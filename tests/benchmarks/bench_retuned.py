"""FM time differences where no licensed station is in the suspect's window: retuning, and satellites' clocks."""

from tests.benchmarks import fm_retuned


def main() -> None:
    fm_retuned.table()
