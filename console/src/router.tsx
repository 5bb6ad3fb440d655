// SPDX-License-Identifier: Apache-2.0
// Pages by path. Links are plain anchors; clicks on those of this origin change the page without loading it again.
import { useEffect, useState } from 'preact/hooks'

export function usePath(): string {
  const [path, setPath] = useState(location.pathname)
  useEffect(() => {
    const changed = () => setPath(location.pathname)
    const clicked = (event: MouseEvent) => {
      const link = (event.target as Element | null)?.closest('a')
      if (!link || event.defaultPrevented || event.button !== 0 || event.metaKey || event.ctrlKey || event.shiftKey) return
      if (link.origin !== location.origin || link.target || link.hasAttribute('download') || link.hash) return
      event.preventDefault()
      go(link.pathname)
    }
    addEventListener('popstate', changed)
    addEventListener('mezz-navigate', changed)
    document.addEventListener('click', clicked)
    return () => {
      removeEventListener('popstate', changed)
      removeEventListener('mezz-navigate', changed)
      document.removeEventListener('click', clicked)
    }
  }, [])
  return path
}

export function go(path: string) {
  if (path === location.pathname) return
  history.pushState(null, '', path)
  dispatchEvent(new Event('mezz-navigate'))
  scrollTo(0, 0)
  // Screen readers and the keyboard start again at the new page.
  document.getElementById('main')?.focus({ preventScroll: true })
}

/** "/block/:id" on "/block/7" -> {id: "7"}. */
export function match(pattern: string, path: string): Record<string, string> | undefined {
  const [want, have] = [pattern.split('/'), path.replace(/\/+$/, '').split('/')]
  if (want.length !== have.length) return undefined
  const found: Record<string, string> = {}
  for (let i = 0; i < want.length; ++i) {
    if (want[i]!.startsWith(':')) found[want[i]!.slice(1)] = decodeURIComponent(have[i]!)
    else if (want[i] !== have[i]) return undefined
  }
  return found
}
