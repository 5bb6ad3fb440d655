// SPDX-License-Identifier: Apache-2.0
// Asks two chains the same random questions and tells where their answers differ.
import { keccak256 } from 'viem'
import { begin, mine, random, World } from './replay_world.mjs'
import { queries, transactions } from './replay_cases.mjs'

/** One HTTP answer. returns: the parsed JSON, `{}` with the status where there is none */
export async function ask(target, { method, params, body }) {
  const named = (value) => typeof value === 'string' ? target.names[value] ?? value : Array.isArray(value) ? value.map(named)
    : value && typeof value === 'object' ? Object.fromEntries(Object.entries(value).map(([k, v]) => [k, named(v)])) : value
  const text = body === undefined ? JSON.stringify({ jsonrpc: '2.0', id: 1, method, params: named(params) })
    : typeof body === 'string' ? body : JSON.stringify(body)
  const reply = await fetch(target.url, { method: 'POST', headers: { 'content-type': 'application/json' }, body: text,
    signal: AbortSignal.timeout(20_000) })
  const answer = await reply.text()
  try {
    return JSON.parse(answer)
  } catch {
    return answer === '' ? { nothing: true } : { unreadable: `HTTP ${reply.status}` }
  }
}

// Values that belong to one chain; of them only the form is compared.
const own = new Set(['blockHash', 'parentHash', 'blockNumber', 'timestamp', 'blockTimestamp', 'baseFeePerGas', 'gasPrice', 'effectiveGasPrice', 'stateRoot',
  'receiptsRoot', 'transactionsRoot', 'mixHash', 'miner', 'size', 'logsBloom', 'parentBeaconBlockRoot', 'logIndex', 'transactionIndex', 'cumulativeGasUsed',
  'withdrawalsRoot', 'blobGasPrice'])
const ownOfBlocks = new Set(['hash', 'number', 'gasUsed', 'blobGasUsed', 'excessBlobGas', 'extraData', 'gasLimit'])
// Whole results that belong to one chain.
const ownResults = new Set(['eth_blockNumber', 'eth_gasPrice', 'eth_maxPriorityFeePerGas', 'eth_blobBaseFee', 'eth_newFilter', 'eth_newBlockFilter'])
const form = (value) => value === null ? 'null' : typeof value !== 'string' ? typeof value
  : /^0x[0-9a-f]{64}$/.test(value) ? '<32 bytes>' : value.length < 67 && /^0x(0|[1-9a-f][0-9a-f]*)$/.test(value) ? '<quantity>' : /^0x/.test(value) ? '<bytes>' : '<text>'

/** The part of an answer that two chains of the same rules have in common. */
export function normalise(method, value, path = '') {
  if (Array.isArray(value)) {
    if (path === '.result.transactions') return '<transactions of the block>'
    if (method === 'eth_feeHistory') return value.map((v) => Array.isArray(v) ? v.map(form) : form(v))
    if (method === 'eth_getProof' && path === '.result.accountProof') return '<proof>'
    return value.map((v) => normalise(method, v, `${path}.*`))
  }
  if (value === null || typeof value !== 'object') return path === '.result' && ownResults.has(method) ? form(value) : value
  const block = 'parentHash' in value
  return Object.fromEntries(Object.entries(value).filter(([key]) => !(path.endsWith('.error') && key === 'message'))
    .map(([key, v]) => [key, own.has(key) || (block && ownOfBlocks.has(key)) || (method === 'eth_feeHistory' && key === 'oldestBlock') ? form(v)
      : normalise(method, v, `${path}.${key}`)]))
}

/** Where two normalised answers differ, as paths with what is there. */
function compare(ours, theirs, path, found) {
  const plain = (v) => v === null || typeof v !== 'object'
  if (plain(ours) || plain(theirs) || Array.isArray(ours) !== Array.isArray(theirs)) {
    if (ours !== theirs) found.push(`${path}: differs`)
  } else {
    for (const key of new Set([...Object.keys(ours), ...Object.keys(theirs)])) {
      const at = Array.isArray(ours) ? `${path}.*` : `${path}.${key}`
      if (!(key in theirs)) found.push(`${at}: only ours`)
      else if (!(key in ours)) found.push(`${at}: only anvil's`)
      else compare(ours[key], theirs[key], at, found)
    }
  }
  return [...new Set(found)]
}
/** What became of a request, in words: a result, or the code of the error. */
export const outcome = (a) => Array.isArray(a) ? `batch [${a.map(outcome).join(', ')}]` : a.nothing ? 'no answer' : a.unreadable ?? (a.error ? `error ${a.error.code}` : 'result')

/** Signatures of the differences between two answers: "kind: ours X, anvil Y" or "kind: path: differs". */
export function differences(kind, method, ours, theirs) {
  if (outcome(ours) !== outcome(theirs)) return [`${kind}: ours ${outcome(ours)}, anvil ${outcome(theirs)}`]
  return compare(normalise(method, ours), normalise(method, theirs), '', []).map((d) => `${kind}: ${d}`)
}

/** Replays `count` requests. returns: {found: signature -> {count, example}, asked, skipped} */
export async function replay({ ours, theirs, accounts, count, seed, every = 60, progress = () => {} }) {
  const [r, world, targets] = [random(seed), new World(accounts), [ours, theirs]]
  for (const target of targets) target.names = {}
  await begin(targets, world)
  const found = new Map()
  const note = (signature, example) => {
    const entry = found.get(signature) ?? { count: 0, example }
    entry.count++
    found.set(signature, entry)
  }
  // Each kind once before any of them by chance.
  const rest = { queries: Object.keys(queries), transactions: Object.keys(transactions) }
  const pick = (which, all) => rest[which].shift() ?? r.pick(Object.keys(all))
  let asked = 0
  const put = async (kind, request) => {
    const [a, b] = await Promise.all(targets.map((t) => ask(t, request)))
    asked++
    if (request.method === 'eth_sendRawTransaction' && (a.error || b.error))
      world.pendingHashes = world.pendingHashes.filter((hash) => hash !== keccak256(request.params[0]))
    for (const signature of differences(kind, request.method, a, b)) note(signature, { request, ours: a, theirs: b })
  }
  while (asked < count) {
    await world.fund(targets, r, every / 6)
    // Transactions first, then blocks on both, then questions that no block disturbs.
    for (let i = 0; i < every / 6 && asked < count; ++i) {
      const kind = pick('transactions', transactions)
      await put(kind, await transactions[kind](r, world))
    }
    await mine(targets, world)
    for (const account of accounts) {
      const [a, b] = await Promise.all(targets.map((t) => ask(t, { method: 'eth_getTransactionCount', params: [account.address, 'latest'] })))
      if (a.result !== b.result) note('state: nonces differ', { account: account.address, ours: a, theirs: b })
      world.nonces.set(account.address, Number(a.result))
    }
    for (let i = 0; i < every && asked < count; ++i) {
      const kind = pick('queries', queries)
      await put(kind, queries[kind](r, world))
    }
    progress(asked)
  }
  return { found, asked, kinds: Object.keys(queries).length + Object.keys(transactions).length }
}
