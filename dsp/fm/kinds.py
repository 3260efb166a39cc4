"""What an emission in the FM band is: a broadcast, a carrier alone, a narrow channel of another service, or data.

A pilot or an unharmed RDS group proves a broadcast. Without either its modulation has to: a steady envelope over the
whole lump (or at least the stronger half of two that share it), power spread wider than narrow channels side by side
fill, a swing wider than any voice channel's 5 kHz, nothing above 15 kHz but noise, no keying between levels, and a tone
or a sound that changes its colour as speech and music do and data does not. What does may be clipped until it looks
keyed.
A pause in a mono programme looks like a carrier alone; longer looks, or the next, tell.
"""

import enum
import math

from dsp.fm.look import FmReception
from dsp.fm.swing import Swing

BARE_HZ = 10e3  # occupied by a line, with what drifts and hums around it
_LINE_PEAK_HZ, _LINE_PEAK_NOISE = 500.0, 3.5  # of the swing: voice channels go beyond. Noise's own is 2.8 of its RMS
_STEADY_DB, _STEADY_AT_MOST_DB = 4.0, 20.0  # of SINR under CNR; beyond that filters and reflections take their part
_UNCOVERED_AT_MOST_DB = 16.0  # and what is left of a stronger one that was taken off
_SHARED_MARGIN_DB = 0.5  # under what two equal carriers give, 3.8 dB without noise; three give 2.4
_CHANNEL_OVER_CNR = 1.3  # noise in the channel that is demodulated, against the 200 kHz of the CNR
_WIDE_HZ, _HALF_WIDE_HZ = 18e3, 9e3
_VOICE_PEAK_HZ, _VOICE_USUAL_HZ = 8e3, 7e3
_CLEAR_SINR_DB = 8.0  # from here on clicks do not reach the peak of the swing
_NOISE_LEFT = 2.2  # a third of the noise from 23 to 53 kHz, which is 6.4 times that under 15: so well is it known
_TIMBRE_DB = 1.5  # steady data 0.5 at most; speech clipped by 6 to 20 dB 8 and more, music 2.7
_CHANGELESS_DB, _CHANGELESS_TONE_SHARE = 1.2, 0.4  # programmes 3 and more even at 4 dB CNR; a tone is one all the same
_CLIPPED_ABOVE = 0.35  # of the programme: harmonics of what is clipped without a filter behind it
_KEYED_EDGE_SHARE, _KEYED_PEAK, _TONE_SHARE = 0.42, 1.3, 0.5  # peak over usual: 1.6 even of a wall of sound


class EmissionKind(enum.Enum):
    BROADCAST = "broadcast"
    CARRIER = "carrier"  # on the air, and nothing on it
    NARROW = "narrow"  # voice channels, telemetry, several of them side by side, or several lines
    DATA = "data"  # as wide as a broadcast, and no programme


def kind_of(seen: FmReception) -> EmissionKind:
    multiplex = seen.multiplex
    if multiplex.swing is None or multiplex.rds.groups or multiplex.combined_pi is not None:
        return EmissionKind.BROADCAST
    if _is_line(seen, multiplex.swing):
        return EmissionKind.CARRIER
    if not _is_wide(seen, multiplex.swing):
        return EmissionKind.NARROW
    return EmissionKind.BROADCAST if _is_programme(seen, multiplex.swing) else EmissionKind.DATA


def _is_line(seen: FmReception, swing: Swing) -> bool:
    most_hz = _LINE_PEAK_HZ + _LINE_PEAK_NOISE * swing.noise_hz
    return seen.carrier.occupied_hz < BARE_HZ and (swing.peak_hz < most_hz or (_steady(seen) and not _clear(seen)))


def _is_wide(seen: FmReception, swing: Swing) -> bool:
    spread_hz = seen.carrier.spread_hz
    if spread_hz is None or spread_hz >= _WIDE_HZ:
        return True
    if not _steady(seen):
        return False
    if _clear(seen):
        return swing.peak_hz >= _VOICE_PEAK_HZ
    return spread_hz >= _HALF_WIDE_HZ and swing.usual_hz >= _VOICE_USUAL_HZ


def _is_programme(seen: FmReception, swing: Swing) -> bool:
    """What a second carrier, or noise below the threshold, throws above 15 kHz grows as the SINR falls."""
    steady, sinr_db = _steady(seen), -99.0 if seen.sinr_db is None else seen.sinr_db
    disturbed = 10 ** (-sinr_db / 10)
    if steady and swing.timbre_db is not None and swing.timbre_db > _TIMBRE_DB:
        most = _CLIPPED_ABOVE + disturbed
        return swing.above_hz <= most * swing.programme_hz + _NOISE_LEFT * swing.noise_hz
    changeless = swing.timbre_db is not None and swing.timbre_db < _CHANGELESS_DB
    if changeless and swing.tone_share < _CHANGELESS_TONE_SHARE:
        return False
    keyed = swing.edge_share > _KEYED_EDGE_SHARE or swing.peak_hz < _KEYED_PEAK * swing.usual_hz
    if keyed and swing.tone_share < _TONE_SHARE:
        return False
    most = 0.12 + disturbed if steady else 0.2 + 2.2 * disturbed
    if not steady and sinr_db < _two_equal_db(seen.carrier.cnr_db) - _SHARED_MARGIN_DB:
        return False
    return swing.above_hz <= most * swing.programme_hz + _NOISE_LEFT * swing.noise_hz


def _steady(seen: FmReception) -> bool:
    at_most_db = _UNCOVERED_AT_MOST_DB if seen.uncovered else _STEADY_AT_MOST_DB
    return seen.sinr_db is not None and seen.sinr_db >= min(seen.carrier.cnr_db, at_most_db) - _STEADY_DB


def _two_equal_db(cnr_db: float) -> float:
    """SINR by the envelope of two equal carriers in noise: E|x|⁴ = 2 (ΣP)² − ΣP², the noise in the first sum only."""
    each = 0.5 / (1 + _CHANNEL_OVER_CNR * 10 ** (-cnr_db / 10))  # share of the power in the channel
    spread = 1 - 2 * each**2
    return 10 * math.log10((1 + math.sqrt(1 - spread)) / spread - 1)


def _clear(seen: FmReception) -> bool:
    return seen.sinr_db is not None and seen.sinr_db >= _CLEAR_SINR_DB
