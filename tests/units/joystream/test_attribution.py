"""The vector was made with the JavaScript libraries from the facts below: no byte comes from this project
(@joystream/types 4.6.1, @joystream/metadata-protobuf 2.16, @polkadot/util-crypto 12.6).
"""

import ed25519_zebra

from ytsynch.joystream.attribution import AppSigner, commitment, storage_assets
from ytsynch.joystream.chain import Asset

SEED = "example app seed"
PUBLIC_KEY = "34a89e96559d100ee56c87deb1c580a9d8254b941b4134a8a1090881bbaaabb4"
ASSETS = (Asset(123456789, "gW8MGtV1SV3jhpZ2tWjkFbMpLmS4cHYJtJ9MgWLLK2tVaQ"), Asset(4321, "gWabc"))
FEE = 1000
CONTENT_METADATA = "0a070a054869766573"
ACTION_METADATA = "120b6451773477395767586351"
MESSAGE = (
    b'[7,"42",0,0,"0x010815cd5b0700000000b86757384d477456315356336a68705a3274576a6b46624d704c6d5334634859'
    b"4a744a394d67574c4c4b3274566151e110000000000000146757616263e8030000000000000000000000000000"
    b'","0x0a070a054869766573","0x120b6451773477395767586351"]'
)
SIGNATURE = (
    "08efbd8c0618254f8879264e1709639b66b3c828ac6d76d08c62e264653f0f64"
    "e47342a6c4f0f807e77ac8d1ff618e53298aed6e1f3dcff60f2b159137f5370d"
)
META = "120d" + ACTION_METADATA + "1a09" + CONTENT_METADATA + "2240" + SIGNATURE + "ba3e0131"


def test_the_apps_key_is_that_of_its_seed():
    assert AppSigner(SEED).public_key.hex() == PUBLIC_KEY


def test_the_signed_message_is_the_json_array_that_javascript_writes():
    assets = storage_assets(ASSETS, FEE)
    message = commitment(7, 42, assets, bytes.fromhex(CONTENT_METADATA), bytes.fromhex(ACTION_METADATA))
    assert message == MESSAGE


def test_the_meta_of_a_video_is_byte_for_byte_what_the_javascript_libraries_make():
    meta = AppSigner(SEED).create_video_meta(
        nonce=7,
        channel_id=42,
        assets=ASSETS,
        data_size_fee_per_mb=FEE,
        content_metadata=bytes.fromhex(CONTENT_METADATA),
        youtube_id="dQw4w9WgXcQ",
        app_id="1",
    )
    assert meta.hex() == META


def test_the_signature_of_one_nonce_is_worthless_for_another():
    assets = storage_assets(ASSETS, FEE)
    other = commitment(8, 42, assets, bytes.fromhex(CONTENT_METADATA), bytes.fromhex(ACTION_METADATA))
    signature, key = bytes.fromhex(SIGNATURE), bytes.fromhex(PUBLIC_KEY)
    assert ed25519_zebra.ed_verify(signature, MESSAGE, key)
    assert not ed25519_zebra.ed_verify(signature, other, key)


def test_a_signer_shows_its_public_key_and_not_its_seed():
    assert repr(AppSigner(SEED)) == f"<AppSigner 0x{PUBLIC_KEY}>"
