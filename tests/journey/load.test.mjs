// SPDX-License-Identifier: Apache-2.0
// `mezz bench load` against a real chain: both transports, every kind of transaction, new heads to many clients; and what
// it refuses.
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { freePort, keepLogs, launchMezz, rpc, runMezz, sleep, startDev } from './lib.mjs'

let dev
const check = (name, body) => test(name, async (t) => {
  try { await body(t) } catch (error) { keepLogs(); throw error }
})

/** returns: what the tool reports. */
async function load(url, args, seconds = 3) {
  const { code, stdout, stderr } = await runMezz(['bench', 'load', '--rpc', url, '--seconds', String(seconds), '--json', ...args], 90)
  assert.equal(code, 0, stderr)
  return JSON.parse(stdout)
}
const isHistogram = (h, count) => {
  assert.equal(h.count, count)
  const values = [h.p50, h.p90, h.p99, h.p999, h.max]
  assert.ok(values.every((v, i) => v > 0 && (i === 0 || v >= values[i - 1])), JSON.stringify(h))
}

before(async () => { dev = await startDev() })
after(async () => { await dev.stop() })

check('every transaction of every kind is included, over HTTP and WebSocket', async () => {
  let swapped = 0
  for (const url of [dev.outputs.chain.rpc, dev.outputs.chain.ws])
    for (const kind of ['transfers', 'erc20', 'swaps']) {
      const r = await load(url, ['--kind', kind, '--rate', '100'])
      // A busy machine may let the last of them come due too late.
      assert.deepEqual([r.accepted, r.refused, r.included, r.requests + r.unsent], [r.requests, 0, r.requests, 300], `${kind} ${url}`)
      assert.ok(r.requests > 250, `${r.requests} of 300 sent in time`)
      isHistogram(r.latencyMs[kind], r.requests)
      if (kind === 'swaps') swapped += r.included
    }
  // Batches count what is in them; a swap that failed would leave no log.
  const r = await load(dev.outputs.chain.rpc, ['--kind', 'swaps', '--rate', '100', '--batch', '20'])
  assert.equal(r.included, r.requests)
  assert.equal(r.requests % 20, 0)
  const topic = '0xd78ad95fa46c994b6551d0da85fc275fe613ce37657fb8d5e3d130840159d822'
  const swaps = await rpc(dev.outputs.chain.rpc, 'eth_getLogs', [{ fromBlock: '0x0', topics: [topic] }])
  assert.equal(swaps.length, swapped + r.included)
})

check('a mix has its shares, and heads reach all who wait for them', async () => {
  const r = await load(dev.outputs.chain.ws, ['--mix', 'eth_call=40,eth_getBalance=40,transfers=20', '--rate', '100', '--subscriptions', '200',
    '--connections', '4'], 5)
  assert.deepEqual([r.answered, r.failed, r.requests + r.unsent], [r.requests, 0, 500])
  const count = (operation) => r.latencyMs[operation].count
  for (const [operation, share] of [['eth_call', 0.4], ['eth_getBalance', 0.4], ['transfers', 0.2]])
    assert.ok(Math.abs(count(operation) - share * r.requests) <= 1, `${operation}: ${count(operation)} of ${r.requests}`)
  assert.equal(r.included, count('transfers'))
  isHistogram(r.latencyMs.eth_call, count('eth_call'))
  const s = r.subscriptions
  assert.deepEqual([s.open, s.lost, s.missing], [200, 0, 0])
  assert.ok(s.heads >= 3, `${s.heads} heads in 5 s`)
  isHistogram(s.timestampToLastMs, s.heads)
  const text = await runMezz(['bench', 'load', '--rpc', dev.outputs.chain.rpc, '--seconds', '1', '--mix', 'eth_chainId,eth_getLogs', '--rate', '50'])
  assert.equal(text.code, 0)
  assert.match(text.stdout, /^eth_chainId,eth_getLogs: \d+ requests in 1\.\d\d s, \d+ answered: \d+\/s, 0 errors$/m)
  assert.match(text.stdout, /^eth_getLogs, from when it was due to its answer: p50 [\d.]+ ms, .*p99\.9 [\d.]+ ms, max [\d.]+ ms$/m)
})

check('what makes no sense is refused before anything is sent, and who is not there is told apart', async () => {
  const refused = async (args, code, why) => {
    const r = await runMezz(['bench', 'load', ...args])
    assert.equal(r.code, code, `${args.join(' ')}: ${r.stderr}`)
    assert.match(r.stderr, why)
  }
  await refused(['--mix', 'eth_cal=1'], 2, /--mix: 'eth_cal' is nothing a load has; did you mean eth_call\?/)
  await refused(['--mix', 'eth_call=0'], 2, /'eth_call=0': the weight is not in 1\.\.1000000/)
  await refused(['--mix', 'eth_call', '--kind', 'swaps'], 2, /excludes/)
  await refused(['--kind', 'swap'], 2, /--kind/)
  await refused(['--connections', '0'], 2, /--connections/)
  await refused(['--batch', '500', '--max-waiting', '100'], 2, /--batch 500: --max-waiting is 100, less than one batch/)
  await refused(['--rpc', 'https://127.0.0.1'], 2, /--rpc "https:\/\/127\.0\.0\.1": TLS is not supported; write it as http:\/\/host:port or ws:/)
  const port = await freePort()
  for (const scheme of ['http', 'ws'])
    await refused(['--rpc', `${scheme}://127.0.0.1:${port}`], 4, new RegExp(`connecting to ${scheme}://127.0.0.1:${port}: Connection refused`))
})

check('an endpoint that goes away ends the run with 4', async () => {
  const other = await startDev({ args: ['--ephemeral'] })
  const tool = launchMezz(['bench', 'load', '--rpc', other.outputs.chain.rpc, '--seconds', '60', '--rate', '200'])
  await sleep(2000)
  await other.kill()
  assert.equal(await tool.gone, 4)
  assert.match(tool.stderr(), /the endpoint is gone/)
})
