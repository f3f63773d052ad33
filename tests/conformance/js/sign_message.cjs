// Signs a text as a wallet does when a creator proves who they are.
//
//     echo -n 'text' | node sign_message.cjs <suri> <sr25519 | ed25519 | ecdsa> <wrapped | plain>
//
// Wallets wrap what is no transaction in <Bytes>…</Bytes>. Prints one line of JSON.

const { readFileSync } = require('node:fs')
const { Keyring } = require('@polkadot/keyring')
const { cryptoWaitReady } = require('@polkadot/util-crypto')
const { u8aToHex } = require('@polkadot/util')

const [suri, type, form] = process.argv.slice(2)

cryptoWaitReady().then(() => {
  const text = readFileSync(0, 'utf8')
  const message = form === 'wrapped' ? `<Bytes>${text}</Bytes>` : text
  const pair = new Keyring({ type, ss58Format: 126 }).addFromUri(suri)
  const signature = u8aToHex(pair.sign(message))
  const { address, publicKey } = pair
  process.stdout.write(`${JSON.stringify({ address, publicKey: u8aToHex(publicKey), type, message, signature })}\n`)
})
