// SPDX-License-Identifier: Apache-2.0
// Hardhat 3 with its viem and ethers plugins, on both floors: a project as its users have one, run by its own command.
import assert from 'node:assert/strict'
import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { after, before, describe, test } from 'node:test'
import { folder, here, keepLogs, newerNode, runTool, say, startDev } from './lib.mjs'

const counter = `// SPDX-License-Identifier: MIT
pragma solidity ^0.8.20;
contract Counter {
    uint256 public value;
    error TooMuch(uint256 asked);
    event Added(address indexed by, uint256 amount);
    function add(uint256 n) external { if (n > 100) revert TooMuch(n); value += n; emit Added(msg.sender, n); }
}`
const viemScript = `import assert from 'node:assert/strict'
import { network } from 'hardhat'
const { viem } = await network.create()
// viem asks every 4 s by itself.
const client = await viem.getPublicClient({ pollingInterval: 200 })
const [wallet, other] = await viem.getWalletClients()
const counter = await viem.deployContract('Counter', [], { client: { public: client, wallet } })
const hash = await counter.write.add([41n])
const receipt = await client.waitForTransactionReceipt({ hash })
assert.equal(receipt.status, 'success')
assert.equal(await counter.read.value(), 41n)
const [added] = await counter.getEvents.Added({ by: wallet.account.address }, { fromBlock: receipt.blockNumber })
assert.equal(added.args.amount, 41n)
await assert.rejects(counter.write.add([101n]), /TooMuch/)
await assert.rejects(counter.simulate.add([101n]), /TooMuch/)
const paid = await wallet.sendTransaction({ to: other.account.address, value: 5n })
assert.equal((await client.waitForTransactionReceipt({ hash: paid })).gasUsed, 21000n)
console.log(JSON.stringify({ chainId: await client.getChainId(), value: String(await counter.read.value()), events: 1 }))
`
const ethersScript = `import assert from 'node:assert/strict'
import { network } from 'hardhat'
const { ethers } = await network.create()
const [signer, other] = await ethers.getSigners()
const counter = await ethers.deployContract('Counter')
await counter.waitForDeployment()
const receipt = await (await counter.add(7n)).wait()
assert.equal(receipt.status, 1)
assert.equal(await counter.value(), 7n)
const events = await counter.queryFilter(counter.filters.Added(signer.address), receipt.blockNumber)
assert.equal(events[0].args.amount, 7n)
await assert.rejects(counter.add(101n), /TooMuch|revert/)
const paid = await (await signer.sendTransaction({ to: other.address, value: 5n })).wait()
assert.equal(paid.gasUsed, 21000n)
const { chainId } = await ethers.provider.getNetwork()
console.log(JSON.stringify({ chainId: Number(chainId), value: String(await counter.value()), events: events.length }))
`

describe('hardhat 3', { concurrency: false }, () => {
  let dev, project
  before(async () => {
    dev = await startDev({ args: ['--block-time', '250', '--parent-block-time', '500', '--da', 'calldata'] })
    project = folder('hardhat')
    for (const name of ['contracts', 'scripts']) mkdirSync(join(project, name))
    symlinkSync(join(here, 'node_modules'), join(project, 'node_modules'))
    writeFileSync(join(project, 'package.json'), '{"type": "module", "private": true}')
    writeFileSync(join(project, 'contracts/Counter.sol'), counter)
    writeFileSync(join(project, 'scripts/viem.js'), viemScript)
    writeFileSync(join(project, 'scripts/ethers.js'), ethersScript)
    const accounts = dev.outputs.accounts.slice(0, 2).map((a) => a.privateKey)
    const networks = Object.fromEntries([['rollup', dev.outputs.chain], ['parent', dev.outputs.parent]].map(([name, { rpc, chainId }]) =>
      [name, { type: 'http', url: rpc, chainId, accounts }]))
    writeFileSync(join(project, 'hardhat.config.js'), `import viem from '@nomicfoundation/hardhat-viem'
import ethers from '@nomicfoundation/hardhat-ethers'
export default {
  plugins: [viem, ethers],
  solidity: { compilers: [{ version: '0.8.30', path: ${JSON.stringify(join(here, 'node_modules/solc/soljson.js'))}, settings: { evmVersion: 'cancun' } }] },
  networks: ${JSON.stringify(networks)},
}
`)
  })
  after(async () => { await dev?.stop() })
  const hardhat = (...args) => runTool('/usr/bin/env', ['-C', project, 'CI=1', newerNode, join(here, 'node_modules/hardhat/dist/src/cli.js'), ...args], 120)
  const step = (name, run) => test(name, async () => {
    const begun = Date.now()
    try {
      await run()
      say(`${name}: ${((Date.now() - begun) / 1000).toFixed(1)} s`)
    } catch (error) {
      keepLogs()
      throw error
    }
  })

  step('compiles', async () => { assert.match(await hardhat('compile'), /Compiled|Nothing/i) })
  for (const plugin of ['viem', 'ethers'])
    for (const floor of ['rollup', 'parent'])
      step(`${plugin} on the ${floor}: deploy, call, send, logs, a custom error`, async () => {
        const output = await hardhat('run', `scripts/${plugin}.js`, '--network', floor, '--no-compile')
        const chainId = floor === 'rollup' ? dev.outputs.chain.chainId : dev.outputs.parent.chainId
        assert.deepEqual(JSON.parse(output.trim().split('\n').at(-1)), { chainId, value: plugin === 'viem' ? '41' : '7', events: 1 })
      })
})
