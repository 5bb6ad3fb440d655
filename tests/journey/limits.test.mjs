// SPDX-License-Identifier: Apache-2.0
// What abuse meets: limits, lists, tokens; and that blocks are made and derived while it goes on.
import assert from 'node:assert/strict'
import { createHmac, randomBytes } from 'node:crypto'
import { writeFileSync } from 'node:fs'
import { request as httpRequest } from 'node:http'
import { connect } from 'node:net'
import { join } from 'node:path'
import { after, before, describe, test } from 'node:test'
import { WebSocket } from 'ws'
import { folder, keepLogs, requireEqualChains, rpc, rpcRaw, runMezz, say, send, sleep, startDev, startVerifier, until } from './lib.mjs'

const step = (name, options, run = options) => test(name, run === options ? {} : options, async (context) => {
  try {
    await run(context)
  } catch (error) {
    keepLogs()
    throw error
  }
})

/** Any headers, Host and Origin too, which fetch does not allow. */
const ask = (url, { method = 'POST', path = '/', headers = {}, body = '' } = {}) => new Promise((done, fail) => {
  const { hostname, port } = new URL(url)
  const request = httpRequest({ hostname, port, path, method, headers: { ...headers, 'content-length': Buffer.byteLength(body) } },
    (reply) => {
      let text = ''
      reply.on('data', (chunk) => { text += chunk })
      reply.on('end', () => done({ status: reply.statusCode, headers: reply.headers, text }))
    })
  request.on('error', fail)
  request.end(body)
})
const call = (method, params = []) => JSON.stringify({ jsonrpc: '2.0', id: 1, method, params })

/** A token as another program makes it. */
const base64url = (text) => Buffer.from(text).toString('base64url')
function token(secret, iat = Math.floor(Date.now() / 1000), header = { alg: 'HS256', typ: 'JWT' }) {
  const signed = `${base64url(JSON.stringify(header))}.${base64url(JSON.stringify({ iat }))}`
  return `${signed}.${createHmac('sha256', Buffer.from(secret, 'hex')).update(signed).digest('base64url')}`
}

