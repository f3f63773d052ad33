"use strict";
// Signs the challenge with a wallet in the browser, if there is one. Wallets of Substrate chains announce themselves in
// window.injectedWeb3 (https://polkadot.js.org/docs/extension/usage); what they sign, the server checks as if it had been pasted.
(() => {
  const form = document.querySelector("[data-wallet]");
  if (!form) return;
  const area = form.querySelector(".wallet");
  const says = form.querySelector("[data-wallet-says]");
  const field = form.querySelector("[name=signature]");
  const { address, text } = form.dataset;
  const hex = (text) => "0x" + [...new TextEncoder().encode(text)].map((byte) => byte.toString(16).padStart(2, "0")).join("");

  const sign = async () => {
    says.textContent = "Your wallet asks you now …";
    for (const [name, wallet] of Object.entries(window.injectedWeb3 ?? {})) {
      try {
        const enabled = await wallet.enable("ytsynch");
        const { signature } = await enabled.signer.signRaw({ address, data: hex(text), type: "bytes" });
        field.value = signature;
        says.textContent = "Signed. It is being checked …";
        form.requestSubmit();
        return;
      } catch (error) {
        says.textContent = `${name} did not sign: ${error.message ?? error}`;
      }
    }
  };

  // Wallets may come a moment after the page.
  let looks = 0;
  const look = () => {
    if (Object.keys(window.injectedWeb3 ?? {}).length) area.hidden = false;
    else if (++looks < 20) setTimeout(look, 250);
  };
  form.querySelector("[data-sign]").addEventListener("click", sign);
  look();
})();
