// SPDX-License-Identifier: Apache-2.0
// Settings from everywhere: files, variables, flags; presets start; what is wrong is named before anything runs.
import assert from 'node:assert/strict'
import { execFileSync, spawnSync } from 'node:child_process'
import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { basename, join } from 'node:path'
import { test } from 'node:test'
import Ajv2020 from 'ajv/dist/2020.js'
import { mnemonicToAccount } from 'viem/accounts'
import { exists, folder, guestElf, keepLogs, mezz, root, rpc, runMezz, startDev, until } from './lib.mjs'

const check = (name, run) => test(name, { timeout: 120_000 }, async (t) => {
  try { await run(t) } catch (error) { keepLogs(); throw error }
})
const home = folder('home')
/** `mezz` in a folder of its own, with these variables. */
const run = (args, { env = {}, cwd = home } = {}) =>
  spawnSync(mezz, args, { cwd, env: { PATH: process.env.PATH, HOME: home, ...env }, encoding: 'utf8', timeout: 20_000 })
const json = (args, options) => {
  const { status, stdout, stderr } = run([...args, '--json'], options)
  assert.equal(status, 0, stderr)
  return JSON.parse(stdout)
}
const presets = readdirSync(join(root, 'presets')).filter((f) => f.endsWith('.toml')).map((f) => basename(f, '.toml'))

check('show: each value with its source, the strongest last', () => {
  const place = folder()
  writeFileSync(join(place, 'mezz.toml'), 'preset = "optimism"\n\n[chain]\nid = 77\nblock_time = "3s"\n')
  const env = { MEZZ_CHAIN__BLOCK_TIME: '4s', MEZZ_LIMITS__BODY: '1MiB' }
  const of = Object.fromEntries(json(['config', 'show', '--set', 'limits.body=2MiB'], { env, cwd: place }).map((s) => [s.key, s]))
  assert.deepEqual([of['parent.block_time'].value, of['parent.block_time'].source], ['12s', 'preset optimism'])
  assert.deepEqual([of['chain.id'].value, of['chain.id'].source], ['77', 'mezz.toml:4'])
  assert.deepEqual([of['chain.block_time'].value, of['chain.block_time'].source], ['4s', 'MEZZ_CHAIN__BLOCK_TIME'])
  assert.deepEqual([of['limits.body'].value, of['limits.body'].source], ['2MiB', 'flag'])
  assert.deepEqual([of['rpc.port'].value, of['rpc.port'].source], ['9545', 'default'])
})

check('diff and explain', () => {
  assert.deepEqual(json(['config', 'diff']), [])
  const changed = json(['config', 'diff', 'l3']).map((d) => d.key)
  assert.ok(changed.includes('chain.id') && changed.includes('da.kind') && !changed.includes('log.level'), changed.join())
  assert.deepEqual(json(['config', 'diff', 'optimism', '--against', 'arbitrum']).map((d) => d.key),
    ['chain.block_time', 'chain.force_delay', 'state.dir'])
  const clock = json(['config', 'explain', 'proof.clock'])
  assert.deepEqual([clock.type, clock.default, clock.flag, clock.variable, clock.source],
    ['a duration from 5s to 10000000s', '1m', '--dispute-clock', 'MEZZ_PROOF__CLOCK', 'default'])
  const { status, stderr } = run(['config', 'explain', 'proof.clok'])
  assert.equal(status, 2)
  assert.match(stderr, /proof\.clok is not known; did you mean proof\.clock\?/)
})

check('secrets are never shown', () => {
  const secret = `0x${'ab'.repeat(32)}`
  const { stdout, stderr } = run(['config', 'show', '--for', 'node', '--json'], { env: { MEZZ_KEYS__BATCHER: secret } })
  assert.ok(!`${stdout}${stderr}`.includes('abab'))
  assert.match(stdout, /"keys\.batcher","value":"\(set, not shown\)","source":"MEZZ_KEYS__BATCHER"/)
})

