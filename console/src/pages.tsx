// SPDX-License-Identifier: Apache-2.0
// Which page is at which path, and how the navigation lists them.
import type { ComponentChildren } from 'preact'
import { AccountPage } from '~/account/AccountPage'
import { BatchList } from '~/batch/BatchList'
import { BatchPage } from '~/batch/BatchPage'
import { BlockList } from '~/block/BlockList'
import { BlockPage } from '~/block/BlockPage'
import { BridgePage } from '~/bridge/BridgePage'
import { ChartsPage } from '~/charts/ChartsPage'
import { ClaimList } from '~/claim/ClaimList'
import { DisputePage } from '~/claim/DisputePage'
import { ConfigPage } from '~/config/ConfigPage'
import { LabPage } from '~/lab/LabPage'
import { LogsPage } from '~/logs/LogsPage'
import { OverviewPage } from '~/overview/OverviewPage'
import { SequencerPage } from '~/sequencer/SequencerPage'
import { TopologyPage } from '~/topology/TopologyPage'
import { TxnPage } from '~/tx/TxnPage'
import type { IconName } from '~/ui/Icon'

type Found = Record<string, string>
export const pages: [string, (found: Found) => ComponentChildren][] = [
  ['/', () => <OverviewPage />],
  ['', () => <OverviewPage />],
  ['/blocks', () => <BlockList key="rollup" floor="rollup" />],
  ['/block/:id', ({ id }) => <BlockPage key={id!} floor="rollup" id={id!} />],
  ['/tx/:hash', ({ hash }) => <TxnPage key={hash!} floor="rollup" hash={hash!} />],
  ['/address/:address', ({ address }) => <AccountPage key={address!} floor="rollup" address={address!} />],
  ['/parent/blocks', () => <BlockList key="parent" floor="parent" />],
  ['/parent/block/:id', ({ id }) => <BlockPage key={`parent ${id}`} floor="parent" id={id!} />],
  ['/parent/tx/:hash', ({ hash }) => <TxnPage key={`parent ${hash}`} floor="parent" hash={hash!} />],
  ['/parent/address/:address', ({ address }) => <AccountPage key={`parent ${address}`} floor="parent" address={address!} />],
  ['/batches', () => <BatchList />],
  ['/batch/:id', ({ id }) => <BatchPage key={id!} id={id!} />],
  ['/claims', () => <ClaimList />],
  ['/dispute/:id', ({ id }) => <DisputePage key={id!} id={id!} />],
  ['/bridge', () => <BridgePage kind="deposit" />],
  ['/bridge/withdraw', () => <BridgePage kind="withdrawal" />],
  ['/sequencer', () => <SequencerPage />],
  ['/charts', () => <ChartsPage />],
  ['/topology', () => <TopologyPage />],
  ['/config', () => <ConfigPage />],
  ['/logs', () => <LogsPage />],
  ['/lab', () => <LabPage />],
]

interface Link { path: string; name: string; icon: IconName; under?: string[] }
export const sections: { name: string; links: Link[] }[] = [
  { name: 'Chain', links: [
    { path: '/', name: 'Overview', icon: 'overview' },
    { path: '/blocks', name: 'Blocks', icon: 'blocks', under: ['/block/', '/tx/', '/address/'] },
    { path: '/parent/blocks', name: 'Parent blocks', icon: 'parent', under: ['/parent/'] },
    { path: '/bridge', name: 'Bridge', icon: 'bridge', under: ['/bridge/'] },
  ] },
  { name: 'Rollup', links: [
    { path: '/sequencer', name: 'Sequencer', icon: 'sequencer' },
    { path: '/batches', name: 'Batches and data', icon: 'batches', under: ['/batch/'] },
    { path: '/claims', name: 'Claims and disputes', icon: 'claims', under: ['/dispute/'] },
    { path: '/charts', name: 'Charts', icon: 'charts' },
  ] },
  { name: 'Node', links: [
    { path: '/topology', name: 'Topology', icon: 'topology' },
    { path: '/config', name: 'Configuration', icon: 'config' },
    { path: '/logs', name: 'Logs', icon: 'logs' },
    { path: '/lab', name: 'Lab', icon: 'lab' },
  ] },
]
