// SPDX-License-Identifier: Apache-2.0
// Three floors: `mezz dev`, and the same command on top of its rollup. Value goes up by two deposits and comes back by two
// withdrawals; what the contracts of the third floor need of the second is there.
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { pad, parseEther, toHex } from 'viem'
import { generatePrivateKey, privateKeyToAccount } from 'viem/accounts'
import { getL2TransactionHashes, getWithdrawals, publicActionsL1, publicActionsL2, walletActionsL1, walletActionsL2 } from 'viem/op-stack'
import { folder, keepLogs, requireEqualChains, rpc, rpcRaw, runMezz, say, startDev, startVerifier, until } from './lib.mjs'

let second, third, verifier, broken = false
const stage = (name, run) => test(name, { timeout: 240_000 }, async (t) => {
  if (broken) return t.skip('a stage before failed')
  const begun = Date.now()
  try {
    await run()
    say(`${name}: ${((Date.now() - begun) / 1000).toFixed(1)} s`)
  } catch (error) {
    broken = true
    keepLogs()
    throw error
  }
})
before(async () => { second = await startDev({ args: ['--block-time', '500', '--parent-block-time', '1000'] }) })
after(async () => { for (const p of [verifier, third, second]) await p?.stop() })

const account = privateKeyToAccount(generatePrivateKey())

/** Takes `value` of `account` one floor up. returns: the receipt above. */
async function deposit(dev, value) {
  const request = await dev.l2.extend(publicActionsL2()).buildDepositTransaction({ mint: value, to: account.address, account })
  const hash = await dev.wallet(account, 'l1').extend(walletActionsL1()).depositTransaction({ ...request, account })
  const below = await dev.l1.waitForTransactionReceipt({ hash, timeout: 60_000 })
  assert.equal(below.status, 'success')
  const [above] = getL2TransactionHashes(below)
  return dev.l2.waitForTransactionReceipt({ hash: above, timeout: 60_000 })
}

/** Takes `value` of `account` one floor down; a rich account pays for proof and finalisation. */
async function withdraw(dev, value) {
  const l1 = dev.l1.extend(publicActionsL1())
  const l2 = dev.l2.extend(publicActionsL2())
  const payer = dev.wallet(3, 'l1').extend(walletActionsL1())
  const target = { chain: undefined, targetChain: dev.chain }
  const request = await l1.buildInitiateWithdrawal({ to: account.address, value, account })
  const hash = await dev.wallet(account).extend(walletActionsL2()).initiateWithdrawal({ ...request, account })
  const begun = await l2.waitForTransactionReceipt({ hash, timeout: 60_000 })
  assert.equal(begun.status, 'success')
  const [withdrawal] = getWithdrawals(begun)
  const { output } = await l1.waitToProve({ receipt: begun, targetChain: dev.chain })
  const membership = await l2.buildProveWithdrawal({ output, withdrawal })
  // The portal wants a later second than the claim's own.
  const { timestamp } = await l1.getBlock()
  await until('a later second', async () => (await l1.getBlock()).timestamp > timestamp + 1n)
  const proved = await l1.waitForTransactionReceipt({ hash: await payer.proveWithdrawal(membership) })
  assert.equal(proved.status, 'success')
  await until('ready to finalize', async () => (await l1.getWithdrawalStatus({ receipt: begun, ...target })) === 'ready-to-finalize', 90)
  const done = await l1.waitForTransactionReceipt({ hash: await payer.finalizeWithdrawal({ targetChain: dev.chain, withdrawal }) })
  assert.equal(done.status, 'success')
  return begun
}

stage('the second floor has what the contracts of a third need', async () => {
  const url = second.outputs.chain.rpc
  // Point evaluation (EIP-4844), of the zero polynomial: commitment and proof are the point at infinity.
  const infinity = `c0${'00'.repeat(47)}`
  const versioned = '010657f37554c781402a22917dee2f75def7ab966d7b770905398eba3c444014'
  const input = `0x${versioned}${'00'.repeat(64)}${infinity}${infinity}`
  const answer = await rpc(url, 'eth_call', [{ to: pad('0x0a', { size: 20 }), data: input }, 'latest'])
  assert.equal(BigInt(answer.slice(0, 66)), 4096n)
  // Block hashes (EIP-2935) and beacon roots (EIP-4788).
  const { number } = await until('some blocks', async () => { const b = await second.l2.getBlock(); return b.number > 3n && b })
  const served = await rpc(url, 'eth_call', [{ to: '0x0000f90827f1c53a10cb7a02335b175320002935', data: pad(toHex(number - 2n)) }, 'latest'])
  assert.equal(served, (await second.l2.getBlock({ blockNumber: number - 2n })).hash)
  assert.notEqual(await rpc(url, 'eth_getCode', ['0x000f3df6d732807ef1319fb7b8bb8522d0beac02', 'latest']), '0x')
  // Tags that move.
  await until('safe and final blocks', async () =>
    (await second.l2.getBlock({ blockTag: 'safe' })).number > 0n && (await second.l2.getBlock({ blockTag: 'finalized' })).number > 0n)
  const { error } = await rpcRaw(url, 'eth_sendRawTransaction', ['0x03c0'])
  assert.ok(error)
})

