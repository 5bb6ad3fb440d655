// SPDX-License-Identifier: Apache-2.0
// The requests of the replay: each kind has a name and makes one request out of random numbers.
import { parseEther, parseGwei, toHex } from 'viem'
import { privateKeyToAccount } from 'viem/accounts'
import { chainId } from './replay_world.mjs'

const tags = ['latest', 'pending', 'earliest', 'safe', 'finalized', '@latest', '@setup', '@setupHash', { blockHash: '@setupHash' }, { blockNumber: '@setup' }]
const known = ['latest', '@latest', '@latestHash', { blockHash: '@latestHash' }]
// Numbers that are numbers after all are beyond any block of a replay.
const broken = { number: 12, text: 'twelve', odd: '0x12345', letters: '0xzz', empty: '', prefix: '0x', none: null, list: [], object: {}, flag: true, negative: -1,
  fraction: 1.5, zeros: '0x0001', huge: `0x1${'0'.repeat(64)}`, bare: 'ff', upper: '0XFFFFFF' }
// Not a sender's balance: what gas costs is each chain's own.
const address = (r, w) => r.pick([r.pick(w.receivers), w.probe, r.bytes(20)])
const anyone = (r, w) => r.pick([r.pick(w.receivers), ...w.accounts.map((a) => a.address), w.probe, r.bytes(20)])
const someCall = (r, w) => ({ from: r.pick(w.accounts).address, to: w.probe, data: r.pick([w.call('value'), w.call('seen', w.accounts[0].address),
  w.call('echo', r.bytes(r.below(80))), w.call('set', BigInt(r.below(1000)), r.bytes(r.below(40)))]) })
// Delegations have a kind of their own.
const minedHash = (r, w) => r.pick(w.mined.filter((hash) => !w.delegations.has(hash)))
const topic = '0xf34b1bc1bbe2ec7a6eda7ef1ff86e8e5ab63f4e2b5ea3a9a9b5a9e6d0a1e5b6e'

