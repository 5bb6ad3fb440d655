// SPDX-License-Identifier: Apache-2.0
// Every page of the console with live data of a real chain, a deposit and a withdrawal by clicks, in Chromium.
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'

import { keepLogs, rpc, send, startDev, until } from '../journey/lib.mjs'
import { accessibilityOf, openBrowser, openPage, shoot, show } from './browser.mjs'

const parseEther = (text) => BigInt(Math.round(Number(text) * 1e6)) * 10n ** 12n

let dev, browser, page, transfer, reverted
before(async () => {
  dev = await startDev({ args: ['--block-time', '250', '--parent-block-time', '1000'] })
  browser = await openBrowser()
  page = await openPage(browser, dev.outputs.console)
  transfer = await send(dev, 1, dev.accounts[2].address, parseEther('1.25'))
  for (let i = 0; i < 20; ++i) await send(dev, 3, dev.accounts[4].address, BigInt(i + 1))
  await until('two batches derived', async () => (await dev.status()).inboxCount >= 3)
})
after(async () => {
  await browser?.close()
  await dev?.stop()
})

/** Runs a test whose failure leaves a screenshot and the logs. */
const check = (name, body) => test(name, { timeout: 180_000 }, async (t) => {
  try {
    await body(t)
  } catch (error) {
    keepLogs()
    await shoot(page, `failed-${name.replace(/\W+/g, '-')}`).catch(() => {})
    throw error
  }
})
const text = (selector) => page.locator(selector).first().innerText()
const fresh = () => { page.troubles.length = 0 }
const clean = () => assert.deepEqual(page.troubles, [], 'the page logs no error')

check('overview shows the node\'s heads and follows them', async () => {
  fresh()
  await show(page, '/', 'Overview')
  await page.waitForSelector('.head.claimed')
  const number = async () => Number((await text('.head.unsafe .num')).replace(/,/g, ''))
  const first = await number()
  await page.waitForFunction((n) => Number(document.querySelector('.head.unsafe .num').textContent.replace(/,/g, '')) >= n + 4, first, { timeout: 20_000 })
  const status = await dev.status()
  assert.ok(Math.abs(await number() - status.unsafe.number) <= 3)
  assert.ok((await text('.head.finalized .num')).length > 0)
  await page.waitForSelector('.connection.good')
  clean()
})

check('overview states the risks of attested claims', async () => {
  await show(page, '/', 'Overview')
  await page.waitForSelector('.risk')
  const risks = await page.locator('.risk dt').allInnerTexts()
  assert.deepEqual(risks.map((r) => r.replace(/\s+/g, ' ')), ['State validation None', 'Data availability On the parent', 'Exit window None', 'Sequencer failure Self-sequencing', 'Proposer failure Withdrawals stop'])
  assert.match(await text('.risk >> nth=3'), /left out for 1 h 0 min/)
  assert.match(await text('.risk >> nth=0'), /within 4\.0 s/)
})

check('the overview\'s cost and rates come from batches and blocks', async () => {
  await show(page, '/', 'Overview')
  await until('a cost', async () => /gwei|ETH|wei/.test(await page.locator('.stat:has-text("Cost per transaction") .stat-value').innerText()), 30)
})

check('a block is found from the list, with its transactions', async () => {
  fresh()
  await show(page, '/blocks', 'Blocks')
  assert.ok(await page.locator('tbody tr').count() >= 20)
  await page.fill('input[type=search]', String(Number(transfer.blockNumber)))
  await page.press('input[type=search]', 'Enter')
  await page.waitForSelector('h1:has-text("Block")')
  await page.waitForURL(`**/block/${transfer.blockNumber}`)
  await page.waitForSelector(`a[href="/tx/${transfer.transactionHash}"]`)
  assert.ok((await text('main')).includes(transfer.blockHash))
  await page.click('text=Previous')
  await page.waitForURL(`**/block/${transfer.blockNumber - 1n}`)
  clean()
})

check('a transaction shows its trip, its value and its calls', async () => {
  fresh()
  await show(page, `/tx/${transfer.transactionHash}`, 'Transaction')
  await page.waitForSelector('.timeline')
  assert.match(await text('main'), /1\.25 ETH/)
  assert.match(await text('.trace'), /CALL[\s\S]*21,000 gas/)
  // Settled is the last of its stages; its sign turns while the page is open.
  await page.waitForSelector('.timeline li.done:has-text("Settled")', { timeout: 90_000 })
  assert.equal(await page.locator('.timeline li.done').count(), 7)
  assert.match(await text('.timeline'), /inbox entry/)
  clean()
})

check('a reverted call says why', async () => {
  const data = dev.outputs.contracts && '0x8456cb59' // pause() of the portal, which only the guardian may call
  const hash = await dev.wallet(5, 'l1').sendTransaction({ to: dev.outputs.contracts.portal, data, gas: 200_000n })
  reverted = await dev.l1.waitForTransactionReceipt({ hash })
  assert.equal(reverted.status, 'reverted')
  await show(page, `/parent/tx/${hash}`, 'Parent transaction')
  await page.waitForSelector('.trace .badge')
  assert.match(await text('main'), /reverted/)
  assert.match(await text('.trace'), /NotGuardian/)
})

