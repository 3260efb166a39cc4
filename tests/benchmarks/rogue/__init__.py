"""A simulator of sites and years: what one sensor would report of innocent networks and of rogues among them.

It makes `GsmCell` values, not IQ: System Information is encoded to its 23 octets and read back by the receiver's own
decoder, measurements get the errors the receiver was measured to have. The judges are the real ones.
"""
