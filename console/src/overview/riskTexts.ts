// SPDX-License-Identifier: Apache-2.0
// The five risks that L2BEAT asks about, told from this chain's configuration on its parent. Nothing here is a grade of anybody.
import { duration } from '~/chain/format'
import type { Terms } from '~/claim/claims'
import type { Network } from '~/rpc/node'

export interface Risk { name: string; verdict: string; tone: 'good' | 'warn' | 'bad'; text: string }

const time = (seconds: number) => duration(seconds * 1000)

export function risksOf(network: Network, terms: Terms): Risk[] {
  const fraud = network.proof === 'fraud'
  // What a withdrawal waits for at least once its block is claimed.
  const claimSeconds = terms.clockSeconds + terms.finalityDelaySeconds
  const owner = terms.ownerIsContract ? 'a contract owns the configuration' : 'one key owns the configuration'
  return [
    fraud ? {
      name: 'State validation', verdict: 'Fraud proofs', tone: 'good',
      text: `Anybody proposes, anybody disputes, and the parent executes the one instruction two histories part at. A wrong claim holds only if nobody objects within ${time(terms.clockSeconds)}.`,
    } : {
      name: 'State validation', verdict: 'None', tone: 'bad',
      text: `Claims are attested: the proposer's key is believed unless the one challenger objects within ${time(terms.clockSeconds)}. Nothing is proven.`,
    },
    {
      name: 'Data availability', verdict: 'On the parent', tone: 'good',
      text: network.da === 'calldata' ? 'Every batch is call data of the parent, kept as long as its blocks.'
        : `Every batch is on the parent${network.da === 'cheaper' ? ', in blobs or call data, whichever is cheaper' : ' in blobs'}. A parent keeps blobs for a limited time (on Ethereum 18 days); who starts later needs a copy of them.`,
    },
    {
      name: 'Exit window', verdict: terms.ownerIsContract ? 'Depends on the owner' : 'None', tone: terms.ownerIsContract ? 'warn' : 'bad',
      text: `${owner[0]!.toUpperCase()}${owner.slice(1)} and can register new games and change batcher and proposer ${terms.ownerIsContract ? 'by that contract\'s rules' : 'at once'}; a guardian can exclude claims and pause withdrawals for at most 7 days. A withdrawal takes ${time(Math.max(claimSeconds, terms.proofMaturityDelaySeconds))} after its block is claimed.`,
    },
    {
      name: 'Sequencer failure', verdict: 'Self-sequencing', tone: terms.forceDelaySeconds <= 86_400 ? 'good' : 'warn',
      text: `What is sent through the portal on the parent and left out for ${time(terms.forceDelaySeconds)} can be put into the inbox by anybody; batches without it are refused from then on.`,
    },
    fraud ? {
      name: 'Proposer failure', verdict: 'Anybody can propose', tone: 'good',
      text: 'If the proposer stops, any account with the bond can claim the state of the chain, and withdrawals go on.',
    } : {
      name: 'Proposer failure', verdict: 'Withdrawals stop', tone: 'bad',
      text: 'Only one key may make claims. If it stops, no withdrawal can be proven until the owner names another.',
    },
  ]
}
