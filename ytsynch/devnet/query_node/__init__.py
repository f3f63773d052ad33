"""The simulated query node (Orion): follows the chain, keeps rows, answers GraphQL.

`rows` says what is kept, `store` keeps it so that a block can be undone, `mappings` turns events into rows,
`indexer` decides which block comes next, `schema` and `filters` are the GraphQL face, `server` is HTTP and
WebSocket. `messages` decodes Joystream's protobuf metadata and `attribution` checks an app's signature: both
are written from the protocol's description alone, so that the service's encoder meets an independent reader.
"""
