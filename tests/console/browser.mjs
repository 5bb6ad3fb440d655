// SPDX-License-Identifier: Apache-2.0
// A headless Chromium on the console of a running node: every error of the page is kept, and pages are checked with axe-core.
import { existsSync, mkdirSync, readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { chromium } from 'playwright-core'

const here = dirname(fileURLToPath(import.meta.url))
const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8')
/** Where screenshots go: build/console, or $MEZZ_CONSOLE_SHOTS. */
export const shots = process.env.MEZZ_CONSOLE_SHOTS ?? join(here, '../../build/console')
mkdirSync(shots, { recursive: true })

const candidates = [process.env.MEZZ_CHROMIUM, '/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome']

export async function openBrowser() {
  const executablePath = candidates.find((path) => path && existsSync(path))
  if (!executablePath) throw new Error('no Chromium: install the Debian package chromium, or name one in MEZZ_CHROMIUM')
  return chromium.launch({ executablePath, args: ['--no-sandbox', '--disable-gpu', '--no-proxy-server'] })
}

/** A page whose console errors, failed requests and exceptions are in `page.troubles`. */
export async function openPage(browser, url, { theme = 'light', width = 1440, height = 950 } = {}) {
  const context = await browser.newContext({ viewport: { width, height }, colorScheme: theme, reducedMotion: 'reduce' })
  const page = await context.newPage()
  page.troubles = []
  page.foreign = []
  page.on('console', (message) => { if (['error', 'warning'].includes(message.type())) page.troubles.push(`${message.type()}: ${message.text()} at ${message.location().url}`) })
  page.on('pageerror', (error) => page.troubles.push(`exception: ${error.stack ?? error.message}`))
  page.on('request', (request) => { if (new URL(request.url()).origin !== url && !request.url().startsWith('data:')) page.foreign.push(request.url()) })
  page.base = url
  return page
}

/** Goes to a page of the console and waits until nothing of it says that it is loading. */
export async function show(page, path, heading) {
  await page.goto(page.base + path)
  await page.waitForSelector(heading ? `h1:has-text("${heading}")` : 'h1')
  await page.waitForFunction(() => ![...document.querySelectorAll('.state')].some((e) => /Loading|a moment|Looking/.test(e.textContent)), null, { timeout: 30_000 })
}

/** What axe finds wrong by WCAG 2.2 A and AA, one line each. */
export async function accessibilityOf(page) {
  // The policy of the page forbids scripts of others in it; the debugger's are not bound by it.
  await page.evaluate(axe)
  return page.evaluate(async () => {
    const { violations } = await globalThis.axe.run(document, { runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'] })
    return violations.map((v) => `${v.id} (${v.impact}): ${v.help}: ${v.nodes.slice(0, 3).map((n) => `${n.target.join(' ')} ${n.any[0]?.message ?? ''}`).join(' | ')}`)
  })
}

export const shoot = (page, name, options = {}) => page.screenshot({ path: join(shots, `${name}.png`), ...options })
