// SPDX-License-Identifier: Apache-2.0
import { isAddress } from '~/chain/abi'
import { nameOf } from '~/chain/names'
import { count, fromWei } from '~/chain/format'
import { useLive } from '~/live/live'
import { useQuery } from '~/live/query'
import { call, type Floor } from '~/rpc/client'
import type { Hex } from '~/rpc/types'
import { Badge, Card, Copy, Fields, Page, paths } from '~/ui/Basics'
import { Empty, Shown } from '~/ui/States'
import { Code } from './Code'
import { RecentTxns } from './RecentTxns'

async function load(floor: Floor, address: Hex) {
  const [balance, nonce, code] = await Promise.all([
    call(floor, 'eth_getBalance', address, 'latest'), call(floor, 'eth_getTransactionCount', address, 'latest'),
    call(floor, 'eth_getCode', address, 'latest')])
  return { balance: BigInt(balance), nonce: Number(nonce), code }
}
// An account that stands for another's code. spec: EIP-7702.
const delegation = '0xef0100'

export function AccountPage({ floor, address }: { floor: Floor; address: string }) {
  const { network } = useLive()
  const valid = isAddress(address)
  const account = useQuery(() => (valid ? load(floor, address) : Promise.reject(new Error('unused'))), `${floor} ${address}`, floor)
  const kind = account.data && (account.data.code === '0x' ? 'Account' : account.data.code.startsWith(delegation) ? 'Delegated account' : 'Contract')
  const name = valid ? nameOf(floor, address, network) : undefined
  const other: Floor = floor === 'rollup' ? 'parent' : 'rollup'
  return (
    <Page title={name ?? kind ?? 'Account'} lead={<><span class="mono break">{address}</span><Copy text={address} what="address" /></>}
      actions={valid && <a class="button" href={paths.address(address, other)}>On the {other === 'parent' ? 'parent' : 'rollup'}</a>}>
      {!valid ? <Empty>An address has 20 bytes in hexadecimal; this is none.</Empty> : (
        <Shown of={account}>{({ balance, nonce, code }) => (
          <>
            <Card title="State" note={floor === 'rollup' ? 'on the rollup' : 'on the parent chain'}>
              <Fields rows={[
                ['Kind', <Badge tone={code === '0x' ? 'plain' : 'info'}>{kind}</Badge>],
                ['Balance', `${fromWei(balance)} ETH`],
                [code === '0x' ? 'Transactions sent' : 'Nonce', count(nonce)],
                ...(code.startsWith(delegation) ? [['Runs the code of', <a class="mono" href={paths.address(`0x${code.slice(8)}`, floor)}>{`0x${code.slice(8)}`}</a>] as [string, preact.ComponentChildren]] : []),
              ]} />
            </Card>
            {code !== '0x' && !code.startsWith(delegation) && <Code address={address} code={code} floor={floor} />}
            <RecentTxns address={address} floor={floor} />
          </>
        )}</Shown>
      )}
    </Page>
  )
}
