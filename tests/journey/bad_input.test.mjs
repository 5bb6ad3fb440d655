// SPDX-License-Identifier: Apache-2.0
// What people get wrong: each answer names the field and the remedy, and nothing falls over.
import assert from 'node:assert/strict'
import { cpSync, readFileSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { join } from 'node:path'
import { after, before, describe, test } from 'node:test'
import { parseEther, parseGwei, toRlp } from 'viem'
import { folder, freePort, keepLogs, root, rpc, rpcRaw, runMezz, say, send, sleep, startDev } from './lib.mjs'

const step = (name, run) => test(name, async () => {
  try {
    await run()
  } catch (error) {
    keepLogs()
    throw error
  }
})

describe('bad requests', { concurrency: false }, () => {
  let dev, url
  before(async () => { dev = await startDev({ args: ['--block-time', '250'] }); url = dev.outputs.chain.rpc })
  after(async () => { await dev?.stop() })
  const post = async (body) => {
    const reply = await fetch(url, { method: 'POST', headers: { 'content-type': 'application/json' }, body })
    return { status: reply.status, text: await reply.text() }
  }
  const refused = async (method, params, pattern, code) => {
    const { error, result } = await rpcRaw(url, method, params)
    assert.ok(error, `${method}(${JSON.stringify(params)}) was taken: ${JSON.stringify(result)}`)
    if (code) assert.equal(error.code, code, error.message)
    assert.match(error.message, pattern)
    say(`${method}: ${error.code} ${error.message}`)
  }

  step('parameters of wrong types', async () => {
    await refused('eth_getBalance', [1, 'latest'], /params\[0\].*address/, -32602)
    await refused('eth_getBalance', ['0x1234', 'latest'], /params\[0\].*address/, -32602)
    await refused('eth_getBalance', [dev.accounts[0].address, 'newest'], /params\[1\].*newest/, -32602)
    await refused('eth_getBlockByNumber', ['12', true], /params\[0\].*hex/, -32602)
    await refused('eth_getBlockByNumber', ['latest', 'yes'], /params\[1\].*true or false/, -32602)
    await refused('eth_getBlockByNumber', [], /params\[0\]|missing/i, -32602)
    await refused('eth_sendRawTransaction', ['0xzz'], /params\[0\].*hex/)
    await refused('eth_sendRawTransaction', ['0x02c0'], /rlp|transaction|decode|fields/i)
    await refused('eth_noSuchMethod', [], /eth_noSuchMethod/, -32601)
    await refused('eth_getLogs', [{ fromBlock: '0x0', address: 'me' }], /address/, -32602)
  })

  step('broken JSON, deep JSON, an oversized body, empty and long batches', async () => {
    assert.match((await post('{"jsonrpc":"2.0",')).text, /-32700/)
    assert.match((await post('')).text, /-32(700|600)/)
    assert.match((await post('[]')).text, /-32600/)
    const deep = await post('['.repeat(100_000) + ']'.repeat(100_000))
    assert.match(deep.text, /-32\d00/)
    const big = await post(JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'web3_sha3', params: ['0x' + '00'.repeat(6 << 20)] }))
      .catch((error) => ({ status: 413, text: error.message }))
    assert.equal(big.status, 413)
    const call = { jsonrpc: '2.0', id: 1, method: 'eth_chainId', params: [] }
    const many = await post(JSON.stringify(Array(5000).fill(call)))
    assert.match(many.text, /batch|too many|limit/i)
    assert.equal(await rpc(url, 'eth_chainId'), '0xa455')
  })

  step('transactions that cannot be taken', async () => {
    const [from, to] = [dev.accounts[0], dev.accounts[1].address]
    const base = { type: 'eip1559', chainId: dev.chain.id, gas: 21_000n, to, value: 1n,
      maxFeePerGas: parseGwei('2'), maxPriorityFeePerGas: parseGwei('1') }
    const raw = async (changes, account = from) => account.signTransaction({ ...base,
      nonce: await dev.l2.getTransactionCount({ address: account.address }), ...changes })
    const first = await raw({})
    const hash = await dev.l2.sendRawTransaction({ serializedTransaction: first })
    await dev.l2.waitForTransactionReceipt({ hash })
    await refused('eth_sendRawTransaction', [first], /nonce too low|already known/i)
    await refused('eth_sendRawTransaction', [await raw({ nonce: 0 })], /nonce too low/i)
    await refused('eth_sendRawTransaction', [await raw({ chainId: 1 })], /chain/i)
    await refused('eth_sendRawTransaction', [await raw({ gas: 20_000n })], /intrinsic gas/i)
    await refused('eth_sendRawTransaction', [await raw({ gas: 500_000_000n })], /gas/i)
    await refused('eth_sendRawTransaction', [await raw({ value: parseEther('20000') })], /insufficient funds/i)
    // One below the base fee waits, and gives way to a better offer.
    await dev.l2.sendRawTransaction({ serializedTransaction: await raw({ maxFeePerGas: 2n, maxPriorityFeePerGas: 1n }) })
    const better = await dev.l2.sendRawTransaction({ serializedTransaction: await raw({}) })
    assert.equal((await dev.l2.waitForTransactionReceipt({ hash: better, timeout: 10_000 })).status, 'success')
    // A waiting transaction is replaced only for 10 % more.
    const nonce = await dev.l2.getTransactionCount({ address: dev.accounts[2].address }) + 1
    await dev.l2.sendRawTransaction({ serializedTransaction: await raw({ nonce }, dev.accounts[2]) })
    await refused('eth_sendRawTransaction', [await raw({ nonce, value: 2n }, dev.accounts[2])], /underpriced/i)
    await refused('eth_sendRawTransaction', [first.slice(0, -20)], /rlp|transaction|short|decode/i)
    await refused('eth_sendRawTransaction', ['0x7ec0'], /canonical/)
    const word = `0x${'11'.repeat(32)}`
    const deposit = toRlp([word, from.address, to, '0x01', '0x01', '0x5208', '0x', '0x'])
    await refused('eth_sendRawTransaction', [`0x7e${deposit.slice(2)}`], /type|deposit/i)
  })

  step('the chain goes on', async () => {
    assert.equal((await send(dev, 3, dev.accounts[4].address, 1n)).status, 'success')
    assert.equal((await dev.status()).error, '')
  })
})

