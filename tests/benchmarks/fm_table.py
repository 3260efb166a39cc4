"""Tables of the FM benchmarks."""

from collections.abc import Iterable, Sequence


def table(title: str, heads: Sequence[object], rows: Iterable[Sequence[object]]) -> None:
    print(f"\n{title}:\n")
    print("| " + " | ".join(map(str, heads)) + " |")
    print("|" + "---|" * len(heads))
    for row in rows:
        print("| " + " | ".join(map(str, row)) + " |", flush=True)
