"""What a signature of many sensors may look at besides the emitter it judges."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from dsp.signatures.licences import Licences
from dsp.signatures.weights import Weights
from fusion.on_air import ALIVE_NS, OnAir
from fusion.values import Emitter, NetworkModel, Rules


@dataclass(frozen=True, slots=True, eq=False)
class FusionScene:
    emitters: Mapping[str, Emitter]
    rules: Rules
    now_ns: int
    networks: Mapping[str, NetworkModel] = field(default_factory=dict)
    known: OnAir | None = None  # of these emitters; else it is worked out once it is asked for
    _worked_out: list[OnAir] = field(default_factory=list, repr=False)

    @property
    def licences(self) -> Licences:
        return self.rules.licences

    @property
    def weights(self) -> Weights:
        return self.rules.weights

    @property
    def area(self) -> tuple[float, float, float, float] | None:
        return self.rules.area

    def network(self, emitter: Emitter) -> NetworkModel:
        """What is usual in the emitter's network; an empty one where nothing was learnt yet."""
        return self.networks.get(f"{emitter.mcc}-{emitter.mnc}", NetworkModel())

    def railway(self, emitter: Emitter) -> bool:
        if self.rules.plan is None or emitter.mcc is None or emitter.mnc is None:
            return False
        operator = self.rules.plan.operator(emitter.mcc, emitter.mnc)
        return operator is not None and operator.railway

    def alive(self, emitter: Emitter) -> bool:
        return self.now_ns - emitter.last_seen_utc_ns <= ALIVE_NS

    @property
    def on_air(self) -> OnAir:
        if self.known is not None:
            return self.known
        if not self._worked_out:
            self._worked_out.append(OnAir(self.emitters.values(), self.now_ns))
        return self._worked_out[0]

    def others(self, emitter: Emitter) -> tuple[Emitter, ...]:
        """Other emitters of the service that are on the air."""
        return self.on_air.others(emitter)
