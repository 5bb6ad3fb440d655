// SPDX-License-Identifier: Apache-2.0
import { useLive } from '~/live/live'
import { Card, Page } from '~/ui/Basics'
import { HeadsChart } from '~/charts/HeadsChart'
import { LatestBlocks } from './LatestBlocks'
import { Floors } from './Floors'
import { Rates } from './Rates'
import { Risks } from './Risks'

export function OverviewPage() {
  const { network } = useLive()
  return (
    <Page title="Overview">
      <Floors />
      <Rates />
      <div class="columns">
        <div class="stack">
          <Card title="How far the heads lag" note="blocks behind the unsafe head"><HeadsChart height={170} lag /></Card>
          <LatestBlocks />
        </div>
        {network && <Risks network={network} />}
      </div>
    </Page>
  )
}