check('the schema takes the presets, and refuses what mezz refuses', () => {
  const schema = JSON.parse(run(['config', 'schema']).stdout)
  const validate = new Ajv2020().compile(schema)
  for (const preset of presets) {
    const text = execFileSync('python3', ['-c', 'import json, sys, tomllib; print(json.dumps(tomllib.load(open(sys.argv[1], "rb"))))',
      join(root, 'presets', `${preset}.toml`)], { encoding: 'utf8' })
    assert.ok(validate(JSON.parse(text)), `${preset}: ${JSON.stringify(validate.errors)}`)
  }
  for (const wrong of [{ chain: { blocktime: '1s' } }, { chain: { id: 0 } }, { chain: { block_time: 1 } }, { da: { kind: 'blob' } }, { x: {} }])
    assert.ok(!validate(wrong), JSON.stringify(wrong))
})

check('wrong settings end with 2 and their place', async () => {
  const place = folder()
  const file = join(place, 'my.toml')
  const cases = [
    ['[chain]\nblok_time = "1s"\n', /my\.toml:2: chain\.blok_time is not known; did you mean chain\.block_time\?/],
    ['[chain]\nblock_time = "1x"\n', /my\.toml:2: chain\.block_time: expected a duration as "1s" or "250ms", found "1x"/],
    ['[chain]\nid = 0\n', /my\.toml:2: chain\.id: 0 is out of range: 1 to 4000000000/],
    ['[chain\n', /my\.toml:1: /],
    ['preset = "optimsm"\n', /my\.toml: no preset optimsm; did you mean optimism\?/],
    ['[rpc]\nport = 9545\n[metrics]\nport = 9545\n', /rpc\.port = 9545 \(.*my\.toml:2\) and metrics\.port = 9545 .*nearest that works is metrics\.port = 9546/],
  ]
  for (const [text, pattern] of cases) {
    writeFileSync(file, text)
    for (const args of [['config', 'validate', '-f', file], ['dev', '--ephemeral', '-f', file]]) {
      const begun = performance.now()
      const { status, stderr } = run(args)
      assert.equal(status, 2, `${text}${stderr}`)
      assert.match(stderr, pattern)
      assert.ok(performance.now() - begun < 2_000)
    }
    assert.equal(JSON.parse(run(['config', 'validate', '-f', file, '--json']).stdout).valid, false)
  }
  const missing = await runMezz(['dev', '-f', join(place, 'none.toml')])
  assert.equal(missing.code, 2)
  assert.match(missing.stderr, /none\.toml: No such file/)
})

check('a node takes its settings from a file, and its keys from the environment', async () => {
  const place = folder()
  const dev = await startDev()
  writeFileSync(join(place, 'mezz.toml'), `[node]\nrole = "proposer"\nspec = "${dev.spec}"\n[parent]\nurl = "${dev.outputs.parent.rpc}"\n[rpc]\nport = 0\n`)
  const without = run(['node', '--json'], { cwd: place })
  assert.match(without.stderr, /--proposer-key/)
  const env = { MEZZ_KEYS__PROPOSER: dev.outputs.accounts[8].privateKey }
  const { stdout, error } = spawnSync(mezz, ['node', '--json'], { cwd: place, env: { HOME: home, ...env }, encoding: 'utf8', timeout: 4_000 })
  assert.equal(error?.code, 'ETIMEDOUT', 'it runs until it is stopped')
  assert.match(stdout, /"event":"ready"/)
  await dev.stop()
})

