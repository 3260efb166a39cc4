"""Which System Information the BCCH carries when: TC = (FN div 51) mod 8 (3GPP TS 45.002 §6.3.1.3)."""

from recordings.gsm.spec import GsmBroadcast
from recordings.transmitter import FieldOutOfRange

CYCLE = 8


def bcch_kind(cell: GsmBroadcast, multiframe: int) -> str:
    """What the BCCH block of multiframe FN div 51 carries. Raises FieldOutOfRange."""
    tc = multiframe % CYCLE
    if cell.schedule is not None:
        if len(cell.schedule) != CYCLE:
            raise FieldOutOfRange(
                field="schedule", value=" ".join(cell.schedule), allowed=f"{CYCLE} × System Information"
            )
        return cell.schedule[tc]
    if tc == 4:
        shared = _turns_at_4(cell)
        return shared[multiframe // CYCLE % len(shared)]
    return ("1" if cell.si1 else "3", "2", "3", "4", "", _turn_at_5(cell), "3", "4")[tc]


def extended_kind(cell: GsmBroadcast, multiframe: int) -> str | None:
    """What the first CCCH block carries when it is the extended BCCH; None when it is a CCCH block."""
    quater = cell.si2quater
    return "2quater" if quater is not None and quater.extended_bcch and multiframe % CYCLE == 5 else None


def _turn_at_5(cell: GsmBroadcast) -> str:
    if cell.neighbour_arfcns_2bis is not None:
        return "2bis"
    if cell.neighbour_arfcns_2ter is not None:
        return "2ter"
    return "2quater" if _quater_on_bcch(cell) else "2"


def _turns_at_4(cell: GsmBroadcast) -> tuple[str, ...]:
    """What takes turns at TC = 4: each comes once within four of them."""
    bis, ter = cell.neighbour_arfcns_2bis is not None, cell.neighbour_arfcns_2ter is not None
    turns = ["13"] if cell.gprs is not None and cell.si13 else []
    turns += ["2ter"] if bis and ter else []
    turns += ["2quater"] if _quater_on_bcch(cell) and (bis or ter) else []
    return tuple(turns) or ("4",)


def _quater_on_bcch(cell: GsmBroadcast) -> bool:
    return cell.si2quater is not None and not cell.si2quater.extended_bcch
