// SPDX-License-Identifier: Apache-2.0
import type { ComponentChildren } from 'preact'

export interface Column<T> {
  head: string
  cell: (row: T) => ComponentChildren
  /** Numbers stand right. */
  right?: boolean
}

export function Table<T>({ label, columns, rows, id, empty }: {
  label: string; columns: Column<T>[]; rows: readonly T[]; id: (row: T) => string | number; empty: string
}) {
  if (rows.length === 0) return <p class="state">{empty}</p>
  return (
    <div class="table" role="group" aria-label={label} tabIndex={0}>
      <table>
        <thead><tr>{columns.map((c) => <th key={c.head} scope="col" class={c.right ? 'right' : ''}>{c.head}</th>)}</tr></thead>
        <tbody>
          {rows.map((row) => (
            <tr key={id(row)}>{columns.map((c) => <td key={c.head} class={c.right ? 'right' : ''}>{c.cell(row)}</td>)}</tr>
          ))}
        </tbody>
      </table>
    </div>
  )
}
