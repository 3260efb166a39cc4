"""Run every bench_*.py beside this file (or those named) and print their tables."""

import importlib
import sys
import time
from pathlib import Path


def main(names: list[str]) -> int:
    found = sorted(path.stem.removeprefix("bench_") for path in Path(__file__).parent.glob("bench_*.py"))
    unknown = [name for name in names if name not in found]
    if unknown:
        print(f"no benchmark is called {unknown[0]!r}; there are: {', '.join(found)}", file=sys.stderr)
        return 2
    for name in names or found:
        print(f"\n## {name}\n", flush=True)
        started = time.process_time()
        importlib.import_module(f"tests.benchmarks.bench_{name}").main()
        print(f"\n({time.process_time() - started:.1f} CPU s)", flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
