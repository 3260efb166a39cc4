"""Why a request was refused: one class a reason, with its HTTP status and its sentence in the catalogue."""


class WebRefusal(Exception):
    """The sentence for people is catalogue entry error.<Class>."""

    status = 400

    def headers(self) -> dict[str, str]:
        return {}


class NotLoggedIn(WebRefusal):
    status = 401

    def __init__(self) -> None:
        super().__init__("log in first")


class WrongPassword(WebRefusal):
    status = 401

    def __init__(self) -> None:
        super().__init__("name or password is wrong")


class WrongOldPassword(WebRefusal):
    status = 422

    def __init__(self) -> None:
        super().__init__("the present password is wrong")


class SamePassword(WebRefusal):
    status = 422

    def __init__(self) -> None:
        super().__init__("the new password is the present one")


class PasswordsDiffer(WebRefusal):
    status = 422

    def __init__(self) -> None:
        super().__init__("the two new passwords differ")


class MustChangePassword(WebRefusal):
    status = 403

    def __init__(self) -> None:
        super().__init__("choose a password of your own first")


class RoleTooLow(WebRefusal):
    status = 403

    def __init__(self, *, needed: str) -> None:
        super().__init__(f"this needs the role {needed} or a higher one")
        self.needed = needed


class ForeignOrigin(WebRefusal):
    status = 403

    def __init__(self, origin: str) -> None:
        super().__init__("this was sent by a page of another site")
        self.origin = origin


class NoCsrfToken(WebRefusal):
    status = 403

    def __init__(self) -> None:
        super().__init__("the form's token is missing or old; load the page again")


class TooManyLogins(WebRefusal):
    status = 429

    def __init__(self, *, wait_s: int) -> None:
        super().__init__(f"too many wrong passwords; try again in {wait_s} s")
        self.wait_s = wait_s

    def headers(self) -> dict[str, str]:
        return {"Retry-After": str(self.wait_s)}


class TooBusy(WebRefusal):
    status = 503

    def __init__(self) -> None:
        super().__init__("too many logins at this moment; try again in a few seconds")

    def headers(self) -> dict[str, str]:
        return {"Retry-After": "5"}


class NotHere(WebRefusal):
    status = 404

    def __init__(self, *, what: str, id: str) -> None:
        super().__init__(f"there is no {what} {id}")
        self.what, self.id = what, id


class BodyTooLarge(WebRefusal):
    status = 413

    def __init__(self, *, most: int) -> None:
        super().__init__(f"a request holds at most {most} bytes")
        self.most = most


class TooManyOpenPages(WebRefusal):
    status = 503

    def __init__(self, *, most: int) -> None:
        super().__init__(f"{most} pages are open already")
        self.most = most


class NoBaseMap(WebRefusal):
    status = 404

    def __init__(self, *, base: str) -> None:
        super().__init__(f"the base map is {base!r}, which has no tiles, or its file or key is not configured")
        self.base = base


class TileUnavailable(WebRefusal):
    status = 502

    def __init__(self, *, why: str) -> None:
        super().__init__(f"the tile could not be had: {why}")
        self.why = why
