// Talks to a chain as Atlas and its backends do, with one of two generations of polkadot-js.
//
//     node chain_client.cjs <ws url> <atlas | recent> <suri> '{"member": 10, "channel": 1}'
//
// atlas: @polkadot/api 10.7 with @joystream/types. recent: a current @polkadot/api.
// Prints one line of JSON: what it read, and what became of what it sent.

const GENERATIONS = {
  atlas: () => ({
    ...require('@polkadot/api'),
    ...require('@polkadot/keyring'),
    ...require('@polkadot/util-crypto'),
    // Atlas builds parameters with its own registry.
    ...require('@joystream/types'),
  }),
  recent: () => ({
    ...require('polkadot-api-recent'),
    ...require('polkadot-keyring-recent'),
    ...require('polkadot-util-crypto-recent'),
    createType: (_name, value) => value,
  }),
}

const [url, generation, suri, job] = process.argv.slice(2)
const { member, channel } = JSON.parse(job)
const { ApiPromise, WsProvider, Keyring, cryptoWaitReady, createType } = GENERATIONS[generation]()

async function main() {
  await cryptoWaitReady()
  const api = await ApiPromise.create({ provider: new WsProvider(url), noInitWarn: true })
  const keyring = new Keyring({ type: 'sr25519', ss58Format: api.registry.chainSS58 })
  const signer = keyring.addFromUri(suri)
  const known = await readChain(api, signer)
  const createVideo = (channelId, meta) =>
    api.tx.content.createVideo({ Member: member }, channelId, videoParameters(known, meta))
  const { batch, batchAll, forceBatch } = api.tx.utility
  const missing = 4_000_000
  const sent = {
    createVideo: await send(api, signer, createVideo(channel, '0x0102ff')),
    batch: await send(api, signer, batch([createVideo(channel, '0x01'), createVideo(missing, '0x02')])),
    forceBatch: await send(
      api,
      signer,
      forceBatch([
        batchAll([createVideo(channel, '0x03'), createVideo(channel, '0x04')]),
        batchAll([createVideo(channel, '0x05'), createVideo(missing, '0x06')]),
      ])
    ),
    failing: await send(api, signer, createVideo(missing, '0x07')),
    immortal: await send(api, signer, api.tx.system.remark('0x08'), { era: 0, tip: 5 }),
  }
  const result = {
    ...known,
    call: createVideo(channel, '0x0102ff').method.toHex(),
    fee: (await createVideo(channel, '0x01').paymentInfo(signer)).partialFee.toString(),
    sent,
    stale: await refusal(api.tx.system.remark('0x09').signAndSend(signer, { nonce: 0 })),
    videoChannel: (await api.query.content.videoById(sent.createVideo.videos[0])).inChannel.toNumber(),
    bagObjects: (await bag(api)).objectsNumber.toNumber(),
    nonce: (await api.query.system.account(signer.address)).nonce.toNumber(),
    hashesAgree: await hashesAgree(api),
    finalizedHeads: await finalizedHeads(api, 3),
  }
  await api.disconnect()
  return result
}

const bag = (api) => api.query.storage.bags({ Dynamic: { Channel: channel } })

async function readChain(api, signer) {
  const [account, stored, properties] = await Promise.all([
    api.query.system.account(signer.address),
    bag(api),
    api.rpc.system.properties(),
  ])
  const [fee, objectBond, videoBond] = await Promise.all([
    api.query.storage.dataObjectPerMegabyteFee(),
    api.query.storage.dataObjectStateBloatBondValue(),
    api.query.content.videoStateBloatBondValue(),
  ])
  return {
    specVersion: api.runtimeVersion.specVersion.toNumber(),
    ss58: properties.ss58Format.unwrap().toNumber(),
    decimals: properties.tokenDecimals.unwrap()[0].toNumber(),
    symbol: properties.tokenSymbol.unwrap()[0].toString(),
    address: signer.address,
    free: account.data.free.toString(),
    channel: (await api.query.content.channelById(channel)).toJSON(),
    missingVideoChannel: (await api.query.content.videoById(4_000_000)).inChannel.toNumber(),
    storedBy: [...stored.storedBy].map(Number),
    prices: { fee: fee.toString(), objectBond: objectBond.toString(), videoBond: videoBond.toString() },
  }
}

function videoParameters({ prices, storedBy }, meta) {
  return createType('PalletContentVideoCreationParametersRecord', {
    assets: {
      expectedDataSizeFee: prices.fee,
      // `size` is taken by the library's own structs, so it calls the field `size_`.
      objectCreationList: [
        { size_: 123_456, ipfsContentId: 'gW8MGtV1SV3jhpZ2tWjkFbMpLmS4cHYJtJ9MgWLLK2tVaQ' },
        { size_: 789, ipfsContentId: 'gWA9gW8MGtV1SV3jhpZ2tWjkFbMpLmS4cHYJtJ9MgWLLK2' },
      ],
    },
    meta,
    autoIssueNft: null,
    expectedVideoStateBloatBond: prices.videoBond,
    expectedDataObjectStateBloatBond: prices.objectBond,
    storageBucketsNumWitness: storedBy.length,
  })
}

/** Signs, sends and watches until the block is final. */
function send(api, signer, call, options = {}) {
  return new Promise((resolve, reject) => {
    const statuses = []
    call
      .signAndSend(signer, options, (outcome) => {
        statuses.push(outcome.status.type)
        if (outcome.isError) reject(new Error(`the extrinsic is ${statuses.join(', ')}`))
        if (outcome.isFinalized) resolve({ statuses, ...events(api, outcome) })
      })
      .catch(reject)
  })
}

function events(api, { dispatchError, events }) {
  const created = events.filter(({ event }) => event.method === 'VideoCreated').map(({ event }) => event.data)
  return {
    error: errorName(api, dispatchError),
    events: events.map(({ event }) => `${event.section}.${event.method}`),
    failures: events
      .filter(({ event }) => ['ItemFailed', 'BatchInterrupted'].includes(event.method))
      .map(({ event }) => errorName(api, event.data[event.data.length - 1])),
    videos: created.map((data) => data[2].toNumber()),
    objects: created.map((data) => [...data[4]].map(Number)),
  }
}

function errorName(api, error) {
  if (!error) return null
  if (!error.isModule) return error.toString()
  const { section, name } = api.registry.findMetaError(error.asModule)
  return `${section}.${name}`
}

const refusal = (sending) => sending.then(
  () => null,
  (error) => error.message
)

async function hashesAgree(api) {
  const header = await api.rpc.chain.getHeader()
  const hash = await api.rpc.chain.getBlockHash(header.number.unwrap())
  return header.hash.toHex() === hash.toHex()
}

function finalizedHeads(api, wanted) {
  return new Promise((resolve, reject) => {
    const numbers = []
    const unsubscribe = api.rpc.chain.subscribeFinalizedHeads((header) => {
      numbers.push(header.number.toNumber())
      if (numbers.length === wanted) unsubscribe.then((stop) => stop()).then(() => resolve(numbers))
    })
    unsubscribe.catch(reject)
  })
}

main().then(
  (result) => {
    process.stdout.write(`${JSON.stringify(result)}\n`)
    process.exit(0)
  },
  (error) => {
    process.stderr.write(`${error.stack}\n`)
    process.exit(1)
  }
)
