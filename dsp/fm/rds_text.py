"""RDS characters: the basic code table. IEC 62106 annex E, figure E.1.

What is not in the table is a stranger's control character: it becomes U+FFFD here, once, and is never passed on.
"""

CARRIAGE_RETURN = 0x0D  # ends a radio text
_LOW = {0x24: "¤", 0x5E: "―", 0x60: "‖", 0x7E: "¯"}  # where the table leaves ASCII
_HIGH = (
    "áàéèíìóòúùÑÇŞβ¡Ĳ"
    "âäêëîïôöûüñçşǧıĳ"
    "ªα©‰Ǧěňőπ€£$←↑→↓"
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
