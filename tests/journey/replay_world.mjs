// SPDX-License-Identifier: Apache-2.0
// What the replay asks about: the same contract, accounts and history on every chain that is compared.
import { encodeDeployData, encodeFunctionData, getContractAddress, keccak256, parseEther, parseGwei, toHex } from 'viem'
import { privateKeyToAccount } from 'viem/accounts'
import { compile } from './compile.mjs'
import { rpc, until } from './lib.mjs'

const source = `// SPDX-License-Identifier: MIT
pragma solidity ^0.8.20;
contract Probe {
    uint256 public value = 7;
    mapping(address => uint256) public seen;
    error Refused(uint256 code, address who);
    event Set(address indexed who, uint256 indexed value, bytes data);
    function set(uint256 v, bytes calldata data) external payable { value = v; seen[msg.sender] += 1; emit Set(msg.sender, v, data); }
    function fail(uint256 kind) external view {
        if (kind == 0) revert Refused(kind, msg.sender);
        if (kind == 1) revert("no");
        if (kind == 2) assert(value == type(uint256).max);
        assembly { invalid() }
    }
    function spin(uint256 n) external view returns (uint256 x) { for (uint256 i = 0; i < n; ++i) x += gasleft() % 2; }
    function echo(bytes calldata data) external pure returns (bytes memory) { return data; }
}`

export const chainId = 31337
/** A generator of numbers in [0, 1): mulberry32. The same seed gives the same replay. */
export function random(seed) {
  let state = seed >>> 0
  const next = () => {
    state = (state + 0x6d2b79f5) >>> 0
    let t = Math.imul(state ^ (state >>> 15), state | 1)
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61)
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32
  }
  const below = (n) => Math.floor(next() * n)
  return { below, pick: (list) => list[below(list.length)],
    bytes: (n) => `0x${Array.from({ length: n }, () => below(256).toString(16).padStart(2, '0')).join('')}` }
}

const nothing = '0x0000000000000000000000000000000000000000'
/** The world of a replay: accounts with their nonces, the probe, the hashes of what was mined. */
export class World {
  constructor(accounts) {
    const probe = compile({ 'Probe.sol': { content: source } }).Probe
    const deployer = accounts[0]
    Object.assign(this, { accounts, abi: probe.abi, nonces: new Map(accounts.map((a) => [a.address, 0])), mined: [], receivers: [accounts[8].address],
      edited: [`0x${'0'.repeat(36)}ff99`], nothing,
      deployData: encodeDeployData(probe), probe: getContractAddress({ from: deployer.address, nonce: 0n }).toLowerCase() })
  }
  call(functionName, ...args) { return encodeFunctionData({ abi: this.abi, functionName, args }) }
  /** A signed transaction, right in all but `changes`. Uses up the nonce where `take`. */
  async sign(account, changes = {}, take = true) {
    const nonce = this.nonces.get(account.address) ?? 0
    // Each tip of a block is 2 gwei below the one before, and the base fees are at most 1: whether a chain orders by what
    // it is paid or by the cap, as anvil does, the order is this.
    const tip = parseGwei(String(40 - 2 * this.pendingHashes.length))
    const txn = { type: 'eip1559', chainId, nonce, gas: 200_000n, to: this.probe, value: 0n,
      maxFeePerGas: tip + parseGwei('1'), maxPriorityFeePerGas: tip, ...changes }
    if (txn.type === 'legacy' || txn.type === 'eip2930') {
      txn.gasPrice ??= tip + parseGwei('1')
      delete txn.maxFeePerGas
      delete txn.maxPriorityFeePerGas
    }
    const raw = await account.signTransaction(txn)
    if (take) {
      this.nonces.set(account.address, nonce + 1)
      this.pendingHashes.push(keccak256(raw))
    }
    return raw
  }
  pendingHashes = []
  spares = []
  delegations = new Set()
  /** A funded account that is used once. */
  spare() { return this.spares.pop() }
  /** Gives the next transactions `count` accounts of their own. */
  async fund(targets, r, count) {
    for (let i = 0; i < count; ++i) {
      const account = privateKeyToAccount(r.bytes(32))
      this.spares.push(account)
      const raw = await this.sign(this.accounts[0], { to: account.address, value: parseEther('4'), gas: 21_000n })
      for (const target of targets) await rpc(target.url, 'eth_sendRawTransaction', [raw])
    }
    await mine(targets, this)
    this.spares = this.spares.slice(-count)
  }
}

const counts = (target, tag) => (account) => rpc(target.url, 'eth_getTransactionCount', [account.address, tag])
/** Makes blocks on every chain until nothing of the world waits there. */
export async function mine(targets, world) {
  for (const target of targets) {
    await until(`${target.name} mines`, async () => {
      await rpc(target.url, 'evm_mine')
      const [pending, latest] = await Promise.all(['pending', 'latest'].map((tag) => Promise.all(world.accounts.map(counts(target, tag)))))
      return pending.every((count, i) => count === latest[i])
    }, 20, 5)
    target.head = Number(await rpc(target.url, 'eth_blockNumber'))
    await refer(target)
  }
  world.mined.push(...world.pendingHashes.splice(0))
}

/** What the placeholders of a request stand for on a chain: its own numbers and hashes of blocks. */
async function refer(target) {
  const latest = await rpc(target.url, 'eth_getBlockByNumber', ['latest', false])
  const ahead = (n) => toHex(target.head + n)
  Object.assign(target, { names: { ...target.names, '@latest': latest.number, '@latestHash': latest.hash, '@next': ahead(1),
    '@future': ahead(1000) } })
}

/** The same first transactions on every chain: the probe, its first event, an account nobody has heard of. */
export async function begin(targets, world) {
  const [first, second] = world.accounts
  const raws = [await world.sign(first, { to: undefined, data: world.deployData, gas: 2_000_000n }),
    await world.sign(first, { data: world.call('set', 1n, '0x') }),
    await world.sign(second, { type: 'legacy', to: world.accounts[2].address, value: parseEther('1'), gas: 21_000n })]
  const hashes = [...world.pendingHashes]
  for (const target of targets) for (const raw of raws) await rpc(target.url, 'eth_sendRawTransaction', [raw])
  await mine(targets, world)
  for (const target of targets) {
    const { blockNumber, blockHash } = await rpc(target.url, 'eth_getTransactionReceipt', [hashes[1]])
    Object.assign(target.names, { '@setup': blockNumber, '@setupHash': blockHash })
  }
}
