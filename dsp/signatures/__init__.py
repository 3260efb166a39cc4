"""Judging what one sensor heard, one file a signature; the registry is the tuples in `registry`."""
