// SPDX-License-Identifier: Apache-2.0
// What a node tells of claims, disputes, withdrawals and the queue: the same as the contracts on the parent say.
import assert from 'node:assert/strict'
import { after, describe, test } from 'node:test'
import { parseAbi, toHex, encodeFunctionData } from 'viem'
import { exists, guestElf, keepLogs, rpc, rpcRaw, runMezz, startDev, until } from './lib.mjs'

const factory = parseAbi(['function gameCount() view returns (uint256)', 'function initBonds(uint32) view returns (uint256)'])
const passer = '0x4200000000000000000000000000000000000016'
const initiate = parseAbi(['function initiateWithdrawal(address target, uint256 gasLimit, bytes data) payable'])
const portal = parseAbi(['function depositTransaction(address to, uint256 value, uint64 gasLimit, bool isCreation, bytes data) payable'])
const check = (name, body) => test(name, async () => { try { await body() } catch (error) { keepLogs(); throw error } })

describe('attested claims', { concurrency: false }, () => {
  let dev
  after(async () => { if (dev) await dev.stop() })
  const ask = (method, params) => rpc(dev.outputs.chain.rpc, method, params)

  check('claims are those of the factory, the newest first', async () => {
    dev = await startDev()
    const claims = await until('a settled claim', async () => {
      const list = await ask('mezz_claims', [])
      return list.some((c) => c.settled) && list
    }, 90)
    const count = Number(await dev.l1.readContract({ address: dev.outputs.contracts.disputeGameFactory, abi: factory, functionName: 'gameCount' }))
    assert.ok(claims[0].index <= count - 1 && claims[0].index >= count - 3)
    assert.ok(claims.every((c, i) => i === 0 || c.index === claims[i - 1].index - 1))
    for (const claim of claims) {
      assert.equal(claim.type, 'attested')
      assert.equal(claim.matches, true)
      const output = await ask('optimism_outputAtBlock', [claim.block])
      assert.equal(output.outputRoot, claim.rootClaim)
    }
    const won = claims.find((c) => c.status === 'won')
    assert.ok(won.resolvedAt >= won.createdAt + won.clockSeconds && won.clockSecondsLeft === 0)
    const bond = await dev.l1.readContract({ address: dev.outputs.contracts.disputeGameFactory, abi: factory, functionName: 'initBonds', args: [300] })
    assert.equal(BigInt(won.bond), bond)
    const one = await ask('mezz_claims', [claims[0].index + 1, 1])
    assert.deepEqual(one.map((c) => c.index), [claims[0].index])
    assert.deepEqual(await ask('mezz_claims', [0]), [])
    assert.equal((await rpcRaw(dev.outputs.chain.rpc, 'mezz_claims', ['x'])).error.code, -32602)
  })

  check('a withdrawal goes through its stages', async () => {
    const owner = dev.accounts[3].address
    assert.deepEqual((await ask('mezz_withdrawals', [owner])).withdrawals, [])
    // The portal pays out what came in by it.
    await dev.l1.waitForTransactionReceipt({ hash: await dev.wallet(3, 'l1').writeContract({ address: dev.outputs.contracts.portal,
      abi: portal, functionName: 'depositTransaction', args: [owner, 100n, 100_000n, false, '0x'], value: 100n }) })
    const hash = await dev.wallet(3).sendTransaction({ to: passer, value: 7n,
      data: encodeFunctionData({ abi: initiate, functionName: 'initiateWithdrawal', args: [owner, 21_000n, '0x'] }) })
    const stages = new Set()
    const look = async () => {
      const { withdrawals } = await ask('mezz_withdrawals', [owner])
      if (withdrawals[0]) stages.add(withdrawals[0].stage)
      return withdrawals[0]
    }
    const first = await until('the withdrawal', look)
    assert.equal(first.transaction, hash)
    assert.equal(first.target, owner.toLowerCase())
    assert.equal(first.value, '0x7')
    assert.equal(first.stage, 'waiting-for-claim')
    assert.equal(first.etaSeconds, null)
    const ready = await until('a claim that covers it', async () => (await look()).stage === 'ready-to-prove' && look(), 60)
    assert.equal(ready.etaSeconds, 0)
    await ask('mezz_withdraw', [hash])
    const maturing = await until('its proof', async () => { const w = await look(); return ['maturing', 'finalized'].includes(w.stage) && w }, 60)
    if (maturing.stage === 'maturing') assert.ok(maturing.etaSeconds >= 0 && maturing.etaSeconds < 60)
    await until('its payment', async () => (await look()).stage === 'finalized', 60)
    const followed = await ask('mezz_withdrawalStatus', [hash])
    assert.equal(followed.withdrawalHash, first.withdrawalHash)
  })

  check('there is nothing to dispute, and that is said', async () => {
    assert.deepEqual(await ask('mezz_disputes', []), [])
    assert.match((await rpcRaw(dev.outputs.chain.rpc, 'mezz_dispute', [`0x${'00'.repeat(32)}`])).error.message, /attested/)
  })
})

