"""The watching program: receive, call fusion, keep, show, alert."""
