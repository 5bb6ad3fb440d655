// SPDX-License-Identifier: Apache-2.0
// Line drawings of 16 by 16.
const shapes = {
  overview: 'M2 13h12M2 8h12M2 3h12', blocks: 'M2 5l6-3 6 3v6l-6 3-6-3zM2 5l6 3 6-3M8 8v6', batches: 'M2 4h12v8H2zM2 7h12M6 4v8',
  claims: 'M3 2h7l3 3v9H3zM6 8l2 2 3-4', bridge: 'M1 12c2-6 12-6 14 0M3 12V9M8 12V7M13 12V9', sequencer: 'M2 4h8M2 8h12M2 12h5M12 2v4',
  charts: 'M2 2v12h12M5 11V8M8 11V5M11 11V7', topology: 'M8 2v4M4 10v-2h8v2M2 10h4v4H2zM10 10h4v4h-4zM6 2h4v4H6z',
  config: 'M2 4h12M2 8h12M2 12h12M5 2v4M11 6v4M7 10v4', logs: 'M3 2h10v12H3zM5 5h6M5 8h6M5 11h3', lab: 'M6 2h4M7 2v5l-4 6c0 1 0 1 1 1h8c1 0 1 0 1-1L9 7V2',
  search: 'M7 2a5 5 0 1 0 0 10A5 5 0 0 0 7 2zM11 11l3 3', parent: 'M2 14h12M3 14V6l5-4 5 4v8M6 14v-4h4v4',
  theme: 'M8 2a6 6 0 1 0 0 12zM8 2a6 6 0 0 1 0 12',
}
export type IconName = keyof typeof shapes
export const Icon = ({ name }: { name: IconName }) => <svg class="icon" viewBox="0 0 16 16" aria-hidden="true"><path d={shapes[name]} /></svg>