describe('the queue', { concurrency: false }, () => {
  check('deposits wait in it until a block has them', async () => {
    const dev = await startDev({ args: ['--ephemeral', '--fault', 'censor-deposits', '--force-delay', '300'] })
    try {
      const queue = () => rpc(dev.outputs.chain.rpc, 'mezz_forcedQueue', [])
      assert.deepEqual((await queue()).items, [])
      const to = dev.accounts[5].address
      const hash = await dev.wallet(4, 'l1').writeContract({ address: dev.outputs.contracts.portal, abi: portal,
        functionName: 'depositTransaction', args: [to, 9n, 100_000n, false, '0x'], value: 9n })
      const receipt = await dev.l1.waitForTransactionReceipt({ hash })
      const { timestamp } = await dev.l1.getBlock({ blockNumber: receipt.blockNumber })
      const { items, length, taken, forceDelaySeconds } = await until('the deposit', async () => {
        const now = await queue()
        return now.items.length === 1 && now
      })
      assert.equal(forceDelaySeconds, 300)
      assert.equal(length, taken + 1)
      assert.equal(items[0].from, dev.accounts[4].address.toLowerCase())
      assert.equal(items[0].to, to.toLowerCase())
      assert.equal(items[0].parentBlock, Number(receipt.blockNumber))
      assert.equal(items[0].forcibleAt, Number(timestamp) + 300)
      assert.ok(items[0].secondsLeft > 0 && items[0].secondsLeft <= 300)
    } finally {
      await dev.stop()
    }
  })
})

test('a dispute is told as a tree', { skip: exists(guestElf) ? false : 'no guest is built' }, async () => {
  const dev = await startDev({ args: ['--proof', 'fraud', '--dispute-clock', '20', '--block-time', '500', '--guest', guestElf,
    '--parent-block-time', '500'] })
  try {
    await until('blocks that can be claimed', async () => (await dev.status()).safe.number >= 6)
    const attack = runMezz(['fault', 'wrong-withdrawal-root', '--state', dev.state, '--guest', guestElf, '--json'], 240)
    const ask = (method, params = []) => rpc(dev.outputs.chain.rpc, method, params)
    const rivals = await until('rivals', async () => (await ask('mezz_disputes')).find((d) => d.roots.length > 1), 200)
    const { dispute, edges, complete } = await ask('mezz_dispute', [rivals.id])
    assert.equal(dispute.id, rivals.id)
    assert.ok(complete)
    assert.equal(edges.length, dispute.roots.length)
    assert.deepEqual(edges.map((e) => e.staker).sort(), dispute.roots.map((r) => r.staker).sort())
    assert.ok(edges.every((e) => e.level === 1 && e.depth === 0 && e.rivals === edges.length - 1))
    const { code, stderr } = await attack
    assert.equal(code, 0, stderr)
    const end = await until('the end', async () => {
      const found = (await ask('mezz_disputes')).find((d) => d.id === rivals.id)
      return found.status === 'decided' && found
    }, 120)
    assert.equal(end.roots.filter((r) => r.confirmed).length, 1)
    const tree = await ask('mezz_dispute', [rivals.id])
    const depth = (list) => Math.max(0, ...list.map((e) => 1 + depth(e.children)))
    assert.ok(depth(tree.edges) > 6, 'down to single steps')
    const flat = (list) => list.flatMap((e) => [e, ...flat(e.children)])
    assert.ok(flat(tree.edges).some((e) => e.level === 2 && e.proven), 'one step is proven')
    const claims = await ask('mezz_claims', [])
    assert.ok(claims.every((c) => c.type === 'proposal' && c.matches === null))
    assert.ok(claims.some((c) => c.status === 'lost'))
    assert.equal(toHex(BigInt(claims[0].bond)), claims[0].bond)
  } finally {
    await dev.stop()
  }
})
