// SPDX-License-Identifier: Apache-2.0
import { useState } from 'preact/hooks'
import { duration } from '~/chain/format'
import { useQuery } from '~/live/query'
import { getLab, startFault, type Fault, type LabRun } from '~/rpc/node'
import { Badge, Card, Page } from '~/ui/Basics'
import { Shown } from '~/ui/States'

const outcomes: Record<LabRun['outcome'], ['good' | 'bad' | 'warn' | 'info', string]> = {
  running: ['warn', 'running'], 'honest-won': ['good', 'the honest side won'], 'liar-won': ['bad', 'the liar won'], failed: ['bad', 'failed'], done: ['good', 'done'] }
const groups: [Fault['group'], string][] = [['proof', 'Lies about the state'], ['sequencer', 'The sequencer'], ['parent', 'The parent chain']]

export function LabPage() {
  const lab = useQuery(getLab, 'lab', 1000)
  const [trouble, setTrouble] = useState('')
  const start = async (name: string) => {
    try {
      await startFault(name)
      setTrouble('')
    } catch (error) {
      setTrouble((error as Error).message)
    }
    lab.again()
  }
  return (
    <Page title="Lab" lead="Cheat on purpose, with an account of your own network, and watch each mechanism catch it. Only mezz dev has this page.">
      {trouble && <div class="banner bad" role="alert">{trouble}</div>}
      <Shown of={lab}>{({ faults, run }) => (
        <>
          {run && <Run run={run} />}
          {groups.map(([group, name]) => {
            const those = faults.filter((f) => f.group === group)
            const why = those.find((f) => !f.available)?.why
            return (
              <Card key={group} title={name} note={why}>
                <ul class="faults">
                  {those.map((f) => (
                    <li key={f.name}>
                      <button type="button" disabled={!f.available || run?.outcome === 'running'} onClick={() => void start(f.name)}>{f.name}</button>
                      <span>{f.what}</span>
                    </li>
                  ))}
                </ul>
              </Card>
            )
          })}
        </>
      )}</Shown>
    </Page>
  )
}

function Run({ run }: { run: LabRun }) {
  const [tone, text] = outcomes[run.outcome]
  return (
    <Card title={run.name} note={<Badge tone={tone}>{text}</Badge>}>
      <ol class="notes" aria-live="polite">{run.notes.map((n) => <li key={n.afterMs + n.text}><span class="num muted">{duration(n.afterMs)}</span><span>{n.text}</span></li>)}</ol>
      <p class="muted">{run.moves > 0 && `${run.moves} moves of the liar. `}<a href="/claims">Claims and disputes</a> show what the network makes of it.</p>
    </Card>
  )
}
