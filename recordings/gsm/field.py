"""Bits in the order they are sent within octets: bit 8 of octet 1 first."""

from recordings.transmitter import BadBlock, FieldOutOfRange

PADDING = 0x2B  # 3GPP TS 44.018 §10.5.2: spare octets and spare bits of rest octets


class Field:
    """Bits being laid down one field after the other. Each call returns the same Field, for chaining."""

    def __init__(self) -> None:
        self.bits: list[int] = []

    def plain(self, name: str, value: int, width: int) -> "Field":
        """An ordinary field, most significant bit first. Raises FieldOutOfRange."""
        if not 0 <= value < 1 << width:
            raise FieldOutOfRange(field=name, value=value, allowed=f"0 … {(1 << width) - 1}")
        self.bits += [value >> shift & 1 for shift in range(width - 1, -1, -1)]
        return self

    def low(self) -> "Field":
        """L of rest octets: as the padding has it here."""
        self.bits.append(self._padding_bit())
        return self

    def high(self) -> "Field":
        """H of rest octets: the opposite of the padding here. Only L and H are relative; fields are plain."""
        self.bits.append(1 - self._padding_bit())
        return self

    def either(self, is_high: bool) -> "Field":
        return self.high() if is_high else self.low()

    def raw(self, name: str, text: str) -> "Field":
        """Bits given as text. Raises FieldOutOfRange."""
        if set(text) - set("01"):
            raise FieldOutOfRange(field=name, value=text, allowed="0, 1")
        self.bits += [int(c) for c in text]
        return self

    def octets(self, count: int, name: str) -> bytes:
        """Filled with padding to `count` octets. Raises FieldOutOfRange when more was laid down."""
        if len(self.bits) > 8 * count:
            raise FieldOutOfRange(field=name, value=len(self.bits), allowed=f"≤ {8 * count}")
        while len(self.bits) < 8 * count:
            self.low()
        return bytes(int("".join(map(str, self.bits[i : i + 8])), 2) for i in range(0, 8 * count, 8))

    def _padding_bit(self) -> int:
        return PADDING >> (7 - len(self.bits) % 8) & 1


def block(content: bytes) -> bytes:
    """A message filled with padding to the 23 octets of a block."""
    return content + bytes([PADDING]) * (23 - len(content))


def given_block(field: str, text: str) -> bytes:
    """23 octets from hexadecimal. Raises BadBlock."""
    try:
        octets = bytes.fromhex(text)
    except ValueError:
        raise BadBlock(field=field, text=text, octets=23) from None
    if len(octets) != 23:
        raise BadBlock(field=field, text=text, octets=23)
    return octets


def coded(field: str, value: int, meanings: tuple[int, ...]) -> int:
    """The code of a value that is one of a table. Raises FieldOutOfRange."""
    if value not in meanings:
        raise FieldOutOfRange(field=field, value=value, allowed=", ".join(map(str, meanings)))
    return meanings.index(value)


def steps(field: str, value: int, step: int) -> int:
    """The code of a value sent in steps. Raises FieldOutOfRange."""
    if value % step:
        raise FieldOutOfRange(field=field, value=value, allowed=f"{step} × n")
    return value // step
