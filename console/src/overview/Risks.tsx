// SPDX-License-Identifier: Apache-2.0
import { useQuery } from '~/live/query'
import { getTerms } from '~/claim/claims'
import type { Network } from '~/rpc/node'
import { Badge, Card } from '~/ui/Basics'
import { Shown } from '~/ui/States'
import { risksOf } from './riskTexts'

export function Risks({ network }: { network: Network }) {
  const terms = useQuery(() => getTerms(network), 'terms', 30_000)
  return (
    <Card title="Risks" note="the five L2BEAT asks about, from SystemConfig on the parent">
      <Shown of={terms}>{(t) => (
        <dl class="risks">
          {risksOf(network, t).map((risk) => (
            <div key={risk.name} class={`risk ${risk.tone}`}>
              <dt>{risk.name} <Badge tone={risk.tone}>{risk.verdict}</Badge></dt>
              <dd>{risk.text}</dd>
            </div>
          ))}
        </dl>
      )}</Shown>
    </Card>
  )
}
