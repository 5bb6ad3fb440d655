// SPDX-License-Identifier: Apache-2.0
// Four heads: each is a stronger promise than the one before, and lags behind it.
import { count, duration } from '~/chain/format'
import { useLive } from '~/live/live'
import { BlockLink } from '~/ui/Basics'

const promises = {
  unsafe: 'the sequencer\'s word',
  safe: 'derived from the parent',
  finalized: 'the parent\'s block is final',
  claimed: 'a claim on the parent covers it',
}

export function Heads() {
  const { status, network } = useLive()
  if (!status || !network) return null
  const top = status.unsafe.number
  const heads: [keyof typeof promises, number][] = [['unsafe', top], ['safe', status.safe.number], ['finalized', status.finalized.number]]
  if (network.proposer) heads.push(['claimed', status.proposed])
  const furthest = Math.max(1, top - Math.min(...heads.map(([, n]) => n)))
  return (
    <ul class="heads" aria-label="Heads of the rollup">
      {heads.map(([name, n]) => (
        <li key={name} class={`head ${name}`}>
          <span class="head-name">{name}</span>
          <BlockLink number={n} />
          <span class="head-bar" aria-hidden="true"><i style={{ width: `${100 - 70 * ((top - n) / furthest)}%` }} /></span>
          <span class="head-lag">{n === top ? 'head' : `${count(top - n)} behind · ${duration((top - n) * network.blockTimeMs)}`}</span>
          <span class="head-promise">{promises[name]}{name === 'claimed' && status.proposer.games > 0 && <>; settled up to <BlockLink number={status.proposer.anchorBlock} /></>}</span>
        </li>
      ))}
    </ul>
  )
}