check('accounts and contracts', async () => {
  fresh()
  await show(page, `/address/${dev.accounts[2].address}`, 'Account')
  assert.match(await text('main'), /10,001\.25 ETH/)
  await page.waitForSelector(`a[href="/tx/${transfer.transactionHash}"]`)
  await show(page, '/address/0x4200000000000000000000000000000000000016', 'L2ToL1MessagePasser')
  assert.match(await text('.functions'), /initiateWithdrawal/)
  await page.click('button:has-text("Read")')
  await page.waitForSelector('output:has-text("0x00")')
  clean()
})

check('batches tell bytes, ratio and cost that the parent charged', async () => {
  fresh()
  await show(page, '/batches', 'Batches and data')
  const entries = await rpc(dev.outputs.chain.rpc, 'mezz_batches', [0, 2])
  await page.click('a[href="/batch/1"]')
  await page.waitForSelector('h1:has-text("Inbox entry")')
  await page.waitForSelector('.card:has-text("Cost on the parent") dd')
  const shown = await text('main')
  assert.ok(shown.includes(entries[1].parentTransaction))
  assert.ok(entries[1].payloadBytes > 0)
  const receipt = await dev.l1.getTransactionReceipt({ hash: entries[1].parentTransaction })
  assert.ok(shown.includes(`(${receipt.gasUsed.toLocaleString('en-GB')} gas)`), shown)
  clean()
})

check('claims are listed from the factory', async () => {
  fresh()
  await show(page, '/claims', 'Claims and disputes')
  await page.waitForSelector('.card[aria-label="Claims"] tbody tr', { timeout: 60_000 })
  assert.match(await text('.card[aria-label="Claims"] tbody'), /attested/)
  clean()
})

check('a deposit by clicks arrives on the rollup', async () => {
  fresh()
  await show(page, '/bridge', 'Bridge')
  const address = dev.accounts[6].address
  await page.selectOption('select', address.toLowerCase()).catch(() => page.selectOption('select', address))
  await page.fill('input[inputmode=decimal]', '2.5')
  const before = await dev.l2.getBalance({ address })
  await page.click('button.primary')
  await page.waitForSelector('.stepper')
  await page.waitForSelector('.eta:has-text("Done")', { timeout: 60_000 })
  assert.equal(await dev.l2.getBalance({ address }) - before, parseEther('2.5'))
  assert.equal(await page.locator('.stepper li.done').count(), 4)
  await shoot(page, 'bridge-deposit-done')
  clean()
})

check('a withdrawal by clicks is paid out on the parent', async () => {
  fresh()
  await show(page, '/bridge/withdraw', 'Bridge')
  const receiver = '0x00000000000000000000000000000000c0ffee01'
  await page.fill('input[inputmode=decimal]', '0.75')
  await page.fill('label:has-text("Receiver") input', receiver)
  await page.click('button.primary')
  await page.waitForSelector('.stepper')
  await page.waitForSelector('.eta:has-text("Next step in about")', { timeout: 90_000 })
  await shoot(page, 'bridge-withdraw-under-way')
  await page.waitForSelector('.eta:has-text("Done")', { timeout: 120_000 })
  assert.equal(await dev.l1.getBalance({ address: receiver }), parseEther('0.75'))
  assert.equal(await page.locator('.stepper li.done').count(), 6)
  await shoot(page, 'bridge-withdraw-done')
  clean()
})

check('the bridge refuses what is no amount and no address', async () => {
  await show(page, '/bridge', 'Bridge')
  await page.waitForSelector('button.primary:not([disabled])')
  await page.fill('input[inputmode=decimal]', '-1')
  await page.click('button.primary')
  await page.waitForSelector('[role=alert]:has-text("positive decimal")')
  await page.fill('input[inputmode=decimal]', '1')
  await page.fill('label:has-text("Receiver") input', '0x1234')
  await page.click('button.primary')
  await page.waitForSelector('[role=alert]:has-text("20 bytes")')
})

check('a wallet of the browser is found and asked to send', async () => {
  const other = await openPage(browser, dev.outputs.console)
  // A wallet as extensions announce themselves; it hands the transaction to the node of the chain it was told to use.
  await other.addInitScript(({ address }) => {
    let chain = 'none'
    globalThis.walletCalls = []
    const provider = { async request({ method, params }) {
      globalThis.walletCalls.push(method)
      if (method === 'eth_requestAccounts') return [address]
      if (method === 'wallet_switchEthereumChain') { chain = params[0].chainId; return null }
      if (method === 'eth_sendTransaction') {
        const reply = await fetch('/parent', { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify({ jsonrpc: '2.0', id: 1, method, params }) })
        const answer = await reply.json()
        globalThis.walletChain = chain
        return answer.result
      }
      throw new Error(`unexpected ${method}`)
    } }
    const announce = () => dispatchEvent(new CustomEvent('eip6963:announceProvider', { detail: Object.freeze({ info: { uuid: 'test-wallet', name: 'Test wallet', icon: '', rdns: 'test' }, provider }) }))
    addEventListener('eip6963:requestProvider', announce)
  }, { address: dev.accounts[7].address })
  await show(other, '/bridge', 'Bridge')
  await other.selectOption('select', 'test-wallet')
  await other.fill('input[inputmode=decimal]', '0.5')
  await other.click('button.primary')
  await other.waitForSelector('.eta:has-text("Done")', { timeout: 60_000 })
  assert.equal(Number(await other.evaluate(() => globalThis.walletChain)), dev.outputs.parent.chainId)
  await other.context().close()
})

