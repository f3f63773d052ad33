"""The few SCALE encodings that are framed here rather than by the codec library
(https://docs.substrate.io/reference/scale-codec/).
"""


def compact(number: int) -> bytes:
    """A non-negative integer in SCALE's compact form: 1, 2 or 4 bytes by mode bits, else length and
    little-endian bytes.
    """
    if number < 1 << 6:
        return (number << 2).to_bytes(1, "little")
    if number < 1 << 14:
        return (number << 2 | 0b01).to_bytes(2, "little")
    if number < 1 << 30:
        return (number << 2 | 0b10).to_bytes(4, "little")
    length = (number.bit_length() + 7) // 8
    return bytes([(length - 4) << 2 | 0b11]) + number.to_bytes(length, "little")


def u32(number: int) -> bytes:
    return number.to_bytes(4, "little")


def u64(number: int) -> bytes:
    return number.to_bytes(8, "little")


def u128(number: int) -> bytes:
    return number.to_bytes(16, "little")


def sequence(items: list[bytes]) -> bytes:
    """A `Vec` of already encoded items."""
    return compact(len(items)) + b"".join(items)


def octets(data: bytes) -> bytes:
    """A `Vec<u8>`: length, then the bytes."""
    return compact(len(data)) + data