/** name -> (random, world) => {method, params} */
const reads = {
  chainId: () => ['eth_chainId', []], netVersion: () => ['net_version', []], listening: () => ['net_listening', []],
  syncing: () => ['eth_syncing', []], accounts: () => ['eth_accounts', []], gasPrice: () => ['eth_gasPrice', []],
  tip: () => ['eth_maxPriorityFeePerGas', []], blobBaseFee: () => ['eth_blobBaseFee', []], blockNumber: () => ['eth_blockNumber', []],
  sha3: (r) => ['web3_sha3', [r.bytes(r.below(100))]],
  balance: (r, w) => ['eth_getBalance', [address(r, w), r.pick(known)]],
  balanceThen: (r, w) => ['eth_getBalance', [r.bytes(20), r.pick(tags)]],
  balanceNoBlock: (r, w) => ['eth_getBalance', [address(r, w)]],
  balanceFuture: (r, w) => ['eth_getBalance', [address(r, w), '@future']],
  balanceUnknownHash: (r, w) => ['eth_getBalance', [address(r, w), { blockHash: r.bytes(32) }]],
  balanceCanonical: (r, w) => ['eth_getBalance', [r.bytes(20), { blockHash: '@setupHash', requireCanonical: true }]],
  balanceTwoBlocks: (r) => ['eth_getBalance', [r.bytes(20), { blockHash: '@setupHash', blockNumber: '@setup' }]],
  nonce: (r, w) => ['eth_getTransactionCount', [anyone(r, w), r.pick(['latest', 'pending'])]],
  code: (r, w) => ['eth_getCode', [anyone(r, w), r.pick(known)]],
  storage: (r, w) => ['eth_getStorageAt', [w.probe, r.pick(['0x0', '0x1', `0x${'00'.repeat(32)}`, r.bytes(32)]), r.pick(known)]],
  blockByNumber: (r) => ['eth_getBlockByNumber', [r.pick(['@latest', '@setup', 'latest', '@future', 'earliest']), r.below(2) === 1]],
  blockByHash: (r) => ['eth_getBlockByHash', [r.pick(['@latestHash', '@setupHash', r.bytes(32)]), r.below(2) === 1]],
  blockFinal: (r) => ['eth_getBlockByNumber', [r.pick(['safe', 'finalized']), false]],
  blockPending: () => ['eth_getBlockByNumber', ['pending', false]],
  receipts: (r) => ['eth_getBlockReceipts', [r.pick(['@setup', '@setupHash', '@future'])]],
  txnCount: (r) => ['eth_getBlockTransactionCountByNumber', [r.pick(['earliest', '@future'])]],
  txnCountByHash: (r) => ['eth_getBlockTransactionCountByHash', [r.bytes(32)]],
  uncles: (r) => ['eth_getUncleCountByBlockNumber', [r.pick(['latest', '@setup', '@future'])]],
  unclesByHash: (r) => ['eth_getUncleCountByBlockHash', [r.pick(['@setupHash', r.bytes(32)])]],
  uncle: () => ['eth_getUncleByBlockNumberAndIndex', ['latest', '0x0']],
  txn: (r, w) => ['eth_getTransactionByHash', [minedHash(r, w)]], txnUnknown: (r) => ['eth_getTransactionByHash', [r.bytes(32)]],
  rawTxn: (r, w) => ['eth_getRawTransactionByHash', [minedHash(r, w)]],
  txnByIndex: (r) => ['eth_getTransactionByBlockNumberAndIndex', [r.pick(['@setup', '@future']), '0x63']],
  receipt: (r, w) => ['eth_getTransactionReceipt', [minedHash(r, w)]], receiptDelegation: (r, w) => ['eth_getTransactionReceipt', [r.pick([...w.delegations])]], receiptUnknown: (r) => ['eth_getTransactionReceipt', [r.bytes(32)]],
  logs: (r, w) => ['eth_getLogs', [{ fromBlock: r.pick(['@setup', 'earliest']), toBlock: 'latest', address: r.pick([w.probe, [w.probe, w.nothing]]) }]],
  logsByHash: (r) => ['eth_getLogs', [{ blockHash: '@setupHash', topics: [null, r.pick([null, r.bytes(32)])] }]],
  logsNone: (r, w) => ['eth_getLogs', [{ fromBlock: 'earliest', toBlock: 'latest', address: w.probe, topics: [[topic, r.bytes(32)]] }]],
  logsBackwards: (r) => ['eth_getLogs', [{ fromBlock: '@latest', toBlock: '@setup' }]],
  logsFuture: () => ['eth_getLogs', [{ fromBlock: '@future', toBlock: '@future' }]],
  logsBoth: () => ['eth_getLogs', [{ fromBlock: '@setup', blockHash: '@setupHash' }]],
  logsUnknownHash: (r) => ['eth_getLogs', [{ blockHash: r.bytes(32) }]],
  logsFiveTopics: (r, w) => ['eth_getLogs', [{ address: w.probe, topics: [null, null, null, null, null] }]],
  feeHistory: (r) => ['eth_feeHistory', [toHex(1 + r.below(3)), 'latest', [r.below(100)]]],
  feeHistoryDecimal: (r) => ['eth_feeHistory', [1 + r.below(3), 'latest', []]],
  feeHistoryFalling: () => ['eth_feeHistory', ['0x2', 'latest', [50, 10]]],
  feeHistoryOver: () => ['eth_feeHistory', ['0x2', 'latest', [101]]],
  feeHistoryFuture: () => ['eth_feeHistory', ['0x2', '@future', []]],
  proof: (r, w) => ['eth_getProof', [w.probe, [toHex(r.below(4))], 'latest']],
  filterUnknown: (r) => ['eth_getFilterChanges', [toHex(1000000 + r.below(1000))]],
  uninstallUnknown: (r) => ['eth_uninstallFilter', [toHex(1000000 + r.below(1000))]],
  newFilter: (r, w) => ['eth_newFilter', [{ address: w.probe }]], newBlockFilter: () => ['eth_newBlockFilter', []],
  traceTxn: (r, w) => ['debug_traceTransaction', [minedHash(r, w), { tracer: 'callTracer' }]],
  traceUnknown: (r) => ['debug_traceTransaction', [r.bytes(32)]],
  traceCall: (r, w) => ['debug_traceCall', [someCall(r, w), 'latest', { tracer: 'callTracer' }]],
  unknownMethod: (r) => [r.pick(['eth_nothing', 'foo', '', 'ETH_CHAINID', 'rpc', 'debug_', 'eth_getbalance']), []],
}
const calls = {
  call: (r, w) => ['eth_call', [someCall(r, w), r.pick(known)]], callNoBlock: (r, w) => ['eth_call', [someCall(r, w)]],
  callInput: (r, w) => { const { data, ...rest } = someCall(r, w); return ['eth_call', [{ ...rest, input: data }, 'latest']] },
  callBothInputs: (r, w) => ['eth_call', [{ to: w.probe, data: '0x12345678', input: w.call('value') }, 'latest']],
  callNobody: (r) => ['eth_call', [{ to: r.bytes(20), data: r.bytes(8) }, 'latest']],
  callReverts: (r, w) => ['eth_call', [{ from: w.accounts[1].address, to: w.probe, data: w.call('fail', BigInt(r.below(3))) }, 'latest']],
  callInvalid: (r, w) => ['eth_call', [{ to: w.probe, data: w.call('fail', 9n) }, 'latest']],
  callNoGas: (r, w) => ['eth_call', [{ to: w.probe, data: w.call('spin', 100000n), gas: '0x7530' }, 'latest']],
  callLittleGas: (r, w) => ['eth_call', [{ to: w.probe, data: w.call('value'), gas: '0x5207' }, 'latest']],
  callTooRich: (r, w) => ['eth_call', [{ from: r.bytes(20), to: w.probe, value: '0x1', data: w.call('value') }, 'latest']],
  callLowFee: (r, w) => ['eth_call', [{ from: w.accounts[1].address, to: w.probe, data: w.call('value'), maxFeePerGas: '0x1' }, 'latest']],
  callTipOverCap: (r, w) => ['eth_call', [{ from: w.accounts[1].address, to: w.probe, data: w.call('value'), maxFeePerGas: '0xba43b7400', maxPriorityFeePerGas: '0xba43b7401' }, 'latest']],
  callTwoPrices: (r, w) => ['eth_call', [{ from: w.accounts[1].address, to: w.probe, data: w.call('value'), gasPrice: '0xba43b7400', maxFeePerGas: '0xba43b7400' }, 'latest']],
  callFuture: (r, w) => ['eth_call', [{ to: w.probe, data: w.call('value') }, '@future']],
  callCreate: (r, w) => ['eth_call', [{ data: w.deployData }, 'latest']],
  callOverride: (r, w) => ['eth_call', [{ to: w.nothing, data: '0x' }, 'latest', { [w.nothing]: { code: '0x602a60005260206000f3' } }]],
  callOverrideState: (r, w) => ['eth_call', [{ to: w.probe, data: w.call('value') }, 'latest', { [w.probe]: { stateDiff: { [`0x${'00'.repeat(32)}`]: `0x${'00'.repeat(31)}2b` } } }]],
  callChainId: (r, w) => ['eth_call', [{ to: w.probe, data: w.call('value'), chainId: '0x1' }, 'latest']],
  estimate: (r, w) => ['eth_estimateGas', [{ from: w.accounts[1].address, to: r.bytes(20), value: '0x1' }]],
  estimateReverts: (r, w) => ['eth_estimateGas', [{ from: w.accounts[1].address, to: w.probe, data: w.call('fail', BigInt(r.below(3))) }]],
  estimateTooRich: (r, w) => ['eth_estimateGas', [{ from: r.bytes(20), to: w.nothing, value: '0x1' }]],
  accessList: (r, w) => ['eth_createAccessList', [{ from: w.accounts[1].address, to: w.probe, data: w.call('value') }, 'latest']],
  simulate: (r, w) => ['eth_simulateV1', [{ blockStateCalls: [{ calls: [{ from: w.accounts[1].address, to: w.probe, data: w.call('value') }] }] }, 'latest']],
}
const fresh = (r, w) => { const address = r.bytes(20); w.receivers.push(address); return address }
const edited = (r, w) => { const address = r.bytes(20); w.edited.push(address); return address }
// What development chains add, on accounts nobody else uses.
const development = {
  sign: (r, w) => ['eth_sign', [r.pick(w.accounts).address, r.bytes(r.below(50))]], signStranger: (r) => ['eth_sign', [r.bytes(20), '0x01']],
  personalSign: (r, w) => ['personal_sign', [r.bytes(r.below(50)), r.pick(w.accounts).address]],
  setBalance: (r, w) => ['anvil_setBalance', [edited(r, w), toHex(r.below(1e9))]], setBalanceHardhat: (r, w) => ['hardhat_setBalance', [edited(r, w), toHex(r.below(1e9))]],
  setCode: (r, w) => ['anvil_setCode', [edited(r, w), '0x602a60005260206000f3']], setNonce: (r, w) => ['anvil_setNonce', [edited(r, w), toHex(r.below(1000))]],
  setStorage: (r) => ['anvil_setStorageAt', [r.bytes(20), `0x${'00'.repeat(31)}05`, r.bytes(32)]],
  impersonate: (r) => ['anvil_impersonateAccount', [r.bytes(20)]], automine: () => ['anvil_getAutomine', []], revertUnknown: () => ['evm_revert', ['0xffff']],
  editedBalance: (r, w) => ['eth_getBalance', [r.pick(w.edited), 'latest']], editedCode: (r, w) => ['eth_getCode', [r.pick(w.edited), 'latest']],
  editedNonce: (r, w) => ['eth_getTransactionCount', [r.pick(w.edited), 'latest']], editedCall: (r, w) => ['eth_call', [{ to: r.pick(w.edited) }, 'latest']],
  setBalanceShort: () => ['anvil_setBalance', ['0x12', '0x1']], setBalanceNone: (r) => ['anvil_setBalance', [r.bytes(20)]], setCodeOdd: (r) => ['anvil_setCode', [r.bytes(20), '0x123']],
}
// One wrong value at one place; the name says which.
const bad = {}
const shapes = { balance: ['eth_getBalance', (w) => [w.nothing, 'latest']], storage: ['eth_getStorageAt', (w) => [w.probe, '0x0', 'latest']],
  block: ['eth_getBlockByNumber', () => ['latest', false]], blockByHash: ['eth_getBlockByHash', () => ['@setupHash', false]],
  txn: ['eth_getTransactionByHash', () => ['@setupHash']], receipt: ['eth_getTransactionReceipt', () => ['@setupHash']],
  call: ['eth_call', (w) => [{ to: w.probe }, 'latest']], logs: ['eth_getLogs', () => [{}]], raw: ['eth_sendRawTransaction', () => ['0x']],
  sha3: ['web3_sha3', () => ['0x']], filter: ['eth_getFilterChanges', () => ['0x1']] }
