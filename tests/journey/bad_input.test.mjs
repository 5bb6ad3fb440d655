// SPDX-License-Identifier: Apache-2.0
// What people get wrong: each answer names the field and the remedy, and nothing falls over.
import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { cpSync, mkdirSync, readFileSync, rmSync, statfsSync, writeFileSync } from 'node:fs'
import { createServer as createHttpServer } from 'node:http'
import { connect, createServer } from 'node:net'
import { join } from 'node:path'
import { after, before, describe, test } from 'node:test'
import { parseEther, parseGwei, toRlp } from 'viem'
import { WebSocket } from 'ws'
import {
  folder, freePort, keepLogs, requireEqualChains, root, rpc, rpcRaw, runMezz, say, send, sleep, startDev, startVerifier, until,
} from './lib.mjs'

const step = (name, options, run = options) => test(name, run === options ? {} : options, async (context) => {
  try {
    await run(context)
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

  step('slow clients are cut while others are served', { timeout: 90_000 }, async () => {
    const { hostname, port } = new URL(url)
    // Each sends a byte of a header, or of a body, every second.
    const slow = Array.from({ length: 40 }, (_, i) => {
      const socket = connect(Number(port), hostname)
      const started = Date.now()
      socket.on('error', () => {})
      socket.write(i % 2 ? 'POST / HTTP/1.1\r\nHost: x\r\nX-Slow: '
        : 'POST / HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: 5000\r\n\r\n')
      const timer = setInterval(() => socket.write('a'), 1000)
      return new Promise((done) => socket.on('close', () => { clearInterval(timer); done(Date.now() - started) }))
    })
    let served = 0, slowest = 0, cut
    Promise.all(slow).then((all) => { cut = Math.max(...all) })
    while (cut === undefined) {
      const before = Date.now()
      assert.equal(await rpc(url, 'eth_chainId'), '0xa455')
      slowest = Math.max(slowest, Date.now() - before)
      ++served
      await sleep(200)
    }
    assert.ok(cut < 45_000, `the last slow client was cut after ${cut} ms`)
    assert.ok(slowest < 5_000, `another client waited ${slowest} ms`)
    say(`40 slow clients were cut after ${cut} ms; ${served} requests were answered meanwhile, the slowest in ${slowest} ms`)
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
    await fails(['dev', '--no-such-flag'], 2, /no flag --no-such-flag/)
    await fails(['dev', '--prot', '1'], 2, /--prot; did you mean --port\?/)
    await fails(['dev', '--blocktime=500'], 2, /did you mean --block-time\?/)
    await fails(['deev'], 2, /deev; did you mean dev\?/)
    await fails(['bench', 'laod'], 2, /did you mean load\?/)
    await fails([], 2, /subcommand/i)
    await fails(['dev', '--block-time', '5'], 2, /--block-time.*100/s)
    await fails(['dev', '--da', 'pigeon'], 2, /--da.*pigeon.*blobs,calldata,cheaper/)
    await fails(['dev', '--fault', 'sloth'], 2, /--fault.*censor-deposits/s)
    await fails(['dev', '--port', '70000'], 2, /--port.*65535/)
    await fails(['node', '--role', 'verifier'], 2, /--parent/)
    await fails(['node', '--role', 'king', '--parent', 'http://127.0.0.1:1', '--spec', 'x'], 2, /--role/)
  })

  step('a port in use: exit code 1', async () => {
    const server = createServer()
    await new Promise((done) => server.listen(0, '127.0.0.1', done))
    const port = String(server.address().port)
    await fails(['dev', '--state', folder(), '--port', port, '--parent-port', '0', '--metrics-port', '0'], 1, new RegExp(`${port}.*in use.*another port with --port `))
    await fails(['dev', '--state', folder(), '--port', '0', '--parent-port', port, '--metrics-port', '0'], 1, new RegExp(`${port}.*in use.*another port with --parent-port `))
    await fails(['dev', '--state', folder(), '--port', '0', '--parent-port', '0', '--metrics-port', port], 1, new RegExp(`${port}.*in use.*another port with --metrics-port `))
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
    // A verifier's directory used for another chain.
    const kept = folder('verifier')
    const third = await startDev()
    const verifier = await startVerifier(third, ['--state', kept])
    await verifier.stop()
    const fourth = await startDev({ args: ['--chain-id', '778'] })
    await fails(['node', '--parent', fourth.outputs.parent.rpc, '--spec', fourth.spec, '--state', kept, '--port', '0'], 1,
      new RegExp(`--state ${kept}.*another chain`))
    await fails(['node', '--parent', fourth.outputs.parent.rpc, '--spec', third.spec, '--port', '0'], 1, /configuration hash/)
    await Promise.all([third.stop(), fourth.stop()])
    // Keys of rollup.json that nobody knows.
    const text = readFileSync(third.spec, 'utf8')
    const odd = join(folder(), 'rollup.json')
    writeFileSync(odd, text.replace('"blockTimeMs"', '"blockTimMs"'))
    await fails(['node', '--parent', 'http://127.0.0.1:1', '--spec', odd, '--port', '0'], 1,
      /--spec .*"blockTimMs" is not known; did you mean blockTimeMs\?/)
    writeFileSync(odd, text.replace('"portal"', '"portals"'))
    await fails(['node', '--parent', 'http://127.0.0.1:1', '--spec', odd, '--port', '0'], 1, /did you mean portal\?/)
    writeFileSync(join(b, 'rollup.json'), readFileSync(join(b, 'rollup.json'), 'utf8').slice(0, 100))
    await fails(['dev', '--state', b, ...ports], 1, /rollup\.json/)
    await fails(['node', '--role', 'verifier', '--parent', 'http://127.0.0.1:1', '--spec', join(root, 'no-such.json')], 1,
      /--spec .*no-such\.json: no such file; give the rollup\.json/)
    await fails(['dev', '--state', '/proc/none', ...ports], 1, /--state \/proc\/none/)
    const file = join(folder(), 'file')
    writeFileSync(file, 'not a folder')
    await fails(['dev', '--state', file, ...ports], 1, /--state .*file: .*choose/)
  })
})

/** A parent that misbehaves as told: forwards to an honest one and alters what comes back. */
async function proxyOf(parentUrl) {
  const proxy = { alter: (_method, result) => result, alterBlobs: (body) => body, stall: false, noBlobs: false, asked: 0 }
  const server = createHttpServer(async (request, response) => {
    ++proxy.asked
    if (proxy.stall) return
    const chunks = []
    for await (const chunk of request) chunks.push(chunk)
    const body = Buffer.concat(chunks).toString()
    const answer = (status, text) => {
      response.writeHead(status, { 'content-type': 'application/json' })
      response.end(text)
    }
    try {
      if (request.method === 'GET') {
        if (proxy.noBlobs) return answer(404, '{"code":404,"message":"Not Found"}')
        const reply = await fetch(parentUrl + request.url)
        return answer(reply.status, JSON.stringify(proxy.alterBlobs(await reply.json())))
      }
      const reply = await fetch(parentUrl, { method: 'POST', headers: { 'content-type': 'application/json' }, body })
      const json = await reply.json()
      if (json.result !== undefined) json.result = proxy.alter(JSON.parse(body).method, json.result)
      answer(200, JSON.stringify(json))
    } catch (error) {
      answer(502, JSON.stringify({ message: error.message }))
    }
  })
  await new Promise((done) => server.listen(0, '127.0.0.1', done))
  proxy.url = `http://127.0.0.1:${server.address().port}`
  proxy.honest = () => {
    proxy.alter = (_method, result) => result
    proxy.alterBlobs = (text) => text
    proxy.stall = proxy.noBlobs = false
  }
  proxy.close = () => { server.closeAllConnections(); server.close() }
  return proxy
}

describe('bad parents', { concurrency: false }, () => {
  let dev, proxy
  before(async () => {
    dev = await startDev({ args: ['--block-time', '250', '--parent-block-time', '500'] })
    await send(dev, 0, dev.accounts[1].address, 1n)
    const deposit = await dev.wallet(0, 'l1').sendTransaction({ to: dev.outputs.contracts.portal, value: 5n, gas: 200_000n })
    await dev.l1.waitForTransactionReceipt({ hash: deposit })
    await until('safe blocks', async () => (await dev.status()).safe.number > 4)
    proxy = await proxyOf(dev.outputs.parent.rpc)
  })
  after(async () => { proxy?.close(); await dev?.stop() })
  const start = (args = []) => startVerifier({ spec: dev.spec, outputs: { parent: { rpc: proxy.url, blobs: proxy.url } } }, args)
  const flip = (hex, at) => hex.slice(0, at) + (hex[at] === '0' ? '1' : '0') + hex.slice(at + 1)

  /** The verifier says what is wrong, derives nothing wrong, answers, and catches up when the parent is honest. */
  const outlives = async (name, misbehave, pattern, seconds = 30) => {
    proxy.honest()
    misbehave()
    const verifier = await start()
    const error = await until(`${name} is named`, async () => {
      const status = await verifier.status()
      return pattern.test(status.error) && status.error
    }, seconds)
    say(`${name}: ${error}`)
    const status = await verifier.status()
    assert.equal(status.emptyEntries, 0, 'an entry derived to nothing')
    assert.equal(await rpc(verifier.url, 'eth_chainId'), '0xa455')
    assert.equal(verifier.exit, undefined, 'the verifier ended')
    proxy.honest()
    assert.ok(await requireEqualChains(dev, verifier) > 4)
    await until(`${name} is over`, async () => (await verifier.status()).error === '')
    await verifier.stop()
  }

  step('blobs that are not those of the inbox', { timeout: 120_000 }, () => outlives('wrong blobs', () => {
    proxy.alterBlobs = (body) => ({ ...body, data: body.data.map((blob) => flip(blob, 1001)) })
  }, /blob.*versioned hash.*--blobs/))
  step('blobs that are no blobs', { timeout: 120_000 }, () => outlives('short blobs', () => {
    proxy.alterBlobs = (body) => ({ ...body, data: body.data.map((blob) => blob.slice(0, 100)) })
  }, /not a blob/))
  step('no blobs at all', { timeout: 120_000 }, () => outlives('no blobs', () => {
    proxy.noBlobs = true
  }, /HTTP 404.*--blobs/))
  step('an empty list of blobs', { timeout: 120_000 }, () => outlives('no data', () => {
    proxy.alterBlobs = (body) => ({ ...body, data: [] })
  }, /blob .* is missing/))
  step('logs that were changed', { timeout: 120_000 }, () => outlives('changed logs', () => {
    // The data hash of an entry.
    proxy.alter = (method, result) => method !== 'eth_getLogs' ? result
      : result.map((log) => log.data.length > 800 ? { ...log, data: flip(log.data, 2 + 2 * 64 + 20) } : log)
  }, /entry.*(hash|accumulator|recorded)/))
  step('deposits that were changed', { timeout: 120_000 }, () => outlives('changed deposit', () => {
    proxy.alter = (method, result) => method !== 'eth_getLogs' ? result
      : result.map((log) => log.topics.length === 4 ? { ...log, data: flip(log.data, 2 + 2 * 64 + 40) } : log)
  }, /queue item 0.*accumulator.*--parent/))
  step('logs that are left out', { timeout: 120_000 }, () => outlives('missing logs', () => {
    proxy.alter = (method, result) => method !== 'eth_getLogs' ? result : result.filter((log) => log.topics.length !== 4)
  }, /queue item 0 is missing/))
  step('block hashes that do not fit', { timeout: 120_000 }, () => outlives('wrong hashes', () => {
    proxy.alter = (method, result) => method === 'eth_getBlockByNumber' && result ? { ...result, hash: flip(result.hash, 9) } : result
  }, /parent:.*(reorganised while it was read|another fork)/))
  step('fields of other types', { timeout: 120_000 }, () => outlives('wrong types', () => {
    proxy.alter = (method, result) => method === 'eth_getBlockByNumber' && result ? { ...result, timestamp: 12 } : result
  }, /eth_getBlockByNumber.*field timestamp/))

  step('a parent that takes requests and never answers', { timeout: 120_000 }, async () => {
    proxy.honest()
    proxy.stall = true
    const run = await runMezz(['node', '--parent', proxy.url, '--spec', dev.spec, '--port', '0'], 40)
    assert.equal(run.code, 4, run.stderr)
    assert.match(run.stderr, /eth_chainId.*no answer within \d+ ms/)
    say(`exit 4: ${run.stderr.trim()}`)
    // One that stops answering later.
    proxy.honest()
    const verifier = await start()
    await requireEqualChains(dev, verifier)
    proxy.stall = true
    const error = await until('the silence is named', async () => {
      const before = Date.now()
      const status = await verifier.status()
      assert.ok(Date.now() - before < 3_000, 'the verifier does not answer')
      return /no answer within/.test(status.error) && status.error
    }, 40)
    say(`stalling: ${error}`)
    proxy.honest()
    await requireEqualChains(dev, verifier)
    proxy.stall = true
    assert.equal(await verifier.stop(), 0)
  })

  step('a parent that takes blocks back', { timeout: 120_000 }, async () => {
    const parent = dev.outputs.parent.rpc
    const filter = await rpc(parent, 'eth_newFilter', [{ address: dev.outputs.contracts.portal }])
    const pushed = []
    const socket = new WebSocket(parent.replace('http', 'ws'))
    await new Promise((done) => { socket.onopen = done })
    socket.onmessage = ({ data }) => pushed.push(JSON.parse(data))
    for (const params of [['logs', { address: dev.outputs.contracts.portal }], ['newHeads']])
      socket.send(JSON.stringify({ jsonrpc: '2.0', id: params[0], method: 'eth_subscribe', params }))
    await until('subscriptions', () => pushed.filter((m) => m.id).length === 2)
    const ids = Object.fromEntries(pushed.filter((m) => m.id).map((m) => [m.id, m.result]))
    const heard = (topic) => pushed.filter((m) => m.params?.subscription === ids[topic]).map((m) => m.params.result)
    const deposit = await dev.wallet(0, 'l1').sendTransaction({ to: dev.outputs.contracts.portal, value: 7n, gas: 200_000n })
    const { blockHash, blockNumber } = await dev.l1.waitForTransactionReceipt({ hash: deposit })
    const given = await rpc(parent, 'eth_getFilterChanges', [filter])
    assert.ok(given.some((log) => log.blockHash === blockHash && !log.removed))
    await until('the log is pushed', () => heard('logs').some((log) => log.blockHash === blockHash && !log.removed))
    // The client's own number may be seconds old; and a block more may come before the reorganisation does.
    const depth = Number(await rpc(parent, 'eth_blockNumber')) - Number(blockNumber) + 2
    await rpc(parent, 'anvil_reorg', [depth])
    const taken = await rpc(parent, 'eth_getFilterChanges', [filter])
    assert.ok(taken.some((log) => log.blockHash === blockHash && log.removed), JSON.stringify(taken))
    await until('the log is taken back', () => heard('logs').some((log) => log.blockHash === blockHash && log.removed))
    await until('the new head is pushed', () => heard('newHeads').some((head) =>
      Number(head.number) === Number(blockNumber) && head.hash !== blockHash))
    socket.close()
    say(`a reorg of ${depth} blocks: ${taken.length} logs taken back by the filter`)
    await until('the chain goes on', async () => (await send(dev, 2, dev.accounts[3].address, 1n)).status === 'success')
  })
})

describe('a full disk', { concurrency: false }, () => {
  let place, mounted = false
  before(() => {
    place = folder('disk')
    try {
      execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=24m', 'mezz-test', place], { stdio: 'ignore' })
      mounted = true
    } catch { /* needs root */ }
  })
  after(() => { if (mounted) execFileSync('umount', ['-l', place]) })

  step('stops taking transactions, says so, loses nothing, goes on', { timeout: 180_000 }, async (context) => {
    if (!mounted) return context.skip('mounting a small disk needs root')
    const state = join(place, 'state')
    mkdirSync(state)
    const args = ['--block-time', '250', '--parent-block-time', '500']
    let dev = await startDev({ state, args })
    const confirmed = []
    for (let i = 0; i < 5; ++i) confirmed.push(await send(dev, i, dev.accounts[9].address, 10n))
    const filler = join(place, 'filler')
    const { bavail, bsize } = statfsSync(place)
    execFileSync('sh', ['-c', `head -c ${bavail * bsize} /dev/zero > "$1" || true`, 'sh', filler])
    assert.equal(statfsSync(place).bavail, 0)
    // What a transaction in flight gets: an error that names the disk, never silence.
    const error = await until('the full disk is named', async () => (await dev.status()).error || undefined, 60)
    assert.match(error, /disk is full/)
    assert.ok(error.includes(state), error)
    say(`full: ${error}`)
    const raw = await dev.accounts[0].signTransaction({ type: 'eip1559', chainId: dev.chain.id, gas: 21_000n, to: dev.accounts[9].address,
      value: 1n, nonce: 1000, maxFeePerGas: parseGwei('2'), maxPriorityFeePerGas: 1n })
    await until('transactions are refused', async () => {
      const answer = await rpcRaw(dev.outputs.chain.rpc, 'eth_sendRawTransaction', [raw])
      return /disk is full/.test(answer.error?.message ?? '')
    })
    await until('the parent refuses too', async () => {
      const answer = await rpcRaw(dev.outputs.parent.rpc, 'eth_sendRawTransaction', [raw])
      return /disk is full/.test(answer.error?.message ?? '')
    })
    for (const receipt of confirmed)
      assert.equal((await dev.l2.getTransactionReceipt({ hash: receipt.transactionHash })).blockHash, receipt.blockHash)
    assert.equal(await dev.stop(), 0)
    // Started on the full disk: it runs and says so, or says why it cannot.
    const again = await runMezz(['dev', '--state', state, '--port', '0', '--parent-port', '0', '--metrics-port', '0'], 6)
    assert.ok(again.code === 'running' || again.code === 1, `exit ${again.code}`)
    if (again.code === 1) assert.match(again.stderr, /disk is full|No space left/)
    say(`started on the full disk: ${again.code} ${again.stderr.trim().split('\n').at(-1)}`)
    rmSync(filler)
    execFileSync('mount', ['-o', 'remount,size=256m', place])
    dev = await startDev({ state, args })
    for (const receipt of confirmed)
      assert.equal((await dev.l2.getTransactionReceipt({ hash: receipt.transactionHash })).blockHash, receipt.blockHash)
    assert.equal((await send(dev, 0, dev.accounts[9].address, 10n)).status, 'success')
    const { number } = await dev.l2.getBlock()
    await until('later blocks are safe', async () => (await dev.status()).safe.number > number, 90)
    assert.equal((await dev.status()).error, '')
    await dev.stop()
  })

  step('goes on by itself once there is space', { timeout: 120_000 }, async (context) => {
    if (!mounted) return context.skip('mounting a small disk needs root')
    const state = join(place, 'second')
    mkdirSync(state)
    const dev = await startDev({ state, args: ['--block-time', '250'] })
    const filler = join(place, 'filler')
    const { bavail, bsize } = statfsSync(place)
    execFileSync('sh', ['-c', `head -c ${bavail * bsize} /dev/zero > "$1" || true`, 'sh', filler])
    await until('the full disk is named', async () => /disk is full/.test((await dev.status()).error), 60)
    rmSync(filler)
    await until('it recovered', async () => (await dev.status()).error === '', 60)
    assert.equal((await send(dev, 0, dev.accounts[9].address, 10n)).status, 'success')
    await dev.stop()
  })
})
