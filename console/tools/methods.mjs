// SPDX-License-Identifier: Apache-2.0
// Writes src/rpc/methods.ts from docs/reference/openrpc.json: every type and every method of the node. --check compares.
import { readFileSync, writeFileSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'

const root = resolve(dirname(fileURLToPath(import.meta.url)), '..')
const document = JSON.parse(readFileSync(join(root, '../docs/reference/openrpc.json'), 'utf8'))

const union = (types) => [...new Set(types)].join(' | ')
const inList = (type) => (type.includes(' | ') ? `(${type})` : type)
/** A JSON schema as a TypeScript type. What the document does not say is unknown. */
function typeOf(schema) {
  if (schema.$ref) return schema.$ref.split('/').at(-1)
  const alternatives = schema.anyOf ?? schema.oneOf
  if (alternatives) return union(alternatives.map(typeOf))
  if (schema.enum) return union(schema.enum.map((value) => JSON.stringify(value).replaceAll('"', "'")))
  if (schema.const !== undefined) return JSON.stringify(schema.const).replaceAll('"', "'")
  switch (schema.type) {
    case 'integer': case 'number': return 'number'
    case 'boolean': case 'null': return schema.type
    case 'string': return schema.pattern?.startsWith('^0x') ? 'Hex' : 'string'
    case 'array': return schema.items ? `${inList(typeOf(schema.items))}[]` : 'unknown[]'
    case 'object': {
      const required = new Set(schema.required ?? [])
      const fields = Object.entries(schema.properties ?? {}).map(([name, value]) =>
        `${/^\w+$/.test(name) ? name : `'${name}'`}${required.has(name) ? '' : '?'}: ${typeOf(value)}`)
      const rest = schema.additionalProperties ? typeOf(schema.additionalProperties) : undefined
      if (fields.length === 0) return rest ? `Record<string, ${rest}>` : 'Record<string, unknown>'
      return `{ ${fields.join('; ')} }`
    }
    default: return 'unknown'
  }
}

const schemas = Object.entries(document.components.schemas).map(([name, schema]) =>
  `/** ${schema.description} */\nexport type ${name} = ${typeOf(schema)}`)
const methods = document.methods.map(({ name, summary, params, result }) => {
  const list = params.map((p) => `${p.name}${p.required ? '' : '?'}: ${typeOf(p.schema)}`)
  return `  /** ${summary} */\n  ${/^\w+$/.test(name) ? name : `'${name}'`}: { params: [${list.join(', ')}]; result: ${typeOf(result.schema)} }`
})
const text = `// SPDX-License-Identifier: Apache-2.0
// Made by tools/methods.mjs from docs/reference/openrpc.json.

export type Hex = \`0x\${string}\`

${schemas.join('\n')}

export interface Methods {
${methods.join('\n')}
}
`
const path = join(root, 'src/rpc/methods.ts')
if (process.argv.includes('--check')) {
  if (readFileSync(path, 'utf8') !== text) {
    console.error('console/src/rpc/methods.ts is not that of docs/reference/openrpc.json; run npm run methods in console/')
    process.exit(1)
  }
} else {
  writeFileSync(path, text)
}
