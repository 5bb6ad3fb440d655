// SPDX-License-Identifier: Apache-2.0
// The clients people use, unmodified: ethers, web3, cast, forge, viem; with OpenZeppelin and Uniswap contracts.
import assert from 'node:assert/strict'
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { after, before, describe, test } from 'node:test'
import * as ethers from 'ethers'
import { createPublicClient, http, parseEther, webSocket } from 'viem'
import { Web3 } from 'web3'
import { compile } from './compile.mjs'
import { folder, foundry, keepLogs, prove, require, rpc, runTool, say, startAnvil, startDev, until } from './lib.mjs'

const tokenSource = `// SPDX-License-Identifier: MIT
pragma solidity ^0.8.20;
import {ERC20} from "@openzeppelin/contracts/token/ERC20/ERC20.sol";
import {Ownable} from "@openzeppelin/contracts/access/Ownable.sol";
contract Token is ERC20, Ownable {
    constructor(string memory name, string memory symbol) ERC20(name, symbol) Ownable(msg.sender) {}
    function mint(address to, uint256 value) external onlyOwner { _mint(to, value); }
}`
const uniswap = (kind, name) => {
  const built = require(`@uniswap/v2-${kind}/build/${name}.json`)
  const code = built.bytecode ?? built.evm.bytecode.object
  return { abi: built.abi, bytecode: code.startsWith('0x') ? code : `0x${code}` }
}

