// SPDX-License-Identifier: Apache-2.0
// What mezz says to people at a terminal, and what it leaves out elsewhere: colours, progress, -q and -v.
import assert from 'node:assert/strict'
import { spawn, spawnSync } from 'node:child_process'
import { after, before, test } from 'node:test'
import { door, exists, folder, keepLogs, launchMezz, mezz, rpc, startDev, until } from './lib.mjs'

const home = folder('home')
const check = (name, body) => test(name, { timeout: 120_000 }, async () => { try { await body() } catch (error) { keepLogs(); throw error } })
/** What a terminal gets to see, both streams in one. */
function onTerminal(args, { env, seconds = 30 } = {}) {
  const words = ['timeout', '-s', 'INT', String(seconds), mezz, ...args].map((word) => `'${word}'`).join(' ')
  const child = spawn('script', ['-qfc', words, '/dev/null'], { env: { PATH: process.env.PATH, HOME: home, TERM: 'xterm', SHELL: '/bin/sh', ...env },
    stdio: ['ignore', 'pipe', 'inherit'], timeout: (seconds + 20) * 1000 })
  let seen = ''
  child.stdout.on('data', (text) => { seen += text })
  return new Promise((done) => child.on('close', () => done(seen)))
}
const piped = (args) => {
  const { status, stdout, stderr } = spawnSync(mezz, args, { env: { PATH: process.env.PATH, HOME: home, TERM: 'xterm' }, encoding: 'utf8', timeout: 60_000 })
  return { status, stdout, stderr }
}

let dev
before(async () => { dev = await startDev({ args: ['--block-time', '250', '--parent-block-time', '1000'] }) })
after(async () => { await dev?.stop() })

check('colours are for terminals, and for nobody who declines', async () => {
  const wrong = ['down', 'nobody']
  assert.match(await onTerminal(wrong), /^\x1b\[31mmezz:\x1b\[0m no session nobody/)
  for (const seen of [await onTerminal([...wrong, '--no-color']), await onTerminal(['--no-color', ...wrong]), await onTerminal(wrong, { env: { NO_COLOR: '1' } }),
    await onTerminal(wrong, { env: { TERM: 'dumb' } }), await onTerminal(['--no-color', 'nonsense'])])
    assert.match(seen, /^mezz: /)
  assert.match(await onTerminal(wrong, { env: { NO_COLOR: '' } }), /^\x1b\[31m/)
  assert.match(piped(wrong).stderr, /^mezz: /)
  const doctor = ['doctor', '--ports', new URL(dev.outputs.chain.rpc).port]
  assert.match(await onTerminal(doctor), /^\x1b\[31mfailed\x1b\[0m +port/m)
  assert.match(await onTerminal(doctor), /^\x1b\[32mok\x1b\[0m +open files/m)
  assert.match(piped(doctor).stdout, /^failed +port/m)
})

check('-q and -v mean the same everywhere', async () => {
  assert.match(piped(['doctor', '-v']).stderr, /debug node: open files/)
  assert.match(piped(['-v', 'ps']).stderr, /debug node: open files/)
  assert.equal(piped(['ps']).stderr, '')
  for (const words of [['-q', '-v'], ['-q', '--log-level', 'info']]) {
    const { status, stderr } = piped(['dev', ...words])
    assert.equal(status, 2)
    assert.match(stderr, /excludes/)
  }
  const address = piped(['key', 'new', `${home}/q.key`, '-q'])
  assert.deepEqual([address.stdout.length, address.stderr], [43, ''])
  const state = folder()
  const quiet = launchMezz(['dev', '-q', '--state', state, ...['--port', '--parent-port', '--metrics-port', '--console-port'].flatMap((flag) => [flag, '0'])])
  try {
    await until('the chain', () => exists(`${state}/outputs.json`), 60)
    assert.equal(await quiet.stop(), 0)
    assert.deepEqual([quiet.stdout(), quiet.stderr()], ['', ''])
  } finally {
    await quiet.kill()
  }
})

check('what takes long shows how long, on a terminal alone', async () => {
  const load = ['bench', 'load', '--rpc', dev.outputs.chain.rpc, '--seconds', '5', '--rate', '20']
  const seen = await onTerminal(load)
  assert.match(seen, /\r\x1b\[K {2}sending {2}\[#+-+\] +\d+ % {2}\d s left/)
  assert.ok(seen.lastIndexOf('\r\x1b[K') > seen.lastIndexOf('left'), 'the line goes')
  assert.doesNotMatch(await onTerminal([...load, '-q']), /left/)
  assert.doesNotMatch(await onTerminal([...load, '--json']), /left/)
  assert.equal(piped(load).stderr, '')
})

check('a node that catches up says how far it is', async () => {
  const parent = await door(dev.outputs.parent.rpc)
  try {
    await until('blocks to catch up with', async () => (await rpc(dev.outputs.chain.rpc, 'mezz_status')).safe.number > 8, 60)
    const node = ['node', '--role', 'verifier', '--parent', parent.url, '--blobs', parent.url, '--spec', dev.spec, '--port', '0']
    assert.match(await onTerminal(node, { seconds: 5 }), /catching up with the parent, block 0/)
    assert.doesNotMatch(await onTerminal([...node, '-q'], { seconds: 5 }), /catching up/)
  } finally {
    parent.close()
  }
})