for (const [name, [method, params]] of Object.entries(shapes)) {
  bad[`${name}Empty`] = () => [method, []]
  bad[`${name}Many`] = (r, w) => [method, [...params(w), 'extra', 1]]
  bad[`${name}Object`] = () => [method, {}]
  for (const [what, value] of Object.entries(broken))
    if (name !== 'logs' || what !== 'object') // that one is right, and answers the logs of the chain's own latest block
      bad[`${name}First_${what}`] = (r, w) => [method, [value, ...params(w).slice(1)]]
}
for (const field of ['from', 'to', 'gas', 'value', 'data', 'maxFeePerGas', 'nonce', 'accessList', 'nothing'])
  for (const what of ['number', 'odd', 'letters', 'list', 'zeros', 'huge'])
    bad[`callField_${field}_${what}`] = (r, w) => ['eth_call', [{ to: w.probe, [field]: broken[what] }, 'latest']]
for (const field of ['fromBlock', 'toBlock', 'blockHash', 'address', 'topics'])
  for (const what of ['number', 'text', 'odd', 'object', 'flag'])
    bad[`logsField_${field}_${what}`] = () => ['eth_getLogs', [{ [field]: broken[what] }]]

const one = { jsonrpc: '2.0', id: 1, method: 'eth_chainId', params: [] }
const bodies = { batch: () => [one, { ...one, id: 2, method: 'web3_sha3', params: ['0x01'] }], batchMixed: () => [one, { ...one, id: 'b', method: 'eth_none' }],
  batchEmpty: () => [], batchJunk: () => [1, 'x', one], noVersion: () => ({ id: 1, method: 'eth_chainId', params: [] }), oldVersion: () => ({ ...one, jsonrpc: '1.0' }),
  noParams: () => ({ jsonrpc: '2.0', id: 1, method: 'eth_chainId' }), nullParams: () => ({ ...one, params: null }), textId: () => ({ ...one, id: 'abc' }),
  nullId: () => ({ ...one, id: null }), bigId: () => ({ ...one, id: 9007199254740991 }), noId: () => ({ jsonrpc: '2.0', method: 'eth_chainId', params: [] }),
  objectId: () => ({ ...one, id: {} }), noMethod: () => ({ jsonrpc: '2.0', id: 1, params: [] }), numberMethod: () => ({ ...one, method: 5 }),
  textParams: () => ({ ...one, params: 'x' }), extraField: () => ({ ...one, more: true }), notJson: () => '{"jsonrpc":"2.0",', words: () => 'hello', empty: () => '',
  scalar: () => '5', twice: () => '{"jsonrpc":"2.0","id":1,"method":"eth_chainId","method":"net_version","params":[]}' }

