"""The enrolled sensors as the receiving thread knows them: read again each second, so that a revocation bites."""

import time

from sqlalchemy import Engine

from server.enrolment import Enrolled, enrolled_sensors

FRESH_S = 1.0


class Roll:
    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._sensors: dict[int, Enrolled] = {}
        self._read_at = -FRESH_S

    def find(self, sensor_id: int) -> Enrolled | None:
        now = time.monotonic()
        if now - self._read_at >= FRESH_S or sensor_id not in self._sensors:
            with self._engine.connect() as connection:
                self._sensors = {sensor.id: sensor for sensor in enrolled_sensors(connection)}
            self._read_at = now
        return self._sensors.get(sensor_id)

    def name(self, sensor_id: int) -> str:
        sensor = self._sensors.get(sensor_id)
        return sensor.name if sensor else str(sensor_id)
