// SPDX-License-Identifier: Apache-2.0
// What goes wrong outside: kill -9, parent reorganisations, a sequencer that censors, a batcher that posts garbage.
import assert from 'node:assert/strict'
import { bls12_381 } from '@noble/curves/bls12-381'
import { describe, test } from 'node:test'
import { bytesToHex, concatHex, encodeFunctionData, fromRlp, keccak256, numberToHex, parseEther, parseGwei, sha256, toHex, toRlp } from 'viem'
import { generatePrivateKey, privateKeyToAccount } from 'viem/accounts'
import { getL2TransactionHashes } from 'viem/op-stack'
import { artefact, folder, keepLogs, operator, prove, requireEqualChains, rpc, runMezz, say, sleep, startDev, startVerifier, until } from './lib.mjs'

const rounds = Number(process.env.MEZZ_KILLS ?? 5)
const quick = ['--block-time', '250', '--parent-block-time', '500', '--da', 'calldata']
const step = (name, run) => test(name, async () => {
  const begun = Date.now()
  const running = []
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

/** Transactions from a few accounts, one after the other each; keeps what their receipts said. */
class Load {
  sent = []
  seen = []
  #stop = false
  #jobs
  constructor(dev, senders = [0, 1, 2]) {
    this.#jobs = senders.map((i) => this.#run(dev, i))
  }
  async #run(dev, i) {
    while (!this.#stop) {
      try {
        const hash = await dev.wallet(i).sendTransaction({ to: dev.accounts[9].address, value: 1n })
        this.sent.push(hash)
        const end = Date.now() + 10_000
        for (;;) {
          const receipt = await rpc(dev.outputs.chain.rpc, 'eth_getTransactionReceipt', [hash])
          if (receipt) { this.seen.push({ hash, block: receipt.blockHash, number: Number(receipt.blockNumber) }); break }
          if (this.#stop || Date.now() > end) break
          await sleep(40)
        }
      } catch { await sleep(30) /* the process is gone, or its nonce moved with a reorg */ }
    }
  }
  async stop() { this.#stop = true; await Promise.all(this.#jobs) }
  kill() { return this.stop() }
}
const receiptOf = (dev, hash) => rpc(dev.outputs.chain.rpc, 'eth_getTransactionReceipt', [hash])
const goesOn = async (dev, blocks = 4) => {
  const from = (await dev.status()).safe.number
  return until('the safe head to go on', async () => (await dev.status()).safe.number >= from + blocks, 60)
}
const inbox = artefact('Inbox').abi
const read = (dev, functionName, args = []) =>
  dev.l1.readContract({ address: dev.outputs.contracts.inbox, abi: inbox, functionName, args })
const deposit = async (dev, from, to, value) => {
  const hash = await dev.wallet(from, 'l1').writeContract({ address: dev.outputs.contracts.portal, abi: artefact('Portal').abi,
    functionName: 'depositTransaction', args: [to, value, 100_000n, false, '0x'], value })
  const receipt = await dev.l1.waitForTransactionReceipt({ hash })
  assert.equal(receipt.status, 'success')
  return receipt
}

describe('faults', { concurrency: false }, () => {
  step(`kill -9, ${rounds} times`, async (keep) => {
    const state = folder()
    const known = []
    let dev = keep(await startDev({ state, args: quick }))
    for (let i = 0; i < rounds; ++i) {
      const load = keep(new Load(dev))
      const delay = 300 + Math.floor(Math.random() * 3000)
      await sleep(delay)
      await dev.kill()
      await load.stop()
      known.push(...load.seen)
      dev = keep(await startDev({ state, args: quick }))
      for (const { hash, block } of known) {
        const receipt = await receiptOf(dev, hash)
        assert.ok(receipt, `round ${i}: ${hash} of block ${block} is gone`)
        assert.equal(receipt.blockHash, block, `round ${i}: ${hash} moved`)
      }
      say(`round ${i + 1}: killed after ${delay} ms, ${known.length} receipts still there`)
    }
    const load = keep(new Load(dev))
    await goesOn(dev, 8)
    await load.stop()
    const last = (await dev.status()).unsafe.number
    await until('everything safe', async () => (await dev.status()).safe.number >= last, 60)
    for (const { hash, block } of known) assert.equal((await receiptOf(dev, hash)).blockHash, block)
    const verifier = keep(await startVerifier(dev))
    say(`verifier: ${await requireEqualChains(dev, verifier)} blocks alike, ${known.length} transactions`)
    assert.equal(await dev.stop(), 0)
  })

  describe('reorganisations', { concurrency: 2 }, () => {
    for (const [method, what] of [['mezz_reorg', 'transactions return to the pool'], ['anvil_reorg', 'transactions are dropped']])
      step(`parent reorganisations of depth 1 to 10: ${what}`, async (keep) => {
        const dev = keep(await startDev({ args: quick }))
        const verifier = keep(await startVerifier(dev))
        await goesOn(dev, 4)
        const load = keep(new Load(dev))
        for (let depth = 1; depth <= 10; ++depth) {
          await sleep(1500)
          // Finality of the parent is four blocks behind; deeper ones break the parent's own promise.
          const before = await dev.status()
          // Where a transaction is now counts: an earlier reorganisation may have moved it since it was first seen.
          const final = []
          for (const { hash } of depth <= 4 ? load.seen : []) {
            const receipt = await receiptOf(dev, hash)
            if (receipt && Number(receipt.blockNumber) <= before.finalized.number) final.push({ hash, block: receipt.blockHash })
          }
          await rpc(dev.outputs.parent.rpc, method, [depth])
          await goesOn(dev, 2)
          for (const { hash, block } of final)
            assert.equal((await receiptOf(dev, hash))?.blockHash, block, `depth ${depth}: final ${hash} lost`)
          const now = await dev.status()
          say(`${method} ${depth}: safe ${before.safe.number} → ${now.safe.number}, ${final.length} final transactions kept, ${now.reorgs} resets`)
        }
        await load.stop()
        let missing = load.sent
        await until('every transaction on the chain', async () => {
          const next = []
          for (const hash of missing) if (!await receiptOf(dev, hash)) next.push(hash)
          missing = next
          return missing.length === 0
        }, 30).catch((error) => { throw new Error(`${error.message}; ${missing.length} of ${load.sent.length} missing`) })
        const last = (await dev.status()).unsafe.number
        await until('everything safe', async () => (await dev.status()).safe.number >= last, 60)
        say(`verifier: ${await requireEqualChains(dev, verifier)} blocks alike, ${load.sent.length} transactions`)
        assert.equal(await dev.stop(), 0)
      })
  })

  step('a deposit that the sequencer ignores is forced in by a user', async (keep) => {
    const dev = keep(await startDev({ args: [...quick, '--fault', 'censor-deposits', '--force-delay', '3'] }))
    const verifier = keep(await startVerifier(dev, ['--witness']))
    const to = privateKeyToAccount(generatePrivateKey()).address
    const force = (...more) => runMezz(['force-include', '--parent', dev.outputs.parent.rpc, '--spec', dev.spec, '--json',
      '--key', dev.outputs.accounts[5].privateKey, ...more])
    assert.match((await force()).stdout, /"items":0/)
    const [expected] = getL2TransactionHashes(await deposit(dev, 4, to, parseEther('3')))
    const early = await force()
    assert.equal(early.code, 4)
    assert.match(early.stderr, /queue item 0 may be forced in \d seconds/)
    await sleep(2500)
    assert.equal(await dev.l2.getBalance({ address: to }), 0n)
    const done = await until('forceInclude', async () => {
      const { code, stdout } = await force()
      return code === 0 && JSON.parse(stdout)
    }, 20, 300)
    assert.equal(done.items, 1)
    assert.equal((await dev.l1.getTransactionReceipt({ hash: done.transactionHash })).status, 'success')
    await until('the deposit on the chain', async () => (await dev.l2.getBalance({ address: to })) === parseEther('3'), 20)
    assert.equal((await receiptOf(dev, expected)).status, '0x1', 'the deposit has the hash that clients expect')
    await until('the deposit on the verifier', async () =>
      BigInt(await rpc(verifier.url, 'eth_getBalance', [to, 'latest'])) === parseEther('3'), 20)
    await goesOn(dev)
    say(`verifier: ${await requireEqualChains(dev, verifier)} blocks alike`)
    assert.equal((await prove(verifier, 0)).guest.claimHash.length, 66)
    assert.equal(await dev.stop(), 0)
  })

  step('a deposit that the sequencer skips is taken by the batcher', async (keep) => {
    const dev = keep(await startDev({ args: [...quick, '--fault', 'skip-deposits', '--force-delay', '2'] }))
    const verifier = keep(await startVerifier(dev, ['--witness']))
    const load = keep(new Load(dev, [0]))
    const to = privateKeyToAccount(generatePrivateKey()).address
    await deposit(dev, 4, to, parseEther('3'))
    await until('the deposit on the chain', async () => (await dev.l2.getBalance({ address: to })) === parseEther('3'), 45)
    await goesOn(dev)
    await load.stop()
    const last = (await dev.status()).unsafe.number
    await until('everything safe', async () => (await dev.status()).safe.number >= last, 60)
    for (const hash of load.sent) assert.ok(await receiptOf(dev, hash), `${hash} lost`)
    say(`verifier: ${await requireEqualChains(dev, verifier)} blocks alike, ${load.sent.length} transactions kept`)
    assert.equal((await prove(verifier, 0)).guest.claimHash.length, 66)
    assert.equal(await dev.stop(), 0)
  })

  step('garbage from the batcher derives to nothing', async (keep) => {
    const dev = keep(await startDev({ args: quick }))
    const verifier = keep(await startVerifier(dev, ['--witness']))
    await goesOn(dev)
    const batcher = operator('batcher')
    const load = keep(new Load(dev, [0]))
    let empty = 0
    const expectEmpty = async (name, post) => {
      await until(name, async () => {
        const head = await dev.l1.getBlock()
        const origin = await dev.l1.getBlock({ blockNumber: head.number - 1n })
        const where = [await read(dev, 'count'), await read(dev, 'queueCursor'), origin.number, origin.hash]
        const hash = await post(where)
        return (await dev.l1.waitForTransactionReceipt({ hash, timeout: 5000 })).status === 'success'
      }, 45, 100)
      ++empty
      const s = await until(`${name}: an empty entry`, async () => {
        const now = await dev.status()
        return now.emptyEntries >= empty && now
      }, 20)
      assert.equal(s.emptyEntries, empty)
      say(`${name}: empty entry, "${s.lastBatchError}"`)
    }
    const calldata = (name, data) => expectEmpty(name, (where) => dev.wallet(batcher, 'l1').writeContract({
      address: dev.outputs.contracts.inbox, abi: inbox, functionName: 'appendCalldata', args: [...where, data], gas: 2_000_000n,
      maxFeePerGas: parseGwei('50'), maxPriorityFeePerGas: parseGwei('10') }))
    const noise = new Uint8Array(500).map((_, i) => (i * 167 + 13) & 255)
    await calldata('no bytes', '0x')
    await calldata('unknown format', toHex(noise.map((b, i) => i === 0 ? 0x77 : b)))
    await calldata('plain noise', concatHex(['0x00', toHex(noise)]))
    const frame = '0x28b52ffd0058'
    await calldata('truncated zstd', concatHex(['0x01', frame, '0x0300']))
    // 4,000 blocks of 128 KiB of the same byte: 512 MiB from 16 KB.
    const rle = (last) => '0x' + [0, 8, 16].map((s) => ((((131072 << 3) | 2 | last) >> s) & 255).toString(16).padStart(2, '0')).join('') + '00'
    await calldata('zstd bomb', concatHex(['0x01', frame, ...Array(4000).fill(rle(0)), rle(1)]))

    const garbage = await until('the verifier there', async () => (await verifier.status()).emptyEntries >= empty &&
      prove(verifier, 0), 60)
    say(`${garbage.inboxCount} entries proven, ${empty} of them garbage`)

    // A constant polynomial commits to c·G and opens to c everywhere with the point at infinity as proof, so that no
    // trusted set-up is needed here. Its blob decodes to bytes; they are not those of the declared hash.
    const element = concatHex(['0x00', '0x0001effc', toHex(new Uint8Array(27))])
    const blob = concatHex(Array(4096).fill(element))
    const commitment = bytesToHex(bls12_381.G1.ProjectivePoint.BASE.multiply(BigInt(element)).toRawBytes(true))
    const infinity = concatHex(['0xc0', toHex(new Uint8Array(47))])
    const versioned = concatHex(['0x01', `0x${sha256(commitment).slice(4)}`])
    await expectEmpty('blob of other bytes than declared', async (where) => {
      const data = encodeFunctionData({ abi: inbox, functionName: 'appendBlobs',
        args: [...where, keccak256('0x1234'), concatHex([element, commitment, infinity])] })
      const nonce = await dev.l1.getTransactionCount({ address: batcher.address, blockTag: 'pending' })
      const signed = await batcher.signTransaction({ type: 'eip4844', chainId: dev.parentChain.id, nonce, gas: 1_000_000n,
        maxFeePerGas: parseGwei('50'), maxPriorityFeePerGas: parseGwei('10'), maxFeePerBlobGas: parseGwei('50'),
        to: dev.outputs.contracts.inbox, data, blobVersionedHashes: [versioned] })
      const fields = fromRlp(`0x${signed.slice(4)}`, 'hex')
      const raw = concatHex(['0x03', toRlp([fields, '0x01', [blob], [commitment], Array(128).fill(infinity)])])
      return rpc(dev.outputs.parent.rpc, 'eth_sendRawTransaction', [raw])
    })

    await goesOn(dev)
    await load.stop()
    const last = (await dev.status()).unsafe.number
    await until('everything safe', async () => (await dev.status()).safe.number >= last, 60)
    for (const { hash } of load.seen) assert.ok(await receiptOf(dev, hash), `${hash} lost`)
    say(`verifier: ${await requireEqualChains(dev, verifier)} blocks alike; ${(await verifier.status()).emptyEntries} empty entries there`)
    assert.equal((await verifier.status()).emptyEntries, empty)
    // All of it is proven to derive to nothing, the blob whose declared bytes nobody has too.
    const proof = await prove(verifier, 0)
    assert.equal(proof.guest.claimHash, proof.claimHash)
    assert.ok(proof.inboxCount >= empty)
    assert.equal(await dev.stop(), 0)
  })
})
