"""What can go wrong with a store."""

from filiation.faults import Fault


class StoreTrouble(Fault):
    """The store cannot be reached, or did not do what it was asked; the message says what to do."""


class Unreachable(StoreTrouble):
    """No connection, or one that broke off."""


class TookTooLong(Unreachable):
    """The store took a request and has not answered it in time."""


class Refused(StoreTrouble):
    """The store answered that it will not; `status` is the HTTP status code."""

    def __init__(self, status: int, message: str):
        super().__init__(message)
        self.status = status
