// SPDX-License-Identifier: Apache-2.0
// What every page looks at: the network, its status, the heads of both floors, the connection.
import { useEffect, useState } from 'preact/hooks'
import { call, type Floor } from '~/rpc/client'
import { getHistory, getNetwork, type Network, type Sample } from '~/rpc/node'
import type { Header, Status } from '~/rpc/types'
import { Socket, type SocketState } from '~/rpc/socket'

export interface Live {
  network?: Network
  status?: Status
  heads: Record<Floor, number | undefined>
  sockets: Record<Floor, SocketState>
  history: Sample[]
  /** What is wrong with the connection to the node. */
  trouble?: string
}

let state: Live = { heads: { rollup: undefined, parent: undefined }, sockets: { rollup: 'connecting', parent: 'connecting' }, history: [] }
const listeners = new Set<() => void>()
function change(part: Partial<Live>) {
  state = { ...state, ...part }
  for (const listener of listeners) listener()
}

const statusMs = 1000
const keptSamples = 1800

const subscribed = (floor: Floor) => (state.sockets[floor] === 'open' ? state.heads[floor] : undefined)

export function startLive() {
  const connect = (floor: Floor) => {
    const socket = new Socket(floor, (now) => change({ sockets: { ...state.sockets, [floor]: now } }))
    socket.subscribe(['newHeads'], (head) =>
      change({ heads: { ...state.heads, [floor]: Number((head as Header).number) } }))
    socket.connect()
  }
  connect('rollup')
  const tick = async () => {
    try {
      if (!state.network) {
        const network = await getNetwork()
        change({ network })
        // A parent that is not embedded is reached over HTTP alone.
        if (network.parent.embedded) connect('parent')
      }
      const [status, history] = await Promise.all([
        call('rollup', 'mezz_status'), getHistory(state.history.at(-1)?.timeMs ?? 0)])
      change({
        status, trouble: undefined, history: [...state.history, ...history].slice(-keptSamples),
        // Subscriptions are faster, and tell of heads that go back; these hold where there is none.
        heads: { rollup: subscribed('rollup') ?? status.unsafe.number, parent: subscribed('parent') ?? status.parentLatest },
      })
    } catch (error) {
      change({ trouble: (error as Error).message })
    }
    setTimeout(() => void tick(), statusMs)
  }
  void tick()
}

export function useLive(): Live {
  const [value, setValue] = useState(state)
  useEffect(() => {
    const listener = () => setValue(state)
    listeners.add(listener)
    listener()
    return () => { listeners.delete(listener) }
  }, [])
  return value
}
/** The head's number of a floor, for what is to be asked again with every block. */
export function useHead(floor: Floor | undefined): number | undefined {
  const [value, setValue] = useState(floor && state.heads[floor])
  useEffect(() => {
    if (!floor) return
    const listener = () => setValue(state.heads[floor])
    listeners.add(listener)
    listener()
    return () => { listeners.delete(listener) }
  }, [floor])
  return value
}
