// SPDX-License-Identifier: Apache-2.0
import { count, wei } from '~/chain/format'
import type { Floor } from '~/rpc/client'
import type { Txn } from '~/rpc/types'
import { AddressLink, Badge, TxnLink } from '~/ui/Basics'
import { Table, type Column } from '~/ui/Table'
import { actionOf, isSystem } from './describe'

const most = 200

export function TxnTable({ txns, floor, block }: { txns: Txn[]; floor: Floor; block?: boolean }) {
  const columns: Column<Txn>[] = [
    { head: 'Transaction', cell: (t) => <TxnLink hash={t.hash} floor={floor} /> },
    ...(block ? [{ head: 'Block', cell: (t: Txn) => (t.blockNumber ? count(Number(t.blockNumber)) : 'pool'), right: true }] : []),
    { head: 'What', cell: (t) => <Badge tone={isSystem(t) ? 'plain' : t.type === '0x7e' ? 'info' : 'plain'}>{t.type === '0x7e' && !isSystem(t) ? `deposit · ${actionOf(t)}` : actionOf(t)}</Badge> },
    { head: 'From', cell: (t) => <AddressLink address={t.from} floor={floor} /> },
    { head: 'To', cell: (t) => (t.to ? <AddressLink address={t.to} floor={floor} /> : 'new contract') },
    { head: 'Value', right: true, cell: (t) => wei(BigInt(t.value)) },
    { head: 'Gas limit', right: true, cell: (t) => count(BigInt(t.gas)) },
  ]
  return (
    <>
      <Table label="Transactions" columns={columns} rows={txns.slice(0, most)} id={(t) => t.hash} empty="No transactions." />
      {txns.length > most && <p class="state">The first {most} of {count(txns.length)} are shown.</p>}
    </>
  )
}
