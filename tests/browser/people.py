"""What a creator does in the browser, in words."""

from playwright.sync_api import Page, expect
from substrateinterface import Keypair

from tests.support.devnet import Person


def sign_in(page: Page, person: Person, *, without: str = "") -> None:
    """Press the button on the present page, and agree at Google, perhaps not to everything."""
    page.get_by_role("button", name="Google").click()
    page.locator(f"input[value='{person.google_user}']").check()
    if without:
        page.locator(f"input[name=ticked][value*='{without}']").uncheck()
    page.get_by_role("button", name="Allow").click()


def choose_joystream_channel(page: Page, wanted: str) -> None:
    page.get_by_role("link", name="Go on").click()
    page.get_by_label("Your Joystream channel").fill(wanted)
    page.get_by_role("button", name="Go on").click()


def sign(text: str, suri: str) -> str:
    signature: bytes = Keypair.create_from_uri(suri, ss58_format=126).sign(text.encode())
    return f"0x{signature.hex()}"


def sign_by_hand(page: Page, suri: str) -> None:
    text = page.locator("#challenge").inner_text()
    page.get_by_label("Signature").fill(sign(text, suri))
    page.get_by_role("button", name="Check the signature").click()


def give_wallet(page: Page, suri: str) -> None:
    """A wallet's extension, as pages see it: it signs what it is given, wrapped as wallets do."""
    key = Keypair.create_from_uri(suri, ss58_format=126)
    page.expose_function(
        "signForTest", lambda data: "0x" + key.sign(b"<Bytes>" + bytes.fromhex(data[2:]) + b"</Bytes>").hex()
    )
    page.add_init_script(
        """window.injectedWeb3 = {"test-wallet": {enable: async () => ({signer: {
            signRaw: async ({data}) => ({id: 1, signature: await window.signForTest(data)})}})}}"""
    )


def finish(page: Page, *, category: str = "Sports") -> None:
    page.get_by_label("Category of your videos").select_option(label=category)
    page.get_by_role("checkbox").check()
    page.get_by_role("button", name="Bring my videos over").click()
    expect(page.get_by_text("Welcome!")).to_be_visible()
