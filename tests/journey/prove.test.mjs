// SPDX-License-Identifier: Apache-2.0
// Wrong input to `mezz prove` and `mezz verify`: each ends with what is wrong and what to do.
import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { readFileSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { folder, guestElf, keepLogs, mezz, prove, rpcRaw, runMezz, startDev, startVerifier, until } from './lib.mjs'

describe('prove: wrong input', { concurrency: false }, () => {
  let dev, verifier, node
  const out = folder('out')
  const file = join(out, 'witness.bin')
  before(async () => {
    dev = await startDev({ args: ['--block-time', '250', '--parent-block-time', '500', '--da', 'calldata'] })
    await dev.wallet(0).sendTransaction({ to: dev.accounts[1].address, value: 1n })
    verifier = await startVerifier(dev, ['--witness'])
    node = ['--rpc', verifier.url]
    await until('an entry', async () => (await verifier.status()).inboxCount >= 1)
    const made = await runMezz(['prove', ...node, '--to', '1', '--out', file])
    assert.equal(made.code, 0, made.stderr)
  })
  after(async () => { for (const p of [verifier, dev]) await p?.stop() })

  const refuses = (name, args, code, expected) => test(name, async () => {
    try {
      const given = typeof args === 'function' ? args() : args
      const got = await runMezz(given)
      assert.equal(got.code, code, got.stderr)
      assert.match(got.stderr, expected)
      assert.equal(got.stdout, '')
    } catch (error) {
      keepLogs()
      throw error
    }
  })
  const to = ['--out', join(out, 'other.bin')]
  refuses('a range that is not derived yet', () => ['prove', ...node, ...to, '--to', '999999'], 4,
    /entries 0 to 999999: only \d+ entries are derived so far; wait, or end the range at \d+/)
  refuses('a range that ends before it begins', () => ['prove', ...node, ...to, '--from', '1', '--to', '0'], 1,
    /entries 1 to 0: the range ends before it begins; give a --from of at most 0/)
  refuses('a negative entry', () => ['prove', ...node, ...to, '--from=-1'], 2, /--from/)
  refuses('a node that makes no witnesses', () => ['prove', '--rpc', dev.outputs.parent.rpc, ...to], 1, /--witness/)
  refuses('no node', ['prove', '--rpc', 'http://127.0.0.1:1', ...to], 4, /--rpc http:\/\/127.0.0.1:1: .*refused/)
  refuses('no URL', ['prove', '--rpc', 'nonsense', ...to], 1, /--rpc/)
  refuses('a file that cannot be written', () => ['prove', ...node, '--out', join(out, 'none', 'x')], 1, /--out .*cannot be written/)
  refuses('a missing guest', () => ['prove', ...node, ...to, '--guest', join(out, 'none')], 1, /no such file; build it with/)
  refuses('a guest that is none', () => ['prove', ...node, ...to, '--guest', mezz], 1, /is no image of a program: not an executable with fixed addresses/)
  refuses('a guest of other sources', () => ['prove', ...node, ...to, '--guest', join(dirname(guestElf), 'state_test.elf')], 1, /is program 0x\w+, this mezz belongs to program 0x/)
  refuses('block 0', () => ['prove', ...node, ...to, '--block', '0'], 1, /--block 0: the first block follows from nothing/)
  refuses('a block that is not derived yet', () => ['prove', ...node, ...to, '--block', '9999999'], 4, /block 9999998 is not derived from the inbox yet/)
  refuses('a block and a range', () => ['prove', ...node, ...to, '--block', '1', '--to', '1'], 2, /--to excludes --block/)
  refuses('a missing witness file', ['verify', join(out, 'none')], 1, /cannot be read/)
  const damaged = (name, change) => {
    const path = join(out, name)
    return () => {
      writeFileSync(path, change(readFileSync(file)))
      return ['verify', path, '--guest', guestElf]
    }
  }
  refuses('a torn witness', damaged('torn', (bytes) => bytes.subarray(0, 1000)), 1, /torn: not a witness file, torn/)
  refuses('an empty witness', damaged('empty', () => Buffer.alloc(0)), 1, /not a witness file, torn/)
  refuses('a changed witness', damaged('changed', (bytes) => { bytes[bytes.length - 7] ^= 1; return bytes }), 1,
    /lacks something the transition reads, or holds it changed/)
  // u32 size | config hash | hash of the pre claim | inbox count | inbox accumulator | block count | post claim: root, …
  refuses('a false output root', damaged('root', (bytes) => { bytes[4 + 32 * 5] ^= 1; return bytes }), 1,
    /the blocks end in another claim: the statement is false/)
  refuses('a false accumulator', damaged('acc', (bytes) => { bytes[4 + 32 * 3] ^= 1; return bytes }), 1, /not what belongs there/)

  test('mezz_witness refuses what is no count', async () => {
    for (const params of [['x'], [-1], [{}], [0, 'latest'], [0, 1.5]]) {
      const { error } = await rpcRaw(verifier.url, 'mezz_witness', params)
      assert.equal(error.code, -32602, JSON.stringify(params))
      assert.match(error.message, /params\[\d\] \((from|to)\): expected a number/)
    }
    const { result } = await rpcRaw(verifier.url, 'mezz_witness', ['0x0', '0x1'])
    assert.ok(result.witness.length > 1000)
  })
  test('the file proves again by itself', async () => {
    const again = await runMezz(['verify', file, '--guest', guestElf, '--json'])
    assert.equal(again.code, 0, again.stderr)
    assert.equal(JSON.parse(again.stdout).claimHash, (await prove(verifier, 0, 1)).claimHash)
  })
  test('a block proves alone', async () => {
    const alone = join(out, 'block.bin')
    const made = await runMezz(['prove', ...node, '--block', '2', '--out', alone, '--guest', guestElf, '--json'])
    assert.equal(made.code, 0, made.stderr)
    const proof = JSON.parse(made.stdout)
    assert.deepEqual([proof.preBlock, proof.postBlock], [1, 2])
    assert.equal(proof.guest.claimHash, proof.claimHash)
    const { result } = await rpcRaw(verifier.url, 'mezz_claim', [2])
    assert.deepEqual(proof.post, result)
  })
  test('an empty range is the claim itself', async () => {
    const { pre, post } = await prove(verifier, 1, 1)
    assert.deepEqual(pre, post)
  })
})
