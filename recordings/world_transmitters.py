"""From what an emitter is said to broadcast to the transmitter that sends it."""

import zlib

from recordings.fm.transmitter import FmTransmitter
from recordings.gsm.transmitter import GsmTransmitter
from recordings.scenario_emitters import AnyEmitter, FmStationPlan, GsmCellPlan
from recordings.transmitter import Transmitter
from recordings.world_interference import BareCarrier, NoiseStrip


def transmitter_for(emitter: AnyEmitter, *, seed: int) -> Transmitter:
    """A fresh transmitter; its chance comes from the scenario's seed and the emitter's name. Raises BroadcastError."""
    own_seed = zlib.crc32(f"{seed}\0{emitter.name}".encode())
    if isinstance(emitter, GsmCellPlan):
        return GsmTransmitter(emitter.broadcast, seed=own_seed)
    if isinstance(emitter, FmStationPlan):
        return FmTransmitter(emitter.broadcast, seed=own_seed)
    if emitter.noise_width_hz:
        return NoiseStrip(width_hz=emitter.noise_width_hz, seed=seed, name=emitter.name)
    return BareCarrier()
