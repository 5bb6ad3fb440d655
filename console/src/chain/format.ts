// SPDX-License-Identifier: Apache-2.0
// Numbers as people read them.

const thousands = new Intl.NumberFormat('en-GB')
export const count = (n: number | bigint) => thousands.format(n)

/** Three significant digits and a unit: 1.23 M. */
export function short(n: number): string {
  if (!Number.isFinite(n)) return '–'
  const units = ['', ' k', ' M', ' G', ' T']
  let i = 0
  while (Math.abs(n) >= 1000 && i < units.length - 1) { n /= 1000; ++i }
  return (Math.abs(n) >= 100 || (i === 0 && Number.isInteger(n)) ? n.toFixed(0) : n.toPrecision(3)) + units[i]
}
export function bytes(n: number): string {
  const units = ['B', 'KiB', 'MiB', 'GiB']
  let i = 0
  while (n >= 1024 && i < units.length - 1) { n /= 1024; ++i }
  return `${i === 0 ? n : n.toPrecision(3)} ${units[i]}`
}

/** Wei as a decimal of `digits` places, without zeros at its end. */
export function fromWei(wei: bigint, digits = 18): string {
  const negative = wei < 0n
  const text = (negative ? -wei : wei).toString().padStart(digits + 1, '0')
  const part = text.slice(-digits).replace(/0+$/, '')
  return (negative ? '-' : '') + thousands.format(BigInt(text.slice(0, -digits))) + (part ? `.${part}` : '')
}
/** Wei with a unit, short: "1.5 ETH", "12.3 gwei", "7 wei". */
export function wei(amount: bigint): string {
  if (amount === 0n) return '0 ETH'
  const size = amount < 0n ? -amount : amount
  if (size >= 10n ** 14n) return `${trim(Number(amount) / 1e18)} ETH`
  if (size >= 10n ** 6n) return `${trim(Number(amount) / 1e9)} gwei`
  return `${thousands.format(amount)} wei`
}
const trim = (n: number) => (Math.abs(n) >= 1000 ? thousands.format(Math.round(n * 100) / 100) : String(Number(n.toPrecision(4))))

/** "1.5" -> wei. returns: undefined when it is not a decimal of at most 18 places. */
export function toWei(text: string): bigint | undefined {
  const found = /^(\d{1,12})(?:\.(\d{1,18}))?$/.exec(text.trim())
  if (!found) return undefined
  return BigInt(found[1]!) * 10n ** 18n + BigInt((found[2] ?? '').padEnd(18, '0'))
}

/** units: milliseconds. */
export function duration(ms: number): string {
  if (ms < 1000) return `${Math.round(ms)} ms`
  const s = ms / 1000
  if (s < 60) return `${s < 10 ? s.toFixed(1) : Math.round(s)} s`
  if (s < 3600) return `${Math.floor(s / 60)} min ${Math.round(s % 60)} s`
  if (s < 86_400) return `${Math.floor(s / 3600)} h ${Math.round((s % 3600) / 60)} min`
  return `${Math.floor(s / 86_400)} d ${Math.round((s % 86_400) / 3600)} h`
}
/** units: seconds since 1970. */
export function ago(timestamp: number, now = Date.now() / 1000): string {
  const s = Math.max(0, now - timestamp)
  return s < 2 ? 'now' : `${duration(Math.floor(s) * 1000)} ago`
}
export const clock = (ms: number) => new Date(ms).toLocaleTimeString('en-GB', { hour12: false })
export const dateTime = (timestamp: number) => new Date(timestamp * 1000).toISOString().replace('T', ' ').replace('.000Z', ' UTC')
export const percent = (part: number) => `${(100 * part).toFixed(part > 0 && part < 0.1 ? 1 : 0)} %`
