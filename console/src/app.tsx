// SPDX-License-Identifier: Apache-2.0
// The frame around every page, and which page it is.
import type { ComponentChildren } from 'preact'
import { useEffect, useState } from 'preact/hooks'
import { useLive } from '~/live/live'
import { match, usePath } from '~/router'
import { pages, sections } from '~/pages'
import { Icon } from '~/ui/Icon'
import { Search } from '~/ui/Search'
import { Page } from '~/ui/Basics'

type Theme = 'light' | 'dark'
const preferred = (): Theme => {
  const kept = localStorage.getItem('theme')
  if (kept === 'light' || kept === 'dark') return kept
  return matchMedia('(prefers-color-scheme: dark)').matches ? 'dark' : 'light'
}

function useTheme(): [Theme, () => void] {
  const [theme, setTheme] = useState(preferred)
  document.documentElement.dataset.theme = theme
  return [theme, () => {
    const next = theme === 'dark' ? 'light' : 'dark'
    localStorage.setItem('theme', next)
    setTheme(next)
  }]
}

function Connection() {
  const { sockets, trouble, status } = useLive()
  const [tone, text] = trouble ? ['bad', 'disconnected']
    : !status ? ['warn', 'connecting']
    : sockets.rollup === 'open' ? ['good', 'live'] : ['warn', 'polling']
  return <span class={`connection ${tone}`} role="status"><i aria-hidden="true" />{text}</span>
}

function Navigation({ path }: { path: string }) {
  const { network } = useLive()
  return (
    <nav aria-label="Pages">
      {sections.map((section) => (
        <div class="nav-section" key={section.name}>
          <h2>{section.name}</h2>
          <ul>
            {section.links.filter((link) => link.path !== '/lab' || network?.lab).map((link) => {
              const here = link.path === '/' ? path === '/' : path === link.path || link.under?.some((u) => path.startsWith(u))
              return <li key={link.path}><a href={link.path} aria-current={here ? 'page' : undefined}><Icon name={link.icon} />{link.name}</a></li>
            })}
          </ul>
        </div>
      ))}
    </nav>
  )
}

export function App() {
  const path = usePath()
  const [theme, turn] = useTheme()
  const { trouble, network, status } = useLive()
  let page: ComponentChildren
  for (const [pattern, make] of pages) {
    const found = match(pattern, path)
    if (found) { page = make(found); break }
  }
  useEffect(() => { document.title = `${document.querySelector('h1')?.textContent ?? 'Console'} · Mezzanine` }, [path])
  return (
    <>
      <a class="skip" href="#main">Skip to the page</a>
      <header class="top">
        <a class="brand" href="/"><svg viewBox="0 0 32 32" aria-hidden="true"><path d="M5 24h22M5 16.5h14M5 9h14v15" /></svg>Mezzanine</a>
        <Search />
        <div class="top-right">
          {network && <span class="chain">chain <b>{network.chain.chainId}</b></span>}
          <Connection />
          <button type="button" class="theme" aria-label={`Use the ${theme === 'dark' ? 'light' : 'dark'} theme`} onClick={turn}><Icon name="theme" /></button>
        </div>
      </header>
      <Navigation path={path} />
      <main id="main" tabIndex={-1}>
        {trouble && <div class="banner bad" role="alert">{trouble}</div>}
        {!trouble && status?.error && <div class="banner warn" role="status">{status.error}</div>}
        {page ?? <Page title="No such page"><p>Nothing is at <code>{path}</code>. <a href="/">Go to the overview</a>.</p></Page>}
      </main>
    </>
  )
}
