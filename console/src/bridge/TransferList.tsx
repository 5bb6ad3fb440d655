// SPDX-License-Identifier: Apache-2.0
import { ago, wei } from '~/chain/format'
import { useQuery } from '~/live/query'
import type { Network } from '~/rpc/node'
import { AddressLink, Card, TxnLink } from '~/ui/Basics'
import { Failed, Loading } from '~/ui/States'
import { depositProgress, withdrawalProgress, type Kind, type Transfer } from './transfers'
import { Stepper } from './Stepper'

export function TransferList({ network, kind, transfers }: { network: Network; kind: Kind; transfers: Transfer[] }) {
  const shown = transfers.filter((t) => t.kind === kind)
  return (
    <Card title={kind === 'deposit' ? 'Your deposits' : 'Your withdrawals'} note="made from this browser">
      {shown.length === 0 ? <p class="state">None yet.</p> : <ul class="transfers">{shown.map((t) => <Item key={t.hash} transfer={t} network={network} />)}</ul>}
    </Card>
  )
}

function Item({ transfer, network }: { transfer: Transfer; network: Network }) {
  const query = useQuery(() => (transfer.kind === 'deposit' ? depositProgress(transfer, network) : withdrawalProgress(transfer)), transfer.hash, 1000)
  return (
    <li>
      <div class="transfer-head">
        <b>{wei(BigInt(transfer.value))}</b> to <AddressLink address={transfer.to} floor={transfer.kind === 'deposit' ? 'rollup' : 'parent'} />
        <span class="muted">{ago(transfer.sentMs / 1000)} in <TxnLink hash={transfer.hash} floor={transfer.kind === 'deposit' ? 'parent' : 'rollup'} /></span>
      </div>
      {query.data ? <Stepper progress={query.data} label={`Steps of the ${transfer.kind}`} /> : query.error ? <Failed error={query.error} again={query.again} /> : <Loading />}
    </li>
  )
}
