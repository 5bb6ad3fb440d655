// SPDX-License-Identifier: Apache-2.0
// The small parts of every page.
import type { ComponentChildren } from 'preact'
import { useState } from 'preact/hooks'
import type { Floor } from '~/rpc/client'
import type { Hex } from '~/rpc/types'
import { useLive } from '~/live/live'
import { nameOf } from '~/chain/names'

export function Page({ title, lead, children, actions }: {
  title: ComponentChildren; lead?: ComponentChildren; children: ComponentChildren; actions?: ComponentChildren
}) {
  return (
    <>
      <header class="page-head">
        <div><h1>{title}</h1>{lead && <p class="lead">{lead}</p>}</div>
        {actions && <div class="actions">{actions}</div>}
      </header>
      {children}
    </>
  )
}
export function Card({ title, children, note, wide, id }: {
  title: string; children: ComponentChildren; note?: ComponentChildren; wide?: boolean; id?: string
}) {
  return (
    <section class={wide ? 'card wide' : 'card'} aria-label={title} id={id}>
      <div class="card-head"><h2>{title}</h2>{note && <span class="note">{note}</span>}</div>
      {children}
    </section>
  )
}
export function Stat({ label, value, note, tone }: {
  label: string; value: ComponentChildren; note?: ComponentChildren; tone?: string
}) {
  return (
    <div class={`stat ${tone ?? ''}`}>
      <span class="stat-label">{label}</span><span class="stat-value">{value}</span>{note && <span class="stat-note">{note}</span>}
    </div>
  )
}
export const Badge = ({ tone, children }: { tone?: 'good' | 'warn' | 'bad' | 'info' | 'plain' | undefined; children: ComponentChildren }) =>
  <span class={`badge ${tone ?? 'plain'}`}>{children}</span>

export const Unknown = ({ why }: { why: string }) => <span class="unknown" title={why}>not known</span>

/** Rows of a name and a value. */
export function Fields({ rows }: { rows: [string, ComponentChildren][] }) {
  return <dl class="fields">{rows.map(([name, value]) => <div key={name}><dt>{name}</dt><dd>{value}</dd></div>)}</dl>
}

export function Copy({ text, what }: { text: string; what: string }) {
  const [done, setDone] = useState(false)
  const copy = () => navigator.clipboard.writeText(text).then(() => { setDone(true); setTimeout(() => setDone(false), 1500) }, () => {})
  return (
    <button type="button" class="copy" aria-label={`Copy ${what}`} title={`Copy ${what}`} onClick={() => void copy()}>
      <span aria-live="polite">{done ? 'copied' : ''}</span>{!done && <svg viewBox="0 0 16 16" aria-hidden="true"><path d="M5 5V2h9v9h-3M2 5h9v9H2z" /></svg>}
    </button>
  )
}

export const shorten = (hash: string, keep = 6) => `${hash.slice(0, 2 + keep)}…${hash.slice(-keep)}`
const base = (floor: Floor) => (floor === 'parent' ? '/parent' : '')
export const paths = {
  block: (id: number | string, floor: Floor = 'rollup') => `${base(floor)}/block/${id}`,
  txn: (hash: string, floor: Floor = 'rollup') => `${base(floor)}/tx/${hash}`,
  address: (address: string, floor: Floor = 'rollup') => `${base(floor)}/address/${address}`,
}

export function TxnLink({ hash, floor = 'rollup', full }: { hash: Hex; floor?: Floor; full?: boolean }) {
  return <a class="mono" href={paths.txn(hash, floor)} title={hash}>{full ? hash : shorten(hash)}</a>
}
export function BlockLink({ number, floor = 'rollup' }: { number: number; floor?: Floor }) {
  return <a class="num" href={paths.block(number, floor)}>{number.toLocaleString('en-GB')}</a>
}
export function AddressLink({ address, floor = 'rollup', full }: { address: Hex; floor?: Floor; full?: boolean }) {
  const { network } = useLive()
  const name = nameOf(floor, address, network)
  return (
    <a class={name && !full ? '' : 'mono'} href={paths.address(address, floor)} title={address}>
      {full ? address : name ?? shorten(address, 4)}
    </a>
  )
}
