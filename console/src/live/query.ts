// SPDX-License-Identifier: Apache-2.0
// Asks again when something changed: at every new head, or every so often.
import { useEffect, useRef, useState } from 'preact/hooks'
import { useHead } from './live'
import type { Floor } from '~/rpc/client'

export interface Query<T> { data: T | undefined; error: Error | undefined; again: () => void }

/** `key`: what the answer depends on. `every`: milliseconds, the head of a floor, or once. Old data stays while new is asked for. */
export function useQuery<T>(ask: () => Promise<T>, key: string, every?: number | Floor): Query<T> {
  const [state, setState] = useState<{ key: string; data?: T; error?: Error }>({ key })
  const [round, setRound] = useState(0)
  const head = useHead(every === 'rollup' || every === 'parent' ? every : undefined)
  const running = useRef('')
  useEffect(() => {
    // A slow answer is not asked for twice at once.
    if (running.current === key) return
    running.current = key
    let current = true
    ask().then(
      (data) => current && setState({ key, data }),
      (error: Error) => current && setState((old) => ({ ...(old.key === key ? old : {}), key, error })),
    ).finally(() => { if (running.current === key) running.current = '' })
    return () => { current = false; if (running.current === key) running.current = '' }
  }, [key, round, head])
  useEffect(() => {
    if (typeof every !== 'number') return
    const timer = setInterval(() => { if (!document.hidden) setRound((r) => r + 1) }, every)
    return () => clearInterval(timer)
  }, [key, every])
  const mine = state.key === key ? state : { data: undefined, error: undefined }
  return { data: mine.data, error: mine.error, again: () => setRound((r) => r + 1) }
}
