// SPDX-License-Identifier: Apache-2.0
// The same random requests and transactions to our parent chain and to anvil: every difference is explained in
// replay.differences.json, and every explanation there is needed.
import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { after, before, describe, test } from 'node:test'
import { here, keepLogs, say, startAnvil, startDev } from './lib.mjs'
import { ask, differences, outcome, replay } from './replay.mjs'
import { malformed, queries } from './replay_cases.mjs'
import { random, World } from './replay_world.mjs'

const count = Number(process.env.MEZZ_REPLAY ?? 2000)
const seed = Number(process.env.MEZZ_REPLAY_SEED ?? 20260101)
const explained = JSON.parse(readFileSync(join(here, 'replay.differences.json'), 'utf8'))

describe('replay', { concurrency: false }, () => {
  let dev, anvil
  before(async () => {
    // Blocks come when the replay asks for them: the chains' own clocks are slower than a group of questions.
    dev = await startDev({ args: ['--ephemeral', '--block-time', '10000', '--parent-block-time', '60000'] })
    anvil = await startAnvil(['--gas-limit', '60000000'], ['--no-mining'])
  })
  after(async () => { await anvil?.stop(); await dev?.stop() })

  test('two answers that differ are told apart, those of one meaning are not', () => {
    const answer = (result) => ({ jsonrpc: '2.0', id: 1, result })
    assert.deepEqual(differences('x', 'eth_call', answer('0x1'), answer('0x2')), ['x: .result: differs'])
    assert.deepEqual(differences('x', 'eth_blockNumber', answer('0x1'), answer('0x2')), [])
    assert.deepEqual(differences('x', 'eth_blockNumber', answer('0x1'), answer(2)), ['x: .result: differs'])
    assert.deepEqual(differences('x', 'eth_call', answer('0x1'), { error: { code: 3 } }), ['x: ours result, anvil error 3'])
    assert.deepEqual(differences('x', 'eth_call', { error: { code: 3, message: 'a', data: '0x1' } }, { error: { code: 3, message: 'b', data: '0x2' } }),
      ['x: .error.data: differs'])
    assert.deepEqual(differences('x', 'm', answer({ a: 1, b: 2 }), answer({ a: 1, c: 2 })), ['x: .result.b: only ours', "x: .result.c: only anvil's"])
  })

  test(`${count} requests and transactions, seed ${seed}`, async () => {
    try {
      const { found, asked, kinds } = await replay({ ours: { name: 'mezz', url: dev.outputs.parent.rpc }, theirs: { name: 'anvil', url: anvil.url },
        accounts: dev.accounts, count, seed })
      const patterns = explained.map((entry) => ({ ...entry, regex: new RegExp(`^(?:${entry.pattern})$`), used: 0 }))
      const unexplained = []
      for (const [signature, { count: times, example }] of [...found].sort()) {
        const matches = patterns.filter((p) => p.regex.test(signature))
        for (const p of matches) p.used += times
        if (matches.length === 0) unexplained.push(`${signature}, ${times} times, as ${JSON.stringify(example).slice(0, 1500)}`)
        assert.ok(matches.length < 2, `${signature}: explained twice`)
      }
      say(`${asked} requests of ${kinds} kinds: ${found.size} differences by ${explained.length} explanations, ${explained.filter((e) => e.ours).length} to repair here`)
      assert.deepEqual(unexplained, [], 'differences that replay.differences.json does not explain')
      assert.ok(asked >= kinds, 'every kind is asked at least once')
      assert.deepEqual(patterns.filter((p) => p.used === 0).map((p) => p.pattern), [], 'explanations of differences that are gone: take them out')
    } catch (error) {
      keepLogs()
      throw error
    }
  })

  test('the rollup refuses what its parent refuses, in the same words', async () => {
    const [r, world] = [random(seed), new World(dev.accounts)]
    const floors = await Promise.all([dev.outputs.parent.rpc, dev.outputs.chain.rpc].map(async (url) => {
      const head = await (await fetch(url, { method: 'POST', headers: { 'content-type': 'application/json' },
        body: '{"jsonrpc":"2.0","id":1,"method":"eth_getBlockByNumber","params":["latest",false]}' })).json()
      return { url, names: { '@setupHash': head.result.hash } }
    }))
    const errorsOf = (a) => (Array.isArray(a) ? a : [a]).map((x) => x.error?.code === -32602 ? x.error.message : undefined)
    let refused = 0
    for (const kind of malformed) {
      const request = queries[kind](r, world)
      const [parent, rollup] = await Promise.all(floors.map((floor) => ask(floor, request)))
      // What is well formed after all may depend on the state, which is each chain's own.
      if (!/error -32[67]/.test(outcome(parent))) continue
      ++refused
      assert.equal(outcome(rollup), outcome(parent), `${kind}: ${JSON.stringify(request)}`)
      assert.deepEqual(errorsOf(rollup), errorsOf(parent), kind)
    }
    assert.ok(refused > malformed.length / 2, `only ${refused} of ${malformed.length} were refused`)
    say(`${refused} of ${malformed.length} malformed requests are refused, on both floors in the same words`)
  })
})
