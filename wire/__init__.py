"""The envelopes said between machines, versioned, and their codec."""
