// SPDX-License-Identifier: Apache-2.0
import { useEffect, useRef, useState } from 'preact/hooks'
import { clock } from '~/chain/format'
import { getLogs, type LogLine } from '~/rpc/node'
import { Badge, Card, Page } from '~/ui/Basics'
import { Failed } from '~/ui/States'

const levels = ['trace', 'debug', 'info', 'warning', 'error', 'critical']
const tones: Record<string, 'plain' | 'warn' | 'bad'> = { warning: 'warn', error: 'bad', critical: 'bad' }
const kept = 5000
const everyMs = 1000

function useLines(paused: boolean) {
  const [lines, setLines] = useState<LogLine[]>([])
  const [error, setError] = useState<Error>()
  const last = useRef(0)
  useEffect(() => {
    if (paused) return
    let stopped = false
    const ask = async () => {
      try {
        const more = await getLogs(last.current)
        if (stopped) return
        last.current = more.at(-1)?.sequence ?? last.current
        if (more.length) setLines((old) => [...old, ...more].slice(-kept))
        setError(undefined)
      } catch (e) {
        if (!stopped) setError(e as Error)
      }
    }
    void ask()
    const timer = setInterval(() => void ask(), everyMs)
    return () => { stopped = true; clearInterval(timer) }
  }, [paused])
  return { lines, error }
}

export function LogsPage() {
  const [paused, setPaused] = useState(false)
  const [least, setLeast] = useState('trace')
  const [component, setComponent] = useState('')
  const [text, setText] = useState('')
  const { lines, error } = useLines(paused)
  const components = [...new Set(lines.map((l) => l.component).filter(Boolean))].sort()
  const shown = lines.filter((l) => levels.indexOf(l.level) >= levels.indexOf(least) && (!component || l.component === component) &&
    (!text || l.message.toLowerCase().includes(text.toLowerCase())))
  return (
    <Page title="Logs" lead="The node's latest 2,000 lines, newest first, and those that come while the page is open. A block or transaction is found by its number or hash."
      actions={<button type="button" aria-pressed={paused} onClick={() => setPaused(!paused)}>{paused ? 'Go on' : 'Pause'}</button>}>
      <div class="filters">
        <label>Least level <select value={least} onChange={(e) => setLeast(e.currentTarget.value)}>{levels.map((l) => <option key={l}>{l}</option>)}</select></label>
        <label>Component <select value={component} onChange={(e) => setComponent(e.currentTarget.value)}><option value="">all</option>{components.map((c) => <option key={c}>{c}</option>)}</select></label>
        <label>Text <input type="search" value={text} onInput={(e) => setText(e.currentTarget.value)} /></label>
      </div>
      {error && <Failed error={error} />}
      <Card title="Lines" note={`${shown.length} of ${lines.length}`}>
        {shown.length === 0 ? <p class="state">{lines.length === 0 ? 'The node has logged nothing yet.' : 'No line matches.'}</p> : (
          <ol class="log" tabIndex={0} aria-label="Log lines">
            {[...shown].reverse().slice(0, 1000).map((l) => (
              <li key={l.sequence}><time>{clock(l.timeMs)}.{String(l.timeMs % 1000).padStart(3, '0')}</time><Badge tone={tones[l.level] ?? 'plain'}>{l.level}</Badge><b>{l.component}</b><span>{l.message}</span></li>
            ))}
          </ol>
        )}
      </Card>
    </Page>
  )
}
