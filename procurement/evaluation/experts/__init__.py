"""The bank of experts: who applies, is admitted, changes employer, is suspended or removed."""


def register() -> None:
    """Called once, when the app is ready."""
    from kernel.errors import catalogue
    from procurement.evaluation.experts import access, messages, pages, services  # noqa: F401

    catalogue.register(messages.WORDINGS)
