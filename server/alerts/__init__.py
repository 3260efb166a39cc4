"""Telling people: one file a channel, one loop that delivers at least once."""
