"""What is kept of bearings: the newest, and no sensor crowds the others out."""

from fusion.values import BearingSighting

MOST_A_SENSOR, MOST_BEARINGS = 60, 300


def with_bearing(bearings: tuple[BearingSighting, ...], new: BearingSighting) -> tuple[BearingSighting, ...]:
    """Appended; where its sensor has enough already, that sensor's oldest goes."""
    mine = [b for b in bearings if b.sensor == new.sensor]
    if len(mine) >= MOST_A_SENSOR:
        bearings = tuple(b for b in bearings if b is not mine[0])
    return (*bearings, new)[-MOST_BEARINGS:]
