// SPDX-License-Identifier: Apache-2.0
import { render } from 'preact'
import { refreshSession } from './api'
import { App, setTheme } from './app'
import { followLinks } from './route'
import { preferred, speak, t } from './text'
import './style.css'

async function start(): Promise<void> {
  setTheme(localStorage.getItem('theme'))
  const root = document.getElementById('app')
  if (!root) return
  await Promise.all([speak(preferred()), refreshSession()]).catch(() => {
    root.textContent = t('unreachable')
    throw new Error('the program does not answer')
  })
  followLinks()
  render(<App />, root)
}

void start()
