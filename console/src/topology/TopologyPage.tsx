// SPDX-License-Identifier: Apache-2.0
// The parts of this node and how they hang together, each with its health.
import { count } from '~/chain/format'
import { useLive } from '~/live/live'
import type { Status } from '~/rpc/types'
import type { Network } from '~/rpc/node'
import { Card, Page } from '~/ui/Basics'
import { Loading } from '~/ui/States'
import { Metrics } from './Metrics'

interface Part { name: string; x: number; y: number; text: string; trouble: string; absent?: boolean }

const width = 168
const height = 54

/** What the node says about a stage, "stage: text", without the stage. */
function troubleOf(status: Status, stage: string, own = ''): string {
  if (own) return own
  return status.error.startsWith(`${stage}: `) ? status.error.slice(stage.length + 2) : ''
}

function partsOf(network: Network, status: Status, pool: number): Part[] {
  const sequences = network.role === 'dev' || network.role === 'sequencer'
  const b = status.batcher
  return [
    { name: 'JSON-RPC', x: 20, y: 20, text: network.chain.url.replace('http://', ''), trouble: '' },
    { name: 'Pool', x: 220, y: 20, text: `${count(pool)} waiting`, trouble: '', absent: !sequences },
    { name: 'Sequencer', x: 420, y: 20, text: `block ${count(status.unsafe.number)}`, trouble: troubleOf(status, 'sequencer'), absent: !sequences },
    { name: 'Chain', x: 620, y: 20, text: `safe ${count(status.safe.number)}`, trouble: '' },
    { name: 'Derivation', x: 620, y: 140, text: `${count(status.inboxCount)} entries`, trouble: troubleOf(status, 'derivation') },
    { name: 'Batcher', x: 420, y: 140, text: `${count(b.entriesLanded)} landed, ${b.inFlight} under way`, trouble: troubleOf(status, 'batcher', b.lastError), absent: !sequences },
    { name: 'Proposer', x: 220, y: 140, text: `${count(status.proposer.games)} claims`, trouble: troubleOf(status, 'proposer', status.proposer.lastError), absent: !network.proposer },
    { name: 'Challenger', x: 20, y: 140, text: `${count(status.challenger.proposals)} checked, ${count(status.challenger.disputesOpen)} open`, trouble: troubleOf(status, 'challenger', status.challenger.lastError), absent: network.proof !== 'fraud' || (network.role !== 'dev' && network.role !== 'challenger') },
    { name: 'Parent watcher', x: 620, y: 260, text: `block ${count(status.parentLatest)}`, trouble: troubleOf(status, 'parent') },
    { name: 'Parent chain', x: 220, y: 260, text: `${network.parent.embedded ? 'embedded, ' : ''}chain ${network.parent.chainId}`, trouble: '' },
  ]
}

const arrows: [string, string][] = [
  ['JSON-RPC', 'Pool'], ['Pool', 'Sequencer'], ['Sequencer', 'Chain'], ['Chain', 'Batcher'], ['Batcher', 'Parent chain'], ['Proposer', 'Parent chain'],
  ['Challenger', 'Parent chain'], ['Parent chain', 'Parent watcher'], ['Parent watcher', 'Derivation'], ['Derivation', 'Chain']]

export function TopologyPage() {
  const { network, status, history, trouble } = useLive()
  const last = history.at(-1)
  return (
    <Page title="Topology" lead="The parts of this node, what runs between them, and who is in trouble.">
      {!network || !status ? <Loading /> : <Graph parts={partsOf(network, status, (last?.pending ?? 0) + (last?.queued ?? 0))} reachable={!trouble} />}
      <Metrics />
    </Page>
  )
}

function Graph({ parts, reachable }: { parts: Part[]; reachable: boolean }) {
  const present = parts.filter((p) => !p.absent)
  const find = (name: string) => present.find((p) => p.name === name)
  const tone = (p: Part) => (!reachable ? 'unknown' : p.trouble ? 'bad' : 'good')
  return (
    <>
      <Card title="Graph">
        <div class="scroll" tabIndex={0} role="group" aria-label="Graph of the node's parts">
          <svg class="graph" viewBox="0 0 808 334" role="img" aria-label={`${present.length} parts; the table below tells the state of each`}>
            <defs><marker id="tip" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="7" markerHeight="7" orient="auto"><path d="M0 0l8 4-8 4z" /></marker></defs>
            {arrows.map(([from, to]) => {
              const [a, b] = [find(from), find(to)]
              return a && b && <path key={from + to} class="wire" d={line(a, b)} marker-end="url(#tip)" />
            })}
            {present.map((p) => (
              <g key={p.name} class={`part ${tone(p)}`} transform={`translate(${p.x} ${p.y})`}>
                <rect width={width} height={height} rx="6" /><circle cx={width - 14} cy="16" r="4.5" />
                <text x="12" y="21" class="part-name">{p.name}</text><text x="12" y="41">{p.text}</text>
              </g>
            ))}
          </svg>
        </div>
      </Card>
      <Card title="Health">
        <div class="table"><table>
          <thead><tr><th scope="col">Part</th><th scope="col">Health</th><th scope="col">State</th><th scope="col">Trouble</th></tr></thead>
          <tbody>{present.map((p) => (
            <tr key={p.name}><td>{p.name}</td><td><span class={`badge ${tone(p) === 'unknown' ? 'plain' : tone(p)}`}>{!reachable ? 'not known' : p.trouble ? 'trouble' : 'well'}</span></td><td>{p.text}</td><td>{p.trouble || '–'}</td></tr>
          ))}</tbody>
        </table></div>
      </Card>
    </>
  )
}

/** From side to side, or from foot to head. */
function line(a: Part, b: Part): string {
  if (a.y === b.y) return a.x < b.x ? `M${a.x + width} ${a.y + height / 2}H${b.x - 3}` : `M${a.x} ${a.y + height / 2}H${b.x + width + 3}`
  const down = a.y < b.y
  const [y1, y2] = down ? [a.y + height, b.y - 3] : [a.y, b.y + height + 3]
  const [x1, x2] = a.x === b.x ? [a.x + width / 2, b.x + width / 2] : [a.x + width / 2, b.x + width / 2 + (a.x < b.x ? -50 : 50)]
  return `M${x1} ${y1}C${x1} ${(y1 + y2) / 2} ${x2} ${(y1 + y2) / 2} ${x2} ${y2}`
}
