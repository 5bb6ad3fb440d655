// SPDX-License-Identifier: Apache-2.0
// anvil_, evm_ and hardhat_ on the embedded parent, step by step the same as on anvil; what the rollup takes of them and what
// it refuses; the Unix socket.
import assert from 'node:assert/strict'
import { existsSync, statSync } from 'node:fs'
import { connect } from 'node:net'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { toHex } from 'viem'
import { folder, foundry, keepLogs, requireEqualChains, rpc, rpcRaw, runTool, send, sleep, startAnvil, startDev, startVerifier,
  until } from './lib.mjs'

const socket = join(folder('ipc'), 'chain.ipc')
let dev, anvil
before(async () => {
  dev = await startDev({ args: ['--ipc', socket] })
  anvil = await startAnvil()
})
after(async () => {
  if (anvil) await anvil.kill()
  if (!dev) return
  await dev.stop()
  assert.ok(!existsSync(socket), 'the socket is removed at the end')
})
const check = (name, body) => test(name, async () => { try { await body() } catch (error) { keepLogs(); throw error } })

const whale = '0x00000000000000000000000000000000000a11ce'
const contract = '0x00000000000000000000000000000000000c0de0'
const target = '0x00000000000000000000000000000000000d00d0'
const stranger = '0x00000000000000000000000000000000000bad00'
const number = (url) => rpc(url, 'eth_blockNumber').then(Number)
const head = (url) => rpc(url, 'eth_getBlockByNumber', ['latest', false])
const mined = (url, hash) => until('a receipt', () => rpc(url, 'eth_getTransactionReceipt', [hash]), 10, 20)

/** What a developer does, and what comes of it, without what differs by nature: hashes and wall time. */
async function drive(url) {
  const seen = []
  const note = (name, value) => seen.push([name, value])
  const call = async (name, params = []) => {
    const answer = await rpcRaw(url, name, params)
    const value = answer.error ? 'error' : answer.result
    note(name, value)
    return value
  }
  await call('evm_setAutomine', [true])
  await call('anvil_getAutomine')
  await call('anvil_getIntervalMining')

  await call('anvil_setBalance', [whale, toHex(10n ** 18n)])
  await call('eth_getBalance', [whale, 'latest'])
  await call('hardhat_setNonce', [whale, '0x5'])
  await call('eth_getTransactionCount', [whale, 'latest'])
  await call('hardhat_setCode', [contract, '0x60016000f3'])
  await call('eth_getCode', [contract, 'latest'])
  await call('anvil_setStorageAt', [contract, '0x1', `0x${'00'.repeat(31)}07`])
  await call('eth_getStorageAt', [contract, '0x1', 'latest'])
  await call('hardhat_setBalance', [contract, toHex(10n ** 18n)])
  await call('anvil_setBalance', ['0x12', '0x1'])
  await call('anvil_setCode', [contract, 'code'])

  await call('eth_sendTransaction', [{ from: whale, to: target, value: '0x1' }])
  for (const from of [whale, contract]) {
    await call('anvil_impersonateAccount', [from])
    const hash = await rpc(url, 'eth_sendTransaction', [{ from, to: target, value: '0x3e8' }])
    const receipt = await mined(url, hash)
    note('impersonated', [receipt.from, receipt.to, receipt.status])
    const found = await rpc(url, 'eth_getTransactionByHash', [hash])
    note('its transaction', [found.from, found.value, found.nonce])
    await call('anvil_stopImpersonatingAccount', [from])
  }
  await call('eth_getBalance', [target, 'latest'])
  await call('eth_sendTransaction', [{ from: contract, to: target, value: '0x1' }])
  await call('anvil_autoImpersonateAccount', [true])
  await call('anvil_setBalance', [stranger, toHex(10n ** 18n)])
  note('any account', (await mined(url, await rpc(url, 'eth_sendTransaction', [{ from: stranger, to: target, value: '0x1' }]))).status)
  await call('anvil_autoImpersonateAccount', [false])

  const id = await rpc(url, 'evm_snapshot')
  const before = await number(url)
  await call('anvil_setBalance', [target, '0x1'])
  await call('anvil_mine', ['0x4'])
  await call('evm_revert', [id])
  note('blocks after a revert', (await number(url)) - before)
  await call('eth_getBalance', [target, 'latest'])
  await call('evm_revert', [id])
  await call('evm_revert', ['0x999'])

  const start = await number(url)
  await call('anvil_mine', ['0x3'])
  await call('evm_mine')
  await call('hardhat_mine')
  note('blocks made', (await number(url)) - start)
  const first = Number((await head(url)).timestamp)
  await call('anvil_mine', ['0x3', '0x64'])
  note('with an interval', Number((await head(url)).timestamp) - first >= 200)

  const next = Number((await head(url)).timestamp) + 1000
  await call('evm_setNextBlockTimestamp', [next])
  await call('evm_mine')
  note('the time that was set', Number((await head(url)).timestamp) === next)
  await call('evm_setNextBlockTimestamp', [next - 10])
  note('an offset', typeof await rpc(url, 'evm_increaseTime', [3600]))
  await call('evm_mine')
  const later = Number((await head(url)).timestamp) - next
  note('time went on', later >= 3600 && later < 3660)

  await call('evm_setAutomine', [false])
  await call('anvil_getAutomine')
  const [from] = await rpc(url, 'eth_accounts')
  const waiting = await rpc(url, 'eth_sendTransaction', [{ from, to: target, value: '0x1' }])
  await call('txpool_status')
  note('dropped', await rpc(url, 'anvil_dropTransaction', [waiting]) === waiting)
  await call('anvil_dropTransaction', [waiting])
  await call('txpool_status')
  await call('evm_mine')
  await call('eth_getTransactionReceipt', [waiting])
  await call('evm_setIntervalMining', [1])
  await call('anvil_getIntervalMining')
  const at = await number(url)
  await until('blocks on a clock', async () => (await number(url)) >= at + 2, 10)
  note('blocks on a clock', true)
  return seen
}

