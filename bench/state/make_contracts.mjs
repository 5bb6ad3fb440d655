// SPDX-License-Identifier: Apache-2.0
// Re-makes contracts.json from the packages that tests/journey installs (exact versions in its lock file):
//   (cd tests/journey && npm ci) && node bench/state/make_contracts.mjs
import { readFileSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

const here = dirname(fileURLToPath(import.meta.url))
const journey = join(here, '../../tests/journey')
const require = createRequire(join(journey, 'package.json'))
const solc = require('solc')
const version = (name) => JSON.parse(readFileSync(join(journey, 'node_modules', name, 'package.json'))).version

const source = `// SPDX-License-Identifier: MIT
pragma solidity ^0.8.20;
import {ERC20} from "@openzeppelin/contracts/token/ERC20/ERC20.sol";
contract Token is ERC20 { constructor() ERC20("Token", "TKN") {} }`
const input = {
  language: 'Solidity',
  sources: { 'Token.sol': { content: source } },
  settings: { optimizer: { enabled: true, runs: 200 }, outputSelection: { '*': { '*': ['evm.deployedBytecode.object'] } } },
}
const read = (path) => ({ contents: readFileSync(join(journey, 'node_modules', path), 'utf8') })
const output = JSON.parse(solc.compile(JSON.stringify(input), { import: read }))
const token = output.contracts['Token.sol'].Token.evm.deployedBytecode.object

const uniswap = (kind, name) => {
  const built = require(`@uniswap/v2-${kind}/build/${name}.json`)
  const code = built.bytecode ?? built.evm.bytecode.object
  return code.startsWith('0x') ? code : `0x${code}`
}
const oz = `@openzeppelin/contracts ${version('@openzeppelin/contracts')}, compiled by solc ${version('solc')}`
const core = `@uniswap/v2-core ${version('@uniswap/v2-core')}, as built there`
const periphery = `@uniswap/v2-periphery ${version('@uniswap/v2-periphery')}, as built there`
const out = {
  about: 'Bytecode that bench-state deploys. Made by make_contracts.mjs. Run by the EVM, part of no program.',
  Token: { origin: oz, licence: 'MIT', deployed: `0x${token}` },
  UniswapV2Factory: { origin: core, licence: 'GPL-3.0-or-later', creation: uniswap('core', 'UniswapV2Factory') },
  UniswapV2Router02: { origin: periphery, licence: 'GPL-3.0-or-later', creation: uniswap('periphery', 'UniswapV2Router02') },
  WETH9: { origin: periphery, licence: 'GPL-3.0-or-later', creation: uniswap('periphery', 'WETH9') },
}
writeFileSync(join(here, 'contracts.json'), JSON.stringify(out, null, 1) + '\n')
