// SPDX-License-Identifier: Apache-2.0
// The same loads on us, anvil and hardhat, one after another in one run: a table of rates, latencies and ratios.
//   node bench/load.mjs [--seconds 15] [--subscriptions 10000] [--rate 5000] [--only mezz,anvil,...] [--json]
// MEZZ_BIN: the binary, which is the generator too. The others come from npm (tests/journey).
import { execFileSync } from 'node:child_process'
import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs'
import { cpus, totalmem } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { folder, foundry, freePort, here, launchTool, newerNode, require, rpc, runMezz, startDev, until } from '../tests/journey/lib.mjs'

const { values: options } = parseArgs({ options: { seconds: { type: 'string', default: '15' }, subscriptions: { type: 'string', default: '10000' },
  rate: { type: 'string', default: '5000' }, only: { type: 'string' }, json: { type: 'boolean', default: false } } })
const { seconds, subscriptions, rate } = options
const note = (text) => console.error(`  ${new Date().toISOString().slice(11, 19)} ${text}`)

// ---------------------------------------------------------------------------------------------- endpoints

async function endpoint(program, url) {
  await until(`${program.name} ready`, async () => {
    if (program.exit !== undefined) throw new Error(`${program.name} ended with ${program.exit}: ${program.stderr()}`)
    return rpc(url, 'eth_chainId')
  }, 60, 100)
  return { url, stop: () => program.kill() }
}
const anvil = (...args) => async () => {
  const port = await freePort()
  return endpoint(launchTool(foundry('anvil'), ['--port', String(port), '--quiet', ...args], 'anvil'), `http://127.0.0.1:${port}`)
}
async function hardhat() {
  const project = folder('hardhat'), port = await freePort()
  symlinkSync(join(here, 'node_modules'), join(project, 'node_modules'))
  mkdirSync(join(project, 'contracts'))
  writeFileSync(join(project, 'package.json'), '{"type":"module"}')
  writeFileSync(join(project, 'hardhat.config.js'), "export default { solidity: '0.8.30' }\n")
  const args = ['-C', project, 'CI=1', newerNode, join(here, 'node_modules/hardhat/dist/src/cli.js'), 'node', '--port', String(port)]
  return endpoint(launchTool('/usr/bin/env', args, 'hardhat'), `http://127.0.0.1:${port}`)
}
async function ours() {
  const dev = await startDev()
  return { url: dev.outputs.chain.rpc, stop: () => dev.stop() }
}
// Instant mining makes a block of what has come: more that waits makes it slower, never faster.
const targets = [
  { name: 'mezz', what: 'mezz dev', start: ours, waiting: '20000' },
  { name: 'anvil', what: 'anvil', start: anvil(), waiting: '200' },
  { name: 'anvil-1s', what: 'anvil --block-time 1', start: anvil('--block-time', '1'), waiting: '20000' },
  { name: 'anvil-1s-400M', what: 'anvil --block-time 1 --gas-limit 400000000', start: anvil('--block-time', '1', '--gas-limit', '400000000'), waiting: '20000' },
  { name: 'hardhat', what: 'hardhat node', start: hardhat, waiting: '200' },
].filter((t) => !options.only || options.only.split(',').includes(t.name))

// ---------------------------------------------------------------------------------------------- loads

// Latencies first: they are those of a node that has nothing left to do of the loads before.
const loads = [
  ...['eth_call', 'eth_getBalance'].map((method) => ({ name: method, args: () => ['--mix', method, '--rate', rate],
    value: (r) => `${r.latencyMs[method].p50.toFixed(2)}, ${r.latencyMs[method].p99.toFixed(2)}${r.unsent || r.failed ? ` (${r.unsent} unsent, ${r.failed} errors)` : ''}`,
    unit: `p50, p99 in ms at ${rate}/s` })),
  { name: 'newHeads', args: () => ['--kind', 'transfers', '--rate', '2', '--subscriptions', subscriptions],
    value: (r) => `${r.subscriptions.firstToLastMs.p50.toFixed(0)}, ${r.subscriptions.firstToLastMs.max.toFixed(0)} (${r.subscriptions.heads} heads, ${r.subscriptions.missing} missing)`,
    unit: `first to last of ${subscriptions} clients, p50, max in ms` },
  ...['transfers', 'erc20', 'swaps'].map((kind) => ({ name: kind, args: (t) => ['--kind', kind, '--rate', '0', '--batch', t.waiting === '200' ? '20' : '100',
    '--max-waiting', t.waiting], value: (r) => Math.round(r.included / r.seconds), unit: 'included/s', ratio: true })),
]

/// Until the pool is empty and, of ours, until what was included is published and derived; of a new one, the first batch.
async function settled(url) {
  const of = (method) => rpc(url, method).catch(() => undefined)
  for (let i = 0; i < 120; ++i) {
    const pool = await of('txpool_status'), status = await of('mezz_status')
    const behind = status ? Number(status.unsafe.number) - Number(status.safe.number) : 0
    if (Number(pool?.pending ?? 0) === 0 && behind <= 6 && (!status || status.safe.number > 0)) return
    await new Promise((done) => setTimeout(done, 1000))
  }
  note('did not settle within 120 s')
}

const results = {}
for (const target of targets) {
  note(target.what)
  const node = await target.start()
  results[target.name] = {}
  for (const load of loads) {
    await settled(node.url)
    const { code, stdout, stderr } = await runMezz(['bench', 'load', '--rpc', node.url, '--seconds', seconds, '--json', ...load.args(target)], Number(seconds) + 150)
    const report = code === 0 ? JSON.parse(stdout) : undefined
    results[target.name][load.name] = report ?? { failed: `exit ${code}: ${stderr.trim().split('\n').pop()}` }
    note(`${load.name}: ${report ? load.value(report) : results[target.name][load.name].failed} ${stderr.trim().split('\n').join('; ')}`)
  }
  await node.stop()
}

// ---------------------------------------------------------------------------------------------- the table

const version = (name) => require(`${name}/package.json`).version
const versions = { mezz: execFileSync(process.env.MEZZ_BIN ?? 'mezz', ['version']).toString().split('\n')[0].replace('mezz ', ''),
  anvil: version('@foundry-rs/anvil-linux-amd64'), hardhat: version('hardhat') }
if (options.json) {
  console.log(JSON.stringify({ versions, cpus: cpus().length, model: cpus()[0].model, results }))
} else {
  const cell = (target, load) => {
    const report = results[target.name][load.name]
    return typeof report.failed === 'string' ? report.failed : String(load.value(report))
  }
  console.log(`mezz ${versions.mezz}, anvil ${versions.anvil}, hardhat ${versions.hardhat}; ${cpus().length} x ${cpus()[0].model}, ${Math.round(totalmem() / 2 ** 30)} GiB\n`)
  console.log(`| | ${targets.map((t) => t.what).join(' | ')} |`)
  console.log(`|---|${targets.map(() => '---').join('|')}|`)
  for (const load of loads) {
    const us = results.mezz?.[load.name]
    const cells = targets.map((t) => {
      const them = results[t.name][load.name]
      const ratio = load.ratio && t.name !== 'mezz' && us?.included && them.included ? ` (ours ${(load.value(us) / load.value(them)).toFixed(1)} times)` : ''
      return cell(t, load) + ratio
    })
    console.log(`| ${load.name}, ${load.unit} | ${cells.join(' | ')} |`)
  }
}
