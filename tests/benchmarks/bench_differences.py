"""Time differences without synchronised sensors: FM by snippets, GSM by frames; and what is refused."""

from tests.benchmarks import fm_differences, gsm_differences


def main() -> None:
    fm_differences.table()
    gsm_differences.table()
