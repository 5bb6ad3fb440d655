// SPDX-License-Identifier: Apache-2.0
// Fraud proofs in the console: an attack started by a click, its dispute followed until the honest side has won.
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { guestElf, keepLogs, send, startDev, until } from '../journey/lib.mjs'
import { accessibilityOf, openBrowser, openPage, shoot, show } from './browser.mjs'

let dev, browser, page
before(async () => {
  dev = await startDev({ args: ['--proof', 'fraud', '--guest', guestElf, '--dispute-clock', '25', '--block-time', '500', '--parent-block-time', '1000'] })
  browser = await openBrowser()
  page = await openPage(browser, dev.outputs.console)
  await send(dev, 1, dev.accounts[2].address, 1n)
  await until('safe blocks', async () => (await dev.status()).safe.number >= 8)
})
after(async () => {
  await browser?.close()
  await dev?.stop()
})

const check = (name, body) => test(name, { timeout: 300_000 }, async () => {
  try {
    await body()
  } catch (error) {
    keepLogs()
    await shoot(page, `failed-${name.replace(/\W+/g, '-')}`).catch(() => {})
    throw error
  }
})

check('the risks are those of fraud proofs', async () => {
  await show(page, '/', 'Overview')
  await page.waitForSelector('.risk')
  const risks = (await page.locator('.risk dt').allInnerTexts()).map((r) => r.replace(/\s+/g, ' '))
  assert.equal(risks[0], 'State validation Fraud proofs')
  assert.equal(risks[4], 'Proposer failure Anybody can propose')
  assert.match(await page.locator('.risk').first().innerText(), /within 25 s/)
})

check('an attack started in the lab is disputed, bisected and lost', async () => {
  page.troubles.length = 0
  await show(page, '/lab', 'Lab')
  await page.click('button:text-is("wrong-withdrawal-root")')
  await page.waitForSelector('.card:has-text("wrong-withdrawal-root") .badge:text-is("running")')
  assert.ok(await page.locator('button:text-is("wrong-state-root")').isDisabled(), 'one at a time')
  await show(page, '/claims', 'Claims and disputes')
  await page.click('.card[aria-label="Disputes"] tbody a[href^="/dispute/"]', { timeout: 120_000 })
  await page.waitForSelector('h1:has-text("Dispute")')
  await page.waitForSelector('.place.rivals', { timeout: 120_000 })
  await page.waitForSelector('.tree li:has-text("Level 2")', { timeout: 120_000 })
  await page.waitForSelector('.card:has-text("Histories, clocks and stakes") tbody tr')
  assert.match(await page.locator('.card[aria-label="Histories, clocks and stakes"] tbody').innerText(), /0\.2 ETH/)
  await shoot(page, 'dispute-under-way', { fullPage: true })
  await page.waitForSelector('.badge.good:text-is("decided")', { timeout: 200_000 })
  assert.match(await page.locator('.card[aria-label="Moves"]').innerText(), /proved a step[^]*proved the start[^]*bisected/)
  await shoot(page, 'dispute-decided', { fullPage: true })
  assert.deepEqual(await accessibilityOf(page), [])
  assert.deepEqual(page.troubles, [])
})

check('the lab tells that the honest side has won', async () => {
  await show(page, '/lab', 'Lab')
  await page.waitForSelector('.badge.good:has-text("the honest side won")', { timeout: 200_000 })
  assert.match(await page.locator('.notes').innerText(), /disputed/)
  await shoot(page, 'lab-won')
})

check('the lab says why censorship would take too long here', async () => {
  await show(page, '/lab', 'Lab')
  await page.click('button:text-is("censoring-sequencer")')
  await page.waitForSelector('.card:has-text("censoring-sequencer") .badge.bad:text-is("failed")', { timeout: 30_000 })
  assert.match(await page.locator('.notes').innerText(), /only after 3600 s here; start mezz dev with --force-delay 10/)
})

check('claims say which was lost', async () => {
  const other = await openPage(browser, dev.outputs.console, { theme: 'dark' })
  await show(other, '/claims', 'Claims and disputes')
  await other.waitForSelector('.card[aria-label="Claims"] .badge.bad:text-is("lost")')
  await other.waitForSelector('.card[aria-label="Claims"] .badge.good:text-is("holds")')
  await other.waitForTimeout(500)
  await shoot(other, 'claims-fraud-dark', { fullPage: true })
  assert.deepEqual(await accessibilityOf(other), [])
  await other.context().close()
})

check('a deposit that the sequencer leaves out stands in the forced queue until it is overdue', async () => {
  const censor = await startDev({ args: ['--fault', 'censor-deposits', '--force-delay', '12', '--block-time', '500', '--parent-block-time', '1000'] })
  after(() => censor.stop())
  const hash = await censor.wallet(2, 'l1').sendTransaction({ to: censor.outputs.contracts.portal, value: 5n })
  await censor.l1.waitForTransactionReceipt({ hash })
  const other = await openPage(browser, censor.outputs.console)
  await show(other, '/sequencer', 'Sequencer')
  const queue = other.locator('.card[aria-label="Forced queue"]')
  await queue.locator('tbody tr').waitFor({ timeout: 20_000 })
  assert.match(await queue.innerText(), /0 of 1 items are in batches; overdue after 12 s/)
  await queue.locator('.badge.bad:has-text("overdue")').waitFor({ timeout: 40_000 })
  await shoot(other, 'forced-queue')
  await other.context().close()
})

check('the lab censors deposits, and one gets in all the same', async () => {
  const short = await startDev({ args: ['--force-delay', '10', '--block-time', '500', '--parent-block-time', '1000'] })
  after(() => short.stop())
  const other = await openPage(browser, short.outputs.console)
  await show(other, '/lab', 'Lab')
  await other.click('button:text-is("censoring-sequencer")')
  await other.waitForSelector('.badge:text-is("the honest side won")', { timeout: 200_000 })
  assert.match(await other.locator('.notes').innerText(), /the deposit ran, and a claim of it is final/)
  await other.context().close()
})
