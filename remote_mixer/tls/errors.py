"""TlsError, in a module of its own: the others load `cryptography`, which http alone does not need."""


class TlsError(Exception):
    """https cannot be served; its text says what to do."""
