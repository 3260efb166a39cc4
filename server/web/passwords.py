"""Passwords: argon2id, one-time ones, and a check that takes as long for a name nobody has."""

import secrets
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache

import argon2

from server.web.refusals import TooBusy

HASHER = argon2.PasswordHasher()  # argon2id, 64 MiB, 3 passes: RFC 9106, second recommended option
HASHING = threading.BoundedSemaphore(2)  # at most two at a time, so that logins cannot eat the memory
WAITING = threading.BoundedSemaphore(8)  # and at most eight in all, so that they cannot eat the threads
SHORTEST, LONGEST = 10, 200
LETTERS = "abcdefghijkmnpqrstuvwxyz23456789"  # can be read aloud: no 0, 1, l, o


class PasswordError(Exception):
    """A password that cannot be taken."""


class PasswordTooShort(PasswordError):
    def __init__(self, *, have: int, need: int = SHORTEST) -> None:
        super().__init__(f"the password has {have} characters; at least {need} are needed")
        self.have, self.need = have, need


class PasswordTooLong(PasswordError):
    def __init__(self, *, most: int = LONGEST) -> None:
        super().__init__(f"a password has at most {most} characters")
        self.most = most


@contextmanager
def turn() -> Iterator[None]:
    """A place in the queue of those whose password is looked at. Raises TooBusy."""
    if not WAITING.acquire(blocking=False):
        raise TooBusy()
    try:
        yield
    finally:
        WAITING.release()


def one_time_password() -> str:
    """80 bits in four groups."""
    return "-".join("".join(secrets.choice(LETTERS) for _ in range(4)) for _ in range(4))


def hash_password(password: str) -> str:
    """Raises PasswordTooShort, PasswordTooLong."""
    if len(password) < SHORTEST:
        raise PasswordTooShort(have=len(password))
    if len(password) > LONGEST:
        raise PasswordTooLong()
    with HASHING:
        return HASHER.hash(password)


@cache
def hash_of_nobody() -> str:
    return HASHER.hash(secrets.token_hex(16))


def password_fits(password_hash: str | None, password: str) -> bool:
    """None stands for a name nobody has: as much work is done, and it never fits."""
    nobody = hash_of_nobody()
    with HASHING:
        try:
            HASHER.verify(password_hash or nobody, password)
        except (argon2.exceptions.VerificationError, argon2.exceptions.InvalidHashError):
            return False
    return password_hash is not None
