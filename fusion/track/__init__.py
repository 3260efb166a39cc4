"""Emitters that move: a cloud of places, headings and speeds, carried along and weighed by what is heard."""
