"""How much is lost between two antennas over terrain of which only the roughness is known.

The irregular terrain model of Longley and Rice, version 1.2.2, in its area mode (NTIA Report 82-100; Hufford, "The ITS
Irregular Terrain Model, version 1.2.2: The Algorithm"), by the library itmlogic. Good for 20 MHz to 20 GHz, antennas
0.5 m to 3 km high, 1 to 2000 km. It knows no buildings: among houses less is received than it says.
"""

import math
from dataclasses import dataclass
from typing import Any

from itmlogic.lrprop import lrprop
from itmlogic.preparatory_subroutines.qlra import qlra
from itmlogic.preparatory_subroutines.qlrps import qlrps
from itmlogic.statistics.avar import avar

LEAST_M, NEAREST_M = 1e3, 10.0  # nearer than LEAST_M the model's own part is that of LEAST_M
SINGLE_MESSAGE, ACCIDENTAL, MOBILE, BROADCAST = 0, 1, 2, 3  # which variations are told apart


@dataclass(frozen=True, slots=True)
class Link:
    """Antennas over ground, and what lies between them.

    terrain_m : Δh, between the heights that 10 and 90 % of the ground exceed: 30 plains, 90 hills, 200 mountains
    siting    : of transmitter and receiver: 0 anywhere, 1 with care, 2 with great care
    climate   : 1 equatorial, 2 continental subtropical, 4 desert, 5 continental temperate, 6 maritime temperate
    """

    freq_hz: float
    distance_m: float
    transmitter_m: float
    receiver_m: float
    terrain_m: float
    siting: tuple[int, int] = (0, 0)
    permittivity: float = 15.0
    conductivity_s_m: float = 0.005
    refractivity: float = 301.0
    vertical: bool = False
    climate: int = 5


@dataclass(frozen=True, slots=True)
class Loss:
    """Between isotropic antennas: the median over times, places and situations, and its spread over all three."""

    median_db: float
    sigma_db: float


def area_loss(link: Link) -> Loss:
    median, one_sigma = (loss_quantile_db(link, SINGLE_MESSAGE, -z, -z, -z) for z in (0.0, 1.0))
    return Loss(median, one_sigma - median)


def loss_quantile_db(link: Link, mode: int, time_z: float, place_z: float, situation_z: float) -> float:
    """The loss at these standard normal deviates: 0 is the median, −1.2816 what 90 % do not exceed."""
    distance_m = max(link.distance_m, NEAREST_M)
    model = lrprop(max(distance_m, LEAST_M), _begun(link, mode))
    excess_db, _ = avar(time_z, place_z, situation_z, model)
    return free_space_db(link.freq_hz, distance_m) + float(excess_db)


def free_space_db(freq_hz: float, distance_m: float) -> float:
    """Recommendation ITU-R P.525, between isotropic antennas."""
    return 20.0 * math.log10(4.0 * math.pi * distance_m * freq_hz / 299_792_458.0)


def field_dbuv_m(level_dbm: float, freq_hz: float) -> float:
    """Field strength that gives an isotropic antenna this power: 4πη/λ²."""
    return level_dbm + 20.0 * math.log10(freq_hz / 1e6) + 77.21


def _begun(link: Link, mode: int) -> dict[str, Any]:
    """What the library works on, for one link: it changes it."""
    wave_number, curvature, refractivity, ground = qlrps(
        link.freq_hz / 1e6, 0, link.refractivity, int(link.vertical), link.permittivity, link.conductivity_s_m
    )
    model = {
        **{"hg": [link.transmitter_m, link.receiver_m], "dh": link.terrain_m, "wn": wave_number, "gme": curvature},
        **{"ens": refractivity, "zgnd": ground, "kwx": 0, "lvar": 5, "mdvarx": mode, "klimx": link.climate},
    }
    return dict(qlra(list(link.siting), model))
