"""The neighbours a cell names, of GSM and of other systems, put together from the messages that list them.

A list is empty only when everything that may name one was heard; until then nothing named is not known.
"""

from collections.abc import Sequence

from msgspec.structs import replace

from dsp.gsm.eutran import EutranCarrier
from dsp.gsm.si2quater import OtherSystems, SystemInformation2quater, put_together
from dsp.gsm.system_info import Neighbours, SystemInformationFields
from dsp.gsm.utran import RestOctets2ter
from dsp.gsm.values import EutranNeighbour, GsmCell

Parts = Sequence[tuple[str, SystemInformationFields]]  # kind and fields, of parts the latest last


def with_neighbours(cell: GsmCell, parts: Parts) -> GsmCell:
    """cell : with what System Information 3 announces."""
    lists = {kind: fields for kind, fields in parts if isinstance(fields, Neighbours)}
    cell = replace(cell, neighbour_arfcns=_gsm(lists, ter_announced=cell.si2ter_announced))
    if (si2 := lists.get("2")) is not None:
        cell = replace(cell, ba_ind=si2.ba_ind, ncc_permitted=si2.ncc_permitted)
    return _with_other_systems(cell, parts)


def _gsm(heard: dict[str, Neighbours], *, ter_announced: bool | None) -> tuple[int, ...] | None:
    if "2" not in heard:
        return None
    every = tuple(sorted({arfcn for found in heard.values() for arfcn in found.arfcns}))
    more_to_come = (heard["2"].part and len(heard) == 1) or (bool(ter_announced) and "2ter" not in heard)
    return None if not every and more_to_come else every


def _with_other_systems(cell: GsmCell, parts: Parts) -> GsmCell:
    quater = put_together([fields for _, fields in parts if isinstance(fields, SystemInformation2quater)])
    ter = [fields for kind, fields in parts if kind == "2ter" and isinstance(fields, Neighbours)]
    all_quater = quater.whole if quater is not None else cell.si2quater_announced is False
    whole = all_quater and _all_of_2ter(ter, announced=cell.si2ter_announced)
    rests = [each.rest for each in ter if each.rest is not None]
    eutran = tuple(_eutran(carrier) for carrier in quater.eutran) if quater is not None else ()
    return replace(
        cell,
        si2quater_heard=None if quater is None else quater.heard,
        si2quater_instances=None if quater is None else quater.announced,
        utran_fdd_arfcns=_known(_fdd(quater, rests), whole=whole),
        utran_tdd_arfcns=_known(_tdd(quater, rests), whole=whole),
        eutran_neighbours=eutran if eutran or all_quater else None,
        geran_priority=None if quater is None else quater.geran_priority,
    )


def _all_of_2ter(ter: list[Neighbours], *, announced: bool | None) -> bool:
    if not ter:
        return announced is False
    rests = [each.rest for each in ter if each.rest is not None]
    return not rests or {rest.index for rest in rests} >= set(range(rests[-1].count + 1))


def _fdd(quater: OtherSystems | None, rests: list[RestOctets2ter]) -> set[int]:
    return {*(quater.utran_fdd if quater else ()), *(uarfcn for rest in rests for uarfcn in rest.utran.fdd)}


def _tdd(quater: OtherSystems | None, rests: list[RestOctets2ter]) -> set[int]:
    return {*(quater.utran_tdd if quater else ()), *(uarfcn for rest in rests for uarfcn in rest.utran.tdd)}


def _known(uarfcns: set[int], *, whole: bool) -> tuple[int, ...] | None:
    return tuple(sorted(uarfcns)) if uarfcns or whole else None


def _eutran(carrier: EutranCarrier) -> EutranNeighbour:
    return EutranNeighbour(earfcn=carrier.earfcn, priority=carrier.priority)
