// SPDX-License-Identifier: Apache-2.0
// One WebSocket a floor with its subscriptions; connects again, ever more slowly, when it is lost.
import type { Floor } from './client'

export type SocketState = 'connecting' | 'open' | 'lost'
type Listener = (value: unknown) => void

const paths: Record<Floor, string> = { rollup: '/ws', parent: '/parent/ws' }
const firstWaitMs = 500
const longestWaitMs = 10_000

export class Socket {
  private socket: WebSocket | undefined
  private waitMs = firstWaitMs
  private wanted: { params: unknown[]; listener: Listener }[] = []
  private byId = new Map<string, Listener>()
  private asked = new Map<number, Listener>()
  private id = 0

  constructor(private floor: Floor, private onState: (state: SocketState) => void) {}

  subscribe(params: unknown[], listener: Listener) {
    this.wanted.push({ params, listener })
  }

  connect() {
    this.onState('connecting')
    const socket = new WebSocket(`${location.origin.replace('http', 'ws')}${paths[this.floor]}`)
    this.socket = socket
    socket.onopen = () => {
      this.waitMs = firstWaitMs
      this.byId.clear()
      for (const { params, listener } of this.wanted) {
        this.asked.set(++this.id, listener)
        socket.send(JSON.stringify({ jsonrpc: '2.0', id: this.id, method: 'eth_subscribe', params }))
      }
      this.onState('open')
    }
    socket.onmessage = (event: MessageEvent<string>) => this.take(event.data)
    socket.onclose = () => {
      if (this.socket !== socket) return
      this.onState('lost')
      setTimeout(() => this.connect(), this.waitMs)
      this.waitMs = Math.min(2 * this.waitMs, longestWaitMs)
    }
  }

  private take(text: string) {
    const message = JSON.parse(text) as { id?: number; result?: string; params?: { subscription: string; result: unknown } }
    if (message.params) return this.byId.get(message.params.subscription)?.(message.params.result)
    const listener = message.id === undefined ? undefined : this.asked.get(message.id)
    if (listener && message.result) this.byId.set(message.result, listener)
  }
}
