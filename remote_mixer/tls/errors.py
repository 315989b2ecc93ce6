"""The error of this room, apart from it: the other modules load `cryptography`, which http alone does not need."""


class TlsError(Exception):
    """https cannot be served; its text says what to do."""
