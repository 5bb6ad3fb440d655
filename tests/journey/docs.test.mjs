// SPDX-License-Identifier: Apache-2.0
// Runs the commands of the documentation, page by page, as a reader would type them: in order, in one folder, against
// the programs the page itself starts. Ports are moved, so that a running `mezz dev` is left alone.
import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { copyFileSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync, symlinkSync } from 'node:fs'
import { dirname, join, relative } from 'node:path'
import { describe, test } from 'node:test'
import { folder, foundry, freePort, here, keepLogs, mezz, root, rpc, say, until } from './lib.mjs'

/**
 * Commands that CI runs by itself, since it builds, tests and packages with them (packaging/test.sh), those that
 * change the system: they need root, systemd or a container engine, and those that fetch what the tests have already.
 */
const runElsewhere = /^(npm install|make (run|test|package)|cmake --preset|ninja -C|tools\/|cd tests|apt|sudo|systemctl|journalctl|podman|tar|mezz-\d)\b/
/** Commands that run until they are stopped. */
const runsOn = /^(?:[A-Z_]+=\S+ )*(?:mezz (?:dev|node)|anvil)\b/
const background = (command) => runsOn.test(command) && !command.includes('--help')
/** Puts flags behind the words that `name` stands for. */
const withFlags = (command, name, flags) => command.replace(new RegExp(`^((?:[A-Z_]+=\\S+ )*${name})\\b`), `$1 ${flags}`)

/** Of a floor more. */
const onTop = (command) => /^mezz dev l3\b/.test(command)

/** For races: does not keep the process alive. */
const limit = (ms, value) => new Promise((done) => setTimeout(done, ms, value).unref())

/** Indented blocks after an empty line, with the line they start at. */
function commandsOf(path) {
  const lines = readFileSync(path, 'utf8').split('\n')
  const blocks = []
  for (let i = 0; i < lines.length; ++i) {
    if (!/^ {4,}\S/.test(lines[i]) || lines[i - 1]?.trim() !== '') continue
    const indent = lines[i].match(/^ */)[0].length
    const block = { line: i + 1, text: [] }
    while (i < lines.length && (lines[i].startsWith(' '.repeat(indent)) || lines[i].trim() === '' && lines[i + 1]?.startsWith(' '.repeat(indent))))
      block.text.push(lines[i++].slice(indent))
    blocks.push({ line: block.line, text: block.text.join('\n') })
  }
  // A block of single commands is run line by line, one with a loop or a continuation as a whole.
  return blocks.flatMap(({ line, text }) => /\\\n|^(for|while|until|if) |<</m.test(text)
    ? [{ line, command: text }]
    : text.split('\n').map((command, n) => ({ line: line + n, command })).filter(({ command }) => command.trim()))
}

/** Pages whose commands need a chain that another page starts. */
const needsChain = (commands) => !/^(mezz dev|anvil)\b/.test(commands[0].command)

