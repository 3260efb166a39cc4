"""Arithmetic on signals: the same input gives the same output; no file, socket, clock, log or chance."""
