// SPDX-License-Identifier: Apache-2.0
import { useState } from 'preact/hooks'
import { useLive } from '~/live/live'
import { useQuery } from '~/live/query'
import { getTerms } from '~/claim/claims'
import { getConfig, type Network, type Setting } from '~/rpc/node'
import { Badge, Card, Copy, Page } from '~/ui/Basics'
import { Loading, Shown } from '~/ui/States'
import { Table, type Column } from '~/ui/Table'

const tones: Record<string, 'plain' | 'info' | 'good' | 'warn'> = { default: 'plain', flag: 'info', environment: 'info' }
const columns: Column<Setting>[] = [
  { head: 'Setting', cell: (s) => <code class="nowrap">{s.name}</code> },
  { head: 'Value', cell: (s) => <span class="mono break">{s.value || <span class="muted">empty</span>}</span> },
  { head: 'Source', cell: (s) => <Badge tone={tones[s.source] ?? 'good'}>{s.source}</Badge> },
  { head: 'What it is', cell: (s) => s.what },
]

export function ConfigPage() {
  const { network } = useLive()
  const [filter, setFilter] = useState('')
  const query = useQuery(getConfig, 'config')
  const shown = (all: Setting[]) => all.filter((s) => `${s.name} ${s.value} ${s.source} ${s.what}`.toLowerCase().includes(filter.toLowerCase()))
  return (
    <Page title="Configuration" lead="Every value this node runs with, and who set it. Keys are never shown."
      actions={<input type="search" aria-label="Filter settings" placeholder="Filter" value={filter} onInput={(e) => setFilter(e.currentTarget.value)} />}>
      <Card title="This node"><Shown of={query}>{(all) => <Table label="Settings" columns={columns} rows={shown(all)} id={(s) => s.name} empty="No setting matches." />}</Shown></Card>
      {network ? <OnParent network={network} /> : <Loading />}
    </Page>
  )
}

/** What contracts hold: it binds everybody, whatever a node was started with. */
function OnParent({ network }: { network: Network }) {
  const terms = useQuery(() => getTerms(network), 'terms', 30_000)
  const addresses = Object.entries(network.contracts).filter((entry): entry is [string, `0x${string}`] => typeof entry[1] === 'string')
  return (
    <>
      <Card title="SystemConfig on the parent">
        <Shown of={terms}>{(t) => (
          <Table label="Settings on the parent" rows={Object.entries(t)} id={([name]) => name} empty=""
            columns={[{ head: 'Setting', cell: ([name]) => <code>{name}</code> }, { head: 'Value', cell: ([, value]) => <span class="mono break">{String(value)}</span> }, { head: 'Source', cell: () => <Badge tone="good">contract</Badge> }]} />
        )}</Shown>
      </Card>
      <Card title="Contracts">
        <Table label="Contracts" rows={addresses} id={([name]) => name} empty=""
          columns={[{ head: 'Contract', cell: ([name]) => name }, { head: 'Address on the parent', cell: ([, a]) => <><a class="mono" href={`/parent/address/${a}`}>{a}</a><Copy text={a} what="address" /></> }]} />
      </Card>
    </>
  )
}
