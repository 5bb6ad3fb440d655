// SPDX-License-Identifier: Apache-2.0
// How far a block of the rollup is on its way.
import { Badge } from '~/ui/Basics'
import type { Status } from '~/rpc/types'

export function Finality({ number, status }: { number: number; status: Status | undefined }) {
  if (!status) return <Badge>…</Badge>
  if (status.proposer.games > 0 && number <= status.proposer.anchorBlock) return <Badge tone="good">settled</Badge>
  if (number <= status.finalized.number) return <Badge tone="good">finalized</Badge>
  if (number <= status.safe.number) return <Badge tone="info">safe</Badge>
  return <Badge tone="warn">unsafe</Badge>
}
