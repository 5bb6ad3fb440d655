// SPDX-License-Identifier: Apache-2.0
// `mezz l1 deploy` and `mezz l1 verify` on an anvil: plan, deed, the same after a stop half-way; what differs is named.
import assert from 'node:assert/strict'
import { readFileSync, statSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { after, before, test } from 'node:test'
import { parseEther, toHex } from 'viem'
import { generatePrivateKey, privateKeyToAccount } from 'viem/accounts'
import { exists, folder, keepLogs, launchMezz, rpc, runMezz, say, startAnvil, until } from './lib.mjs'

const check = (name, body) => test(name, { timeout: 180_000 }, async () => { try { await body() } catch (error) { keepLogs(); throw error } })
const json = async (args, seconds = 60) => {
  const { code, stdout, stderr } = await runMezz([...args, '--json'], seconds)
  assert.equal(code, 0, `mezz ${args.join(' ')}: ${stderr}`)
  return JSON.parse(stdout)
}
const fails = async (args, code, pattern) => {
  const result = await runMezz(args, 60)
  assert.equal(result.code, code, `${result.stderr}\n${result.stdout}`)
  assert.match(result.stderr, pattern)
  return result
}
const keyFile = (key) => {
  const path = join(folder('key'), 'key')
  writeFileSync(path, key, { mode: 0o600 })
  return path
}

let anvil, on
before(async () => { anvil = await startAnvil(); on = ['--parent', anvil.url] })
after(async () => { await anvil?.stop() })

check('the plan sends nothing and says what there will be; the deed does as it says; a sequencer runs with it', async () => {
  const out = join(folder(), 'shop')
  const args = ['l1', 'deploy', ...on, '--out', out, '--chain-id', '777', '--block-time', '500ms', '--finality-delay', '3s']
  const plan = await json([...args, '--plan'])
  assert.equal(plan.deployed, false)
  assert.deepEqual([plan.settings.chainId, plan.settings.blockTimeMs, plan.settings.finalityDelaySeconds], [777, 500, 3])
  assert.deepEqual(plan.contracts.map((c) => c.there), Array(6).fill(false))
  assert.ok(plan.gas > 1_000_000 && BigInt(plan.costWei) > 0n)
  assert.ok(!exists(out))
  assert.equal(await rpc(anvil.url, 'eth_getCode', [plan.contracts[0].address, 'latest']), '0x')
  const done = await json(args)
  assert.equal(done.deployed, true)
  assert.deepEqual(done.contracts, plan.contracts.map((c) => ({ ...c, there: true })))
  const spec = JSON.parse(readFileSync(done.spec, 'utf8'))
  assert.equal(spec.contracts.portal, plan.contracts[5].address)
  // Again: nothing is sent.
  const nonce = await rpc(anvil.url, 'eth_getTransactionCount', [done.deployer.address, 'latest'])
  const again = await json(args)
  assert.deepEqual([again.gas, again.contracts], [0, done.contracts])
  assert.equal(await rpc(anvil.url, 'eth_getTransactionCount', [done.deployer.address, 'latest']), nonce)
  assert.equal(statSync(join(out, 'batcher.key')).mode & 0o777, 0o600)
  const verified = await json(['l1', 'verify', ...on, '--spec', done.spec])
  assert.ok(verified.valid && verified.checks.length > 25 && verified.checks.every((c) => c.result === 'ok'))
  const common = [...on, '--spec', done.spec, '--port', '0', '--json']
  const nodes = [launchMezz(['node', '--role', 'sequencer', ...common, '--batcher-key-file', join(out, 'batcher.key'), '--proposer-key-file', join(out, 'proposer.key')]),
    launchMezz(['node', '--role', 'verifier', ...common])]
  try {
    const urls = await Promise.all(nodes.map((node) => until('a node', () => node.exit ? { chain: node.stderr() } : JSON.parse(node.stdout().split('\n')[0]), 30)))
    const safe = await until('blocks that the verifier derived', async () => {
      const status = await rpc(urls[1].chain, 'mezz_status')
      return status.safe.number > 3 && status.safe.number
    }, 90)
    const block = async (url) => (await rpc(url.chain, 'eth_getBlockByNumber', [toHex(safe), false])).hash
    assert.equal(await block(urls[0]), await block(urls[1]))
    say(`a chain of its own: block ${safe} derived`)
  } finally {
    for (const node of nodes) await node.stop()
  }
})

check('an own key: what it owns, what it lacks, and that nobody has ether of nothing', async () => {
  const key = generatePrivateKey()
  const owner = privateKeyToAccount(key).address.toLowerCase()
  const operators = ['--batcher', '0x00000000000000000000000000000000000000b1', '--proposer', '0x00000000000000000000000000000000000000b2']
  const out = folder()
  const args = ['l1', 'deploy', ...on, '--out', out, '--deployer-key-file', keyFile(key), '--proof', 'fraud', '--dispute-clock', '1h']
  await fails(args, 2, /--batcher: the address/)
  await fails([...args, ...operators], 1, /has 0 ETH, the deployment may cost [\d.]+ ETH; send it ether/)
  assert.ok(!exists(join(out, 'deployment.json')))
  await rpc(anvil.url, 'anvil_setBalance', [owner, toHex(parseEther('10'))])
  const done = await json([...args, ...operators])
  assert.deepEqual([done.settings.challenger, done.settings.guardian, done.settings.fundedAccounts], [owner, owner, 0])
  assert.equal(done.contracts.length, 10)
  assert.ok(!exists(join(out, 'batcher.key')))
  const genesis = JSON.parse(readFileSync(done.spec, 'utf8')).genesis
  assert.deepEqual(genesis.filter((a) => BigInt(a.balance) > 0n).map((a) => a.address), [`0x${'0'.repeat(40)}`])
  const checks = Object.fromEntries((await json(['l1', 'verify', ...on, '--spec', done.spec])).checks.map((c) => [c.name, c]))
  assert.equal(checks['BlockDisputes.programId'].found, JSON.parse((await runMezz(['version', '--json'])).stdout).programId)
  assert.equal(checks['code of RvStep'].result, 'ok')
  await fails([...args, ...operators, '--chain-id', '5'], 2, /is of another chain: --chain-id is 42069 there, 5 here/)
})

check('stopped half-way it goes on where it stood', async () => {
  const out = folder()
  const key = generatePrivateKey()
  const owner = privateKeyToAccount(key).address
  await rpc(anvil.url, 'anvil_setBalance', [owner, toHex(parseEther('10'))])
  const args = ['l1', 'deploy', ...on, '--out', out, '--deployer-key-file', keyFile(key), '--batcher', `0x${'b1'.repeat(20)}`, '--proposer', `0x${'b2'.repeat(20)}`]
  const { contracts } = await json([...args, '--plan'])
  await rpc(anvil.url, 'evm_setIntervalMining', [0])
  await rpc(anvil.url, 'evm_setAutomine', [false])
  const program = launchMezz(args)
  const waiting = await until('its transactions', async () => {
    const { pending } = await rpc(anvil.url, 'txpool_content')
    const own = Object.entries(pending).find(([from]) => from.toLowerCase() === owner.toLowerCase())
    return own && Object.keys(own[1]).length === 7 && Object.values(own[1])
  }, 30)
  await program.kill()
  assert.ok(!exists(join(out, 'rollup.json')) && exists(join(out, 'deployment.json')))
  // Three are in a block, the others are lost.
  for (const transaction of waiting.filter((t) => Number(t.nonce) >= 3)) await rpc(anvil.url, 'anvil_dropTransaction', [transaction.hash])
  await rpc(anvil.url, 'evm_setIntervalMining', [1])
  await until('three contracts', async () => await rpc(anvil.url, 'eth_getTransactionCount', [owner, 'latest']) === '0x3', 20)
  const plan = await json([...args, '--plan'])
  assert.deepEqual(plan.contracts.map((c) => c.there), [true, true, true, false, false, false])
  const done = await json(args)
  assert.deepEqual(done.contracts.map((c) => c.address), contracts.map((c) => c.address))
  assert.ok((await json(['l1', 'verify', ...on, '--spec', done.spec])).valid)
  assert.ok(JSON.parse(readFileSync(done.spec, 'utf8')).contracts.deployedAt > 0)
  say('went on after three of six contracts')
})

check('verify names what differs, and what it cannot ask', async () => {
  const out = folder()
  const done = await json(['l1', 'deploy', ...on, '--out', out, '--chain-id', '901'])
  const verify = ['l1', 'verify', '--spec', done.spec]
  const { code: portal, address } = { code: await rpc(anvil.url, 'eth_getCode', [done.contracts[5].address, 'latest']), address: done.contracts[5].address }
  // One byte of code, in no place that a constructor writes.
  await rpc(anvil.url, 'anvil_setCode', [address, `0x61${portal.slice(4)}`])
  const wrong = await fails([...verify, ...on], 3, /1 of what it names differ/)
  assert.match(wrong.stdout, /failed +code of Portal +other code, \d+ bytes .*expected this build's at/)
  assert.match(wrong.stdout, /skipped +Portal\.inbox/)
  await rpc(anvil.url, 'anvil_setCode', [address, '0x'])
  assert.match((await fails([...verify, ...on], 3, /differ/)).stdout, /code of Portal +no code/)
  await rpc(anvil.url, 'anvil_setCode', [address, portal])
  assert.ok((await json([...verify, ...on])).valid)
  // Another chain's contracts in the file, and a file that was changed.
  const file = JSON.parse(readFileSync(done.spec, 'utf8'))
  const changed = join(folder(), 'rollup.json')
  const other = await json(['l1', 'deploy', ...on, '--out', folder(), '--chain-id', '902'])
  writeFileSync(changed, JSON.stringify({ ...file, contracts: { ...file.contracts, inbox: other.contracts[1].address } }))
  assert.match((await fails(['l1', 'verify', ...on, '--spec', changed], 3, /differ/)).stdout, /failed +Portal\.inbox/)
  writeFileSync(changed, JSON.stringify({ ...file, parentChainId: 1 }))
  assert.match((await fails(['l1', 'verify', ...on, '--spec', changed], 3, /1 of what/)).stdout, /failed +parent chain +31337, expected 1/)
  await fails([...verify, '--parent', 'http://127.0.0.1:1'], 4, /mezz: /)
  await fails(['l1', 'verify', ...on, '--spec', join(out, 'none.json')], 2, /--spec .*cannot be read/)
})

check('what deploy refuses', async () => {
  const args = ['l1', 'deploy', '--out', folder()]
  await fails([...args, ...on, '--chain-id', '31337'], 2, /the parent is chain 31337 itself.*31338/)
  await fails([...args, ...on, '--deployer-key', '0x12'], 2, /--deployer-key: expected 32 bytes/)
  await fails([...args, ...on, '--guardian', '0x12'], 2, /--guardian: expected an address/)
  await fails([...args, ...on, '--batcher', `0x${'b1'.repeat(20)}`, '--proposer', `0x${'b1'.repeat(20)}`], 2, /same account/)
  await fails([...args, '--parent', 'ftp://x'], 2, /--parent: /)
  await fails([...args, '--parent', 'http://127.0.0.1:1'], 4, /mezz: /)
  await fails(['l1', 'deploy', ...on], 2, /--out/)
  const bare = folder()
  writeFileSync(join(bare, 'rollup.json'), '{}')
  await fails(['l1', 'deploy', ...on, '--out', bare], 1, /holds a chain that this command did not make/)
  writeFileSync(join(bare, 'deployment.json'), '{"format": 1}')
  await fails(['l1', 'deploy', ...on, '--out', bare], 2, /deployment\.json: field "programId" is missing/)
  // A parent that was started anew: its blocks are fewer than when the deployment began.
  const begun = await json(['l1', 'deploy', ...on, '--out', folder(), '--chain-id', '905'])
  const anew = await startAnvil()
  try {
    await fails(['l1', 'deploy', '--parent', anew.url, '--out', dirname(begun.spec), '--chain-id', '905', '--plan'], 1, /it was started anew; choose another --out/)
  } finally {
    await anew.stop()
  }
  // A parent that does not know the well-known accounts.
  const strangers = await startAnvil(['--mnemonic', 'legal winner thank year wave sausage worth useful legal winner thank yellow'])
  try {
    await fails([...args, '--parent', strangers.url], 2, /--deployer-key: a private key is needed/)
  } finally {
    await strangers.stop()
  }
})
