// SPDX-License-Identifier: Apache-2.0
// Asks again when something changed: at every new head, or every so often.
import { useEffect, useRef, useState } from 'preact/hooks'
import { useHead } from './live'
import type { Floor } from '~/rpc/client'

export interface Query<T> { data: T | undefined; error: Error | undefined; again: () => void }

/**
 * `key`: what the answer depends on; the answer to another key is never shown. `every`: milliseconds, the head of a floor, or once.
 * Old data stays while new is asked for. A slow answer is waited for, however many heads come meanwhile, and then asked for anew.
 */
export function useQuery<T>(ask: () => Promise<T>, key: string, every?: number | Floor): Query<T> {
  const [state, setState] = useState<{ key: string; data?: T; error?: Error }>({ key })
  const [round, setRound] = useState(0)
  const head = useHead(every === 'rollup' || every === 'parent' ? every : undefined)
  const now = useRef({ key, asked: undefined as string | undefined, stale: false, gone: false }).current
  now.key = key
  useEffect(() => {
    if (now.asked === key) {
      now.stale = true
      return
    }
    now.asked = key
    now.stale = false
    const wanted = () => !now.gone && now.key === key
    ask().then(
      (data) => { if (wanted()) setState({ key, data }) },
      (error: Error) => { if (wanted()) setState((old) => ({ ...(old.key === key ? old : {}), key, error })) },
    ).finally(() => {
      if (now.asked === key) now.asked = undefined
      if (now.stale && wanted()) setRound((r) => r + 1)
    })
  }, [key, round, head])
  useEffect(() => () => { now.gone = true }, [])
  useEffect(() => {
    if (typeof every !== 'number') return
    const timer = setInterval(() => { if (!document.hidden) setRound((r) => r + 1) }, every)
    return () => clearInterval(timer)
  }, [key, every])
  const mine = state.key === key ? state : { data: undefined, error: undefined }
  return { data: mine.data, error: mine.error, again: () => setRound((r) => r + 1) }
}
