// SPDX-License-Identifier: Apache-2.0
import { duration } from '~/chain/format'
import type { Progress } from './transfers'

export function Stepper({ progress, label }: { progress: Progress; label: string }) {
  const { steps, reached, etaMs, failed, done } = progress
  return (
    <div class="stepper-box">
      <ol class="stepper" aria-label={label}>
        {steps.map((step, i) => (
          <li key={step.name} class={i < reached ? 'done' : i === reached && !failed ? 'next' : 'later'} aria-current={i === reached ? 'step' : undefined}>
            <i aria-hidden="true" /><b>{step.name}</b><span>{step.detail}</span><span class="sr">{i < reached ? 'done' : 'to come'}</span>
          </li>
        ))}
      </ol>
      <p class={failed ? 'eta bad-text' : 'eta'} role="status">
        {failed ?? (done ? 'Done.' : etaMs === null ? 'How long the next step takes is not known yet.' : `Next step in about ${duration(etaMs)}.`)}
      </p>
    </div>
  )
}