class Reader {
  #running = []
  constructor(ports) {
    this.home = folder('docs')
    this.ports = ports
    const bin = join(this.home, 'bin')
    mkdirSync(bin)
    symlinkSync(mezz, join(bin, 'mezz'))
    for (const tool of ['cast', 'forge', 'anvil']) if (existsSync(foundry(tool))) symlinkSync(foundry(tool), join(bin, tool))
    for (const name of ['build', 'contracts']) symlinkSync(join(root, name), join(this.home, name))
    symlinkSync(join(here, 'node_modules'), join(this.home, 'node_modules'))
    this.env = { ...process.env, HOME: this.home, PATH: `${bin}:${process.env.PATH}`, ETH_RPC_URL: `http://127.0.0.1:${ports[8545]}` }
  }
  #moved(command) {
    for (const [from, to] of Object.entries(this.ports)) command = command.replaceAll(`:${from}`, `:${to}`)
    const parent = /--parent\b/.test(command) ? '' : `--parent-port ${this.ports[8545]} `
    if (onTop(command)) return withFlags(command, 'mezz dev', `--port ${this.ports[10545]} --metrics-port 0 --console-port 0 --parent http://127.0.0.1:${this.ports[9545]}`)
    command = withFlags(command, 'mezz dev', `${parent}--port ${this.ports[9545]} --metrics-port ${this.ports[9100]}`)
    if (command.includes('--port')) return command
    return withFlags(withFlags(command, 'mezz node', `--port ${this.ports[9645]}`), 'anvil', `--port ${this.ports[8545]}`)
  }
  #spawn(command) {
    const child = spawn('bash', ['-euo', 'pipefail', '-c', command], { cwd: this.home, env: this.env, stdio: ['ignore', 'pipe', 'pipe'], detached: true })
    const job = { child, out: '', code: undefined }
    for (const stream of [child.stdout, child.stderr]) stream.on('data', (text) => { job.out += text })
    job.gone = new Promise((done) => child.on('exit', (code, signal) => { job.code = code ?? signal; done(job.code) }))
    this.#running.push(job)
    return job
  }
  /** The address of the first claim, once there is one. */
  async #game() {
    return until('a claim', async () => {
      const job = this.#spawn(`cast call $FACTORY 'gameAtIndex(uint256)(uint32,uint64,address)' 0 | tail -1`)
      await job.gone
      return job.code === 0 && job.out.trim()
    }, 60)
  }
  /** NAME=value and NAME=$(...) are for the commands that follow. */
  async #assign(command, name) {
    const job = this.#spawn(`${command}\nprintf %s "$${name}"`)
    assert.equal(await Promise.race([job.gone, limit(60_000, 'still running after 60 s')]), 0, `${command}: ${job.out}`)
    this.env[name] = job.out
  }
  async run(command) {
    const assigned = command.match(/^([A-Z_]+)=(?:\$\(.*\)|\S+)$/)
    if (assigned) return this.#assign(this.#moved(command), assigned[1])
    // A page that shows several chains means one at a time. The same command again goes on where it was stopped.
    if (/^mezz dev\b/.test(command) && this.outputs && !onTop(command)) {
      await this.stop()
      if (command !== this.dev) rmSync(join(this.home, '.mezz'), { recursive: true })
    }
    if (/^mezz dev\b/.test(command)) this.dev = command
    if (/\bmezz node\b/.test(command)) await this.stop((job) => job.node)
    if (command.includes('$GAME')) this.env.GAME = await this.#game()
    const moved = this.#moved(command)
    const job = this.#spawn(background(command) ? moved.replace(/\b(?=mezz |anvil )/, 'exec ') : moved)
    if (background(command)) {
      job.node = /\bmezz node\b/.test(command)
      const port = onTop(command) ? this.ports[10545] : /^anvil\b/.test(command) ? this.ports[8545] : /^mezz dev\b/.test(command) ? this.ports[9545]
        : Number(command.match(/--port (\d+)/)?.[1] ?? this.ports[9645])
      await until(`${command}: an answer`, () => job.code !== undefined || rpc(`http://127.0.0.1:${port}`, 'eth_chainId'), 60)
      if (job.code !== undefined) throw new Error(`${command}: ended with ${job.code}\n${job.out}`)
      if (/^anvil\b/.test(command) || onTop(command)) return
      if (/^mezz dev\b/.test(command)) {
        // Over a parent of its own each floor has another folder.
        const state = join(this.home, '.mezz', existsSync(join(this.home, '.mezz/dev')) ? 'dev' : readdirSync(join(this.home, '.mezz'))[0])
        // The chain answers a moment before that.
        await until('outputs.json', () => existsSync(join(state, 'outputs.json')), 30)
        if (existsSync(join(state, 'rollup.json'))) copyFileSync(join(state, 'rollup.json'), join(this.home, 'rollup.json'))
        this.outputs = JSON.parse(readFileSync(join(state, 'outputs.json'), 'utf8'))
        Object.assign(this.env, { PORTAL: this.outputs.contracts.portal, INBOX: this.outputs.contracts.inbox,
          FACTORY: this.outputs.contracts.disputeGameFactory,
          KEY: this.outputs.accounts[0].privateKey })
        // An idle chain publishes seldom; readers of these pages have users.
        const user = this.outputs.accounts[9].privateKey
        this.#spawn(`while sleep 0.2; do cast send --rpc-url http://127.0.0.1:${port} --private-key ${user} --value 1 0x00000000000000000000000000000000000000bb > /dev/null 2>&1 || true; done`)
      } else {
        // The pages speak of what a node has derived; give it the time a reader takes.
        // A new chain without users publishes seldom.
        const enough = /--role sequencer\b/.test(command) ? 1 : 4
        await until('the node to derive', async () => (await rpc(`http://127.0.0.1:${port}`, 'mezz_status')).inboxCount >= enough, 60)
      }
      return
    }
    const code = await Promise.race([job.gone, limit(120_000, 'still running after 120 s')])
    assert.equal(code, 0, `${command}: ${code}\n${job.out}`)
  }
  async stop(which = () => true) {
    const stopped = this.#running.filter(which)
    this.#running = this.#running.filter((job) => !stopped.includes(job))
    for (const { child, gone, code } of stopped.reverse()) {
      if (code !== undefined) continue
      try { process.kill(-child.pid, 'SIGTERM') } catch { /* gone */ }
      await Promise.race([gone, limit(10_000)])
      try { process.kill(-child.pid, 'SIGKILL') } catch { /* gone */ }
    }
  }
}

function pages(path) {
  return readdirSync(path, { withFileTypes: true }).flatMap((entry) => entry.isDirectory() ? pages(join(path, entry.name))
    : entry.name.endsWith('.md') ? [join(path, entry.name)] : [])
}

describe('documentation', { concurrency: false }, () => {
  for (const page of [join(root, 'README.md'), ...pages(join(root, 'docs'))]) {
    const commands = commandsOf(page).filter(({ command }) => !runElsewhere.test(command))
    if (!commands.some(({ command }) => /^(mezz|cast|forge|curl|for|anvil|qemu)/.test(command))) continue
    test(relative(root, page), async () => {
      const ports = {}
      for (const port of [8545, 9545, 9645, 10545, 9100]) ports[port] = await freePort()
      const reader = new Reader(ports)
      try {
        if (needsChain(commands)) await reader.run('mezz dev')
        for (const { line, command } of commands) {
          await reader.run(command).catch((error) => { throw new Error(`${relative(root, page)}:${line}: ${error.message}`) })
          say(`${relative(root, page)}:${line}: ${command.split('\n')[0].slice(0, 90)}`)
        }
      } catch (error) {
        keepLogs()
        throw error
      } finally {
        await reader.stop()
      }
    })
  }
})
