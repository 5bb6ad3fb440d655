// SPDX-License-Identifier: Apache-2.0
// The committed reference of the JSON-RPC is what the programs say of themselves, and valid OpenRPC.
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import Ajv from 'ajv'
import jsonSchema from '@json-schema-tools/meta-schema'
import meta from '@open-rpc/meta-schema'
import { keepLogs, rpcRaw, startDev } from './lib.mjs'
import { committed, makeReference } from './reference.mjs'

let dev, made
before(async () => {
  dev = await startDev({ args: ['--ephemeral'] })
  made = await makeReference(dev)
})
after(async () => { if (dev) await dev.stop() })
const check = (name, body) => test(name, async () => { try { await body() } catch (error) { keepLogs(); throw error } })

check('the document obeys the meta-schema of OpenRPC', async () => {
  const ajv = new Ajv({ strict: false, validateSchema: false, logger: false })
  // It is named with and without a slash at its end.
  ajv.addSchema(jsonSchema.default ?? jsonSchema).addSchema(jsonSchema.default ?? jsonSchema, 'https://meta.json-schema.tools')
  const validate = ajv.compile(meta.openrpcDocument)
  assert.ok(validate(made.document), JSON.stringify(validate.errors))
  assert.ok(!validate({ ...made.document, info: {} }), 'the meta-schema refuses a document without a title')
})

check('every reference has its type, and every type is used', async () => {
  const text = JSON.stringify(made.document)
  const named = new Set([...text.matchAll(/"#\/components\/schemas\/(\w+)"/g)].map((m) => m[1]))
  assert.deepEqual([...named].sort(), Object.keys(made.document.components.schemas).sort())
})

check('both floors answer what they list', async () => {
  for (const method of made.document.methods)
    for (const floor of method['x-served-by']) {
      if (method.name.endsWith('subscribe')) continue // on connections that stay
      const url = floor === 'rollup' ? dev.outputs.chain.rpc : dev.outputs.parent.rpc
      const answer = await rpcRaw(url, method.name, ['?', '?', '?', '?'])
      assert.notEqual(answer.error?.code, -32601, `${method.name} on ${floor}`)
    }
})

check('the committed files are those made now (node reference.mjs write)', async () => {
  const files = committed()
  assert.equal(made.openrpc, files.openrpc, 'docs/reference/openrpc.json')
  assert.equal(made.matrix, files.matrix, 'docs/reference/rpc.md')
})
