// SPDX-License-Identifier: Apache-2.0
import { events } from '~/chain/selectors'
import type { Floor } from '~/rpc/client'
import type { Log } from '~/rpc/types'
import { AddressLink, Card } from '~/ui/Basics'

export function Logs({ logs, floor }: { logs: Log[]; floor: Floor }) {
  if (logs.length === 0) return null
  return (
    <Card title="Events" note={String(logs.length)}>
      <ol class="events">
        {logs.map((log) => (
          <li key={log.logIndex}>
            <div><b>{events[log.topics[0] ?? '']?.split('(')[0] ?? 'unknown event'}</b> of <AddressLink address={log.address} floor={floor} /></div>
            {events[log.topics[0] ?? ''] && <code>{events[log.topics[0]!]}</code>}
            <ol class="words" start={0}>{log.topics.map((t, i) => <li key={i}><code>{t.slice(2)}</code></li>)}</ol>
            {log.data !== '0x' && <details><summary>Data, {(log.data.length - 2) / 2} bytes</summary><pre class="hex" tabIndex={0}>{log.data.slice(0, 8192)}</pre></details>}
          </li>
        ))}
      </ol>
    </Card>
  )
}
