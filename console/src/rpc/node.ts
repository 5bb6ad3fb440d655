// SPDX-License-Identifier: Apache-2.0
// What the console's own server tells beside JSON-RPC.
import { request } from './client'
import type { Hex } from './methods'

export interface Network {
  version: string; programId: Hex; role: string; lab: boolean; proposer: boolean; da: string; proof: 'fraud' | 'none'
  blockTimeMs: number; metricsPort: number
  chain: { chainId: number; url: string }
  parent: { chainId: number; url: string; embedded: boolean }
  contracts: {
    inbox: Hex; portal: Hex; systemConfig: Hex; disputeGameFactory: Hex; anchorStateRegistry: Hex; blockDisputes?: Hex
    preimageOracle?: Hex; deployedAt: number
  }
}
export interface Setting { name: string; value: string; source: string; what: string }
export interface Sample {
  timeMs: number; unsafe: number; safe: number; finalized: number; claimed: number; settled: number; parent: number; pending: number
  queued: number; payloadBytes: number; publishedBytes: number
}
export interface Latency { stage: string; count: number; p50Ms: number; p95Ms: number; p99Ms: number }
export interface LogLine { sequence: number; timeMs: number; level: string; component: string; message: string }
export interface Fault { name: string; what: string; group: 'parent' | 'proof' | 'sequencer'; available: boolean; why: string }
export interface LabRun {
  name: string; outcome: 'running' | 'honest-won' | 'liar-won' | 'failed' | 'done'; startedMs: number; moves: number
  notes: { afterMs: number; text: string }[]
}
export interface LabState { faults: Fault[]; run: LabRun | null }

const get = async <T>(path: string) => (await request(path)).json() as Promise<T>

export const getNetwork = () => get<Network>('/api/network')
export const getConfig = () => get<Setting[]>('/api/config')
export const getHistory = (after: number) => get<Sample[]>(`/api/history?after=${after}`)
export const getLatency = () => get<Latency[]>('/api/latency')
export const getLogs = (after: number) => get<LogLine[]>(`/api/logs?after=${after}`)
export const getLab = () => get<LabState>('/api/lab')
export const startFault = async (name: string) =>
  (await request(`/api/lab/${name}`, { method: 'POST', headers: { 'content-type': 'application/json' }, body: '{}' })).json() as Promise<LabState>
export const getMetrics = async () => (await request('/metrics')).text()