check('the parent does what anvil does', async () => {
  const theirs = await drive(anvil.url)
  const ours = await drive(dev.outputs.parent.rpc)
  assert.deepEqual(ours, theirs)
})

check('the rollup follows its parent through all of that', async () => {
  await rpc(dev.outputs.parent.rpc, 'evm_setIntervalMining', [2])
  const { safe } = await dev.status()
  await until('the safe head moves on', async () => (await dev.status()).safe.number > safe.number + 3, 60)
})

check('a reset goes back to where the rollup began', async () => {
  const url = dev.outputs.parent.rpc
  const forked = await rpcRaw(url, 'anvil_reset', [{ forking: { jsonRpcUrl: url } }])
  assert.equal(forked.error.code, -32602)
  assert.match(forked.error.message, /params\[0\].forking/)
  const receipt = await dev.l1.waitForTransactionReceipt({ hash: await dev.wallet(2, 'l1').sendTransaction({ to: stranger, value: 5n }) })
  const snapshot = await rpc(url, 'evm_snapshot')
  await rpc(url, 'anvil_impersonateAccount', [whale])
  assert.equal(await rpc(url, 'anvil_reset'), null)
  assert.ok((await number(url)) < 25, 'the contracts take few blocks')
  assert.equal(await rpc(url, 'eth_getTransactionReceipt', [receipt.transactionHash]), null)
  assert.equal(BigInt(await rpc(url, 'eth_getBalance', [stranger, 'latest'])), 0n)
  assert.notEqual(await rpc(url, 'eth_getCode', [dev.outputs.contracts.inbox, 'latest']), '0x')
  assert.equal(await rpc(url, 'evm_revert', [snapshot]), false)
  assert.ok((await rpcRaw(url, 'eth_sendTransaction', [{ from: whale, to: stranger }])).error)
  // The rollup begins anew, and anybody derives the same.
  await send(dev, 4, target, 5n)
  await until('it is safe', async () => { const { safe, unsafe } = await dev.status(); return safe.number > 3 && unsafe.number > safe.number && safe.number }, 90)
  const verifier = await startVerifier(dev)
  await requireEqualChains(dev, verifier)
  assert.equal(await verifier.stop(), 0)
})

