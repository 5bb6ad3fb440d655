// SPDX-License-Identifier: Apache-2.0
// What the console's server serves, and what it refuses.
import assert from 'node:assert/strict'
import { createServer, request } from 'node:http'
import { connect } from 'node:net'
import { after, before, test } from 'node:test'
import { keepLogs, rpc, runMezz, startDev, startVerifier, until } from '../journey/lib.mjs'

let dev, url, port
before(async () => {
  dev = await startDev({ args: ['--ephemeral'] })
  url = dev.outputs.console
  port = Number(new URL(url).port)
})
after(() => dev?.stop())

const check = (name, body) => test(name, { timeout: 120_000 }, async () => {
  try { await body() } catch (error) { keepLogs(); throw error }
})

/** An HTTP request whose path and headers go out as they are. */
const ask = (path, { method = 'GET', headers = {}, body, to = port } = {}) => new Promise((done, failed) => {
  const sent = request({ host: '127.0.0.1', port: to, path, method, headers, agent: false }, (reply) => {
    let text = ''
    reply.setEncoding('utf8').on('data', (part) => { text += part }).on('end', () => done({ status: reply.statusCode, headers: reply.headers, text }))
  })
  sent.on('error', failed)
  sent.end(body)
})
const json = { 'content-type': 'application/json' }
const question = JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'eth_chainId', params: [] })

check('the page names its files by their content, which may be kept for ever', async () => {
  const page = await ask('/')
  assert.equal(page.status, 200)
  assert.equal(page.headers['content-type'], 'text/html; charset=utf-8')
  assert.equal(page.headers['cache-control'], 'no-cache')
  const policy = page.headers['content-security-policy']
  assert.match(policy, /default-src 'none'/)
  assert.doesNotMatch(policy, /unsafe|\*|http/)
  assert.equal(page.headers['x-content-type-options'], 'nosniff')
  const assets = [...page.text.matchAll(/"(\/assets\/[^"]+)"/g)].map((m) => m[1])
  assert.equal(assets.length, 2)
  for (const path of assets) {
    const asset = await ask(path)
    assert.equal(asset.status, 200)
    assert.match(asset.headers['content-type'], path.endsWith('.js') ? /^text\/javascript/ : /^text\/css/)
    assert.match(asset.headers['cache-control'], /immutable/)
    const again = await ask(path, { headers: { 'if-none-match': asset.headers.etag } })
    assert.equal(again.status, 304)
    assert.equal(again.text, '')
  }
  assert.match((await ask('/licences.txt')).text, /preact[\s\S]*uplot/)
})

check('the page\'s places are the page, other paths are not there', async () => {
  const page = await ask('/')
  assert.equal((await ask('/block/7')).text, page.text)
  assert.equal((await ask('/parent/tx/0x12')).text, page.text)
  for (const path of ['/assets/none.js', '/assets/', '/api/none', '/favicon.ico', '/index.html.bak'])
    assert.equal((await ask(path)).status, 404, path)
})

check('no path leads out of the table of files', async () => {
  for (const path of ['/../../etc/passwd', '/assets/../../../etc/passwd', '/%2e%2e/%2e%2e/etc/passwd', '/assets/%2e%2e%2fapp', '//etc/passwd', '/\\..\\etc', '/assets/app\0.js']) {
    const raw = await new Promise((done) => {
      let text = ''
      const socket = connect(port, '127.0.0.1', () => socket.write(`GET ${path} HTTP/1.1\r\nHost: 127.0.0.1:${port}\r\nConnection: close\r\n\r\n`))
      socket.on('data', (part) => { text += part }).on('close', () => done(text)).on('error', () => done(text))
    })
    assert.doesNotMatch(raw, /root:/, path)
    // Places without a dot are the page; everything else is refused.
    assert.match(raw, /^HTTP\/1\.1 (200|400|404)/, path)
    if (raw.startsWith('HTTP/1.1 200')) assert.match(raw, /<title>Mezzanine/)
  }
})

check('both floors answer through the one origin', async () => {
  const rollup = JSON.parse((await ask('/rpc', { method: 'POST', headers: json, body: question })).text)
  const parent = JSON.parse((await ask('/parent', { method: 'POST', headers: json, body: question })).text)
  assert.equal(Number(rollup.result), dev.outputs.chain.chainId)
  assert.equal(Number(parent.result), dev.outputs.parent.chainId)
  const own = `http://127.0.0.1:${port}`
  const allowed = await ask('/rpc', { method: 'POST', headers: { ...json, origin: own }, body: question })
  assert.equal(allowed.status, 200)
  assert.equal(allowed.headers['access-control-allow-origin'], own)
})

