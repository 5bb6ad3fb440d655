// SPDX-License-Identifier: Apache-2.0
// Finds a block, a transaction or an account from what somebody pasted.
import { useState } from 'preact/hooks'
import { isAddress, isHash } from '~/chain/abi'
import { call, type Floor } from '~/rpc/client'
import { go } from '~/router'
import { Icon } from './Icon'
import { paths } from './Basics'

async function find(text: string): Promise<string | undefined> {
  const number = text.replace(/[,\s]/g, '')
  if (/^\d{1,15}$/.test(number)) return paths.block(number)
  if (isAddress(text)) return paths.address(text)
  if (!isHash(text)) return undefined
  for (const floor of ['rollup', 'parent'] as Floor[]) {
    const [txn, block] = await Promise.all([call(floor, 'eth_getTransactionByHash', text), call(floor, 'eth_getBlockByHash', text, false)])
    if (txn) return paths.txn(text, floor)
    if (block) return paths.block(Number(block.number), floor)
  }
  return undefined
}

export function Search() {
  const [text, setText] = useState('')
  const [trouble, setTrouble] = useState('')
  const submit = async (event: Event) => {
    event.preventDefault()
    const wanted = text.trim()
    if (!wanted) return
    try {
      const path = await find(wanted)
      setTrouble(path ? '' : 'Neither floor has a block, transaction or account like that')
      if (path) { setText(''); go(path) }
    } catch (error) {
      setTrouble((error as Error).message)
    }
  }
  return (
    <form class="search" role="search" onSubmit={(event) => void submit(event)}>
      <Icon name="search" />
      <input type="search" aria-label="Block number, transaction hash or address" placeholder="Block, transaction or address" value={text}
        spellcheck={false} autocomplete="off" onInput={(event) => { setText(event.currentTarget.value); setTrouble('') }} />
      <span class="search-trouble" role="status">{trouble}</span>
    </form>
  )
}
