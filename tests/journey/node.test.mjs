// SPDX-License-Identifier: Apache-2.0
// A node as its clients see it: whether it has caught up, sending and waiting, states that were pruned.
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { WebSocket } from 'ws'
import { door, keepLogs, requireEqualChains, rpc, rpcRaw, send, startDev, startVerifier, until } from './lib.mjs'

let dev
before(async () => { dev = await startDev({ args: ['--block-time', '250', '--parent-block-time', '500'] }) })
after(async () => { await dev?.stop() })
const check = (name, body) => test(name, async () => { try { await body() } catch (error) { keepLogs(); throw error } })
const target = '0x00000000000000000000000000000000000d00d0'

check('a node that follows its parent is not syncing', async () => {
  await send(dev, 0, target, 1n)
  assert.equal(await until('the sequencer', async () => (await rpc(dev.outputs.chain.rpc, 'eth_syncing')) === false), true)
})

check('a verifier that catches up says so, and says when it is done', async () => {
  await until('blocks to catch up with', async () => (await dev.status()).safe.number >= 12, 60)
  const parent = await door(dev.outputs.parent.rpc)
  const behind = { ...dev, outputs: { ...dev.outputs, parent: { ...dev.outputs.parent, rpc: parent.url, blobs: parent.url } } }
  const verifier = await startVerifier(behind)
  try {
    const syncing = await rpc(verifier.url, 'eth_syncing')
    assert.equal(syncing.startingBlock, '0x0')
    assert.equal(syncing.currentBlock, '0x0')
    assert.match(syncing.highestBlock, /^0x[0-9a-f]+$/)
    const heard = []
    const socket = new WebSocket(verifier.url.replace('http', 'ws'))
    socket.on('message', (text) => heard.push(JSON.parse(text)))
    await new Promise((done) => socket.on('open', done))
    socket.send('{"jsonrpc":"2.0","id":1,"method":"eth_subscribe","params":["syncing"]}')
    await until('that it is syncing', () => heard.some((m) => m.params?.result?.syncing === true), 10)
    const { status } = heard.find((m) => m.params).params.result
    assert.deepEqual(Object.keys(status), ['startingBlock', 'currentBlock', 'highestBlock'])
    parent.open()
    await until('that it is done', () => heard.some((m) => m.params?.result === false), 60)
    socket.terminate()
    assert.equal(await rpc(verifier.url, 'eth_syncing'), false)
    assert.ok((await verifier.status()).safe.number >= 12)
    await requireEqualChains(dev, verifier)
  } finally {
    parent.close()
    await verifier.stop()
  }
})

check('eth_sendRawTransactionSync answers with the receipt', async () => {
  const url = dev.outputs.chain.rpc
  const account = dev.accounts[3]
  const nonce = Number(await rpc(url, 'eth_getTransactionCount', [account.address, 'pending']))
  const sign = (more) => account.signTransaction({ type: 'eip1559', chainId: dev.outputs.chain.chainId, to: target, value: 5n, gas: 21_000n,
    maxFeePerGas: 10_000_000_000n, maxPriorityFeePerGas: 1_000_000n, nonce, ...more })
  const receipt = await rpc(url, 'eth_sendRawTransactionSync', [await sign(), 10_000])
  assert.equal(receipt.status, '0x1')
  assert.deepEqual(receipt, await rpc(url, 'eth_getTransactionReceipt', [receipt.transactionHash]))
  const again = await rpcRaw(url, 'eth_sendRawTransactionSync', [await sign()])
  assert.equal(again.error.code, -32000)
  // One that waits for another.
  const gap = await rpcRaw(url, 'eth_sendRawTransactionSync', [await sign({ nonce: nonce + 2 })])
  assert.equal(gap.error.code, 5)
  assert.match(gap.error.data, /^0x[0-9a-f]{64}$/)
  // One that cannot pay today's fee is not processed.
  const late = await rpcRaw(url, 'eth_sendRawTransactionSync', [await sign({ nonce: nonce + 1, maxFeePerGas: 1n, maxPriorityFeePerGas: 1n }), '0x32'])
  assert.equal(late.error.code, 4)
  assert.match(late.error.data, /^0x[0-9a-f]{64}$/)
  const verifier = await startVerifier(dev)
  assert.match((await rpcRaw(verifier.url, 'eth_sendRawTransactionSync', [await sign()])).error.message, /verifier/)
  await verifier.stop()
})

check('old states are pruned, and that is said', async () => {
  const verifier = await startVerifier(dev, ['--prune-states', '10'])
  const kept = () => rpc(verifier.url, 'eth_capabilities').then((c) => Number(c.state.oldestBlock))
  const oldest = await until('a state to go', async () => (await kept()) > 1 && kept(), 120)
  const { error } = await rpcRaw(verifier.url, 'eth_getBalance', [dev.accounts[0].address, '0x1'])
  assert.equal(error.code, -32000)
  assert.match(error.message, /^missing trie node: the state of block 1 is not available, this node keeps those from block \d+ on; ask an archive node/)
  for (const [method, params] of [['eth_call', [{ to: target }, '0x1']], ['eth_getProof', [target, [], '0x1']], ['debug_traceBlockByNumber', ['0x2']]])
    assert.match((await rpcRaw(verifier.url, method, params)).error.message, /missing trie node/, method)
  // What is kept is right, and so is the archive.
  for (const block of [`0x${(await kept() + 2).toString(16)}`, 'latest', 'safe']) {
    const number = (await rpc(verifier.url, 'eth_getBlockByNumber', [block, false])).number
    for (const address of [dev.accounts[0].address, target])
      assert.equal(await rpc(verifier.url, 'eth_getBalance', [address, number]), await rpc(dev.outputs.chain.rpc, 'eth_getBalance', [address, number]))
  }
  assert.equal((await rpc(verifier.url, 'eth_getBlockByNumber', ['0x1', false])).number, '0x1')
  assert.equal(Number((await rpc(dev.outputs.chain.rpc, 'eth_capabilities')).state.oldestBlock), 0)
  await rpc(dev.outputs.chain.rpc, 'eth_getBalance', [dev.accounts[0].address, '0x1'])
  await until('it is pruned again', async () => (await kept()) > oldest, 120)
  await requireEqualChains(dev, verifier)
  assert.equal(await verifier.stop(), 0)
})
