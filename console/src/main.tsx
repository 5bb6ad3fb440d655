// SPDX-License-Identifier: Apache-2.0
import { render } from 'preact'
import './style/main.css'
import { App } from './app'
import { startLive } from './live/live'

startLive()
render(<App />, document.getElementById('app')!)
