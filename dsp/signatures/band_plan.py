"""Which operator may use which GSM channels: data that is passed in, so that another country is another value.

CHINA is a starting value from public allocations: refarming closes carriers province by province, and a local
authority knows its own. Railway networks (GSM-R) live alone: no GPRS, few neighbours, a location area of their own.
"""

import msgspec


class Operator(msgspec.Struct, frozen=True, kw_only=True):
    name: str
    plmns: tuple[tuple[str, str], ...]  # (mcc, mnc)
    arfcns: tuple[tuple[int, int], ...]  # ranges, both ends included
    railway: bool = False


class BandPlan(msgspec.Struct, frozen=True, kw_only=True):
    home_mcc: tuple[str, ...]
    operators: tuple[Operator, ...]

    def operator(self, mcc: str, mnc: str) -> Operator | None:
        return next((o for o in self.operators if (mcc, mnc) in o.plmns), None)

    def holder(self, arfcn: int) -> Operator | None:
        """Who may use the channel."""
        return next((o for o in self.operators if allows(o, arfcn)), None)


def allows(operator: Operator, arfcn: int) -> bool:
    return any(low <= arfcn <= high for low, high in operator.arfcns)


CHINA = BandPlan(
    home_mcc=("460",),
    operators=(
        Operator(
            name="China Mobile",
            plmns=(("460", "00"), ("460", "02"), ("460", "04"), ("460", "07"), ("460", "08")),
            arfcns=((1, 95), (1020, 1023), (0, 0), (512, 636)),
        ),
        Operator(
            name="China Unicom",
            plmns=(("460", "01"), ("460", "06"), ("460", "09")),
            arfcns=((96, 124), (637, 736)),
        ),
        Operator(name="GSM-R", plmns=(("460", "20"),), arfcns=((999, 1019),), railway=True),
    ),
)