stage('blobs, and the chain id of the parent, are refused before anything is deployed', async () => {
  const before = await second.l2.getTransactionCount({ address: second.accounts[9].address })
  const args = ['dev', '--state', folder(), '--parent', second.outputs.chain.rpc, '--port', '0', '--metrics-port', '0', '--no-console']
  for (const [flags, code, pattern] of [
    [['--da', 'blobs'], 2, /da\.kind = blobs and parent\.url = .*chain 42069 is a rollup, which takes no blobs; the nearest that works is da\.kind = calldata/],
    [['--set', 'da.kind=cheaper'], 2, /da\.kind = cheaper and parent\.url/],
    [['--chain-id', '42069'], 2, /chain\.id = 42069 and parent\.url = .*the nearest that works is chain\.id = 42070/],
  ]) {
    const run = await runMezz([...args, ...flags])
    assert.equal(run.code, code, run.stderr)
    assert.match(run.stderr, pattern)
    say(run.stderr.trim().split('\n').at(-1))
  }
  assert.equal(await second.l2.getTransactionCount({ address: second.accounts[9].address }), before)
})

stage('the same command makes a third floor', async () => {
  third = await startDev({ parent: { url: second.outputs.chain.rpc }, args: ['--block-time', '500'] })
  assert.equal(third.outputs.parent.chainId, 42069)
  assert.equal(third.outputs.chain.chainId, 42070, 'nobody named one, so it is not that of the parent')
  assert.match(third.stderr(), /rollup, which takes no blobs: batches go as calldata/)
  assert.equal(third.line.data, 'calldata')
})

stage('two deposits: first floor to second to third', async () => {
  const first = await second.wallet(0, 'l1').sendTransaction({ to: account.address, value: parseEther('5') })
  await second.l1.waitForTransactionReceipt({ hash: first })
  assert.equal((await deposit(second, parseEther('4'))).status, 'success')
  assert.equal(await second.l2.getBalance({ address: account.address }), parseEther('4'))
  assert.equal((await deposit(third, parseEther('3'))).status, 'success')
  assert.equal(await third.l2.getBalance({ address: account.address }), parseEther('3'))
})

stage('batches of the third floor are calldata on the second, and a verifier derives the same', async () => {
  await until('safe blocks', async () => (await third.status()).safe.number > 4)
  verifier = await startVerifier(third)
  say(`${await requireEqualChains(third, verifier)} blocks alike`)
  assert.equal((await third.status()).emptyEntries, 0)
})

stage('two withdrawals: third floor to second to first', async () => {
  const belowBefore = await second.l2.getBalance({ address: account.address })
  await withdraw(third, parseEther('2'))
  assert.equal(await second.l2.getBalance({ address: account.address }), belowBefore + parseEther('2'))
  const above = await third.l2.getBalance({ address: account.address })
  assert.ok(above < parseEther('1') && above > parseEther('0.99'), `${above} wei are left on the third floor`)
  const groundBefore = await second.l1.getBalance({ address: account.address })
  await withdraw(second, parseEther('2'))
  assert.equal(await second.l1.getBalance({ address: account.address }), groundBefore + parseEther('2'))
  // The portals hold what is above them of it, and nobody else bridged.
  for (const [dev, held] of [[third, '1'], [second, '2']])
    assert.equal(await dev.l1.getBalance({ address: dev.outputs.contracts.portal }), parseEther(held))
  assert.equal((await third.status()).error, '')
})

stage('what takes blocks back on the first floor is followed by the third', async () => {
  await rpc(second.outputs.parent.rpc, 'anvil_reorg', [3])
  const hash = await third.wallet(1).sendTransaction({ to: account.address, value: 1n })
  const { blockNumber } = await third.l2.waitForTransactionReceipt({ hash, timeout: 60_000 })
  await until('the block is safe', async () => (await third.status()).safe.number >= Number(blockNumber), 90)
  await requireEqualChains(third, verifier, 90)
})