describe('clients', { concurrency: false }, () => {
  let dev, provider, signer, contracts
  const found = {}
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
  before(async () => {
    dev = await startDev({ args: ['--block-time', '250', '--da', 'calldata'] })
    provider = new ethers.JsonRpcProvider(dev.outputs.chain.rpc, undefined, { pollingInterval: 100, cacheTimeout: -1 })
    signer = new ethers.NonceManager(new ethers.Wallet(dev.outputs.accounts[0].privateKey, provider))
    contracts = compile({ 'Token.sol': { content: tokenSource } })
  })
  after(async () => {
    provider?.destroy()
    await dev?.stop()
  })
  const deploy = async (c, ...args) => {
    const contract = await new ethers.ContractFactory(c.abi, c.bytecode, signer).deploy(...args)
    await contract.waitForDeployment()
    return contract
  }
  const mined = async (sent) => {
    const receipt = await (await sent).wait()
    assert.equal(receipt.status, 1)
    return receipt
  }

  step('calls and estimates for the next block, on both floors', async () => {
    const spot = '0x00000000000000000000000000000000000000ab'
    // Answers NUMBER and TIMESTAMP.
    const code = { [spot]: { code: '0x436000524260205260406000f3' } }
    const seen = async (url, tag) => {
      const words = await rpc(url, 'eth_call', [{ to: spot }, tag, code])
      return { number: Number(words.slice(0, 66)), timestamp: Number(`0x${words.slice(66)}`) }
    }
    for (const url of [dev.outputs.chain.rpc, dev.outputs.parent.rpc]) {
      // Asked again where a block was made in between.
      await until('a look at one head', async () => {
        const head = await rpc(url, 'eth_getBlockByNumber', ['latest', false])
        const [latest, pending] = [await seen(url, 'latest'), await seen(url, 'pending')]
        if (await rpc(url, 'eth_blockNumber') !== head.number) return false
        assert.equal(latest.number, Number(head.number))
        assert.equal(latest.timestamp, Number(head.timestamp))
        assert.equal(pending.number, latest.number + 1)
        assert.ok(pending.timestamp >= latest.timestamp && pending.timestamp >= Math.floor(Date.now() / 1000) - 1)
        // Reverts unless NUMBER is the one after the head: an estimate is for a transaction yet to come.
        const next = (Number(head.number) + 1).toString(16).padStart(8, '0')
        const strict = { [spot]: { code: `0x63${next}4314600e57600080fd5b00` } }
        const estimate = await rpc(url, 'eth_estimateGas', [{ to: spot }, 'latest', strict])
        return await rpc(url, 'eth_blockNumber') === head.number && Number(estimate) > 21_000
      }, 30, 20)
    }
  })

  step('ethers: deploy OpenZeppelin ERC-20 tokens', async () => {
    found.a = await deploy(contracts.Token, 'Apple', 'APL')
    found.b = await deploy(contracts.Token, 'Berry', 'BRY')
    assert.equal(await found.a.symbol(), 'APL')
    const receipt = await mined(found.a.mint(await signer.getAddress(), parseEther('1000')))
    assert.equal(receipt.logs.length, 1)
    await mined(found.b.mint(await signer.getAddress(), parseEther('4000')))
    assert.equal(await found.b.totalSupply(), parseEther('4000'))
  })

  step('ethers: a revert names its custom error', async () => {
    const stranger = new ethers.Wallet(dev.outputs.accounts[1].privateKey, provider)
    await assert.rejects(found.a.connect(stranger).mint(stranger.address, 1n), (error) => {
      assert.equal(error.code, 'CALL_EXCEPTION')
      const parsed = found.a.interface.parseError(error.data)
      assert.equal(parsed.name, 'OwnableUnauthorizedAccount')
      assert.equal(parsed.args[0], stranger.address)
      return true
    })
  })

  step('ethers: Uniswap V2 factory, router, pair; add liquidity; swap', async () => {
    const me = await signer.getAddress()
    const weth = await deploy(uniswap('periphery', 'WETH9'))
    const factory = await deploy(uniswap('core', 'UniswapV2Factory'), me)
    const router = await deploy(uniswap('periphery', 'UniswapV2Router02'), await factory.getAddress(), await weth.getAddress())
    const [a, b, r] = await Promise.all([found.a, found.b, router].map((c) => c.getAddress()))
    await mined(found.a.approve(r, ethers.MaxUint256))
    await mined(found.b.approve(r, ethers.MaxUint256))
    // Estimates run in the latest block's second; in a later one a pair also stores its cumulative prices.
    const gas = { gasLimit: 500_000 }
    const deadline = Math.floor(Date.now() / 1000) + 3600
    await mined(router.addLiquidity(a, b, parseEther('100'), parseEther('400'), 0, 0, me, deadline, { gasLimit: 4_000_000 }))
    const pairAddress = await factory.getPair(a, b)
    const pair = new ethers.Contract(pairAddress, uniswap('core', 'UniswapV2Pair').abi, signer)
    assert.equal(await pair.totalSupply(), parseEther('200'))
    const [, quoted] = await router.getAmountsOut(parseEther('1'), [a, b])
    const before = await found.b.balanceOf(me)
    const receipt = await mined(router.swapExactTokensForTokens(parseEther('1'), quoted, [a, b], me, deadline, gas))
    assert.equal(await found.b.balanceOf(me) - before, quoted)
    const names = receipt.logs.map((log) => (log.address === pairAddress ? pair : found.a).interface.parseLog(log)?.name)
    assert.deepEqual(names, ['Transfer', 'Transfer', 'Sync', 'Swap'])
    await mined(router.addLiquidityETH(a, parseEther('10'), 0, 0, me, deadline, { value: parseEther('1'), gasLimit: 4_000_000 }))
    const path = [await weth.getAddress(), a]
    const got = (await router.getAmountsOut(parseEther('0.1'), path))[1]
    const had = await found.a.balanceOf(me)
    await mined(router.swapExactETHForTokens(got, path, me, deadline, { value: parseEther('0.1'), ...gas }))
    assert.equal(await found.a.balanceOf(me) - had, got)
    Object.assign(found, { pair, pairAddress, me, swap: receipt })
  })

  step('ethers: logs, events and receipts', async () => {
    const events = await found.pair.queryFilter(found.pair.filters.Swap(), 0)
    assert.equal(events.length, 1)
    assert.equal(events[0].transactionHash, found.swap.hash)
    const block = await provider.getBlock(found.swap.blockNumber, true)
    assert.equal(block.hash, found.swap.blockHash)
    assert.ok(block.transactions.includes(found.swap.hash))
    const receipts = await provider.send('eth_getBlockReceipts', [ethers.toQuantity(found.swap.blockNumber)])
    assert.ok(receipts.some((r) => r.transactionHash === found.swap.hash))
    const byHash = await provider.getLogs({ blockHash: found.swap.blockHash, address: found.pairAddress })
    assert.deepEqual(byHash.map((l) => found.pair.interface.parseLog(l).name), ['Sync', 'Swap'])
  })

  step('filters: blocks, logs and pending transactions', async () => {
    const url = dev.outputs.chain.rpc
    const [a, me] = [await found.a.getAddress(), found.me]
    const blocks = await rpc(url, 'eth_newBlockFilter')
    const logs = await rpc(url, 'eth_newFilter', [{ address: a, topics: [ethers.id('Transfer(address,address,uint256)')] }])
    const receipt = await mined(found.a.transfer(dev.accounts[5].address, 7n))
    const changes = await until('the log', async () => {
      const list = await rpc(url, 'eth_getFilterChanges', [logs])
      return list.length > 0 && list
    }, 10)
    assert.equal(changes.length, 1)
    assert.equal(changes[0].transactionHash, receipt.hash)
    assert.equal(BigInt(changes[0].topics[1]), BigInt(me))
    const hashes = await rpc(url, 'eth_getFilterChanges', [blocks])
    assert.ok(hashes.includes(receipt.blockHash))
    assert.equal((await rpc(url, 'eth_getFilterLogs', [logs])).length >= 1, true)
    assert.equal(await rpc(url, 'eth_uninstallFilter', [logs]), true)
    assert.equal(await rpc(url, 'eth_uninstallFilter', [logs]), false)
  })

  step('WebSocket: newHeads and logs with viem and ethers', async () => {
    const client = createPublicClient({ chain: dev.chain, transport: webSocket(dev.outputs.chain.ws) })
    const heads = []
    const stop = client.watchBlocks({ onBlock: (b) => heads.push(b) })
    const socket = new ethers.WebSocketProvider(dev.outputs.chain.ws)
    const transfers = []
    const token = new ethers.Contract(await found.a.getAddress(), contracts.Token.abi, socket)
    await token.on('Transfer', (from, to, value) => transfers.push(value))
    const numbers = []
    await socket.on('block', (n) => numbers.push(n))
    await until('the subscriptions', () => heads.length > 0 && numbers.length > 0, 15)
    await mined(found.a.transfer(dev.accounts[6].address, 11n))
    await until('heads and log', () => heads.length >= 4 && numbers.length >= 4 && transfers.includes(11n), 20)
    stop()
    for (let i = 1; i < numbers.length; ++i) assert.equal(numbers[i], numbers[i - 1] + 1)
    assert.equal(heads.at(-1).parentHash !== undefined, true)
    await socket.destroy()
    const inner = await client.transport.getRpcClient()
    inner.close()
  })

  step('viem: debug_traceTransaction of an ERC-20, as anvil tells it', async () => {
    const anvil = await startAnvil()
    try {
      // The same key with the same nonces on both chains: the same addresses.
      const key = dev.outputs.accounts[9].privateKey
      const traces = async (url) => {
        const own = new ethers.JsonRpcProvider(url, undefined, { pollingInterval: 100, cacheTimeout: -1 })
        const wallet = new ethers.Wallet(key, own)
        assert.equal(await wallet.getNonce(), 0)
        const sent = []
        const { abi, bytecode } = contracts.Token
        const factory = new ethers.ContractFactory(abi, bytecode, wallet)
        const token = await factory.deploy('Date', 'DAT', { gasLimit: 3_000_000 })
        sent.push(token.deploymentTransaction())
        await token.waitForDeployment()
        for (const call of [['mint', wallet.address, 1000n], ['transfer', dev.accounts[5].address, 7n], ['transfer', dev.accounts[5].address, 7000n]]) {
          sent.push(await token[call[0]](...call.slice(1), { gasLimit: 200_000 }))
          await sent.at(-1).wait().catch(() => {}) // the last one reverts
        }
        own.destroy()
        const client = createPublicClient({ transport: http(url) })
        return Promise.all(sent.map(({ hash }) => client.request({ method: 'debug_traceTransaction',
          params: [hash, { tracer: 'callTracer', tracerConfig: { withLog: true } }] })))
      }
      // What both print: geth's tracer also numbers the logs, and the gas of its first frame is the transaction's, where
      // anvil's is what the intrinsic gas left.
      const plain = ({ type, from, to, value, gasUsed, input, output, error, logs }) => ({ type, from, to, value, gasUsed, input, output, error,
        logs: (logs ?? []).map(({ address, topics, data }) => ({ address, topics, data })) })
      const [ours, theirs] = [await traces(dev.outputs.chain.rpc), await traces(anvil.url)]
      assert.deepEqual(ours.map(plain), theirs.map(plain))
      assert.equal(ours[0].type, 'CREATE')
      assert.equal(ours[2].logs.length, 1)
      assert.equal(ours[3].error, 'execution reverted')
    } finally {
      await anvil.stop()
    }
  })

  step('debug: the calls of a swap, and blocks of traces', async () => {
    const url = dev.outputs.chain.rpc
    const options = { tracer: 'callTracer', tracerConfig: { withLog: true } }
    const top = await rpc(url, 'debug_traceTransaction', [found.swap.hash, options])
    const logs = []
    const walk = (frame) => {
      for (const log of frame.logs ?? []) logs.push(log)
      for (const call of frame.calls ?? []) walk(call)
    }
    walk(top)
    logs.sort((a, b) => Number(a.index) - Number(b.index))
    assert.deepEqual(logs.map((l) => l.data), found.swap.logs.map((l) => l.data))
    assert.equal(BigInt(top.gasUsed), found.swap.gasUsed)
    const block = await rpc(url, 'debug_traceBlockByNumber', [ethers.toQuantity(found.swap.blockNumber), options])
    assert.deepEqual(block.find((t) => t.txHash === found.swap.hash).result, top)
    const flat = await rpc(url, 'debug_traceTransaction', [found.swap.hash, { tracer: 'flatCallTracer' }])
    const count = (frame) => (frame.calls ?? []).reduce((n, call) => n + count(call), 1)
    assert.equal(flat.length, count(top))
    const selectors = await rpc(url, 'debug_traceTransaction', [found.swap.hash, { tracer: '4byteTracer' }])
    assert.equal(selectors['0x022c0d9f-160'], 1) // swap(uint256,uint256,address,bytes) of the pair
    const changed = await rpc(url, 'debug_traceTransaction', [found.swap.hash, { tracer: 'prestateTracer', tracerConfig: { diffMode: true } }])
    assert.ok(changed.post[found.pairAddress.toLowerCase()].storage)
    const steps = await rpc(url, 'debug_traceTransaction', [found.swap.hash, { disableStack: true, disableStorage: true }])
    assert.equal(BigInt(steps.gas), found.swap.gasUsed)
    const call = { from: found.me, to: await found.a.getAddress(), data: found.a.interface.encodeFunctionData('symbol') }
    const traced = await rpc(url, 'debug_traceCall', [call, 'latest', { tracer: 'callTracer' }])
    assert.equal(traced.output, await rpc(url, 'eth_call', [call, 'latest']))
  })

  step('web3: send, contract call, past events', async () => {
    const web3 = new Web3(dev.outputs.chain.rpc)
    const account = web3.eth.accounts.privateKeyToAccount(dev.outputs.accounts[2].privateKey)
    web3.eth.accounts.wallet.add(account)
    web3.eth.transactionPollingInterval = 200
    const receipt = await web3.eth.sendTransaction({ from: account.address, to: dev.accounts[3].address, value: '12345', gas: '21000' })
    assert.equal(receipt.status, 1n)
    const contract = new web3.eth.Contract(contracts.Token.abi)
    const token = await contract.deploy({ data: contracts.Token.bytecode, arguments: ['Cherry', 'CHR'] })
      .send({ from: account.address })
    assert.equal(await token.methods.symbol().call(), 'CHR')
    const minted = await token.methods.mint(account.address, '500').send({ from: account.address })
    assert.equal(minted.events.Transfer.returnValues.value, 500n)
    const past = await token.getPastEvents('Transfer', { fromBlock: 0 })
    assert.equal(past.length, 1)
    assert.equal(await web3.eth.getChainId(), BigInt(dev.chain.id))
  })

  step('cast: chain-id, call, send, receipt, block, estimate', async () => {
    const [cast, url] = [foundry('cast'), ['--rpc-url', dev.outputs.chain.rpc]]
    assert.equal((await runTool(cast, ['chain-id', ...url])).trim(), String(dev.chain.id))
    const a = await found.a.getAddress()
    assert.equal((await runTool(cast, ['call', a, 'symbol()(string)', ...url])).trim(), '"APL"')
    const key = ['--private-key', dev.outputs.accounts[4].privateKey]
    const sent = JSON.parse(await runTool(cast, ['send', ...url, ...key, dev.accounts[5].address, '--value', '1gwei', '--json']))
    assert.equal(sent.status, '0x1')
    const receipt = JSON.parse(await runTool(cast, ['receipt', sent.transactionHash, '--json', ...url]))
    assert.equal(receipt.blockHash, sent.blockHash)
    const block = JSON.parse(await runTool(cast, ['block', 'finalized', '--json', ...url]))
    assert.match(block.hash, /^0x/)
    const gas = await runTool(cast, ['estimate', a, 'transfer(address,uint256)', dev.accounts[7].address, '0', '--from', found.me, ...url])
    assert.ok(Number(gas) > 21000)
    // `cast run` is left out: version 1.7.1 reads no block with a deposit (type 0x7e) of a chain id it does not know.
  })

  step('forge script: deploy and call', async () => {
    const project = folder('forge')
    mkdirSync(join(project, 'src'))
    mkdirSync(join(project, 'script'))
    // The face of a native compiler over the npm build.
    writeFileSync(join(project, 'solc'), `#!/usr/bin/env node
const solc = require(${JSON.stringify(require.resolve('solc'))})
if (process.argv.includes('--version')) console.log('solc\\nVersion: ' + solc.version())
else process.stdout.write(solc.compile(require('fs').readFileSync(0, 'utf8')))
`, { mode: 0o755 })
    writeFileSync(join(project, 'foundry.toml'), `[profile.default]
src = "src"
libs = []
solc = "${join(project, 'solc')}"
offline = true
evm_version = "cancun"
`)
    writeFileSync(join(project, 'src/Counter.sol'), `// SPDX-License-Identifier: MIT
pragma solidity ^0.8.20;
contract Counter { uint256 public value; function add(uint256 n) external { value += n; } }`)
    writeFileSync(join(project, 'script/Deploy.s.sol'), `// SPDX-License-Identifier: MIT
pragma solidity ^0.8.20;
import {Counter} from "../src/Counter.sol";
interface Vm { function startBroadcast() external; function stopBroadcast() external; }
contract Deploy {
    bool public constant IS_SCRIPT = true;
    Vm constant vm = Vm(address(uint160(uint256(keccak256("hevm cheat code")))));
    function run() external { vm.startBroadcast(); Counter c = new Counter(); c.add(41); c.add(1); vm.stopBroadcast(); }
}`)
    await runTool(foundry('forge'), ['script', join(project, 'script/Deploy.s.sol') + ':Deploy', '--root', project, '--rpc-url', dev.outputs.chain.rpc,
      '--private-key', dev.outputs.accounts[8].privateKey, '--broadcast', '--slow'], 90)
    const run = JSON.parse(readFileSync(join(project, `broadcast/Deploy.s.sol/${dev.chain.id}/run-latest.json`), 'utf8'))
    const address = run.transactions[0].contractAddress
    const value = await dev.l2.readContract({ address, functionName: 'value',
      abi: [{ type: 'function', name: 'value', inputs: [], outputs: [{ type: 'uint256' }], stateMutability: 'view' }] })
    assert.equal(value, 42n)
  })

  step('the guest proves all of it', async () => {
    const last = (await dev.status()).unsafe.number
    await until('everything safe', async () => (await dev.status()).safe.number >= last, 60)
    const proof = await prove({ url: dev.outputs.chain.rpc }, 0)
    assert.ok(proof.postBlock >= last)
    assert.equal(proof.guest.claimHash, proof.claimHash)
    say(`${proof.postBlock} blocks: ${proof.witnessBytes} bytes of witness, native ${proof.nativeMs} ms, guest ${proof.guest.wallMs} ms`)
  })

  step('the chain stayed well', async () => {
    const s = await dev.status()
    assert.equal(s.error, '')
    assert.equal(s.emptyEntries, 0)
  })
})
