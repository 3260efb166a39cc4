"""What a signature of many sensors may look at besides the emitter it judges."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from dsp.signatures.licences import Licences
from dsp.signatures.weights import Weights
from fusion.values import Emitter, NetworkModel, Rules

ALIVE_NS = 600 * 10**9


@dataclass(frozen=True, slots=True, eq=False)
class FusionScene:
    emitters: Mapping[str, Emitter]
    rules: Rules
    now_ns: int
    networks: Mapping[str, NetworkModel] = field(default_factory=dict)
    _alive: dict[str, tuple[Emitter, ...]] = field(default_factory=dict, repr=False)  # by service, once worked out

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

    def others(self, emitter: Emitter) -> tuple[Emitter, ...]:
        """Other emitters of the service that are on the air."""
        if emitter.service not in self._alive:
            self._alive[emitter.service] = tuple(
                other for other in self.emitters.values() if other.service == emitter.service and self.alive(other)
            )
        return tuple(other for other in self._alive[emitter.service] if other.id != emitter.id)
