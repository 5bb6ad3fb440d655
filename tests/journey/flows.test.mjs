// SPDX-License-Identifier: Apache-2.0
// What wallets and indexers do besides sending, by viem, ethers and web3 unmodified: subscriptions over WebSocket, logs by
// topics, EIP-7702 delegation and what it changes, typed data signed outside and checked on the chain. Bridging by
// viem/op-stack is in journey.test.mjs.
import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import * as ethers from 'ethers'
import { createPublicClient, createWalletClient, encodeFunctionData, http, parseEther, parseSignature, webSocket } from 'viem'
import { generatePrivateKey, privateKeyToAccount } from 'viem/accounts'
import { Web3 } from 'web3'
import { getEncodedEip712Data } from 'web3-eth-abi'
import { signRaw } from 'web3-eth-accounts'
import { compile } from './compile.mjs'
import { keepLogs, say, send, startDev, until } from './lib.mjs'

const source = `// SPDX-License-Identifier: MIT
pragma solidity ^0.8.20;
import {ERC20, ERC20Permit} from "@openzeppelin/contracts/token/ERC20/extensions/ERC20Permit.sol";
contract Coin is ERC20Permit {
    constructor() ERC20("Coin", "COIN") ERC20Permit("Coin") {}
}
contract Marker {
    event Marked(address indexed by, uint256 indexed number, string text);
    mapping(uint256 => uint256) public marks;
    function mark(uint256 number, string calldata text) external { marks[number] += 1; emit Marked(address(this), number, text); }
}`
const markedTopic = ethers.id('Marked(address,uint256,string)')
const topicOf = (n) => `0x${n.toString(16).padStart(64, '0')}`
const permitType = { Permit: [['owner', 'address'], ['spender', 'address'], ['value', 'uint256'], ['nonce', 'uint256'], ['deadline', 'uint256']]
  .map(([name, type]) => ({ name, type })) }
const domainType = [['name', 'string'], ['version', 'string'], ['chainId', 'uint256'], ['verifyingContract', 'address']].map(([name, type]) => ({ name, type }))

/** viem: everything by its actions. */
function viemClient(dev, key) {
  const account = privateKeyToAccount(key)
  const options = { chain: dev.chain, pollingInterval: 100 }
  const client = createPublicClient({ ...options, transport: http() })
  const wallet = createWalletClient({ ...options, account, transport: http() })
  const receipt = async (hash) => (await client.waitForTransactionReceipt({ hash })).status
  return {
    deploy: async ({ abi, bytecode }) => (await client.waitForTransactionReceipt({ hash: await wallet.deployContract({ abi, bytecode }) })).contractAddress,
    write: async (abi, address, functionName, args) => { const hash = await wallet.writeContract({ abi, address, functionName, args }); assert.equal(await receipt(hash), 'success'); return hash },
    read: (abi, address, functionName, args) => client.readContract({ abi, address, functionName, args }),
    logs: async (address, topics) => (await client.request({ method: 'eth_getLogs', params: [{ address, topics, fromBlock: 'earliest', toBlock: 'latest' }] })).length,
    events: async (abi, address, number) => (await client.getContractEvents({ abi, address, eventName: 'Marked', args: { number }, fromBlock: 0n })).map((l) => l.args.text),
    subscribe: async (address, abi) => {
      const live = createPublicClient({ chain: dev.chain, transport: webSocket(dev.outputs.chain.ws) })
      const seen = { heads: [], texts: [], pending: [] }
      const stops = [live.watchBlocks({ onBlock: (b) => seen.heads.push(Number(b.number)) }),
        live.watchContractEvent({ address, abi, eventName: 'Marked', onLogs: (logs) => seen.texts.push(...logs.map((l) => l.args.text)) }),
        live.watchPendingTransactions({ onTransactions: (hashes) => seen.pending.push(...hashes) })]
      return { seen, close: async () => { for (const stop of stops) stop(); (await live.transport.getRpcClient()).close() } }
    },
    permit: async (domain, message) => {
      const { r, s, v } = parseSignature(await account.signTypedData({ domain, types: permitType, primaryType: 'Permit', message }))
      return [Number(v), r, s]
    },
    delegate: async (to, data) => {
      const authorization = await wallet.signAuthorization({ contractAddress: to, executor: 'self' })
      const hash = await wallet.sendTransaction({ to: account.address, data, authorizationList: [authorization] })
      assert.equal(await receipt(hash), 'success')
      return hash
    },
    code: async () => (await client.getCode({ address: account.address })) ?? '0x',
    close: () => {},
  }
}

