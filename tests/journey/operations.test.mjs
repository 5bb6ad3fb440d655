// SPDX-License-Identifier: Apache-2.0
// What an operator does with a node: watch it, stop it, copy it, prune it, ask what is wrong.
import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { appendFileSync, cpSync, existsSync, readFileSync, truncateSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { join } from 'node:path'
import { describe, test } from 'node:test'
import { WebSocket } from 'ws'
import { folder, freePort, guestElf, keepLogs, requireEqualChains, root, rpc, rpcRaw, runMezz, say, send, sleep, startDev, startVerifier,
  until } from './lib.mjs'

const quick = ['--block-time', '250', '--parent-block-time', '500', '--da', 'calldata']
const step = (name, run) => test(name, async () => {
  const begun = Date.now(), running = []
  try {
    await run((program) => { running.push(program); return program })
    say(`${name}: ${((Date.now() - begun) / 1000).toFixed(1)} s`)
  } catch (error) {
    keepLogs()
    throw error
  } finally {
    for (const program of running.reverse()) await program.kill()
  }
})
const get = async (port, path) => {
  const reply = await fetch(`http://127.0.0.1:${port}${path}`)
  return { status: reply.status, text: await reply.text() }
}
/** "name{a="b"} 5" lines as a map. */
const parse = (text) => new Map(text.split('\n').filter((l) => l && !l.startsWith('#')).map((l) => {
  const at = l.lastIndexOf(' ')
  return [l.slice(0, at), Number(l.slice(at + 1))]
}))

/** The expressions of a dashboard's panels and variables. */
const queries = (dashboard) => [...dashboard.panels.flatMap((p) => p.targets ?? []).map((t) => t.expr),
  ...dashboard.templating.list.map((v) => v.query.query).filter(Boolean).map((q) => q.match(/^label_values\((\w+), \w+\)$/)[1])]

describe('operations', { concurrency: false }, () => {
  step('metrics are what the node says, and promtool takes them', async (keep) => {
    const promtool = execFileSync(join(root, 'tools/promtool.sh'), { encoding: 'utf8' }).trim()
    const dev = keep(await startDev({ args: quick }))
    const verifier = keep(await startVerifier(dev, ['--metrics-port', '0']))
    for (let i = 0; i < 3; ++i) await send(dev, i, dev.accounts[9].address, 1n)
    await rpcRaw(dev.outputs.chain.rpc, 'eth_noSuchMethod')
    await rpcRaw(dev.outputs.chain.rpc, 'eth_getBalance', ['0x1'])
    await rpcRaw(dev.outputs.chain.rpc, 'eth_sendRawTransaction', ['0x02c0'])
    const socket = new WebSocket(dev.outputs.chain.ws)
    await new Promise((done) => socket.on('open', done))
    await until('a claim', async () => (await dev.status()).proposer.games > 0)
    for (const port of [dev.line.metrics, verifier.ready.metrics]) {
      const { text } = await get(port, '/metrics')
      const output = execFileSync(promtool, ['check', 'metrics'], { input: text, encoding: 'utf8', stdio: ['pipe', 'pipe', 'pipe'] })
      assert.equal(output.trim(), '')
    }
    const before = await dev.status()
    const m = parse((await get(dev.line.metrics, '/metrics')).text)
    const after = await dev.status()
    const value = (name) => { assert.ok(m.has(name), `${name} is not there`); return m.get(name) }
    const between = (name, low, high) => assert.ok(value(name) >= low && value(name) <= high, `${name}: ${value(name)}, not in ${low}..${high}`)
    for (const kind of ['unsafe', 'safe', 'finalized'])
      between(`mezz_head_block{kind="${kind}",layer="chain"}`, before[kind].number, after[kind].number)
    between('mezz_blocks_total', before.unsafe.number, after.unsafe.number)
    between('mezz_txs_total{result="success"}', before.unsafe.number + 3, 1e6)
    between('mezz_batch_total{da="calldata"}', before.batcher.entriesLanded, after.batcher.entriesLanded)
    between('mezz_claims_total', before.proposer.games, after.proposer.games)
    between('mezz_l1_gas_used_total{purpose="batch"}', 20_000, 1e9)
    between('mezz_l1_fee_wei_total{purpose="batch"}', 1, 1e30)
    between('mezz_signer_balance_ether{role="batcher"}', 1, 1e6)
    // Clients ask for methods of other nodes, too.
    between('mezz_rpc_requests_total{code="-32601",method="unknown"}', 1, 100)
    between('mezz_rpc_requests_total{code="-32602",method="eth_getBalance"}', 1, 1)
    between('mezz_mempool_rejected_total{reason="other"}', 1, 1)
    between('mezz_rpc_request_duration_seconds_count{method="eth_sendRawTransaction"}', 4, 1e6)
    between('mezz_tx_stage_latency_seconds_count{stage="safe"}', 1, 1e6)
    between('mezz_block_build_duration_seconds_count', 1, 1e6)
    between('mezz_ws_connections', 1, 1)
    between('mezz_derivation_lag_blocks', 0, 1000)
    between('mezz_forced_inclusion_pending', 0, 0)
    between('process_resident_memory_bytes', 1e7, 1e11)
    between('process_start_time_seconds', Date.now() / 1000 - 600, Date.now() / 1000 + 2)
    assert.ok([...m.keys()].every((name) => !/0x[0-9a-f]{8}/.test(name)), 'nothing is labelled by hash or address')
    const rules = join(root, 'docs/reference/alerts.yml')
    assert.match(execFileSync(promtool, ['check', 'rules', rules], { encoding: 'utf8' }), /SUCCESS: 9 rules found/)
    const names = new Set([...m.keys()].map((name) => name.split('{')[0]))
    // Without fraud proofs there is no challenger.
    for (const [name] of readFileSync(rules, 'utf8').matchAll(/mezz_[a-z_]+/g))
      assert.ok(names.has(name) || name === 'mezz_proposals_wrong_total', `alerts.yml: ${name} is not there`)
    const asked = queries(JSON.parse(readFileSync(join(root, 'docs/reference/grafana.json'), 'utf8')))
    assert.ok(asked.length > 30, `the dashboard has ${asked.length} queries only`)
    const series = [...m.keys()].map((key) => key.match(/^([^{]+)(?:\{(.*)\})?$/)).map(([, name, labels]) => ({ name, labels: labels ?? '' }))
    for (const expression of asked)
      for (const [, name, matchers] of expression.matchAll(/\b((?:mezz|process)_[a-z_0-9]+)(?:\{([^}]*)\})?/g)) {
        // Without fraud proofs there is no challenger, and nothing fails here.
        if (['mezz_proposals_wrong_total', 'mezz_dispute_games', 'mezz_da_submit_failures_total', 'mezz_reorgs_total'].includes(name)) continue
        const wanted = (matchers ?? '').split(',').filter((l) => /^[a-z_]+="/.test(l))
        assert.ok(series.some((s) => s.name === name && wanted.every((l) => s.labels.includes(l))), `grafana.json: ${name}{${wanted}} is not there: ${expression}`)
      }
    // promtool reads expressions in rules alone; what Grafana puts in for its variables is put in here.
    const asRules = join(folder('grafana'), 'rules.yml')
    writeFileSync(asRules, JSON.stringify({ groups: [{ name: 'grafana', rules: asked.map((expression, i) =>
      ({ record: `panel:query${i}:now`, expr: expression.replaceAll('$instance', '.*').replaceAll('$__rate_interval', '1m') })) }] }))
    assert.match(execFileSync(promtool, ['check', 'rules', asRules], { encoding: 'utf8' }), new RegExp(`SUCCESS: ${asked.length} rules found`))
    say(`${m.size} samples; ${asked.length} queries of the dashboard`)
    socket.terminate()
  })

  step('health says why', async (keep) => {
    const dev = keep(await startDev({ args: quick }))
    const verifier = keep(await startVerifier(dev, ['--metrics-port', '0']))
    const { metrics } = verifier.ready
    await until('ready', async () => (await get(metrics, '/health/ready')).status === 200)
    assert.deepEqual(JSON.parse((await get(metrics, '/health/live')).text).status, 'live')
    assert.equal((await fetch(`${verifier.url}/health/ready`)).status, 200, 'on the port of the RPC too')
    await dev.kill()
    const unready = await until('unready', async () => {
      const { status, text } = await get(metrics, '/health/ready')
      return status === 503 && JSON.parse(text)
    }, 20)
    assert.equal(unready.status, 'unready')
    assert.equal(unready.reasons[0].component, 'parent')
    assert.match(unready.reasons[0].reason, /127\.0\.0\.1/)
    assert.equal((await get(metrics, '/health/live')).status, 200, 'it lives: starting it again would not help')
    say(`${unready.reasons[0].component}: ${unready.reasons[0].reason}`)
  })

  step('logs: JSON lines with levels by component, and a warning about the disk', async (keep) => {
    const dev = keep(await startDev({ args: [...quick, '--log-format', 'json', '--log-level', 'warn,rpc=debug', '--min-free-disk', '1PiB'] }))
    await rpcRaw(dev.outputs.chain.rpc, 'eth_getBalance', ['0x1'])
    const lines = await until('both lines', () => {
      const all = dev.stderr().trim().split('\n').filter(Boolean).map((line) => JSON.parse(line))
      return all.some((l) => l.component === 'health') && all.some((l) => l.method === 'eth_getBalance') && all
    }, 15)
    for (const line of lines) {
      assert.match(line.ts, /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/)
      assert.ok(['warn', 'error'].includes(line.level) || line.component === 'rpc', JSON.stringify(line))
    }
    const call = lines.find((l) => l.method === 'eth_getBalance')
    assert.equal(call.level, 'debug')
    assert.equal(call.err_code, -32602)
    assert.ok(call.duration_ms >= 0)
    assert.match(lines.find((l) => l.component === 'health').msg, /MiB free/)
    const ready = JSON.parse((await get(dev.line.metrics, '/health/ready')).text)
    assert.equal(ready.status, 'ready')
    assert.equal(ready.warnings[0].component, 'disk')
  })

  step('a stop under load answers what is under way, loses nothing and takes less than two seconds', async (keep) => {
    const state = folder()
    let dev = keep(await startDev({ state, args: quick }))
    const url = dev.outputs.chain.rpc
    let stop = false, answered = 0
    const broken = [], receipts = []
    const calls = Array.from({ length: 16 }, async () => {
      while (!stop) {
        try {
          const answer = await rpcRaw(url, 'eth_call', [{ gas: '0x989680', data: '0x5b600056' }, 'latest'])
          if (answer.error?.message !== 'out of gas') broken.push(JSON.stringify(answer))
          ++answered
        } catch (error) {
          // Refused or closed before a request was taken; an answer cut short is another matter.
          if (!/ECONNREFUSED|ECONNRESET|other side closed|fetch failed/.test(`${error.message} ${error.cause?.message} ${error.cause?.code}`))
            broken.push(`${error.message} ${error.cause?.message}`)
          break
        }
      }
    })
    // Those that wait for a receipt at the end go on waiting for a while; nobody waits for them.
    for (const i of [0, 1, 2]) (async () => {
      while (!stop)
        try {
          const { transactionHash, blockHash } = await send(dev, i, dev.accounts[9].address, 1n)
          receipts.push({ transactionHash, blockHash })
        } catch { break }
    })()
    // A trace that would take a minute.
    const trace = rpcRaw(url, 'debug_traceCall', [{ gas: '0x2faf080', data: '0x5b600056' }, 'latest', { timeout: '60s' }]).catch((e) => e)
    const socket = new WebSocket(dev.outputs.chain.ws)
    await new Promise((done) => socket.on('open', done))
    const closed = new Promise((done) => socket.on('close', (code) => done(code)))
    await sleep(4000)
    const begun = Date.now()
    assert.equal(await dev.stop(), 0)
    const took = Date.now() - begun
    stop = true
    await Promise.all(calls)
    await trace
    say(`stopped in ${took} ms; ${answered} calls answered, ${receipts.length} transfers; the WebSocket closed with ${await closed}`)
    assert.deepEqual(broken, [])
    assert.ok(answered > 20 && receipts.length > 0)
    assert.ok(took < 2000, `${took} ms`)
    dev = keep(await startDev({ state, args: quick }))
    for (const { transactionHash, blockHash } of receipts)
      assert.equal((await rpc(dev.outputs.chain.rpc, 'eth_getTransactionReceipt', [transactionHash]))?.blockHash, blockHash)
    await until('everything safe', async () => { const s = await dev.status(); return s.safe.number > 8 && s.error === '' })
    assert.equal(await dev.stop(), 0)
  })

  step('a snapshot of a running network starts another that goes on', async (keep) => {
    const state = folder(), copy = join(folder(), 'snapshot')
    const dev = keep(await startDev({ state, args: quick }))
    const known = []
    for (let i = 0; i < 4; ++i) known.push(await send(dev, i, dev.accounts[9].address, 1n))
    await until('all safe', async () => (await dev.status()).safe.number >= Number(known.at(-1).blockNumber))
    let stop = false
    const load = (async () => { while (!stop) await send(dev, 5, dev.accounts[9].address, 1n) })()
    const saved = await runMezz(['snapshot', 'save', copy, '--state', state, '--json'])
    assert.equal(saved.code, 0, saved.stderr)
    const manifest = JSON.parse(saved.stdout)
    assert.deepEqual(manifest.files.map((f) => f.name), ['chain.mdb', 'parent.mdb', 'rollup.json'])
    assert.ok(manifest.head >= Number(known.at(-1).blockNumber))
    const at = (await dev.status()).unsafe.number
    await until('the node goes on', async () => (await dev.status()).unsafe.number > at + 4)
    stop = true
    await load
    const hashes = await rpc(dev.outputs.chain.rpc, 'eth_getBlockByNumber', [`0x${manifest.head.toString(16)}`, false])
    assert.equal(hashes.hash, manifest.headHash)
    assert.match((await runMezz(['snapshot', 'save', copy, '--state', state])).stderr, /is there already/)
    await dev.stop()

    const fresh = join(folder(), 'restored')
    assert.equal((await runMezz(['snapshot', 'load', copy, '--state', fresh])).code, 0)
    assert.match((await runMezz(['snapshot', 'load', copy, '--state', fresh])).stderr, /holds a chain already/)
    const again = keep(await startDev({ state: fresh, args: quick }))
    for (const { transactionHash, blockHash } of known)
      assert.equal((await rpc(again.outputs.chain.rpc, 'eth_getTransactionReceipt', [transactionHash]))?.blockHash, blockHash)
    assert.equal((await send(again, 6, again.accounts[9].address, 1n)).status, 'success')
    const last = (await again.status()).unsafe.number
    await until('everything safe', async () => (await again.status()).safe.number >= last, 60)
    const verifier = keep(await startVerifier(again))
    say(`${manifest.head} blocks in ${manifest.files.reduce((sum, f) => sum + f.bytes, 0) >> 10} KiB; verifier: ${await requireEqualChains(again, verifier)} blocks alike`)

    // What is damaged, another chain's or newer is refused, and leaves nothing behind.
    const refused = async (change, pattern, more = []) => {
      const bad = join(folder(), 'bad'), into = join(folder(), 'into')
      cpSync(copy, bad, { recursive: true })
      change(bad)
      const { code, stderr } = await runMezz(['snapshot', 'load', bad, '--state', into, ...more])
      assert.equal(code, 1)
      assert.match(stderr, pattern)
      assert.ok(!existsSync(join(into, 'chain')))
      say(stderr.trim())
    }
    const edit = (change) => (bad) => {
      const path = join(bad, 'manifest.json'), m = JSON.parse(readFileSync(path, 'utf8'))
      change(m)
      writeFileSync(path, JSON.stringify(m))
    }
    await refused((bad) => appendFileSync(join(bad, 'chain.mdb'), 'x'), /chain\.mdb: its bytes are not those/)
    await refused((bad) => truncateSync(join(bad, 'parent.mdb'), 100), /parent\.mdb: its bytes are not those/)
    await refused(edit((m) => { m.databaseVersion = 99 }), /database version 99/)
    await refused(edit((m) => { m.files[0].name = '../chain.mdb' }), /files\[0\]\.name/)
    await refused(edit((m) => { m.identity = '0x00' }), /another chain/)
    await refused((bad) => writeFileSync(join(bad, 'manifest.json'), '{'), /not a JSON object/)
    const other = keep(await startDev({ args: [...quick, '--chain-id', '777'] }))
    await refused(() => {}, /is of another chain than/, ['--spec', other.spec])
  })

  step('a node that prunes says what it no longer has', async (keep) => {
    const state = folder()
    let dev = keep(await startDev({ state, args: [...quick, '--prune', '10'] }))
    const first = await send(dev, 0, dev.accounts[9].address, 1n)
    const number = `0x${first.blockNumber.toString(16)}`
    await until('final', async () => (await dev.status()).finalized.number > Number(first.blockNumber) + 12, 60)
    // What is in the cache of recent blocks is still told: a fresh process has none.
    await dev.stop()
    dev = keep(await startDev({ state, args: [...quick, '--prune', '10'] }))
    await until('pruned', async () => (await rpcRaw(dev.outputs.chain.rpc, 'eth_getBlockByNumber', [number, false])).error, 60)
    for (let restarts = 0; restarts < 2; ++restarts) {
      const url = dev.outputs.chain.rpc
      for (const [method, params] of [['eth_getBlockByNumber', [number, true]], ['eth_getBlockReceipts', [number]],
        ['eth_getBlockByHash', [first.blockHash, false]]]) {
        const { error } = await rpcRaw(url, method, params)
        assert.equal(error?.code, 4444, `${method}: ${JSON.stringify(error)}`)
        assert.match(error.message, /^pruned history unavailable: block \d+ is before block \d+/)
      }
      assert.equal(await rpc(url, 'eth_getTransactionReceipt', [first.transactionHash]), null)
      // States stay.
      assert.ok(BigInt(await rpc(url, 'eth_getBalance', [dev.accounts[9].address, number])) > 0n)
      assert.equal((await send(dev, 1, dev.accounts[9].address, 1n)).status, 'success')
      await dev.stop()
      // Without the flag nothing comes back.
      dev = keep(await startDev({ state, args: quick }))
    }
    const verifier = keep(await startVerifier(dev, ['--state', folder('verifier'), '--prune', '10']))
    const target = (await dev.status()).safe.number
    await until('the verifier follows', async () => (await verifier.status()).safe.number >= target)
    await until('it prunes', async () => (await rpcRaw(verifier.url, 'eth_getBlockByNumber', ['0x1', false])).error, 30)
  })

  step('doctor', async (keep) => {
    const dev = keep(await startDev({ args: quick }))
    const free = String(await freePort())
    const doctor = async (...args) => {
      const guest = args.includes('--guest') ? [] : ['--guest', guestElf]
      const { code, stdout } = await runMezz(['doctor', '--json', '--ports', free, ...guest, ...args])
      const { fit, checks } = JSON.parse(stdout)
      assert.equal(code, fit ? 0 : 1)
      return Object.fromEntries(checks.map((c) => [c.name, c]))
    }
    const well = await doctor('--state', dev.state, '--parent', dev.outputs.parent.rpc)
    for (const [name, check] of Object.entries(well)) {
      assert.ok(['ok', 'warning'].includes(check.result), `${name}: ${check.detail}`)
      say(`${check.result} ${name}: ${check.detail}`)
    }
    assert.match(well.state.detail, /database version 2.*at work/)
    assert.match(well.parent.detail, /with the contracts/)
    assert.equal(well['guest image'].result, 'ok')
    const server = createServer()
    await new Promise((done) => server.listen(0, '127.0.0.1', done))
    const taken = String(server.address().port)
    const { code, stdout } = await runMezz(['doctor', '--state', folder(), '--ports', taken, '--json'])
    assert.equal(code, 1)
    assert.match(JSON.parse(stdout).checks.find((c) => c.name === `port ${taken}`).detail, /in use/)
    server.close()
    assert.equal((await doctor('--state', folder(), '--parent', `http://127.0.0.1:${await freePort()}`)).parent.result, 'failed')
    assert.equal((await doctor('--state', folder(), '--guest', dev.spec))['guest image'].result, 'failed')
    const other = keep(await startDev({ args: [...quick, '--chain-id', '777'] }))
    assert.match((await doctor('--state', dev.state, '--parent', other.outputs.parent.rpc)).parent.detail, /not those of rollup\.json/)
    assert.match((await doctor('--state', dev.state, '--spec', other.spec))['rollup.json'].detail, /of another chain/)
    assert.equal((await doctor('--state', folder(), '--min-free-disk', '1PiB')).disk.result, 'warning')
  })
})
