"""RDS characters: the basic code table. IEC 62106 annex E, figure E.1.

What is not in the table is a stranger's control character: it becomes U+FFFD here, once, and is never passed on.
The glyphs of the printed table leave three letters open; they are the sharp s and the Turkish G and g with breve, as
the same table of digital radio (ETSI TS 101 756) says in numbers.
"""

CARRIAGE_RETURN = 0x0D  # ends a radio text
_BREAKS = (0x0A, 0x0B)  # a line may end here; the headline ends here
_SOFT_HYPHEN = 0x1F
_LOW = {0x24: "¤", 0x5E: "―", 0x60: "‖", 0x7E: "¯"}  # where the table leaves ASCII
_HIGH = (
    "áàéèíìóòúùÑÇŞß¡Ĳ"
    "âäêëîïôöûüñçşğıĳ"
    "ªα©‰Ğěňőπ€£$←↑→↓"
    "º¹²³±İńűµ¿÷°¼½¾§"
    "ÁÀÉÈÍÌÓÒÚÙŘČŠŽÐĿ"
    "ÂÄÊËÎÏÔÖÛÜřčšžđŀ"
    "ÃÅÆŒŷÝÕØÞŊŔĆŚŹŦð"
    "ãåæœŵýõøþŋŕćśźŧ�"
)


def character(code: int) -> str:
    if code >= 0x80:
        return _HIGH[code - 0x80]
    if code < 0x20 or code == 0x7F:
        return "�"
    return _LOW.get(code, chr(code))


def text(codes: bytes) -> str:
    return "".join(character(code) for code in codes)


def running_text(codes: bytes) -> str:
    """A radio text: the places where a display may break it become spaces, those where it may hyphenate nothing."""
    spaced = bytes(0x20 if code in _BREAKS else code for code in codes if code != _SOFT_HYPHEN)
    return text(spaced).rstrip()


def utf8_text(codes: bytes) -> str:
    """A long name: UTF-8 up to its end; by the basic table where it is none. Control characters as above."""
    codes = codes.split(b"\r")[0].rstrip(b"\0 ")
    try:
        said = codes.decode()
    except UnicodeDecodeError:
        return text(codes)
    return "".join(c if c.isprintable() else "\ufffd" for c in said)
