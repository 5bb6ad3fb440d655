// SPDX-License-Identifier: Apache-2.0
// Every attack of `mezz fault`, each on a network of short clocks, on each kind of parent: the honest claim becomes final,
// the liar's bond is gone.
import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { guestElf, rpc, runMezz, say, startAnvil, startDev, startVerifier, until } from './lib.mjs'

const clockSeconds = 20
const faults = JSON.parse((await runMezz(['fault', 'list', '--json'])).stdout).map(({ name }) => name)
const groups = 3

/// What the challenger's account has. units: wei.
const wealth = async (dev) => BigInt(await rpc(dev.outputs.parent.rpc, 'eth_getBalance', ['0xbcfd5548ac19dfd6200a608c89e39ba80077e582', 'latest']))

test('the faults are the known ones', () => {
  assert.equal(faults.length, 17)
})

// They wait for clocks most of the time, so networks run side by side.
describe('fraud', { concurrency: 2 * groups }, () => {
  for (const parentKind of ['embedded', 'anvil'])
    for (let group = 0; group < groups; ++group)
      describe(`fraud: ${parentKind} parent, ${group}`, { concurrency: false }, () => {
        let parent, dev
        before(async () => {
          if (parentKind === 'anvil') parent = await startAnvil()
          dev = await startDev({ parent, args: ['--proof', 'fraud', '--dispute-clock', String(clockSeconds), '--block-time', '500', '--force-delay', '3', '--guest', guestElf,
            ...(parent ? [] : ['--parent-block-time', '500'])] })
          await until('blocks that can be claimed', async () => (await dev.status()).safe.number >= 6)
        })
        after(async () => { for (const p of [dev, parent]) await p?.stop() })
        for (const fault of faults.filter((_, i) => i % groups === group))
          test(fault, async () => {
            const before = (await dev.status()).challenger
            const owned = await wealth(dev)
            const { code, stdout, stderr } = await runMezz(['fault', fault, '--state', dev.state, '--guest', guestElf, '--json'], 240)
            assert.equal(code, 0, stderr)
            const outcome = JSON.parse(stdout)
            assert.equal(outcome.honestWon, true)
            if (fault === 'censoring-sequencer') return say(`${parentKind} ${fault}: ${outcome.seconds} s`)
            const now = await until('the dispute closed', async () => {
              const { challenger } = await dev.status()
              return challenger.disputesOpen === 0 && challenger.disputesDecided > before.disputesDecided && challenger
            })
            assert.ok(now.wrong > before.wrong)
            // Half of what the liars lost is more than what the moves against them cost.
            await until('the honest side to be paid', async () => await wealth(dev) > owned)
            say(`${parentKind} ${fault}: ${outcome.seconds} s, ${outcome.moves} moves against ${now.moves - before.moves}`)
          })
        if (group === 0)
          test('inspect and challenge tell how it went', async () => {
            const proposals = JSON.parse((await runMezz(['inspect', '--state', dev.state, '--json'])).stdout)
            const lost = proposals.findLast(({ status }) => status === 'lost')
            assert.ok(lost.winner !== lost.creator)
            const [tree] = JSON.parse((await runMezz(['inspect', String(lost.index), '--state', dev.state, '--json'])).stdout)
            const edges = ({ children, ...edge }) => [edge, ...children.flatMap(edges)]
            const all = tree.disputes.flatMap((dispute) => dispute.edges.flatMap(edges))
            const confirmed = all.filter(({ level, confirmed }) => level === 1 && confirmed)
            assert.equal(confirmed.length, 1)
            const block = tree.firstBlock + tree.disputes[0].index
            const run = await runMezz(['challenge', '--block', String(block), '--state', dev.state, '--guest', guestElf, '--json'])
            assert.equal(run.code, 3, run.stderr)
            const told = JSON.parse(run.stdout)
            assert.equal(told.answer, confirmed[0].claim)
            assert.equal(told.level1.root, confirmed[0].node)
            assert.equal(told.proposals.find(({ index }) => index === lost.index).right, false)
            // Of one step, any: what this machine computes is what the contract does.
            const step = JSON.parse((await runMezz(['challenge', '--block', String(block), '--step', '40', '--state', dev.state, '--guest', guestElf, '--json'])).stdout).step
            assert.equal(step.judged, step.after)
            const text = (await runMezz(['challenge', '--block', String(block), '--state', dev.state, '--guest', guestElf])).stdout
            assert.match(text, /WRONG, disputed in 0x/)
            assert.match(text, /as this machine says/)
            for (const [args, expected] of [[['inspect', '999'], /no proposal 999/], [['challenge', '--block', '0'], /--block 0/],
              [['challenge', '--block', '1', '--step', '68719476736'], /--step 68719476736: a trace ends/]]) {
              const refused = await runMezz([...args, '--state', dev.state, ...(args[0] === 'challenge' ? ['--guest', guestElf] : [])])
              assert.equal(refused.code, 1)
              assert.match(refused.stderr, expected)
            }
          })
        if (parentKind === 'embedded' && group === 0)
          test('a challenger on a node of its own plays too', async () => {
            const refused = await runMezz(['node', '--role', 'challenger', '--parent', dev.outputs.parent.rpc, '--spec', dev.spec])
            assert.equal(refused.code, 1)
            assert.match(refused.stderr, /--challenger-key: a private key is needed/)
            const other = await startVerifier(dev, ['--challenger-key', dev.outputs.accounts[7].privateKey, '--guest', guestElf], 'challenger')
            try {
              await until('it to know the chain', async () => (await other.status()).challenger.proposals > 0)
              const { code, stderr } = await runMezz(['fault', 'wrong-withdrawal-root', '--state', dev.state, '--guest', guestElf, '--json'], 240)
              assert.equal(code, 0, stderr)
              const { challenger } = await until('its dispute decided', async () => {
                const now = await other.status()
                return now.challenger.disputesDecided > 0 && now.challenger.disputesOpen === 0 && now
              })
              assert.ok(challenger.moves > 0 && challenger.wrong > 0)
            } finally {
              await other.stop()
            }
          })
        test('the proposer goes on and the challenger has no trouble', async () => {
          const status = await dev.status()
          assert.ok(status.proposer.anchorBlock > 0)
          assert.equal(status.challenger.lastError, '')
        })
      })
})
