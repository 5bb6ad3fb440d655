// SPDX-License-Identifier: Apache-2.0
// What stands where data is not there: loading, empty, failed.
import type { ComponentChildren } from 'preact'
import type { Query } from '~/live/query'

export const Loading = () => <p class="state" role="status">Loading…</p>
export const Empty = ({ children }: { children: ComponentChildren }) => <p class="state">{children}</p>
export function Failed({ error, again }: { error: Error; again?: () => void }) {
  return (
    <div class="state failed" role="alert">
      <p>{error.message}</p>{again && <button type="button" onClick={again}>Try again</button>}
    </div>
  )
}

/** Shows a query's data, and why there is none. */
export function Shown<T>({ of, children }: { of: Query<T>; children: (data: T) => ComponentChildren }) {
  if (of.data !== undefined) return <>{of.error && <Failed error={of.error} again={of.again} />}{children(of.data)}</>
  return of.error ? <Failed error={of.error} again={of.again} /> : <Loading />
}
