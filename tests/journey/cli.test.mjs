// SPDX-License-Identifier: Apache-2.0
// The commands around a network: sessions with names, value up and down, accounts, transactions, completions.
import assert from 'node:assert/strict'
import { spawn, spawnSync } from 'node:child_process'
import { readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { parseEther } from 'viem'
import { generatePrivateKey, privateKeyToAccount } from 'viem/accounts'
import { exists, folder, keepLogs, mezz, rpc, say, startDev, until } from './lib.mjs'

const home = folder('home')
const run = (args, { cwd = home, seconds = 90, input, env } = {}) => {
  const { status, stdout, stderr } = spawnSync(mezz, args, { cwd, input, env: { PATH: process.env.PATH, HOME: home, ...env }, encoding: 'utf8', timeout: seconds * 1000 })
  return { status, stdout, stderr }
}
const json = (args, options) => {
  const { status, stdout, stderr } = run([...args, '--json'], options)
  assert.equal(status, 0, `mezz ${args.join(' ')}: ${stderr}`)
  return JSON.parse(stdout)
}
const fails = (args, code, pattern) => {
  const { status, stderr } = run(args)
  assert.equal(status, code, stderr)
  assert.match(stderr, pattern)
}
const check = (name, body) => test(name, { timeout: 180_000 }, async () => { try { await body() } catch (error) { keepLogs(); throw error } })

let dev
before(async () => { dev = await startDev({ args: ['--block-time', '250', '--parent-block-time', '1000'] }) })
after(async () => { run(['down', '--all']); await dev?.stop() })

check('a session: new, up, ps, port, logs, down, reset', async () => {
  json(['new', 'shop', '--preset', 'dev'])
  fails(['new', 'shop'], 1, /shop\/mezz\.toml is there already/)
  fails(['new', '../shop'], 2, /is no name/)
  fails(['new', 'x', '--preset', 'optimsm'], 2, /did you mean optimism\?/)
  const free = ['parent.port', 'rpc.port', 'console.port', 'metrics.port'].flatMap((key) => ['--set', `${key}=0`])
  const up = ['up', '-d', '-f', 'shop/mezz.toml', ...free]
  const session = json(up)
  assert.equal(session.name, 'shop')
  assert.equal(await rpc(session.endpoints.chain, 'eth_chainId'), '0xa455')
  fails(up, 1, /session shop runs already/)
  assert.deepEqual(json(['ps']).map((s) => [s.name, s.running, s.pid]), [['shop', true, session.pid]])
  assert.equal(run(['port', 'shop', 'chain']).stdout.trim(), session.endpoints.chain)
  fails(['port', 'shop', 'chian'], 2, /did you mean chain\?/)
  assert.match(run(['logs', 'shop']).stdout, /"event":"ready"/)
  fails(['reset', 'shop', '--yes'], 1, /session shop runs; `mezz down shop` first/)
  fails(['down', 'shpo'], 1, /no session shpo; did you mean shop\?/)
  // The same state again: blocks stay.
  const block = await until('blocks', async () => { const n = Number(await rpc(session.endpoints.chain, 'eth_blockNumber')); return n > 3 && n }, 30)
  assert.equal(json(['down', 'shop']).stopped, 1)
  assert.deepEqual(json(['ps']), [])
  const again = json(up)
  assert.ok(Number(await rpc(again.endpoints.chain, 'eth_blockNumber')) >= block)
  process.kill(again.pid, 'SIGKILL')
  await until('the end is seen', () => json(['ps'])[0].running === false, 10)
  assert.equal(json(['down', 'shop']).stopped, 1)
  fails(['reset', 'shop'], 2, /say --yes/)
  assert.equal(run(['reset', 'shop', '--yes']).status, 0)
  assert.ok(!exists(session.state))
  fails(['reset', 'shop', '--yes'], 1, /holds no chain/)
})

check('a session in the foreground: says what happens, and Ctrl-C stops it', async () => {
  const free = ['parent.port', 'rpc.port', 'console.port', 'metrics.port'].flatMap((key) => ['--set', `${key}=0`])
  const start = (...words) => {
    const child = spawn(mezz, ['up', '--name', 'fore', ...free, ...words], { cwd: home, env: { PATH: process.env.PATH, HOME: home } })
    const job = { child, out: '', gone: new Promise((done) => child.on('exit', (code, signal) => done(code ?? signal))) }
    for (const stream of [child.stdout, child.stderr]) stream.on('data', (text) => { job.out += text })
    return job
  }
  const shown = start()
  await until('its endpoints', () => /chain +http.*\n[^]*stop it: Ctrl-C/.test(shown.out), 60)
  const follower = spawn(mezz, ['logs', '-f', 'fore'], { cwd: home, env: { PATH: process.env.PATH, HOME: home } })
  let followed = ''
  follower.stdout.on('data', (text) => { followed += text })
  const end = new Promise((done) => follower.on('exit', done))
  const states = () => followed.split('\n').filter((line) => line.startsWith('{"event":"status"')).length
  await until('the log to grow', () => states() >= 2, 20)
  const before = states()
  await until('the log to grow on', () => states() > before, 20)
  shown.child.kill('SIGINT')
  assert.equal(await shown.gone, 0, shown.out)
  assert.doesNotMatch(shown.out, /"event"/)
  assert.equal(await end, 0)
  assert.deepEqual(json(['ps']), [])
  // As JSON: one object, then what happens; one that is killed is told.
  const lines = start('--json')
  await until('a status', () => lines.out.includes('"event":"status"'), 60)
  process.kill(JSON.parse(lines.out.split('\n')[0]).pid, 'SIGKILL')
  assert.equal(await lines.gone, 1)
  assert.match(lines.out, /mezz: session fore ended/)
  run(['down', 'fore'])
})

check('a session that cannot start says why', () => {
  fails(['up', '-d', 'optimsm'], 2, /did you mean optimism\?/)
  fails(['up', '-d', '--name', 'busy', '--set', `rpc.port=${new URL(dev.outputs.chain.rpc).port}`, '--set', 'parent.port=0'], 1, /in use/)
  assert.deepEqual(json(['ps']), [])
})

check('deposit, withdraw, account and tx', async () => {
  const at = ['--state', dev.state]
  const to = privateKeyToAccount(generatePrivateKey()).address
  const up = json(['deposit', '1.5eth', '--to', to, ...at])
  assert.equal(await dev.l2.getBalance({ address: to }), parseEther('1.5'))
  const receipt = await dev.l2.getTransactionReceipt({ hash: up.transaction })
  assert.equal(Number(receipt.blockNumber), up.block)
  const begun = json(['withdraw', 'start', '0.5eth', '--to', to, '--account', '4', ...at])
  const proven = json(['withdraw', 'prove', begun.transaction, '--account', '5', ...at])
  assert.equal(proven.stage, 'proven')
  const done = json(['withdraw', 'finalize', begun.transaction, '--account', '5', ...at])
  assert.deepEqual([done.stage, done.withdrawalHash], ['finalized', proven.withdrawalHash])
  assert.equal(await dev.l1.getBalance({ address: to }), parseEther('0.5'))
  // Again: it is paid, and nothing is paid twice.
  assert.equal(json(['withdraw', 'finalize', begun.transaction, '--account', '5', ...at]).stage, 'finalized')
  assert.equal(await dev.l1.getBalance({ address: to }), parseEther('0.5'))
  assert.match(run(['withdraw', 'status', '--account', '4', ...at]).stdout, new RegExp(`^finalized: 0\\.5 ETH for ${to.toLowerCase()}\n.*${begun.transaction}\n.*${proven.withdrawalHash}\n$`))
  assert.equal(json(['withdraw', 'status', '--account', '4', ...at]).withdrawals[0].withdrawalHash, proven.withdrawalHash)
  const sent = json(['tx', 'send', to, '7wei', '--data', '0x1234', ...at])
  assert.equal(await dev.l2.getBalance({ address: to }), parseEther('1.5') + 7n)
  const trace = json(['tx', 'trace', sent.transaction, ...at])
  assert.deepEqual([trace.to.toLowerCase(), trace.input, trace.value], [to.toLowerCase(), '0x1234', '0x7'])
  assert.match(run(['tx', 'trace', sent.transaction, ...at]).stdout, new RegExp(`^CALL 0x.* -> ${to.toLowerCase()}  0\\.000000000000000007 ETH  \\d+ gas  0x1234\n$`))
  json(['account', 'fund', to, '1gwei', '--on-parent', ...at])
  assert.equal(await dev.l1.getBalance({ address: to }), parseEther('0.5') + 10n ** 9n)
  const accounts = json(['account', 'list', ...at])
  assert.equal(accounts.length, 10)
  assert.equal(BigInt(accounts[7].chainWei), await dev.l2.getBalance({ address: accounts[7].address }))
  say('deposited, withdrawn, sent and traced')
})

check('what the bridge refuses', () => {
  const at = ['--state', dev.state]
  for (const value of ['1', '1ether', '1.0000000001gwei', '-1eth', 'eth', '1.5wei', '1..5eth', `${'9'.repeat(80)}wei`])
    fails(['deposit', '--', value].toSpliced(1, 0, ...at), 2, /expected an amount as 1\.5eth/)
  fails(['deposit', '1wei', '--to', '0x12', ...at], 1, /--to: expected an address/)
  fails(['deposit', '1wei', '--key', '0x12', ...at], 1, /--key: expected 32 bytes/)
  fails(['withdraw', 'prove', '0x12', ...at], 2, /expected a hash/)
  fails(['deposit', '1wei', '--state', folder('none')], 1, /outputs\.json/)
  fails(['withdraw', 'finalize', `0x${'11'.repeat(32)}`, '--timeout', '2', ...at], 4, /still looking after 2 s: waiting for the transaction to be in a block/)
})

check('keys: made, taken over, told apart, never shown', () => {
  const made = json(['key', 'new', 'made.key'])
  const text = readFileSync(join(home, 'made.key'), 'utf8').trim()
  assert.equal(privateKeyToAccount(text).address.toLowerCase(), made.address)
  assert.equal(statSync(join(home, 'made.key')).mode & 0o777, 0o600)
  fails(['key', 'new', 'made.key'], 1, /made\.key: is there already/)
  const taken = run(['key', 'import', '-', 'taken.key'], { input: `${text.slice(2)}\n` })
  assert.deepEqual([taken.status, taken.stdout], [0, `${made.address}\n`], taken.stderr)
  assert.ok(!`${taken.stderr}${taken.stdout}`.includes(text.slice(2)))
  assert.equal(json(['key', 'import', 'taken.key', 'again.key']).address, made.address)
  assert.equal(run(['key', 'address', 'again.key']).stdout, `${made.address}\n`)
  const bad = run(['key', 'import', '-', 'bad.key'], { input: `${text}00` })
  assert.deepEqual([bad.status, bad.stderr], [1, 'mezz: standard input: expected a private key, 64 hex digits\n'])
  assert.ok(!exists(join(home, 'bad.key')))
  fails(['key', 'address', 'none.key'], 1, /none\.key: cannot be read/)
  fails(['key', 'new'], 2, /file is required/)
  assert.equal(run(['key', 'new', 'more.key']).status, 0)
  assert.notEqual(run(['key', 'address', 'more.key']).stdout, `${made.address}\n`)
})

check('completions offer what the binary has', () => {
  const offered = (...words) => run(['complete', '--', ...words]).stdout.trim().split('\n')
  assert.ok(offered('').includes('withdraw') && !offered('').includes('complete'))
  assert.deepEqual(offered('config', ''), ['show', 'validate', 'diff', 'schema', 'explain'])
  assert.ok(offered('dev', '').includes('optimism'))
  assert.ok(offered('dev', '--').includes('--block-time'))
  assert.deepEqual(offered('dev', '--da', ''), ['blobs', 'calldata', 'cheaper'])
  assert.deepEqual(offered('dev', '--port', ''), [''])
  const typed = spawnSync('bash', ['--norc', '-c', `PATH=$1:$PATH; eval "$(mezz completions bash)"; COMP_WORDS=(mezz dev op); COMP_CWORD=2; _mezz; echo "\${COMPREPLY[@]}"`, '-',
    mezz.slice(0, mezz.lastIndexOf('/'))], { encoding: 'utf8' })
  assert.equal(typed.stdout.trim(), 'optimism', typed.stderr)
  fails(['completions', 'tcsh'], 2, /tcsh/)
})