check('pages of other origins and names that resolve here are refused', async () => {
  for (const headers of [{ origin: 'http://evil.example' }, { origin: 'null' }, { origin: `http://127.0.0.1:${port + 1}` }, { origin: `http://evil.example:${port}`, host: `evil.example:${port}` }])
    for (const path of ['/rpc', '/parent', '/api/lab/parent-reorg'])
      assert.equal((await ask(path, { method: 'POST', headers: { ...json, ...headers }, body: question })).status, 403, `${path} ${JSON.stringify(headers)}`)
  for (const path of ['/', '/api/network', '/api/logs', '/api/config', '/metrics', '/api/lab'])
    assert.equal((await ask(path, { headers: { host: `evil.example:${port}` } })).status, 403, path)
  // A form of any page can send this without asking first.
  assert.equal((await ask('/api/lab/parent-reorg', { method: 'POST', headers: { 'content-type': 'text/plain' }, body: '{}' })).status, 403)
})

check('websockets of other origins are refused, its own are served', async () => {
  const upgrade = (origin) => new Promise((done) => {
    const sent = request({ host: '127.0.0.1', port, path: '/ws', headers: { connection: 'Upgrade', upgrade: 'websocket', 'sec-websocket-version': 13, 'sec-websocket-key': 'dGhlIHNhbXBsZSBub25jZQ==', origin } })
    sent.on('response', (reply) => { reply.resume(); done(reply.statusCode) }).on('upgrade', (reply, socket) => { socket.destroy(); done(reply.statusCode) })
    sent.end()
  })
  assert.equal(await upgrade('http://evil.example'), 403)
  assert.equal(await upgrade(`http://127.0.0.1:${port}`), 101)
})

check('wrong queries and methods are named', async () => {
  const wrong = await ask('/api/logs?after=x')
  assert.equal(wrong.status, 400)
  assert.match(wrong.text, /after: expected a decimal number/)
  assert.equal((await ask('/api/history?after=-1')).status, 400)
  assert.equal((await ask('/api/config', { method: 'POST', headers: json, body: '{}' })).status, 405)
  const unknown = await ask('/api/lab/wrong-state-rot', { method: 'POST', headers: json, body: '{}' })
  assert.equal(unknown.status, 409)
  assert.match(unknown.text, /did you mean wrong-state-root\?/)
  const impossible = await ask('/api/lab/wrong-state-root', { method: 'POST', headers: json, body: '{}' })
  assert.equal(impossible.status, 409)
  assert.match(impossible.text, /--proof fraud/)
})

check('no key is told', async () => {
  for (const path of ['/api/config', '/api/network', '/api/logs', '/api/lab']) {
    const { text } = await ask(path)
    for (const { privateKey } of dev.outputs.accounts) assert.ok(!text.includes(privateKey.slice(2)), path)
  }
})

check('history grows by a sample a second', async () => {
  const first = JSON.parse((await ask('/api/history')).text)
  const last = first.at(-1).timeMs
  const more = await until('two more samples', async () => {
    const news = JSON.parse((await ask(`/api/history?after=${last}`)).text)
    return news.length >= 2 && news
  }, 10)
  assert.ok(more.every((s) => s.timeMs > last))
  assert.ok(more[1].timeMs - more[0].timeMs >= 1000)
})

check('a port that was asked for and is taken is an error that says what to do', async () => {
  const taken = createServer().listen(0, '127.0.0.1')
  await new Promise((done) => taken.once('listening', done))
  const { port: used } = taken.address()
  const { code, stderr } = await runMezz(['dev', '--ephemeral', '--state', `${dev.state}-2`, '--parent-port', '0', '--port', '0', '--metrics-port', '0', '--console-port', String(used)])
  taken.close()
  assert.equal(code, 1)
  assert.match(stderr, new RegExp(`port ${used} on 127\\.0\\.0\\.1 is in use; .*--console-port`))
})

check('the command line refuses contradictions', async () => {
  const both = await runMezz(['dev', '--no-console', '--console-port', '0'])
  assert.equal(both.code, 2)
  const wrong = await runMezz(['dev', '--console-port', '70000'])
  assert.equal(wrong.code, 2)
  assert.match(wrong.stderr, /console-port/)
})

check('a verifier serves it where it is asked to, without a lab', async () => {
  const verifier = await startVerifier(dev, ['--console-port', '0'])
  after(() => verifier.kill())
  const line = JSON.parse(verifier.stdout().split('\n').find((l) => l.includes('ready')))
  assert.ok(line.console > 0)
  const network = JSON.parse((await ask('/api/network', { to: line.console })).text)
  assert.equal(network.role, 'verifier')
  assert.equal(network.lab, false)
  assert.equal((await ask('/api/lab', { to: line.console })).status, 404)
  assert.equal((await ask('/api/lab/parent-reorg', { method: 'POST', headers: json, body: '{}', to: line.console })).status, 405)
  // Its parent is another process: the console asks it over HTTP.
  const parent = JSON.parse((await ask('/parent', { method: 'POST', headers: json, body: question, to: line.console })).text)
  assert.equal(Number(parent.result), dev.outputs.parent.chainId)
  await verifier.stop()
  const without = await startVerifier(dev)
  after(() => without.kill())
  // A service that does not run has no entry.
  assert.equal(JSON.parse(without.stdout().split('\n').find((l) => l.includes('ready'))).console, undefined)
  assert.ok(await rpc(without.url, 'eth_chainId'))
  await without.stop()
})