describe('limits and lists', { concurrency: false }, () => {
  const secret = randomBytes(32).toString('hex')
  let dev, url, admin
  before(async () => {
    const file = join(folder('secret'), 'jwt.hex')
    writeFileSync(file, `0x${secret}\n`)
    dev = await startDev({ args: ['--block-time', '250', '--parent-block-time', '500', '--da', 'calldata',
      '--cors', 'https://good.example', '--allow-host', 'node.example', '--jwt-secret', file, '--admin-port', '0',
      '--methods', 'eth_*,net_version,mezz_*,debug_*', '--max-body', '64KiB', '--max-batch', '50', '--max-answer', '200KiB',
      '--max-log-blocks', '20', '--call-gas-cap', '1000000', '--max-connections-per-address', '40'] })
    url = dev.outputs.chain.rpc
    admin = `http://127.0.0.1:${dev.line.admin}`
  })
  after(async () => { await dev?.stop() })

  step('body, batch, range, gas', async () => {
    assert.equal((await ask(url, { body: call('web3_sha3', [`0x${'00'.repeat(40_000)}`]) })).status, 413)
    assert.match((await ask(url, { body: JSON.stringify(Array(51).fill(JSON.parse(call('eth_chainId')))) })).text, /-32600.*at most 50/)
    await until('21 blocks', async () => (await dev.status()).unsafe.number > 21)
    const logs = await rpcRaw(url, 'eth_getLogs', [{ fromBlock: '0x0', toBlock: '0x15' }])
    assert.equal(logs.error.code, -32005)
    assert.match(logs.error.message, /at most 20 blocks/)
    // An endless loop ends at the cap, not at the block's limit.
    const loop = await rpcRaw(url, 'eth_call', [{ gas: '0x10000000', data: '0x5b600056' }, 'latest'])
    assert.match(loop.error.message, /out of gas/)
  })

  step('an answer larger than allowed', async () => {
    const at = `0x${'cc'.repeat(20)}`
    const returning = (code) => ['eth_call', [{ to: at }, 'latest', { [at]: { code } }]]
    // 255 KiB of zeros are returned: half a megabyte of hex.
    const large = await rpcRaw(url, ...returning('0x6203fc006000f3'))
    assert.equal(large.error?.code, -32005, JSON.stringify(large).slice(0, 200))
    assert.match(large.error.message, /answer larger than 204800 bytes/)
    const some = await rpc(url, ...returning('0x6103fc6000f3'))
    assert.equal(some.length, 2 + 2 * 0x3fc)
  })

  step('errors name the field; methods that are not there or not listed do not exist', async () => {
    const wrong = await rpcRaw(url, 'eth_call', [{ to: dev.accounts[0].address, accessList: [{ address: '0x12', storageKeys: [] }] }])
    assert.equal(wrong.error.code, -32602)
    assert.match(wrong.error.message, /^params\[0\]\.accessList\[0\]\.address: expected/)
    for (const method of ['eth_noSuchMethod', 'web3_clientVersion', 'txpool_content', 'evm_mine', 'rpc.discover'])
      assert.deepEqual((await rpcRaw(url, method)).error,
        { code: -32601, message: `the method ${method} does not exist/is not available` })
    assert.equal(await rpc(url, 'net_version'), '42069')
  })

  step('pages and names', async () => {
    const body = call('eth_chainId')
    const good = await ask(url, { body, headers: { origin: 'https://good.example' } })
    assert.equal(good.status, 200)
    assert.equal(good.headers['access-control-allow-origin'], 'https://good.example')
    const preflight = await ask(url, { method: 'OPTIONS', headers: { origin: 'https://good.example', 'access-control-request-method': 'POST' } })
    assert.equal(preflight.status, 204)
    assert.equal((await ask(url, { body, headers: { origin: 'https://evil.example' } })).status, 403)
    // A page whose name was made to point here names itself in Host.
    assert.equal((await ask(url, { body, headers: { host: 'evil.example' } })).status, 403)
    for (const host of ['node.example', 'node.example:9545', '127.0.0.1', '[::1]:9545'])
      assert.equal((await ask(url, { body, headers: { host } })).status, 200, host)
    assert.equal((await ask(url, { body, headers: { host: 'localhost' } })).status, 403, 'the list replaces the default')
    const opened = (headers) => new Promise((done) => {
      const socket = new WebSocket(url.replace('http', 'ws'), { headers })
      socket.on('open', () => { socket.terminate(); done(true) })
      socket.on('error', () => done(false))
    })
    assert.equal(await opened({ origin: 'https://good.example' }), true)
    assert.equal(await opened({ origin: 'https://evil.example' }), false)
    assert.equal(await opened({ host: 'evil.example' }), false)
  })

  step('administrators have a port and a token', async () => {
    const withToken = (text) => ask(admin, { body: call('web3_clientVersion'), headers: { authorization: `Bearer ${text}` } })
    assert.equal((await ask(admin, { body: call('eth_chainId') })).status, 401)
    assert.match((await withToken(token(secret))).text, /mezzanine/)
    const now = Math.floor(Date.now() / 1000)
    for (const [bad, why] of [[token(secret, now - 90), /iat/], [token(secret, now + 90), /iat/], [token('00'.repeat(32)), /signature/],
      [token(secret, now, { alg: 'none' }), /alg/], ['x', /header\.claims\.signature/]]) {
      const reply = await withToken(bad)
      assert.equal(reply.status, 401)
      assert.match(reply.text, why)
    }
    // What administers exists there and not on the other port.
    const body = call('eth_sendTransaction', [{ from: dev.accounts[0].address, to: dev.accounts[1].address, value: '0x1' }])
    assert.match((await ask(url, { body })).text, /-32601/)
    assert.match((await ask(admin, { body, headers: { authorization: `Bearer ${token(secret)}` } })).text, /"result":"0x/)
  })

  step('connections of one address', async () => {
    const { hostname, port } = new URL(url)
    const sockets = []
    let refused = 0
    for (let i = 0; i < 60; ++i)
      await new Promise((done) => {
        const socket = connect(Number(port), hostname)
        sockets.push(socket)
        socket.on('error', () => {})
        socket.on('data', (text) => { if (String(text).startsWith('HTTP/1.1 503')) ++refused; done() })
        socket.on('connect', () => socket.write('POST / HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: 0\r\n\r\n'))
      })
    assert.ok(refused >= 20 && refused < 30, `${refused} of 60 refused`)
    for (const socket of sockets) socket.destroy()
    await until('room again', () => rpc(url, 'eth_chainId'), 5)
  })
})

describe('bad flags', { concurrency: false }, () => {
  const ports = ['--port', '0', '--parent-port', '0', '--metrics-port', '0']
  const fails = async (args, code, pattern) => {
    const run = await runMezz(['dev', '--state', folder(), ...ports, ...args])
    assert.equal(run.code, code, `${args.join(' ')}: exit ${run.code}\n${run.stderr}`)
    assert.match(run.stderr, pattern)
    say(`exit ${code}: ${run.stderr.trim().split('\n')[0]}`)
  }
  step('values that cannot be', async () => {
    await fails(['--host', 'localhost'], 2, /--host.*no IP address/)
    await fails(['--cors', 'good.example'], 2, /--cors.*origin/)
    await fails(['--methods', 'eth_call,-debug'], 2, /--methods.*-debug/)
    await fails(['--max-batch', '0'], 2, /--max-batch/)
    await fails(['--max-body', '5 parrots'], 2, /--max-body/)
    await fails(['--rpc-threads', '2', '--max-traces', '2'], 1, /--max-traces 2: --rpc-threads is 2/)
    await fails(['--admin-port', '0'], 1, /--admin-port: needs --jwt-secret/)
    await fails(['--jwt-secret', '/no/such/file'], 1, /--jwt-secret \/no\/such\/file: cannot be read/)
    const file = join(folder(), 'short.hex')
    writeFileSync(file, '0x1234')
    await fails(['--jwt-secret', file], 1, /64 hex digits/)
    await fails(['--log-level', 'rcp=debug'], 2, /did you mean rpc\?/)
    await fails(['--log-format', 'xml'], 2, /--log-format/)
    await fails(['--prune', '1'], 2, /--prune/)
  })
})

describe('blocks come first', { concurrency: false }, () => {
  step('blocks are made and derived under a load that takes every thread', { timeout: 120_000 }, async () => {
    const seconds = 16
    const dev = await startDev({ args: ['--block-time', '250', '--parent-block-time', '500', '--da', 'calldata', '--rpc-threads', '4'] })
    const verifier = await startVerifier(dev)
    try {
      await until('safe blocks', async () => (await dev.status()).safe.number > 4)
      // Loops of 50 million gas on both nodes, and traces of them: more than the processors can do.
      const heavy = { gas: '0x2faf080', data: '0x5b600056' }
      let stop = false, calls = 0, traces = 0, turnedAway = 0
      const flood = async (url, method, params) => {
        while (!stop) {
          const answer = await rpcRaw(url, method, params).catch(() => undefined)
          if (answer?.error?.code === -32005) ++turnedAway
          else if (method === 'eth_call') ++calls
          else ++traces
        }
      }
      const before = await dev.status(), derived = (await verifier.status()).safe.number
      const floods = [dev.outputs.chain.rpc, verifier.url].flatMap((url) => [
        ...Array.from({ length: 8 }, () => flood(url, 'eth_call', [heavy, 'latest'])),
        ...Array.from({ length: 4 }, () => flood(url, 'debug_traceCall', [heavy, 'latest', { tracer: 'callTracer' }]))])
      // Batches are sent soon where there are transactions.
      const sender = (async () => { while (!stop) await send(dev, 0, dev.accounts[1].address, 1n).catch(() => {}) })()
      await sleep(seconds * 1000)
      stop = true
      const after = await dev.status()
      await Promise.all([...floods, sender])
      const made = after.unsafe.number - before.unsafe.number, safe = after.safe.number - before.safe.number
      say(`${made} blocks made and ${safe} derived in ${seconds} s under ${calls} loops and ${traces} traces; ${turnedAway} turned away`)
      assert.ok(calls + traces > 20, 'there was a load')
      // 64 are due in 16 s; a batch is sent every 4 s.
      assert.ok(made >= 56, `${made} blocks`)
      assert.ok(safe >= 24, `${safe} safe blocks`)
      assert.ok((await verifier.status()).safe.number >= derived + 24, 'the verifier follows')
      assert.equal((await send(dev, 0, dev.accounts[1].address, 1n)).status, 'success')
      say(`verifier: ${await requireEqualChains(dev, verifier)} blocks alike`)
    } catch (error) {
      keepLogs()
      throw error
    } finally {
      await verifier.kill()
      await dev.kill()
    }
  })
})