/** The kinds of `queries` that no chain can answer with what is its own: wrong parameters and bodies. */
export const malformed = [...Object.keys(bad), ...Object.keys(bodies).map((name) => `body_${name}`)]

/** Requests that change nothing another one asks for: name -> (random, world) => {method, params} or {body}. */
export const queries = {
  ...Object.fromEntries(Object.entries({ ...reads, ...calls, ...development, ...bad }).map(([name, make]) =>
    [name, (r, w) => { const [method, params] = make(r, w); return { method, params } }])),
  ...Object.fromEntries(Object.entries(bodies).map(([name, make]) => [`body_${name}`, () => ({ method: 'body', body: make() })])),
}

const flip = (raw, at, by = 1) => {
  const i = at < 0 ? raw.length + at : at
  return raw.slice(0, i) + ((parseInt(raw[i], 16) ^ by) & 15).toString(16) + raw.slice(i + 1)
}
const sender = (r, w) => w.accounts[1 + r.below(5)]
const to = (r) => r.bytes(20)
/** Transactions that are taken. name -> (random, world) => raw bytes */
const taken = {
  transfer: (r, w) => w.sign(sender(r, w), { to: fresh(r, w), value: BigInt(1 + r.below(1000)), gas: 21_000n }),
  legacy: (r, w) => w.sign(sender(r, w), { type: 'legacy', to: to(r), value: 1n }),
  accessList: (r, w) => w.sign(sender(r, w), { type: 'eip2930', data: w.call('set', 5n, '0x01'),
    accessList: [{ address: w.probe, storageKeys: [`0x${'00'.repeat(32)}`] }] }),
  set: (r, w) => w.sign(sender(r, w), { data: w.call('set', BigInt(r.below(1000)), r.bytes(r.below(64))), value: BigInt(r.below(5)) }),
  deploy: (r, w) => w.sign(sender(r, w), { to: undefined, data: w.deployData, gas: 2_000_000n }),
  reverts: (r, w) => w.sign(sender(r, w), { data: w.call('fail', BigInt(r.below(4))) }),
  outOfGas: (r, w) => w.sign(sender(r, w), { data: w.call('spin', 1_000_000n) }),
  delegates: async (r, w) => {
    const authority = privateKeyToAccount(r.bytes(32))
    const raw = await w.sign(sender(r, w), { type: 'eip7702', to: authority.address, data: w.call('set', 9n, '0x'),
      authorizationList: [await authority.signAuthorization({ address: w.probe, chainId: r.pick([0, chainId]), nonce: 0 })] })
    w.delegations.add(w.pendingHashes.at(-1))
    return raw
  },
  delegatesStale: async (r, w) => {
    const authority = privateKeyToAccount(r.bytes(32))
    return w.sign(sender(r, w), { type: 'eip7702', to: to(r), authorizationList: [await authority.signAuthorization({ address: w.probe, chainId, nonce: 5 })] })
  },
}
const poor = privateKeyToAccount(`0x${'5a'.repeat(32)}`)
/** Transactions that are refused, of senders that send nothing else: where a chain takes one, the rest stays comparable. */
const refused = {
  nonceLow: (r, w) => w.sign(w.accounts[0], { nonce: 0, to: to(r) }, false),
  gasLow: (r, w) => w.sign(w.spare(), { to: to(r), gas: 20_999n }, false),
  gasLowData: (r, w) => w.sign(w.spare(), { to: to(r), data: r.bytes(100), gas: 21_500n }, false),
  gasFloor: (r, w) => w.sign(w.spare(), { to: to(r), data: `0x${'11'.repeat(2000)}`, gas: 21_000n + 2000n * 16n + 100n }, false),
  gasOverBlock: (r, w) => w.sign(w.spare(), { to: to(r), gas: 60_000_001n }, false),
  gasOverCap: (r, w) => w.sign(w.spare(), { to: to(r), gas: 16_777_217n }, false),
  gasHuge: (r, w) => w.sign(w.spare(), { to: to(r), gas: 2n ** 64n - 1n }, false),
  poor: (r, w) => w.sign(poor, { nonce: 0, to: to(r), value: 1n }, false),
  tooRich: (r, w) => w.sign(w.spare(), { to: to(r), value: parseEther('1000000') }, false),
  chain: (r, w) => w.sign(w.spare(), { chainId: 1, to: to(r) }, false),
  chainLegacy: (r, w) => w.sign(w.spare(), { type: 'legacy', chainId: 1, to: to(r) }, false),
  feeLow: (r, w) => w.sign(w.spare(), { maxFeePerGas: 1n, maxPriorityFeePerGas: 0n, to: to(r) }, false),
  initcode: (r, w) => w.sign(w.spare(), { to: undefined, data: `0x${'00'.repeat(49153)}`, gas: 16_000_000n }, false),
  noAuthorisations: (r, w) => w.sign(w.spare(), { type: 'eip7702', authorizationList: [], to: to(r) }, false),
  truncated: async (r, w) => (await w.sign(w.spare(), { to: to(r) }, false)).slice(0, -2 * (1 + r.below(20))),
  trailing: async (r, w) => `${await w.sign(w.spare(), { to: to(r) }, false)}00`,
  signature: async (r, w) => flip(await w.sign(w.spare(), { nonce: 0, value: parseEther('500000'), to: to(r) }, false), -20),
  highS: async (r, w) => { const raw = await w.sign(w.spare(), { to: to(r) }, false); return `${raw.slice(0, -64)}f${'f'.repeat(63)}` },
  unknownType: (r) => `0x05${r.bytes(40).slice(2)}`, depositType: (r) => `0x7e${r.bytes(40).slice(2)}`, noise: (r) => r.bytes(1 + r.below(200)),
  emptyList: () => '0xc0', emptyTyped: () => '0x02c0', zeroByte: () => '0x00', odd: async (r, w) => (await w.sign(w.spare(), {}, false)).slice(0, -1),
  blobBare: (r) => `0x03f8${r.bytes(100).slice(2)}`,
}
const known1 = { again: async (r, w) => { const raw = await taken.transfer(r, w); w.repeat = raw; return raw } }
/** Transactions: name -> (random, world) => {method, params}. */
export const transactions = Object.fromEntries(Object.entries({ ...taken, ...known1, ...refused }).map(([name, make]) =>
  [`txn_${name}`, async (r, w) => ({ method: 'eth_sendRawTransaction', params: [await make(r, w)] })]))
transactions.txn_alreadyKnown = async (r, w) => ({ method: 'eth_sendRawTransaction', params: [w.repeat ?? await w.sign(w.accounts[0], { nonce: 0 }, false)] })
