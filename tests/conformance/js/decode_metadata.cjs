// Decodes what is put on chain with Joystream's own protobuf package.
//
//     echo 'AppAction 0x0a…' | node decode_metadata.cjs
//
// Each line of the input is a message's name and its bytes in hex; each line of the output its fields as JSON.
// What an AppAction carries is decoded too: `rawAction` as ContentMetadata, `metadata` as AppActionMetadata.

const { readFileSync } = require('node:fs')
const messages = require('@joystream/metadata-protobuf')
const { metaToObject } = require('@joystream/metadata-protobuf/utils')

function decode(name, bytes) {
  const Message = messages[name]
  if (!Message) throw new Error(`@joystream/metadata-protobuf has no ${name}`)
  const fields = metaToObject(Message, Message.decode(bytes))
  if (name !== 'AppAction') return hexadecimal(fields)
  const { rawAction, metadata, ...rest } = fields
  return hexadecimal({
    ...rest,
    ...(rawAction && { rawAction: decode('ContentMetadata', rawAction) }),
    ...(metadata && { metadata: decode('AppActionMetadata', metadata) }),
  })
}

const hexadecimal = (fields) =>
  Object.fromEntries(
    Object.entries(fields).map(([name, value]) => [
      name,
      value instanceof Uint8Array ? `0x${Buffer.from(value).toString('hex')}` : value,
    ])
  )

for (const line of readFileSync(0, 'utf8').split('\n').filter(Boolean)) {
  const [name, hex = ''] = line.split(' ')
  const bytes = Buffer.from(hex.replace(/^0x/, ''), 'hex')
  process.stdout.write(`${JSON.stringify(decode(name, bytes))}\n`)
}
