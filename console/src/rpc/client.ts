// SPDX-License-Identifier: Apache-2.0
// JSON-RPC over HTTP to both floors, through the console's own origin. Calls of one moment travel as one batch.
import type { Methods } from './methods'

export type Floor = 'rollup' | 'parent'
type Name = keyof Methods
export type Params<M extends Name> = Methods[M]['params']
export type Result<M extends Name> = Methods[M]['result']

/** The node's answer to a request it cannot or will not carry out. */
export class RpcError extends Error {
  constructor(readonly method: string, readonly code: number, message: string, readonly data?: unknown) {
    super(`${method}: ${message} (${code})`)
  }
}

/** There was no answer at all, or none of a JSON-RPC server. */
export class ConnectionError extends Error {}

interface Waiting {
  method: string
  params: readonly unknown[]
  done: (value: unknown) => void
  failed: (error: Error) => void
}
interface Answer {
  id: number
  result?: unknown
  error?: { code: number; message: string; data?: unknown }
}

const paths: Record<Floor, string> = { rollup: '/rpc', parent: '/parent' }
const queues: Record<Floor, Waiting[]> = { rollup: [], parent: [] }
const maxBatch = 100
const timeoutMs = 30_000

export function call<M extends Name>(floor: Floor, method: M, ...params: Params<M>): Promise<Result<M>> {
  return new Promise((done, failed) => {
    const queue = queues[floor]
    if (queue.length === 0) queueMicrotask(() => flush(floor))
    queue.push({ method, params, done: done as (value: unknown) => void, failed })
  })
}
export const rollup = <M extends Name>(method: M, ...params: Params<M>) => call('rollup', method, ...params)
export const parent = <M extends Name>(method: M, ...params: Params<M>) => call('parent', method, ...params)

function flush(floor: Floor) {
  const queue = queues[floor].splice(0)
  for (let i = 0; i < queue.length; i += maxBatch) void send(floor, queue.slice(i, i + maxBatch))
}

async function send(floor: Floor, calls: Waiting[]) {
  try {
    const body = calls.map((c, id) => ({ jsonrpc: '2.0', id, method: c.method, params: c.params }))
    const reply = await request(paths[floor], { method: 'POST', body: JSON.stringify(body), headers: { 'content-type': 'application/json' } })
    const answers = (await reply.json()) as Answer[] | Answer
    // A server that refuses the batch as a whole answers with one error.
    const byId = new Map((Array.isArray(answers) ? answers : calls.map((_, id) => ({ ...answers, id }))).map((a) => [a.id, a]))
    calls.forEach((c, id) => {
      const answer = byId.get(id)
      if (!answer) c.failed(new ConnectionError(`${c.method}: the ${name(floor)} left it unanswered`))
      else if (answer.error) c.failed(new RpcError(c.method, answer.error.code, answer.error.message, answer.error.data))
      else c.done(answer.result)
    })
  } catch (error) {
    for (const c of calls) c.failed(error as Error)
  }
}

const name = (floor: Floor) => (floor === 'rollup' ? 'rollup node' : 'parent chain')

/** fetch whose failures say what failed and what to try. */
export async function request(path: string, init?: RequestInit): Promise<Response> {
  let reply: Response
  try {
    reply = await fetch(path, { ...init, signal: AbortSignal.timeout(timeoutMs) })
  } catch (error) {
    const why = (error as Error).name === 'TimeoutError' ? `no answer within ${timeoutMs / 1000} s` : 'no connection'
    throw new ConnectionError(`${location.host}${path}: ${why}; is the node still running?`)
  }
  if (reply.ok) return reply
  const text = await reply.text()
  let message = text
  try {
    message = (JSON.parse(text) as { message?: string }).message ?? text
  } catch { /* not JSON: the text itself is all there is */ }
  throw new ConnectionError(`${path}: HTTP ${reply.status}: ${message || reply.statusText}`)
}