check('sequencer, charts, topology, configuration and logs have data', async () => {
  fresh()
  await show(page, '/sequencer', 'Sequencer')
  await page.waitForSelector('.latency tbody tr')
  assert.match(await text('.latency'), /included[\s\S]*safe/)
  await show(page, '/charts', 'Charts')
  await page.waitForFunction(() => document.querySelectorAll('.chart canvas').length >= 4)
  await show(page, '/topology', 'Topology')
  assert.ok(await page.locator('.part.good').count() >= 8)
  assert.ok(await page.locator('.card[aria-label="Metrics"] tbody tr').count() >= 8)
  await show(page, '/config', 'Configuration')
  const row = (name) => page.locator(`tr:has(td:first-child code:text-is("${name}"))`).innerText()
  assert.match(await row('--block-time'), /250\s+flag/)
  assert.match(await row('--parent-block-time'), /1000\s+flag/)
  assert.match(await row('--force-delay'), /3600\s+default/)
  assert.match(await row('chain id'), /42069\s+rollup\.json/)
  await show(page, '/logs', 'Logs')
  clean()
})

check('the lab undoes blocks of the parent and says why nothing else can be played', async () => {
  fresh()
  await show(page, '/lab', 'Lab')
  assert.ok(await page.locator('button:text-is("wrong-state-root")').isDisabled())
  assert.match(await text('main'), /start mezz dev with --proof fraud/)
  await page.click('button:text-is("parent-reorg")')
  await page.waitForSelector('.card:has-text("parent-reorg") .badge:text-is("done")', { timeout: 20_000 })
  clean()
})

check('what is not there is said to be so', async () => {
  await show(page, '/block/999999999', 'Block')
  assert.match(await text('main'), /no such block/)
  await show(page, '/tx/0x12', 'Transaction')
  assert.match(await text('main'), /32 bytes; this is none/)
  await show(page, '/batch/99999', 'Inbox entry')
  assert.match(await text('main'), /this one is not among them/)
  await show(page, '/nowhere', 'No such page')
  await show(page, '/address/0xzz', 'Account')
  assert.match(await text('main'), /20 bytes/)
})

check('nothing is loaded from anywhere else', async () => assert.deepEqual(page.foreign, []))

const stills = [['overview', '/'], ['blocks', '/blocks'], ['transaction', () => `/tx/${transfer.transactionHash}`], ['account', '/address/0x4200000000000000000000000000000000000016'],
  ['revert', () => `/parent/tx/${reverted.transactionHash}`], ['batches', '/batches'], ['batch', '/batch/1'], ['claims', '/claims'], ['bridge', '/bridge'], ['withdraw', '/bridge/withdraw'], ['sequencer', '/sequencer'],
  ['charts', '/charts'], ['topology', '/topology'], ['config', '/config'], ['logs', '/logs'], ['lab', '/lab']]
for (const theme of ['light', 'dark'])
  check(`every page is accessible in the ${theme} theme`, async () => {
    const other = await openPage(browser, dev.outputs.console, { theme })
    const found = []
    for (const [name, path] of stills) {
      await show(other, typeof path === 'string' ? path : path())
      await other.waitForTimeout(700)
      await shoot(other, `${name}-${theme}`)
      for (const line of await accessibilityOf(other)) found.push(`${name}: ${line}`)
    }
    assert.deepEqual(found, [])
    assert.deepEqual(other.troubles, [])
    await other.context().close()
  })

check('a narrow window keeps everything within its width', async () => {
  const other = await openPage(browser, dev.outputs.console, { width: 390, height: 844 })
  for (const [name, path] of stills) {
    await show(other, typeof path === 'string' ? path : path())
    assert.ok(await other.evaluate(() => document.documentElement.scrollWidth <= innerWidth + 1), `${name} is wider than the window`)
  }
  await show(other, '/')
  await other.waitForTimeout(500)
  await shoot(other, 'overview-narrow')
  await other.context().close()
})

check('the keyboard reaches the page past the navigation', async () => {
  await show(page, '/blocks', 'Blocks')
  await page.keyboard.press('Tab')
  assert.equal(await page.evaluate(() => document.activeElement.textContent), 'Skip to the page')
  await page.keyboard.press('Enter')
  assert.equal(await page.evaluate(() => document.activeElement.id), 'main')
})

check('a node that is gone is named as the trouble', async () => {
  await show(page, '/', 'Overview')
  await dev.stop()
  await page.waitForSelector('.banner.bad:has-text("is the node still running?")', { timeout: 30_000 })
  await page.waitForSelector('.connection.bad')
})