describe('bad command lines', { concurrency: false }, () => {
  const ports = ['--port', '0', '--parent-port', '0', '--metrics-port', '0']
  const fails = async (args, code, pattern) => {
    const run = await runMezz(args)
    const text = run.stderr + run.stdout
    assert.equal(run.code, code, `mezz ${args.join(' ')}: exit ${run.code}\n${text}`)
    assert.match(text, pattern)
    say(`exit ${code}: ${text.trim().split('\n')[0]}`)
  }

  step('usage: exit code 2', async () => {
    await fails(['dev', '--no-such-flag'], 2, /--no-such-flag/)
    await fails([], 2, /subcommand/i)
    await fails(['dev', '--block-time', '5'], 2, /--block-time.*100/s)
    await fails(['dev', '--da', 'pigeon'], 2, /--da/)
    await fails(['dev', '--fault', 'sloth'], 2, /--fault.*censor-deposits/s)
    await fails(['dev', '--port', '70000'], 2, /--port/)
    await fails(['node', '--role', 'verifier'], 2, /--parent/)
    await fails(['node', '--role', 'king', '--parent', 'http://127.0.0.1:1', '--spec', 'x'], 2, /--role/)
  })

  step('a port in use: exit code 1', async () => {
    const server = createServer()
    await new Promise((done) => server.listen(0, '127.0.0.1', done))
    const port = String(server.address().port)
    await fails(['dev', '--state', folder(), '--port', port, '--parent-port', '0', '--metrics-port', '0'], 1, new RegExp(`${port}.*in use`, 's'))
    await fails(['dev', '--state', folder(), '--port', '0', '--parent-port', port, '--metrics-port', '0'], 1, new RegExp(`${port}.*in use`, 's'))
    await fails(['dev', '--state', folder(), '--port', '0', '--parent-port', '0', '--metrics-port', port], 1, new RegExp(`${port}.*in use`, 's'))
    await new Promise((done) => server.close(done))
  })

  step('a parent that is not there: exit code 4', async () => {
    const dead = `http://127.0.0.1:${await freePort()}`
    await fails(['dev', '--state', folder(), '--parent', dead, ...ports], 4, new RegExp(dead.slice(7)))
    await fails(['dev', '--state', folder(), '--parent', 'nonsense', ...ports], 1, /nonsense/)
  })

  step('state of another chain, damaged and missing files', async () => {
    const [a, b] = [folder(), folder()]
    const first = await startDev({ state: a })
    // A second process on the same state.
    await fails(['dev', '--state', a, ...ports], 1, /use|lock|another process/i)
    await first.stop()
    await sleep(1100) // chains of one second have the same block 0
    const second = await startDev({ state: b, args: ['--chain-id', '777'] })
    // The rollup of one chain with the parent of another.
    const mixed = folder()
    cpSync(a, mixed, { recursive: true })
    cpSync(join(b, 'rollup.json'), join(mixed, 'rollup.json'))
    // Its contracts have the same addresses there: only the configuration tells them apart.
    await fails(['node', '--parent', second.outputs.parent.rpc, '--spec', join(a, 'rollup.json'), '--port', '0'], 1, /configuration hash/)
    await second.stop()
    await fails(['dev', '--state', mixed, ...ports], 1, /genesis|another chain|state/i)
    writeFileSync(join(b, 'rollup.json'), readFileSync(join(b, 'rollup.json'), 'utf8').slice(0, 100))
    await fails(['dev', '--state', b, ...ports], 1, /rollup\.json/)
    await fails(['node', '--parent', 'http://127.0.0.1:1', '--spec', join(root, 'no-such.json')], 1, /no-such\.json/)
    await fails(['dev', '--state', '/proc/none', ...ports], 1, /--state \/proc\/none/)
  })
})
