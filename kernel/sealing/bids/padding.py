"""Padmé (Nikitin et al., PETS 2019): sizes that leak O(log log n) bits and cost at most 12 %."""


def padme(size: int) -> int:
    """The smallest padded size that holds ``size`` bytes (size >= 1)."""
    exponent = size.bit_length() - 1
    free = exponent - exponent.bit_length()
    mask = (1 << max(free, 0)) - 1
    return (size + mask) & ~mask


def is_padded(size: int, minimum: int) -> bool:
    """Whether a size is one that padding gives."""
    return size >= minimum and padme(size) == size


def padded(size: int, minimum: int) -> int:
    """The padded size of so many bytes, at least the padded minimum."""
    return padme(max(size, minimum))
