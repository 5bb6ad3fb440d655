// SPDX-License-Identifier: Apache-2.0
// Makes docs/images/console.png: the overview of a `mezz dev` with some users, as it is.
import { spawn } from 'node:child_process'
import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { mezz, root, sleep, startDev, until } from '../journey/lib.mjs'
import { openBrowser, openPage, show } from './browser.mjs'

const dev = await startDev()
const load = spawn(mezz, ['bench', 'load', '--rpc', dev.outputs.chain.rpc, '--rate', '25', '--seconds', '120'], { stdio: 'ignore' })
const browser = await openBrowser()
try {
  await until('claims', async () => (await dev.status()).proposer.games >= 3, 90)
  const page = await openPage(browser, dev.outputs.console, { width: 1360, height: 850 })
  await show(page, '/', 'Overview')
  await sleep(4000)
  mkdirSync(join(root, 'docs/images'), { recursive: true })
  await page.screenshot({ path: join(root, 'docs/images/console.png') })
} finally {
  load.kill()
  await browser.close()
  await dev.stop()
}