function ethersClient(dev, key) {
  const provider = new ethers.JsonRpcProvider(dev.outputs.chain.rpc, undefined, { pollingInterval: 100, cacheTimeout: -1 })
  const wallet = new ethers.Wallet(key, provider)
  const mined = async (sent) => { const receipt = await (await sent).wait(); assert.equal(receipt.status, 1); return receipt.hash }
  return {
    deploy: async ({ abi, bytecode }) => (await (await new ethers.ContractFactory(abi, bytecode, wallet).deploy()).waitForDeployment()).getAddress(),
    write: (abi, address, name, args) => mined(new ethers.Contract(address, abi, wallet)[name](...args)),
    read: (abi, address, name, args) => new ethers.Contract(address, abi, provider)[name](...args),
    logs: async (address, topics) => (await provider.getLogs({ address, topics, fromBlock: 0 })).length,
    events: async (abi, address, number) => {
      const contract = new ethers.Contract(address, abi, provider)
      return (await contract.queryFilter(contract.filters.Marked(null, number), 0)).map((l) => l.args.text)
    },
    subscribe: async (address, abi) => {
      const live = new ethers.WebSocketProvider(dev.outputs.chain.ws)
      const seen = { heads: [], texts: [], pending: [] }
      await live.on('block', (n) => seen.heads.push(n))
      await live.on('pending', (hash) => seen.pending.push(hash))
      await new ethers.Contract(address, abi, live).on('Marked', (by, number, text) => seen.texts.push(text))
      return { seen, close: () => live.destroy() }
    },
    permit: async (domain, message) => {
      const { v, r, s } = ethers.Signature.from(await wallet.signTypedData(domain, permitType, message))
      return [v, r, s]
    },
    delegate: async (to, data) => {
      const nonce = await wallet.getNonce()
      // The sender's own nonce has gone up by the time that the authorisation is looked at.
      const authorization = await wallet.authorize({ address: to, nonce: nonce + 1 })
      return mined(wallet.sendTransaction({ type: 4, to: wallet.address, data, authorizationList: [authorization], nonce, gasLimit: 300_000 }))
    },
    code: () => provider.getCode(wallet.address),
    close: () => provider.destroy(),
  }
}

function web3Client(dev, key) {
  const web3 = new Web3(dev.outputs.chain.rpc)
  const account = web3.eth.accounts.wallet.add(key)[0]
  web3.eth.transactionPollingInterval = 100
  return {
    deploy: async ({ abi, bytecode }) => (await new web3.eth.Contract(abi).deploy({ data: bytecode }).send({ from: account.address })).options.address,
    write: async (abi, address, name, args) => (await new web3.eth.Contract(abi, address).methods[name](...args).send({ from: account.address })).transactionHash,
    read: (abi, address, name, args) => new web3.eth.Contract(abi, address).methods[name](...args).call(),
    logs: async (address, topics) => (await web3.eth.getPastLogs({ address, topics, fromBlock: '0x0' })).length,
    events: async (abi, address, number) => (await new web3.eth.Contract(abi, address)
      .getPastEvents('Marked', { filter: { number }, fromBlock: 0 })).map((l) => l.returnValues.text),
    subscribe: async (address) => {
      const live = new Web3(dev.outputs.chain.ws)
      const seen = { heads: [], texts: [], pending: [] }
      const [heads, logs, pending] = [await live.eth.subscribe('newBlockHeaders'), await live.eth.subscribe('logs', { address, topics: [markedTopic] }),
        await live.eth.subscribe('newPendingTransactions')]
      heads.on('data', (head) => seen.heads.push(Number(head.number)))
      logs.on('data', (log) => seen.texts.push(live.eth.abi.decodeParameter('string', log.data)))
      pending.on('data', (hash) => seen.pending.push(hash))
      return { seen, close: async () => { await live.eth.clearSubscriptions(); live.currentProvider.disconnect() } }
    },
    permit: (domain, message) => {
      // It hashes what it signs.
      const bytes = getEncodedEip712Data({ types: { EIP712Domain: domainType, ...permitType }, primaryType: 'Permit', domain, message })
      const { v, r, s } = signRaw(bytes, key)
      return [Number(v), r, s]
    },
    // web3 4 knows no transactions of type 4; it carries those that others signed.
    delegate: async (to, data) => {
      const signer = privateKeyToAccount(key)
      const nonce = Number(await web3.eth.getTransactionCount(signer.address))
      const authorization = await signer.signAuthorization({ address: to, chainId: dev.chain.id, nonce: nonce + 1 })
      const raw = await signer.signTransaction({ type: 'eip7702', chainId: dev.chain.id, nonce, to: signer.address, data, gas: 300_000n,
        maxFeePerGas: await web3.eth.getGasPrice() * 2n + 10n ** 9n, maxPriorityFeePerGas: 10n ** 6n, authorizationList: [authorization] })
      const hash = await web3.requestManager.send({ method: 'eth_sendRawTransaction', params: [raw] })
      const receipt = await until('the receipt', () => web3.eth.getTransactionReceipt(hash), 15, 50)
      assert.equal(receipt.status, 1n)
      return hash
    },
    code: () => web3.eth.getCode(account.address),
    close: () => {},
  }
}

