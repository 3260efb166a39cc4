"""An unlicensed transmitter that sends the PI, or the name, of a station of another frequency, and is not that station.

Why: a borrowed PI makes receivers that follow their station (AF) change over to it, and a borrowed name deceives the
rest. It counts when the station is heard here too and plays something else at the same moment.
Innocent: another transmitter of the station that the list does not have, in its own region's programme or some seconds
late by internet (once the same sound is found, this is taken back and `fm_relay` speaks); a name that many use; a far
station of the same PI in an opening.
Regional variants of a PI (second digit), frequencies in the station's own AF or in what a licensed station says of it
(EON), and channels of its network are never accused. Where the programmes cannot be compared it is told, and weighs
nothing: an unlisted relay looks the same.
The weights are starting values: no counted body of cases stands behind them.
"""

from dsp.fm.programme_search import find
from dsp.fm.values import FmStation
from dsp.signatures.finding import EvidenceGroup, Finding
from dsp.signatures.licences import FmLicence, holds
from dsp.signatures.scene import LICENCE_REACH_HZ
from dsp.signatures.station_record import regional_variant, trusted_pi
from fusion.associate_fm import SAME_CARRIER_HZ, stations
from fusion.fm_likeness import same_programme
from fusion.licences import on_channel
from fusion.scene import FusionScene
from fusion.values import Emitter

NAME, VERSION = "fm_cloned_identity", 1
WEIGHTS_DB = {"pi": 8.0, "ps": 3.0, "unheard": 0.0}
AF_REACH_HZ = 60e3
LEAST_LOOKS, LEAST_PS = 2, 4
MOST_SILENT = 0.5  # of a look: two silences differ by noise alone
GHOSTS = frozenset({"fm_ghost", "fm_moved"})


def judge(emitter: Emitter, scene: FusionScene) -> Finding | None:
    if emitter.service != "fm" or emitter.licensed is not False or _ghost(emitter):
        return None
    pi = _sent_pi(emitter)
    if sum(latest.looks for latest, _ in stations(emitter)) < LEAST_LOOKS or _innocent(emitter, pi, scene):
        return None
    owners = [each for each in scene.others(emitter) if each.licensed and _elsewhere(emitter, each.freq_hz)]
    if pi is not None:
        said = _by_pi(emitter, pi, [each for each in owners if each.pi == pi], scene)
        if said is not None:
            return said
    return _by_name(emitter, [each for each in owners if _same_name(emitter, each) and not _family(pi, each)])


def _by_pi(emitter: Emitter, pi: int, owners: list[Emitter], scene: FusionScene) -> Finding | None:
    listed = [
        each for each in scene.licences.of_pi(pi) if _elsewhere(emitter, each.freq_hz) and holds(each, scene.now_ns, pi)
    ]
    verdicts = {_another_programme(emitter, owner) for owner in owners}
    if False in verdicts or not (owners or listed):
        return None
    name, freq_hz = _owner(owners, listed)
    compared = sum(_another_programme(emitter, owner) is True for owner in owners)
    return _finding(emitter, "pi" if compared else "unheard", name, freq_hz, compared, pi=pi)


def _by_name(emitter: Emitter, owners: list[Emitter]) -> Finding | None:
    verdicts = [_another_programme(emitter, owner) for owner in owners]
    if False in verdicts or True not in verdicts:
        return None
    owner = owners[verdicts.index(True)]
    return _finding(emitter, "ps", owner.licence_name or "?", owner.freq_hz, verdicts.count(True), pi=owner.pi)


def _finding(emitter: Emitter, how: str, name: str, freq_hz: float, compared: int, *, pi: int | None) -> Finding:
    return Finding(
        name=NAME,
        version=VERSION,
        group=EvidenceGroup.IDENTITY,
        weight_db=WEIGHTS_DB[how],
        variant=how,
        evidence={
            "by": how,
            "pi": "–" if pi is None else f"{pi:04X}",
            "ps": (emitter.ps or "").strip(),
            "licence": name,
            "station_mhz": round(freq_hz / 1e6, 2),
            "compared": compared,
        },
        baseline_n=compared,
    )


def _owner(owners: list[Emitter], listed: list[FmLicence]) -> tuple[str, float]:
    if owners:
        last = max(owners, key=lambda each: (each.last_seen_utc_ns, each.id))
        return last.licence_name or "?", last.freq_hz
    first = min(listed, key=lambda each: (each.name, each.freq_hz))
    return first.name, first.freq_hz


def _another_programme(emitter: Emitter, owner: Emitter) -> bool | None:
    """False: the same, at whatever delay. None: nothing of both was taken at the same time, or one was silent."""
    if any(link.other == owner.id for link in emitter.programme_links):
        return False
    pairs = [(a, b) for _, a in stations(emitter) for _, b in stations(owner)]
    if any(same_programme(a, b) or _found(a, b) for a, b in pairs):
        return False
    sounding = ((a, b) for a, b in pairs if not (_silent(a) or _silent(b)))
    return True if any(same_programme(a, b) is False for a, b in sounding) else None


def _found(a: FmStation, b: FmStation) -> bool:
    return a.programme is not None and b.programme is not None and bool(find(a.programme, [b.programme]))


def _silent(station: FmStation) -> bool:
    return (station.silence_share or 0.0) > MOST_SILENT


def _innocent(emitter: Emitter, pi: int | None, scene: FusionScene) -> bool:
    """Its channel is listed for who sends this PI, or a licensed station names the frequency as one of that PI."""
    if pi is None:
        return False
    channel = on_channel(scene.licences, emitter.freq_hz, now_ns=scene.now_ns, pi=pi)
    if any(scene.licences.names(each, pi) for each in channel):
        return True
    told = (af for other in scene.others(emitter) if other.licensed for af in _frequencies_told(other, pi))
    return any(abs(af - emitter.freq_hz) <= AF_REACH_HZ for af in told)


def _frequencies_told(licensed: Emitter, pi: int) -> tuple[float, ...]:
    """Of this PI or a region of it: its own alternative frequencies, and those it tells of other networks."""
    told: list[float] = []
    for _, station in stations(licensed):
        if licensed.pi is not None and regional_variant(licensed.pi, pi):
            told += station.af_hz
            for each in station.af_lists:
                told += (each.tuned_hz, *each.same_programme_hz, *each.regional_variants_hz)
        told += (af for other in station.other_networks if regional_variant(other.pi, pi) for af in other.af_hz)
    return tuple(told)


def _sent_pi(emitter: Emitter) -> int | None:
    """What uncorrected groups of a last look carried."""
    pis = {trusted_pi(station) for _, station in stations(emitter)}
    return emitter.pi if emitter.pi in pis else None


def _same_name(emitter: Emitter, other: Emitter) -> bool:
    mine, theirs = ((each.ps or "").strip().casefold() for each in (emitter, other))
    return mine == theirs and len(mine) >= LEAST_PS


def _family(pi: int | None, other: Emitter) -> bool:
    return pi is not None and other.pi is not None and regional_variant(pi, other.pi)


def _elsewhere(emitter: Emitter, freq_hz: float) -> bool:
    return abs(emitter.freq_hz - freq_hz) > max(LICENCE_REACH_HZ, SAME_CARRIER_HZ)


def _ghost(emitter: Emitter) -> bool:
    return any(standing.finding.name in GHOSTS for standing in emitter.findings)
