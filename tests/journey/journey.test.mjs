// SPDX-License-Identifier: Apache-2.0
// The whole journey of a transaction, on each kind of parent and each kind of data.
import assert from 'node:assert/strict'
import { after, describe, test } from 'node:test'
import { parseEther } from 'viem'
import { generatePrivateKey, privateKeyToAccount } from 'viem/accounts'
import { getL2TransactionHashes, getWithdrawals, publicActionsL1, publicActionsL2, walletActionsL1, walletActionsL2 } from 'viem/op-stack'
import { keepLogs, requireEqualChains, say, send, startAnvil, startDev, startVerifier, until } from './lib.mjs'

// They wait for blocks most of the time, so they run side by side.
describe('journey', { concurrency: 4 }, () => {
  for (const parentKind of ['embedded', 'anvil'])
    for (const da of ['blobs', 'calldata'])
      describe(`journey: ${parentKind} parent, ${da}`, { concurrency: false }, () => {
        let parent, dev, verifier, receipt, claim, broken = false
        // A step needs those before it.
        const step = (name, run) => test(name, async (t) => {
          if (broken) return t.skip('a step before failed')
          const begun = Date.now()
          try {
            await run()
            say(`${parentKind}/${da} ${name}: ${((Date.now() - begun) / 1000).toFixed(1)} s`)
          } catch (error) {
            broken = true
            keepLogs()
            throw error
          }
        })
        after(async () => { for (const p of [verifier, dev, parent]) await p?.stop() })

        step('start', async () => {
          if (parentKind === 'anvil') parent = await startAnvil()
          dev = await startDev({ parent, args: ['--da', da, '--parent-block-time', '1000'] })
        })

        let hash
        step('submit', async () => {
          hash = await dev.wallet(0).sendTransaction({ to: dev.accounts[1].address, value: parseEther('1.5') })
          assert.match(hash, /^0x[0-9a-f]{64}$/)
        })
        step('order', async () => {
          receipt = await dev.l2.waitForTransactionReceipt({ hash, timeout: 20_000 })
          assert.ok(receipt.blockNumber > 0n)
        })
        step('execute', async () => {
          assert.equal(receipt.status, 'success')
          assert.equal(receipt.gasUsed, 21000n)
          assert.equal(await dev.l2.getBalance({ address: dev.accounts[1].address }), parseEther('10001.5'))
        })
        step('publish', async () => {
          const s = await until('an entry of the batcher', async () => {
            const now = await dev.status()
            return now.batcher.entriesLanded > 0 && now.batcher.blocksLanded >= Number(receipt.blockNumber) && now
          })
          assert.equal(s.emptyEntries, 0)
        })
        step('derive', async () => {
          await until('the block safe', async () => (await dev.status()).safe.number >= receipt.blockNumber)
          assert.equal((await dev.l2.getBlock({ blockTag: 'safe' })).number >= receipt.blockNumber, true)
          verifier = await startVerifier(dev)
          const blocks = await requireEqualChains(dev, verifier)
          say(`${blocks} blocks derived alike by a verifier`)
        })
        step('settle', async () => {
          await until('the block final', async () => (await dev.status()).finalized.number >= receipt.blockNumber)
          assert.ok((await dev.l2.getBlock({ blockTag: 'finalized' })).number >= receipt.blockNumber)
          claim = await until('a claim', async () => {
            const now = await dev.status()
            return now.proposed >= Number(receipt.blockNumber) && now
          })
          say(`claim of block ${claim.proposed}`)
        })

        step('deposit', async () => {
          const l1 = dev.l1.extend(publicActionsL1())
          const l2 = dev.l2.extend(publicActionsL2())
          const wallet = dev.wallet(2, 'l1').extend(walletActionsL1())
          const to = privateKeyToAccount(generatePrivateKey()).address
          const request = await l2.buildDepositTransaction({ mint: parseEther('2'), to, account: dev.accounts[2] })
          const l1Hash = await wallet.depositTransaction(request)
          const l1Receipt = await l1.waitForTransactionReceipt({ hash: l1Hash })
          assert.equal(l1Receipt.status, 'success')
          const [l2Hash] = getL2TransactionHashes(l1Receipt)
          const deposited = await dev.l2.waitForTransactionReceipt({ hash: l2Hash, timeout: 60_000 })
          assert.equal(deposited.status, 'success')
          assert.equal(deposited.transactionHash, l2Hash)
          assert.equal(await dev.l2.getBalance({ address: to }), parseEther('2'))
          say(`deposit ${l2Hash} under the hash that viem computed`)
        })

        step('withdraw', async () => {
          const l1 = dev.l1.extend(publicActionsL1())
          const l2 = dev.l2.extend(publicActionsL2())
          const l1Wallet = dev.wallet(3, 'l1').extend(walletActionsL1())
          const l2Wallet = dev.wallet(3).extend(walletActionsL2())
          const target = { chain: undefined, targetChain: dev.chain }
          const to = privateKeyToAccount(generatePrivateKey()).address
          const value = parseEther('0.25')
          const request = await l1.buildInitiateWithdrawal({ to, value })
          const begun = await l2.waitForTransactionReceipt({ hash: await l2Wallet.initiateWithdrawal(request) })
          assert.equal(begun.status, 'success')
          const [withdrawal] = getWithdrawals(begun)
          assert.equal(withdrawal.value, value)
          say(`initiated in block ${begun.blockNumber}; ${await l1.getWithdrawalStatus({ receipt: begun, ...target })}`)
          const { output } = await l1.waitToProve({ receipt: begun, targetChain: dev.chain })
          const proof = await l2.buildProveWithdrawal({ output, withdrawal })
          // The portal wants a later second than the claim's own, and estimates run in the parent's latest block.
          const seen = await l1.getBlockNumber({ cacheTime: 0 })
          await until('a parent block', async () => (await l1.getBlockNumber({ cacheTime: 0 })) > seen, 20)
          const proved = await l1.waitForTransactionReceipt({ hash: await l1Wallet.proveWithdrawal(proof) })
          assert.equal(proved.status, 'success')
          say('proved')
          await l1.waitToFinalize({ targetChain: dev.chain, withdrawalHash: withdrawal.withdrawalHash })
          // The periods are strict and count the parent's seconds: the next parent block may be needed.
          await until('ready to finalize', async () =>
            (await l1.getWithdrawalStatus({ receipt: begun, ...target })) === 'ready-to-finalize')
          const done = await l1.waitForTransactionReceipt({
            hash: await l1Wallet.finalizeWithdrawal({ targetChain: dev.chain, withdrawal }) })
          assert.equal(done.status, 'success')
          assert.equal(await l1.getBalance({ address: to }), value)
          assert.equal(await l1.getWithdrawalStatus({ receipt: begun, ...target }), 'finalized')
          say(`${value} wei arrived on the parent`)
        })

        step('verify', async () => {
          const blocks = await requireEqualChains(dev, verifier)
          const s = await dev.status()
          assert.equal(s.emptyEntries, 0)
          assert.equal(s.error, '')
          say(`${blocks} blocks alike at the end, ${s.batcher.entriesLanded} entries, ${s.proposer.games} claims`)
        })
      })
})
