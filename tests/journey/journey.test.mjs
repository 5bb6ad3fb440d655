// SPDX-License-Identifier: Apache-2.0
// The whole trip of a transaction, a subtest a stage, on each kind of parent and each kind of data.
import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { parseEther } from 'viem'
import { generatePrivateKey, privateKeyToAccount } from 'viem/accounts'
import { getL2TransactionHashes, getWithdrawals, publicActionsL1, publicActionsL2, walletActionsL1, walletActionsL2 } from 'viem/op-stack'
import { artefact, keepLogs, prove, requireEqualChains, rpcRaw, say, startAnvil, startDev, startVerifier, until } from './lib.mjs'

// They wait for blocks most of the time, so they run side by side.
describe('journey', { concurrency: 4 }, () => {
  for (const parentKind of ['embedded', 'anvil'])
    for (const da of ['blobs', 'calldata'])
      describe(`journey: ${parentKind} parent, ${da}`, { concurrency: false }, () => {
        let parent, dev, verifier, broken = false
        // A stage needs those before it.
        const stage = (name, run) => test(name, async (t) => {
          if (broken) return t.skip('a stage before failed')
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
        before(async () => {
          if (parentKind === 'anvil') parent = await startAnvil()
          dev = await startDev({ parent, args: ['--da', da, ...(parent ? [] : ['--parent-block-time', '1000'])] })
        })
        after(async () => { for (const p of [verifier, dev, parent]) await p?.stop() })

        // A transfer on the chain, and a deposit that enters by the parent.
        const depositor = privateKeyToAccount(generatePrivateKey()).address
        let hash, receipt, depositHash, deposited
        stage('submit', async () => {
          hash = await dev.wallet(0).sendTransaction({ to: dev.accounts[1].address, value: parseEther('1.5') })
          assert.match(hash, /^0x[0-9a-f]{64}$/)
          const l1 = dev.l1.extend(publicActionsL1())
          const request = await dev.l2.extend(publicActionsL2()).buildDepositTransaction(
            { mint: parseEther('2'), to: depositor, account: dev.accounts[2] })
          const onParent = await l1.waitForTransactionReceipt({
            hash: await dev.wallet(2, 'l1').extend(walletActionsL1()).depositTransaction(request) })
          assert.equal(onParent.status, 'success')
          ;[depositHash] = getL2TransactionHashes(onParent)
        })
        stage('order', async () => {
          receipt = await dev.l2.waitForTransactionReceipt({ hash, timeout: 20_000 })
          assert.ok(receipt.blockNumber > 0n)
          deposited = await dev.l2.waitForTransactionReceipt({ hash: depositHash, timeout: 60_000 })
          assert.equal(deposited.transactionHash, depositHash)
        })
        stage('execute', async () => {
          assert.equal(receipt.status, 'success')
          assert.equal(receipt.gasUsed, 21000n)
          assert.equal(await dev.l2.getBalance({ address: dev.accounts[1].address }), parseEther('10001.5'))
          assert.equal(deposited.status, 'success')
          assert.equal(await dev.l2.getBalance({ address: depositor }), parseEther('2'))
        })
        const last = () => Number(receipt.blockNumber > deposited.blockNumber ? receipt.blockNumber : deposited.blockNumber)
        stage('publish', async () => {
          const s = await until('an entry of the batcher', async () => {
            const now = await dev.status()
            return now.batcher.entriesLanded > 0 && now.batcher.blocksLanded >= last() && now
          })
          assert.equal(s.emptyEntries, 0)
        })
        stage('derive', async () => {
          await until('the block safe', async () => (await dev.status()).safe.number >= last())
          assert.ok(Number((await dev.l2.getBlock({ blockTag: 'safe' })).number) >= last())
          verifier = await startVerifier(dev, ['--witness'])
          const blocks = await requireEqualChains(dev, verifier)
          say(`${blocks} blocks derived alike by a verifier`)
        })

        /** Proves entries after `from` with the guest; what it says is the chain of the node that was asked. */
        const proveRange = async (from, to) => {
          const proof = await prove(verifier, from, to)
          assert.equal(proof.guest.claimHash, proof.claimHash)
          assert.equal(proof.claim.claimHash, proof.claimHash)
          say(`blocks ${proof.preBlock} to ${proof.postBlock} proven: ${proof.witnessBytes} bytes of witness, native ${proof.nativeMs} ms, guest ${proof.guest.wallMs} ms`)
          return proof
        }
        let proof
        stage('prove', async () => {
          proof = await proveRange(0)
          assert.equal(proof.preBlock, 0)
          assert.ok(proof.postBlock >= last(), `block ${last()} is in the range`)
          assert.equal(proof.pre.blockNumber, 0)
          // And the last block alone, as a dispute would be about it.
          const alone = await prove(verifier, undefined, undefined, last())
          assert.deepEqual([alone.preBlock, alone.postBlock], [last() - 1, last()])
          assert.equal(alone.guest.claimHash, alone.claimHash)
          say(`block ${last()} alone: ${alone.witnessBytes} bytes of witness, ${alone.guest.steps} instructions, ${alone.guest.wallMs} ms`)
        })
        stage('settle', async () => {
          await until('the block final', async () => (await dev.status()).finalized.number >= last())
          assert.ok(Number((await dev.l2.getBlock({ blockTag: 'finalized' })).number) >= last())
          const claim = await until('a claim', async () => {
            const now = await dev.status()
            return now.proposed >= last() && now
          })
          const read = (name, contract, functionName, args = []) =>
            dev.l1.readContract({ address: contract, abi: artefact(name).abi, functionName, args })
          const factory = dev.outputs.contracts.disputeGameFactory
          const games = await until('the game of the claim', async () => {
            const count = await read('DisputeGameFactory', factory, 'gameCount')
            return count > 0n && count
          })
          const [, , game] = await read('DisputeGameFactory', factory, 'gameAtIndex', [games - 1n])
          const [root, block, entries, acc] = await Promise.all(
            ['rootClaim', 'l2BlockNumber', 'inboxCount', 'inboxAcc'].map((f) => read('OutputGame', game, f)))
          assert.ok(Number(block) >= last())
          await until('the verifier there', async () => (await verifier.status()).inboxCount >= Number(entries))
          // What the game on the parent claims is what the guest proves.
          const settled = await proveRange(0, Number(entries))
          assert.deepEqual(settled.pre, proof.pre)
          assert.deepEqual([settled.post.outputRoot, settled.inboxCount, settled.inboxAcc], [root, Number(entries), acc])
          assert.equal(settled.postBlock, Number(block))
          say(`the claim of block ${claim.proposed} is proven`)
          // The same by the method of op-node, and where the transaction has got to.
          const { result: output } = await rpcRaw(dev.outputs.chain.rpc, 'optimism_outputAtBlock', [`0x${block.toString(16)}`])
          assert.equal(output.outputRoot, root)
          assert.equal(output.syncStatus.unsafe_l2.number >= Number(block), true)
          const { result: way } = await rpcRaw(dev.outputs.chain.rpc, 'mezz_transactionStatus', [receipt.transactionHash])
          assert.ok(['claimed', 'settled'].includes(way.stage), JSON.stringify(way))
          const { result: [batch] } = await rpcRaw(dev.outputs.chain.rpc, 'mezz_batches', [way.batch.index, way.batch.index + 1])
          assert.ok(batch.firstBlock <= way.block && way.block <= batch.lastBlock)
          assert.equal(batch.parentTransaction, way.batch.parentTransaction)
          assert.equal((await dev.l1.getTransactionReceipt({ hash: way.batch.parentTransaction })).status, 'success')
          const { result: config } = await rpcRaw(dev.outputs.chain.rpc, 'optimism_rollupConfig')
          assert.equal(config.deposit_contract_address, dev.outputs.contracts.portal.toLowerCase())
          assert.equal(config.genesis.l2.hash, (await dev.l2.getBlock({ blockNumber: 0n })).hash)
        })

        stage('withdraw', async () => {
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
          const membership = await l2.buildProveWithdrawal({ output, withdrawal })
          // The portal wants a later second than the claim's own, and estimates run in the parent's latest block.
          const seen = await l1.getBlockNumber({ cacheTime: 0 })
          await until('a parent block', async () => (await l1.getBlockNumber({ cacheTime: 0 })) > seen, 20)
          const proved = await l1.waitForTransactionReceipt({ hash: await l1Wallet.proveWithdrawal(membership) })
          assert.equal(proved.status, 'success')
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
          // At the end: one chain, all of it proven, nothing lost.
          const blocks = await requireEqualChains(dev, verifier)
          const whole = await proveRange(0)
          assert.ok(whole.postBlock >= Number(begun.blockNumber))
          const s = await dev.status()
          assert.equal(s.emptyEntries, 0)
          assert.equal(s.error, '')
          say(`${blocks} blocks alike at the end, ${s.batcher.entriesLanded} entries, ${s.proposer.games} claims`)
        })
      })
})
