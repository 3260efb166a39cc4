"""Names that follow from what was first reported: the same reports give the same names, always."""

import hashlib


def name_of(*parts: str | int) -> str:
    """20 hexadecimal digits."""
    return hashlib.blake2s("\x1f".join(map(str, parts)).encode(), digest_size=10).hexdigest()
