// SPDX-License-Identifier: Apache-2.0
// docs/reference/openrpc.json and rpc.md, made of what a running `mezz dev` says of itself and of the conformance run.
//   node reference.mjs write      makes both files anew; reference.test.mjs compares them
import { execFileSync } from 'node:child_process'
import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { mezz, root, rpc, startDev } from './lib.mjs'

export const openrpcFile = join(root, 'docs/reference/openrpc.json')
export const matrixFile = join(root, 'docs/reference/rpc.md')
const vectors = join(root, 'tests/conformance/vectors/rpc-compat')

const refused = (method) => method.summary.startsWith('Refused')
/** One document of both floors: who serves a method is in x-served-by. */
async function merged(dev) {
  const floors = { rollup: await rpc(dev.outputs.chain.rpc, 'rpc.discover'),
    parent: await rpc(dev.outputs.parent.rpc, 'rpc.discover') }
  const methods = new Map()
  const schemas = {}
  for (const [floor, document] of Object.entries(floors)) {
    for (const method of document.methods) {
      const known = methods.get(method.name)
      // What one floor refuses in order to name the other, the other serves.
      if (known && refused(method) && !refused(known)) continue
      if (known && refused(known) === refused(method)) known['x-served-by'].push(floor)
      else methods.set(method.name, { ...method, 'x-served-by': [floor] })
    }
    for (const [name, schema] of Object.entries(document.components.schemas)) {
      if (schemas[name] && JSON.stringify(schemas[name]) !== JSON.stringify(schema))
        throw new Error(`type ${name} differs between rollup and parent`)
      schemas[name] = schema
    }
  }
  const byName = (a, b) => (a < b ? -1 : 1)
  return { ...floors.rollup, methods: [...methods.values()].sort((a, b) => byName(a.name, b.name)),
    components: { schemas: Object.fromEntries(Object.entries(schemas).sort(([a], [b]) => byName(a, b))) } }
}

/** Vectors of this repository by method: {passed, failed}. */
function vectorCounts() {
  const binary = join(dirname(mezz), '../tests/conformance/mezz-conformance')
  let text
  try {
    text = execFileSync(binary, ['rpc-compat', vectors, '--json'], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] })
  } catch (error) {
    text = error.stdout
    if (!text) throw error
  }
  const failed = JSON.parse(text).failures.map((f) => f.split('/')[0])
  const counts = {}
  for (const folder of readdirSync(vectors, { withFileTypes: true })) {
    if (!folder.isDirectory()) continue
    const files = readdirSync(join(vectors, folder.name)).filter((f) => f.endsWith('.io')).length
    const bad = failed.filter((f) => f === folder.name).length
    if (files) counts[folder.name] = { passed: files - bad, files }
  }
  return counts
}

/** A schema in a few words. */
function typeText(schema) {
  if (schema.$ref) return schema.$ref.split('/').pop()
  if (schema.anyOf) return schema.anyOf.map(typeText).join(' \\| ')
  if (schema.enum) return schema.enum.map((v) => `"${v}"`).join(' \\| ')
  if (schema.type === 'array') {
    const item = typeText(schema.items)
    return item.includes(' ') ? `(${item})[]` : `${item}[]`
  }
  if (schema.properties) {
    const required = schema.required ?? []
    return `{${Object.entries(schema.properties).map(([name, s]) => `${name}${required.includes(name) ? '' : '?'}: ${typeText(s)}`).join(', ')}}`
  }
  if (schema.additionalProperties) return `map of ${typeText(schema.additionalProperties)}`
  return schema.type ?? 'any'
}

function matrix(document, counts) {
  const served = (method, floor) => (method['x-served-by'].includes(floor) ? 'yes' : '')
  const names = [...new Set(document.methods.map((m) => m.tags[0].name))]
  const passed = Object.values(counts).reduce((sum, c) => sum + c.passed, 0)
  const files = Object.values(counts).reduce((sum, c) => sum + c.files, 0)
  const lines = ['# JSON-RPC', '',
    'Made by `node tests/journey/reference.mjs write` from `rpc.discover` of a `mezz dev` and from a conformance run; a test',
    'compares. Types are in [openrpc.json](openrpc.json). "Rollup" and "parent" say where `mezz dev` serves a method; roles of',
    '`mezz node` serve what the rollup does, less what signs or changes the chain for development. "Vectors" are those of',
    `ethereum/execution-apis in this repository: ${passed} of ${files} pass; methods without a number have none here.`, '']
  for (const name of names) {
    const methods = document.methods.filter((m) => m.tags[0].name === name)
    lines.push(`## ${name}`, '', '| method | parameters | result | rollup | parent | vectors |', '|---|---|---|---|---|---|')
    for (const m of methods) {
      const params = m.params.map((p) => `${p.name}${p.required ? '' : '?'}: ${typeText(p.schema)}`).join(', ')
      const count = counts[m.name]
      lines.push(`| \`${m.name}\`<br>${m.summary} | ${params} | ${typeText(m.result.schema)} | ${served(m, 'rollup')} | ${
        served(m, 'parent')} | ${count ? `${count.passed}/${count.files}` : ''} |`)
    }
    lines.push('')
  }
  return lines.join('\n')
}

export async function makeReference(dev) {
  const document = await merged(dev)
  return { document, openrpc: `${JSON.stringify(document, null, 1)}\n`, matrix: matrix(document, vectorCounts()) }
}

if (process.argv[1] === fileURLToPath(import.meta.url) && process.argv[2] === 'write') {
  const dev = await startDev({ args: ['--ephemeral'] })
  const made = await makeReference(dev)
  writeFileSync(openrpcFile, made.openrpc)
  writeFileSync(matrixFile, made.matrix)
  console.log(`${made.document.methods.length} methods, ${Object.keys(made.document.components.schemas).length} types`)
  await dev.stop()
}

export const committed = () => ({ openrpc: readFileSync(openrpcFile, 'utf8'), matrix: readFileSync(matrixFile, 'utf8') })
