"""Reports as JSON, one a line: the same fields as on the wire, for exchange with other programs and for keeping.

A line is an object with `sensor` (its name), `report` (the fields of wire.report.Report) and, where known,
`received_utc_ns`. Octets are base64.
"""

import msgspec

from wire.errors import BadField, NotJson
from wire.report import Report


class ReportLine(msgspec.Struct, frozen=True, kw_only=True):
    sensor: str
    report: Report
    received_utc_ns: int | None = None  # None: as made


_decoder = msgspec.json.Decoder(ReportLine)
_encoder = msgspec.json.Encoder()


def encode_line(line: ReportLine) -> bytes:
    """Without the newline."""
    return _encoder.encode(line)


def decode_line(text: bytes | str) -> ReportLine:
    """Raises NotJson, BadField."""
    try:
        return _decoder.decode(text)
    except msgspec.ValidationError as error:
        raise BadField(why=str(error)) from error
    except msgspec.DecodeError as error:
        raise NotJson(why=str(error)) from error