check('blocks and time on the rollup are derived by anybody', async () => {
  const url = dev.outputs.chain.rpc
  const start = await number(url)
  assert.equal(await rpc(url, 'anvil_mine', ['0x5']), null)
  assert.ok((await number(url)) >= start + 5)
  const before = Number((await head(url)).timestamp)
  assert.equal(typeof await rpc(url, 'evm_increaseTime', [86_400]), 'number')
  assert.equal(await rpc(url, 'evm_mine'), '0x0')
  assert.ok(Number((await head(url)).timestamp) >= before + 86_400)
  const named = Number((await head(url)).timestamp) + 500
  await rpc(url, 'evm_setNextBlockTimestamp', [named])
  await rpc(url, 'evm_mine')
  const block = await rpc(url, 'eth_getBlockByNumber', ['latest', false])
  assert.ok(Number(block.timestamp) >= named && Number(block.timestamp) < named + 5)
  assert.equal((await rpcRaw(url, 'evm_setNextBlockTimestamp', [before])).error.code, -32602)
  await send(dev, 0, target, 5n)
  const to = await number(url)
  await until('the new blocks are safe', async () => (await dev.status()).safe.number >= to, 60)
  const verifier = await startVerifier(dev)
  assert.ok((await requireEqualChains(dev, verifier)) > to)
  for (const method of ['anvil_mine', 'evm_increaseTime', 'anvil_setBalance', 'evm_snapshot'])
    assert.equal((await rpcRaw(verifier.url, method, [1])).error.code, -32601, `${method} on a node that is not dev`)
  assert.equal(await verifier.stop(), 0)
})

check('the rollup makes blocks as it is told', async () => {
  const url = dev.outputs.chain.rpc
  await rpc(url, 'evm_setAutomine', [true])
  await sleep(500)
  const still = await number(url)
  await sleep(1500)
  assert.ok((await number(url)) <= still + 1, 'only deposits make blocks now')
  const receipt = await send(dev, 1, target, 5n)
  assert.equal(receipt.status, 'success')
  await rpc(url, 'evm_setAutomine', [false])
  const hash = await dev.wallet(1).sendTransaction({ to: target, value: 1n })
  await sleep(500)
  assert.equal(await rpc(url, 'eth_getTransactionReceipt', [hash]), null)
  await rpc(url, 'evm_mine')
  assert.equal((await rpc(url, 'eth_getTransactionReceipt', [hash])).status, '0x1')
  await rpc(url, 'evm_setIntervalMining', [1])
  const from = await number(url)
  await until('blocks on a clock', async () => (await number(url)) >= from + 2, 10)
})

check('what no batch could say is refused, with the way to the parent', async () => {
  for (const [method, params] of [['anvil_setBalance', [whale, '0x1']], ['hardhat_setCode', [contract, '0x']],
    ['anvil_impersonateAccount', [whale]], ['evm_snapshot', []], ['evm_revert', ['0x0']], ['anvil_reset', []]]) {
    const { error } = await rpcRaw(dev.outputs.chain.rpc, method, params)
    assert.equal(error.code, -32004, method)
    assert.ok(error.message.includes(dev.outputs.parent.rpc), error.message)
  }
})

check('cast and a subscription over the Unix socket', async () => {
  assert.equal(statSync(socket).mode & 0o777, 0o600)
  const block = await runTool(foundry('cast'), ['block-number', '--rpc-url', socket])
  assert.ok(Number(block) > 0)
  assert.equal((await runTool(foundry('cast'), ['chain-id', '--rpc-url', socket])).trim(), String(dev.outputs.chain.chainId))
  const client = connect(socket)
  let text = ''
  client.on('data', (data) => { text += data })
  client.write('{"jsonrpc":"2.0","id":1,"method":"eth_subscribe","params":["newHeads"]}[{"jsonrpc":"2.0","id":2,"method":"eth_chainId"}]')
  await until('a head over the socket', () => text.includes('"method":"eth_subscription"'), 10)
  const lines = text.split('\n').filter(Boolean).map((line) => JSON.parse(line))
  assert.match(lines[0].result, /^0x/)
  assert.equal(lines.find((l) => Array.isArray(l))[0].result, toHex(dev.outputs.chain.chainId))
  client.destroy()
})

check('a second node does not take a socket in use', async () => {
  await assert.rejects(startVerifier(dev, ['--ipc', socket]), /in use by a running program/)
})
