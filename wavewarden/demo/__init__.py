"""The made city: every real part of the system, each sensor a process of its own."""
