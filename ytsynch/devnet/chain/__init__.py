"""The simulated Joystream chain. Where what is, from the wire inwards:

* `node` (sockets), `rpc` and `subscriptions` (what a client may ask), `faults` (trouble on request);
* `chain` (production, finality, forks), `pool`, `production`, `ledger` (best chain, state), `persistence`;
* `extrinsics` and `signer` (bytes and signatures), `weights` (what fits a block and costs what);
* `runtime` (what each call does), `state` and `genesis` (typed values), `storage` and `records` (their keys);
* `metadata`, `pallets`, `types`, `codec`, `scale` (how it is all encoded), `events` (blocks and events).
"""
