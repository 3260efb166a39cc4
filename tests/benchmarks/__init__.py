"""Speed, memory, detection and position tables: `make bench`, or one of them with `python -m tests.benchmarks NAME`."""
