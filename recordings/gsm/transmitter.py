"""The C0 carrier of one cell as samples: every burst at the same power (3GPP TS 45.008 §7.1)."""

from math import floor

import numpy as np
from numpy.typing import NDArray

from recordings.gsm.bursts import BURST_BITS, DUMMY, FRAME_SYMBOLS, HYPERFRAME, MULTIFRAME, SLOT_START, normal_bursts
from recordings.gsm.coding import Bits
from recordings.gsm.gmsk import AFTER, BEFORE, SAMPLES_PER_SYMBOL, SYMBOL_RATE_HZ, modulate
from recordings.gsm.multiframe import ControlSlot, SlotZero
from recordings.gsm.schedule import CYCLE, bcch_kind, extended_kind
from recordings.gsm.spec import GsmBroadcast, downlink_hz
from recordings.gsm.system_information import system_information
from recordings.transmitter import FieldOutOfRange

TRAFFIC_BURSTS = 1024  # different ones; more would not look different
SLOTS = 8


class GsmTransmitter:
    """A cell on the air. Symbol n of frame f starts at sample 4 · (1250 · (f - start) + n - symbol_offset).

    Raises BroadcastError when the broadcast cannot be sent.
    """

    rate_hz: float = SAMPLES_PER_SYMBOL * SYMBOL_RATE_HZ

    def __init__(self, broadcast: GsmBroadcast, *, seed: int) -> None:
        _check(broadcast)
        self.broadcast = broadcast
        self.slot_zero = SlotZero(broadcast, seed=seed)
        more = broadcast.ccch_timeslots[1:]
        self.control_slots: dict[int, ControlSlot] = {0: self.slot_zero}
        self.control_slots |= {tn: ControlSlot(broadcast, seed=seed, timeslot=tn) for tn in more}
        self._busy = [tn for tn in range(1, SLOTS) if tn in broadcast.busy_timeslots and tn not in more]
        rng = np.random.default_rng((seed, 0x7AFF1C))
        payload = rng.integers(0, 2, (TRAFFIC_BURSTS, 116), np.uint8)
        self._traffic = normal_bursts(payload, broadcast.bsic % 8)
        self._idle_frame = np.ones(FRAME_SYMBOLS, np.uint8)  # 45.004 §2.2: ones between bursts
        for tn in range(1, SLOTS):
            self._idle_frame[SLOT_START[tn] : SLOT_START[tn] + BURST_BITS] = DUMMY
        whole = floor(broadcast.symbol_offset)
        self._offset = whole + broadcast.frame_number_at_start * FRAME_SYMBOLS
        self._shift = broadcast.symbol_offset - whole

    def baseband(self, first: int, count: int) -> NDArray[np.complex64]:
        """Samples first … first + count, |x| = 1. `first` may lie before the start."""
        start, stop = first // SAMPLES_PER_SYMBOL, -(-(first + count) // SAMPLES_PER_SYMBOL)
        begin = start + self._offset
        bits = self.symbols(begin - BEFORE, stop - start + BEFORE + AFTER)
        samples = modulate(bits, begin, shift_symbols=self._shift)
        skip = first - start * SAMPLES_PER_SYMBOL
        return samples[skip : skip + count]

    def symbols(self, first: int, count: int) -> Bits:
        """Modulating bits; symbol 0 is the first of frame number 0."""
        low, high = first // FRAME_SYMBOLS, -(-(first + count) // FRAME_SYMBOLS)
        bits = self._frames(np.arange(low, high) % HYPERFRAME).ravel()
        skip = first - low * FRAME_SYMBOLS
        return bits[skip : skip + count]

    def _frames(self, frame_numbers: NDArray[np.int64]) -> Bits:
        """(n, 1250) bits of these frames."""
        frames = np.tile(self._idle_frame, (len(frame_numbers), 1))
        number = frame_numbers // MULTIFRAME
        for multiframe in np.unique(number):
            rows = number == multiframe
            for tn, slot in self.control_slots.items():
                bursts = slot.bursts(int(multiframe))[frame_numbers[rows] % MULTIFRAME]
                frames[rows, SLOT_START[tn] : SLOT_START[tn] + BURST_BITS] = bursts
        for tn in self._busy:
            choice = ((frame_numbers * SLOTS + tn) * 2654435761 >> 13) % TRAFFIC_BURSTS
            frames[:, SLOT_START[tn] : SLOT_START[tn] + BURST_BITS] = self._traffic[choice]
        return frames


def _check(cell: GsmBroadcast) -> None:
    """Refuse at once what would be refused in the middle of a recording."""
    downlink_hz(cell.arfcn, cell.band_indicator)
    for field, value, end in (
        ("bsic", cell.bsic, 64),
        ("frame_number_at_start", cell.frame_number_at_start, HYPERFRAME),
    ):
        if not 0 <= value < end:
            raise FieldOutOfRange(field=field, value=value, allowed=f"0 … {end - 1}")
    channels = 1 if cell.combined else 4
    if not 1 <= cell.ccch_channels <= channels:
        raise FieldOutOfRange(field="ccch_channels", value=cell.ccch_channels, allowed=f"1 … {channels}")
    if not 0 <= cell.symbol_offset < FRAME_SYMBOLS:
        raise FieldOutOfRange(field="symbol_offset", value=cell.symbol_offset, allowed=f"0 ≤ n < {FRAME_SYMBOLS}")
    for share in ("paging_imsi_share", "hopping_share"):
        if not 0 <= getattr(cell, share) <= 1:
            raise FieldOutOfRange(field=share, value=getattr(cell, share), allowed="0 … 1")
    for rate in ("paging_per_s", "assignments_per_s"):
        if getattr(cell, rate) < 0:
            raise FieldOutOfRange(field=rate, value=getattr(cell, rate), allowed="≥ 0")
    kinds = {bcch_kind(cell, multiframe) for multiframe in range(4 * CYCLE)}
    kinds |= {kind for kind in (extended_kind(cell, tc) for tc in range(CYCLE)) if kind}
    for kind in kinds | ({"5", "6"} if cell.combined else set()) | set(cell.raw):
        system_information(cell, kind)