check('accounts of a mnemonic: shown, signed for, rich on both floors, remembered with the state', async () => {
  const mnemonic = 'legal winner thank year wave sausage worth useful legal winner thank yellow'
  const place = folder(), state = folder()
  writeFileSync(join(place, 'mezz.toml'), `[accounts]\ncount = 3\nbalance = 50\nmnemonic = "${mnemonic}"\n`)
  const expected = [0, 1, 2].map((addressIndex) => mnemonicToAccount(mnemonic, { addressIndex }).address.toLowerCase())
  let dev = await startDev({ state, args: ['-f', join(place, 'mezz.toml')] })
  assert.deepEqual(dev.outputs.accounts.map((a) => a.address.toLowerCase()), expected)
  for (const floor of [dev.outputs.chain.rpc, dev.outputs.parent.rpc]) {
    assert.deepEqual(await rpc(floor, 'eth_accounts'), expected)
    for (const address of expected) assert.equal(BigInt(await rpc(floor, 'eth_getBalance', [address, 'latest'])), 50n * 10n ** 18n)
    // Tools that know no mnemonic have theirs.
    assert.equal(BigInt(await rpc(floor, 'eth_getBalance', ['0xf39fd6e51aad88f6f4ce6ab8827279cfffb92266', 'latest'])), 10_000n * 10n ** 18n)
    const hash = await rpc(floor, 'eth_sendTransaction', [{ from: expected[2], to: expected[0], value: '0x1' }])
    await until('included', async () => (await rpc(floor, 'eth_getTransactionReceipt', [hash]))?.status === '0x1', 20)
  }
  const sent = await runMezz(['tx', 'send', expected[1], '7wei', '--account', '2', '--state', state, '--json'], 30)
  assert.equal(sent.code, 0, sent.stderr)
  assert.equal((await rpc(dev.outputs.chain.rpc, 'eth_getTransactionByHash', [JSON.parse(sent.stdout).transaction])).from, expected[2])
  assert.match((await runMezz(['tx', 'send', expected[1], '7wei', '--account', '3', '--state', state])).stderr, /--account 3: the network has 3 accounts/)
  await dev.stop()
  dev = await startDev({ state })
  assert.deepEqual(await rpc(dev.outputs.chain.rpc, 'eth_accounts'), expected)
  await dev.stop()
  for (const [flag, value, why] of [['--accounts', '4', /--accounts 4: .* holds chains with 3 accounts/], ['--balance', '51', /--balance 51: .* began with 50 ether/],
    ['--mnemonic', `${'test '.repeat(11)}junk`, /--mnemonic "test .* holds chains with another one's accounts/]]) {
    const { code, stderr } = await runMezz(['dev', '--state', state, flag, value])
    assert.equal(code, 1, flag)
    assert.match(stderr, why)
  }
  for (const [value, why] of [['test test', /--mnemonic: a mnemonic has 12, 15, 18, 21 or 24 words, not 2/],
    [`${'test '.repeat(11)}jnk`, /word 12 of the mnemonic, 'jnk', .* did you mean junk\?/], [`${'test '.repeat(12)}`, /checksum/]]) {
    const { code, stderr } = await runMezz(['dev', '--ephemeral', '--mnemonic', value])
    assert.equal(code, 2, value)
    assert.match(stderr, why)
  }
})

for (const preset of presets)
  check(`preset ${preset} is valid and runs`, async (t) => {
    assert.equal(run(['config', 'validate', preset]).status, 0)
    const fraud = json(['config', 'show', preset]).find((s) => s.key === 'proof.kind').value === 'fraud'
    if (fraud && !exists(guestElf)) return t.skip('no guest is built')
    // A floor more needs one below.
    const below = preset === 'l3' ? await startDev() : undefined
    const parent = below && { url: below.outputs.chain.rpc }
    const dev = await startDev({ parent, args: [preset, ...(fraud ? ['--guest', guestElf] : [])] })
    const shown = Object.fromEntries(json(['config', 'show', preset]).map((s) => [s.key, s.value]))
    assert.equal(await rpc(dev.outputs.chain.rpc, 'eth_chainId'), `0x${Number(shown['chain.id']).toString(16)}`)
    const ms = (text) => Number.parseInt(text) * (text.endsWith('ms') ? 1 : 1000)
    const settings = await (await fetch(`${dev.outputs.console}/api/config`)).json()
    const setting = (key) => settings.find((s) => s.key === key)
    assert.deepEqual([Number(setting('chain.block_time').value), setting('chain.block_time').source],
      [ms(shown['chain.block_time']), preset === 'l3' ? 'default' : `preset ${preset}`])
    assert.equal(setting('da.kind').value, shown['da.kind'])
    const receipt = await dev.l2.waitForTransactionReceipt({ timeout: 30_000,
      hash: await dev.wallet(0).sendTransaction({ to: dev.accounts[1].address, value: 1n }) })
    assert.equal(receipt.status, 'success')
    assert.equal((await dev.status()).error, '')
    await dev.stop()
    await below?.stop()
  })

check('the committed reference is what the binary says (packaging/reference.py)', () => {
  for (const page of ['cli', 'config']) {
    const made = execFileSync('python3', [join(root, 'packaging/reference.py'), mezz, page], { encoding: 'utf8', env: { ...process.env, PYTHONDONTWRITEBYTECODE: '1' } })
    assert.equal(made, readFileSync(join(root, `docs/reference/${page}.md`), 'utf8'), `docs/reference/${page}.md`)
  }
})