const makers = { viem: viemClient, ethers: ethersClient, web3: web3Client }
describe('flows', { concurrency: false }, () => {
  let dev, contracts
  before(async () => {
    dev = await startDev({ args: ['--block-time', '250', '--da', 'calldata'] })
    contracts = compile({ 'Flows.sol': { content: source } })
  })
  after(async () => { await dev?.stop() })

  for (const [name, make] of Object.entries(makers)) describe(name, { concurrency: false }, () => {
    let client, key, address, marker
    const markerOf = () => contracts.Marker.abi
    const step = (what, run) => test(`${name}: ${what}`, async () => {
      const begun = Date.now()
      try {
        await run()
        say(`${name}: ${what}: ${((Date.now() - begun) / 1000).toFixed(1)} s`)
      } catch (error) {
        keepLogs()
        throw error
      }
    })
    before(async () => {
      key = generatePrivateKey()
      address = privateKeyToAccount(key).address
      await send(dev, 0, address, parseEther('1'))
      client = make(dev, key)
      marker = await client.deploy(contracts.Marker)
    })
    after(() => client?.close())

    step('logs by indexed values, by alternatives, by none', async () => {
      for (const [number, text] of [[1n, 'one'], [2n, 'two'], [1n, 'uno']]) await client.write(markerOf(), marker, 'mark', [number, text])
      assert.deepEqual(await client.events(markerOf(), marker, 1n), ['one', 'uno'])
      assert.deepEqual(await client.events(markerOf(), marker, 2n), ['two'])
      assert.deepEqual(await client.events(markerOf(), marker, 3n), [])
      assert.equal(await client.logs(marker, [markedTopic]), 3)
      assert.equal(await client.logs(marker, [markedTopic, null, [topicOf(2n), topicOf(3n)]]), 1)
      assert.equal(await client.logs(marker, [[markedTopic, topicOf(9n)], null, topicOf(1n)]), 2)
      assert.equal(await client.logs(marker, [topicOf(1n)]), 0)
      assert.equal(await client.read(markerOf(), marker, 'marks', [1n]), 2n)
    })

    step('subscriptions: heads, logs, pending transactions', async () => {
      const { seen, close } = await client.subscribe(marker, markerOf())
      try {
        await until('heads', () => seen.heads.length > 0, 15)
        const hash = await client.write(markerOf(), marker, 'mark', [7n, `live ${name}`])
        await until('head, log and pending transaction', () => seen.heads.length >= 4 && seen.texts.length > 0 && seen.pending.includes(hash), 15)
        assert.deepEqual(seen.texts, [`live ${name}`])
        for (let i = 1; i < seen.heads.length; ++i) assert.equal(seen.heads[i], seen.heads[i - 1] + 1)
      } finally {
        await close()
      }
    })

    step('typed data: a permit signed outside moves an allowance, a wrong one is refused', async () => {
      const { abi } = contracts.Coin
      const coin = await client.deploy(contracts.Coin)
      const spender = dev.accounts[3].address
      const domain = { name: 'Coin', version: '1', chainId: dev.chain.id, verifyingContract: coin }
      const deadline = BigInt(Math.floor(Date.now() / 1000) + 3600)
      const message = { owner: address, spender, value: 123n, nonce: 0n, deadline }
      const [v, r, s] = await client.permit(domain, message)
      await assert.rejects(client.read(abi, coin, 'permit', [address, spender, 124n, deadline, v, r, s]))
      await client.write(abi, coin, 'permit', [address, spender, 123n, deadline, v, r, s])
      assert.equal(await client.read(abi, coin, 'allowance', [address, spender]), 123n)
      await assert.rejects(client.read(abi, coin, 'permit', [address, spender, 123n, deadline, v, r, s]), 'a permit holds once')
    })

    step('EIP-7702: an account runs code of its choice, and takes it back', async () => {
      assert.equal(await client.code(), '0x')
      const data = encodeFunctionData({ abi: markerOf(), functionName: 'mark', args: [5n, 'delegated'] })
      const hash = await client.delegate(marker, data)
      assert.equal(await client.code(), `0xef0100${marker.slice(2).toLowerCase()}`)
      const receipt = await dev.l2.getTransactionReceipt({ hash })
      assert.equal(receipt.type, 'eip7702')
      assert.equal(receipt.logs[0].address, address.toLowerCase(), 'the log is the account\'s own')
      // The code writes the account's storage, not the marker's.
      assert.equal(await client.read(markerOf(), address, 'marks', [5n]), 1n)
      assert.equal(await client.read(markerOf(), marker, 'marks', [5n]), 0n)
      await client.delegate('0x0000000000000000000000000000000000000000', '0x')
      assert.equal(await client.code(), '0x')
      await assert.rejects(async () => client.read(markerOf(), address, 'marks', [5n]), 'no code, no answer')
    })
  })
})
