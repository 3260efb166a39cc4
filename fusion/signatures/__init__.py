"""Judging what only many sensors can know, one file a signature; the registry is the tuple in `registry`."""
