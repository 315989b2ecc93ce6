"""What goes wrong with certificates."""


class TlsError(Exception):
    """https cannot be served; the text tells a person what to do."""
