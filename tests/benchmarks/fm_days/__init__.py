"""Days of an FM band in simulation: what sensors would report of it, judged by the real chain.

Simulated are `FmStation` values, not samples: each is what the receiver gives of made signals, with the errors it was
measured to have there (`receiver`). How often things happen in a band (`life`) is assumed, not counted: the rates that
come out are the simulator's.
"""
