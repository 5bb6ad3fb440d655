// SPDX-License-Identifier: Apache-2.0
// Solidity for the tests: the pinned solc of npm, with imports out of node_modules.
import assert from 'node:assert/strict'
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { here, require } from './lib.mjs'

/** Compiles Solidity with the packages of node_modules. returns: contracts by name */
export function compile(sources) {
  const solc = require('solc')
  const input = { language: 'Solidity', sources, settings: { evmVersion: 'cancun', optimizer: { enabled: true, runs: 200 },
    outputSelection: { '*': { '*': ['abi', 'evm.bytecode.object'] } } } }
  const found = (path) => {
    const file = join(here, 'node_modules', path)
    return existsSync(file) ? { contents: readFileSync(file, 'utf8') } : { error: `no ${path}` }
  }
  const output = JSON.parse(solc.compile(JSON.stringify(input), { import: found }))
  const errors = (output.errors ?? []).filter((e) => e.severity === 'error')
  assert.deepEqual(errors.map((e) => e.formattedMessage), [])
  const contracts = {}
  for (const file of Object.values(output.contracts))
    for (const [name, c] of Object.entries(file)) contracts[name] = { abi: c.abi, bytecode: `0x${c.evm.bytecode.object}` }
  return contracts
}
