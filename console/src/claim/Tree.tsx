// SPDX-License-Identifier: Apache-2.0
// The edges of a dispute, level by level: rivals side by side, what they were opened into below.
import { Badge, shorten } from '~/ui/Basics'
import type { Dispute, Edge } from './disputes'

interface Place { place: string; edges: Edge[] }

function placesOf(edges: Edge[]): Place[] {
  const byPlace = new Map<string, Edge[]>()
  for (const edge of edges) byPlace.set(edge.place, [...(byPlace.get(edge.place) ?? []), edge])
  return [...byPlace].map(([place, list]) => ({ place, edges: list }))
}

/** Steps one node of this row stands for: 2^18 leaves of 2^18 steps, in moves of 16, 16, 16, 16 and 4. */
function stepsOf(level: number, depth: number): string {
  const exponent = (level === 1 ? 18 : 0) + (depth >= 5 ? 0 : 18 - 4 * depth)
  return exponent === 0 ? 'one instruction' : `2^${exponent} instructions`
}

export function Tree({ dispute }: { dispute: Dispute }) {
  const rows = new Map<string, Edge[]>()
  for (const edge of dispute.edges) {
    const key = `${edge.level} ${edge.depth}`
    rows.set(key, [...(rows.get(key) ?? []), edge])
  }
  const order = [...rows.keys()].sort()
  if (order.length === 0) return <p class="state">No edge yet.</p>
  return (
    <ol class="tree" aria-label="Edges of the dispute by level and depth">
      {order.map((key) => {
        const edges = rows.get(key)!
        const { level, depth } = edges[0]!
        return (
          <li key={key}>
            <div class="tree-row"><b>Level {level}, depth {depth}</b><span class="muted">a node is {stepsOf(level, depth)}</span></div>
            <div class="tree-places">
              {placesOf(edges).map((p) => (
                <div key={p.place} class={p.edges.length > 1 ? 'place rivals' : 'place'}>
                  {p.edges.map((e) => (
                    <div key={e.node} class="edge" title={`node ${e.node} at place ${e.place}`}>
                      <code>{shorten(e.node, 4)}</code>
                      {e.proven ? <Badge tone="good">proven step</Badge> : e.openedBy ? <Badge tone="info">opened, {e.children.length}</Badge> : <Badge>waits</Badge>}
                    </div>
                  ))}
                  {p.edges.length > 1 && <span class="muted">rivals</span>}
                </div>
              ))}
            </div>
          </li>
        )
      })}
    </ol>
  )
}
