// SPDX-License-Identifier: Apache-2.0
import { get } from '../api'
import { zone } from '../live'
import { Show, useLoaded } from '../parts/common'
import { t } from '../text'
import { dayAt, timeAt } from '../time'

interface Entry {
  time: string
  user: string
  client: string
  method: string
  path: string
  status: number
  detail: string
}

/** Who changed what, the newest first. */
export function AuditView() {
  const loaded = useLoaded('audit', () => get<{ entries: Entry[] }>('/audit?limit=200'))
  return (
    <Show of={loaded}>
      {(answer) => (
        <div class="scroll" tabIndex={0} role="region" aria-label={t('system_audit')}>
          <table>
            <caption>{t('system_audit')}</caption>
            <thead>
              <tr>
                <th scope="col">{t('time')}</th>
                <th scope="col">{t('user')}</th>
                <th scope="col">{t('action')}</th>
                <th scope="col" class="number">{t('status')}</th>
                <th scope="col">{t('detail')}</th>
              </tr>
            </thead>
            <tbody>
              {answer.entries.map((entry, i) => {
                const at = new Date(entry.time)
                return (
                  <tr key={i}>
                    <td class="time">{`${dayAt(at, zone())} ${timeAt(at, zone())}`}</td>
                    <td>{entry.user}</td>
                    <td>{`${entry.method} ${entry.path}`}</td>
                    <td class="number">{entry.status}</td>
                    <td>{entry.detail}</td>
                  </tr>
                )
              })}
            </tbody>
          </table>
        </div>
      )}
    </Show>
  )
}
