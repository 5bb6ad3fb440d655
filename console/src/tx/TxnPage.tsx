// SPDX-License-Identifier: Apache-2.0
import { ago, count, dateTime, wei } from '~/chain/format'
import { isHash } from '~/chain/abi'
import { useQuery } from '~/live/query'
import { call, type Floor } from '~/rpc/client'
import type { Hex, Receipt, Txn } from '~/rpc/types'
import { AddressLink, Badge, BlockLink, Card, Copy, Fields, Page } from '~/ui/Basics'
import { Empty, Shown } from '~/ui/States'
import { hex } from '~/chain/abi'
import { Lifecycle } from './Lifecycle'
import { Input } from './Input'
import { Logs } from './Logs'
import { Trace } from './Trace'
import { actionOf, typeOf } from './describe'

async function load(floor: Floor, hash: Hex) {
  const [txn, receipt] = await Promise.all([call(floor, 'eth_getTransactionByHash', hash), call(floor, 'eth_getTransactionReceipt', hash)])
  const block = receipt ? await call(floor, 'eth_getBlockByNumber', hex(Number(receipt.blockNumber)), false) : null
  return { txn, receipt, time: block ? Number(block.timestamp) : undefined }
}

export function TxnPage({ floor, hash }: { floor: Floor; hash: string }) {
  const valid = isHash(hash)
  const query = useQuery(() => (valid ? load(floor, hash) : Promise.reject(new Error('unused'))), `${floor} ${hash}`, floor)
  return (
    <Page title={floor === 'rollup' ? 'Transaction' : 'Parent transaction'} lead={<><span class="mono break">{hash}</span><Copy text={hash} what="transaction hash" /></>}>
      {!valid ? <Empty>A transaction is named by its hash of 32 bytes; this is none.</Empty> : (
        <Shown of={query}>{({ txn, receipt, time }) => (txn
          ? <>
            {floor === 'rollup' && <Lifecycle hash={hash} sentIn={time} />}
            <Summary txn={txn} receipt={receipt} time={time} floor={floor} />
            <Input txn={txn} />
            {receipt && <Logs logs={receipt.logs} floor={floor} />}
            {receipt && <Trace hash={hash} floor={floor} />}
          </>
          : <Empty>Neither the chain nor the pool has this transaction.</Empty>)}</Shown>
      )}
    </Page>
  )
}

function Summary({ txn, receipt, time, floor }: { txn: Txn; receipt: Receipt | null; time: number | undefined; floor: Floor }) {
  const fee = receipt && BigInt(receipt.gasUsed) * BigInt(receipt.effectiveGasPrice ?? '0x0')
  const blobFee = receipt?.blobGasUsed && receipt.blobGasPrice ? BigInt(receipt.blobGasUsed) * BigInt(receipt.blobGasPrice) : 0n
  const l1Fee = BigInt(receipt?.l1Fee ?? '0x0')
  const rows: [string, preact.ComponentChildren][] = [
    ['Result', receipt ? (receipt.status === '0x1' ? <Badge tone="good">success</Badge> : <Badge tone="bad">reverted</Badge>) : <Badge tone="warn">in the pool</Badge>],
    ['What', `${actionOf(txn)} (${typeOf(txn)})`],
    ['From', <AddressLink address={txn.from} floor={floor} full />],
    ['To', txn.to ? <AddressLink address={txn.to} floor={floor} full /> : receipt?.contractAddress ? <>new contract <AddressLink address={receipt.contractAddress} floor={floor} full /></> : 'new contract'],
    ['Value', wei(BigInt(txn.value))],
    ...(txn.mint ? [['Minted', wei(BigInt(txn.mint))] as [string, string]] : []),
    ...(receipt ? [
      ['Block', <><BlockLink number={Number(receipt.blockNumber)} floor={floor} />{time !== undefined && `, ${dateTime(time)} (${ago(time)})`}</>] as [string, preact.ComponentChildren],
      ['Gas used', `${count(BigInt(receipt.gasUsed))} of ${count(BigInt(txn.gas))}`] as [string, string],
      ['Fee', `${wei(fee! + blobFee + l1Fee)}${l1Fee ? ` (execution ${wei(fee!)}, data ${wei(l1Fee)})` : ''}${blobFee ? ` (execution ${wei(fee!)}, blobs ${wei(blobFee)})` : ''}`] as [string, string],
      ['Gas price', wei(BigInt(receipt.effectiveGasPrice ?? '0x0'))] as [string, string],
    ] : [['Gas limit', count(BigInt(txn.gas))] as [string, string]]),
    ['Nonce', count(Number(txn.nonce))],
    ...(txn.sourceHash ? [['Source hash', <span class="mono">{txn.sourceHash}</span>] as [string, preact.ComponentChildren]] : []),
    ...(txn.blobVersionedHashes?.length ? [['Blobs', <>{txn.blobVersionedHashes.map((h) => <div class="mono" key={h}>{h}</div>)}</>] as [string, preact.ComponentChildren]] : []),
  ]
  return <Card title="Summary"><Fields rows={rows} /></Card>
}
