// SPDX-License-Identifier: Apache-2.0
// Memory under load: a development network and a verifier, transfers and calls for some minutes, and what the processes
// say of themselves now and then.
//   node bench/soak.mjs [SECONDS] [TRANSFERS A SECOND] [SAMPLES]      MEZZ_BIN: the binary
import { spawn } from 'node:child_process'
import { folder, mezz, rpcRaw, sleep, startDev, startVerifier } from '../tests/journey/lib.mjs'

const seconds = Number(process.argv[2] ?? 600), rate = Number(process.argv[3] ?? 200), samples = Number(process.argv[4] ?? 10)
const dev = await startDev({ args: ['--block-time', '1000'] })
const verifier = await startVerifier(dev, ['--metrics-port', '0', '--state', folder('verifier'), '--cache-size', '64MiB'])
const load = spawn(mezz, ['bench', 'load', '--rpc', dev.outputs.chain.rpc, '--seconds', String(seconds), '--rate', String(rate), '--json'],
  { stdio: ['ignore', 'pipe', 'inherit'] })
let report = ''
load.stdout.on('data', (chunk) => { report += chunk })
let stop = false, calls = 0
const reads = Array.from({ length: 2 }, async () => {
  while (!stop) {
    await rpcRaw(dev.outputs.chain.rpc, 'eth_getBlockByNumber', ['latest', true]).catch(() => {})
    await rpcRaw(verifier.url, 'eth_getLogs', [{ fromBlock: 'safe' }]).catch(() => {})
    ++calls
    await sleep(100)
  }
})
const sample = async (port) => {
  const text = await (await fetch(`http://127.0.0.1:${port}/metrics`)).text()
  const value = (name) => Number(text.split('\n').find((l) => l.startsWith(`${name} `))?.slice(name.length + 1) ?? NaN)
  const mib = (name) => Math.round(value(name) / 2 ** 20)
  return { rss: mib('process_resident_memory_bytes'), anonymous: mib('mezz_process_anonymous_memory_bytes'),
    data: mib('mezz_batch_data_bytes'), database: mib('mezz_db_size_bytes'),
    blocks: value('mezz_head_block{kind="unsafe",layer="chain"}'), safe: value('mezz_head_block{kind="safe",layer="chain"}') }
}
console.log('| s | dev: RSS | of it anonymous | batch data | database | block | safe | verifier: RSS | of it anonymous | batch data | safe |')
console.log('|---|---|---|---|---|---|---|---|---|---|---|')
const begun = Date.now()
for (let i = 0; i <= samples; ++i) {
  await sleep(Math.max(0, begun + i * seconds * 1000 / samples - Date.now()))
  const [d, v] = [await sample(dev.line.metrics), await sample(verifier.ready.metrics)]
  console.log(`| ${Math.round((Date.now() - begun) / 1000)} | ${d.rss} | ${d.anonymous} | ${d.data} | ${d.database} | ${d.blocks} | ${d.safe} | ${v.rss} | ${v.anonymous} | ${v.data} | ${v.safe} |`)
}
stop = true
await Promise.all(reads)
await new Promise((done) => load.exitCode === null ? load.on('exit', done) : done())
console.log(`MiB. ${report.trim()}; ${calls} rounds of calls`)
await verifier.stop()
await dev.stop()
