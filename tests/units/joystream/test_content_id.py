import base58
from blake3 import blake3

from ytsynch.joystream.content_id import ContentHasher, content_id


def test_the_content_id_of_nothing_is_that_of_the_official_blake3_vector():
    vector = bytes.fromhex("1e20af1349b9f5f9a1a6a0404dea36dcc9499bcb25c9adc112b7cc9a93cae41f3262")
    assert ContentHasher().digest() == base58.b58encode(vector).decode()


def test_a_file_hashed_in_pieces_as_it_passes_has_the_id_of_the_whole(tmp_path):
    data = bytes(range(256)) * 9000  # more than two of the reader's chunks
    path = tmp_path / "media.mp4"
    path.write_bytes(data)
    hasher = ContentHasher()
    for start in range(0, len(data), 1000):
        hasher.update(data[start : start + 1000])
    whole = base58.b58encode(b"\x1e\x20" + blake3(data).digest()).decode()
    assert hasher.digest() == content_id(path) == whole


def test_the_id_can_be_asked_for_on_the_way():
    hasher = ContentHasher()
    before = hasher.digest()
    hasher.update(b"more")
    assert hasher.digest() != before
