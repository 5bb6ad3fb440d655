// SPDX-License-Identifier: Apache-2.0
// What Prometheus would read, for who has none.
import { useState } from 'preact/hooks'
import { useQuery } from '~/live/query'
import { getMetrics } from '~/rpc/node'
import { Card } from '~/ui/Basics'
import { Shown } from '~/ui/States'
import { Table } from '~/ui/Table'

interface Metric { name: string; labels: string; value: string; help: string }

/** spec: Prometheus text format 0.0.4. Buckets of histograms are left out: their sum and count are there. */
export function parseMetrics(text: string): Metric[] {
  const help = new Map<string, string>()
  const out: Metric[] = []
  for (const line of text.split('\n')) {
    const described = /^# HELP (\S+) (.*)$/.exec(line)
    if (described) help.set(described[1]!, described[2]!)
    const sample = /^([a-zA-Z_:][\w:]*)(?:\{(.*)\})? (\S+)/.exec(line)
    if (!sample || sample[1]!.endsWith('_bucket')) continue
    const name = sample[1]!
    out.push({ name, labels: (sample[2] ?? '').replace(/,$/, ''), value: sample[3]!, help: help.get(name) ?? help.get(name.replace(/_(sum|count)$/, '')) ?? '' })
  }
  return out
}

export function Metrics() {
  const [filter, setFilter] = useState('')
  const query = useQuery(async () => parseMetrics(await getMetrics()), 'metrics', 5000)
  const shown = (all: Metric[]) => all.filter((m) => `${m.name} ${m.labels} ${m.help}`.toLowerCase().includes(filter.toLowerCase()))
  return (
    <Card title="Metrics" note={<input type="search" aria-label="Filter metrics" placeholder="Filter" value={filter} onInput={(e) => setFilter(e.currentTarget.value)} />}>
      <Shown of={query}>{(all) => (
        <Table label="Metrics of the node" rows={shown(all)} id={(m) => m.name + m.labels} empty="No metric matches." columns={[
          { head: 'Name', cell: (m) => <code class="nowrap">{m.name}</code> }, { head: 'Labels', cell: (m) => <code class="break">{m.labels}</code> },
          { head: 'Value', right: true, cell: (m) => m.value }, { head: 'What it is', cell: (m) => m.help },
        ]} />
      )}</Shown>
    </Card>
  )
}
