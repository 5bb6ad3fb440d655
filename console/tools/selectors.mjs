// SPDX-License-Identifier: Apache-2.0
// Writes src/chain/selectors.ts: selectors and topics of the stack's contracts, from contracts/artefacts. --check compares.
import { readFileSync, readdirSync, writeFileSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import sha3 from 'js-sha3'

const root = resolve(dirname(fileURLToPath(import.meta.url)), '..')
const artefacts = join(root, '../contracts/artefacts')

const type = (input) => input.type.startsWith('tuple')
  ? `(${input.components.map(type).join(',')})${input.type.slice(5)}` : input.type
const signature = (item) => `${item.name}(${item.inputs.map(type).join(',')})`
const hash = (text) => `0x${sha3.keccak256(text)}`

// What wallets and tokens use everywhere, beside our own.
const common = ['transfer(address,uint256)', 'approve(address,uint256)', 'transferFrom(address,address,uint256)', 'balanceOf(address)',
  'totalSupply()', 'name()', 'symbol()', 'decimals()', 'mint(address,uint256)', 'multicall(bytes[])']
const functions = new Map(common.map((text) => [hash(text).slice(0, 10), text]))
const events = new Map(['Transfer(address,address,uint256)', 'Approval(address,address,uint256)'].map((text) => [hash(text), text]))
const errors = new Map(['Error(string)', 'Panic(uint256)'].map((text) => [hash(text).slice(0, 10), text]))
for (const file of readdirSync(artefacts).filter((name) => name.endsWith('.json')).sort())
  for (const item of JSON.parse(readFileSync(join(artefacts, file), 'utf8')).abi) {
    if (item.type === 'function') functions.set(hash(signature(item)).slice(0, 10), signature(item))
    if (item.type === 'event') events.set(hash(signature(item)), signature(item))
    if (item.type === 'error') errors.set(hash(signature(item)).slice(0, 10), signature(item))
  }
const table = (name, map) => `export const ${name}: Record<string, string> = {\n${
  [...map].sort((a, b) => a[1] < b[1] ? -1 : 1).map(([key, text]) => `  '${key}': '${text}',`).join('\n')}\n}\n`
const text = `// SPDX-License-Identifier: Apache-2.0
// Made by tools/selectors.mjs from contracts/artefacts.

/** By the first four bytes of call data. */
${table('functions', functions)}
/** By the first topic. */
${table('events', events)}
/** By the first four bytes of revert data. */
${table('errors', errors)}`
const path = join(root, 'src/chain/selectors.ts')
if (process.argv.includes('--check')) {
  if (readFileSync(path, 'utf8') !== text) {
    console.error('console/src/chain/selectors.ts is not that of contracts/artefacts; run npm run selectors in console/')
    process.exit(1)
  }
} else {
  writeFileSync(path, text)
}
