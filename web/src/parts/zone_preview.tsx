// SPDX-License-Identifier: Apache-2.0
// What the zones as drawn would have measured, beside what they did.
import { decimal, figure, interval, asEstimate } from '../format'
import { t } from '../text'
import type { Estimate } from '../types'

interface Measured {
  visits: number
  passes: number
  median_s: Estimate | number | null
}

export interface Preview {
  zones: (Measured & { name: string; before: Measured | null })[]
}

function Counted(props: { now: number; before: number | undefined }) {
  const { now, before } = props
  return (
    <td class="number">
      {decimal(now, 0)}
      {before !== undefined && before !== now && <small> {t('wasBefore', { value: decimal(before, 0) })}</small>}
    </td>
  )
}

export function PreviewTable(props: { preview: Preview }) {
  return (
    <div class="scroll" tabIndex={0} role="region" aria-label={t('tryIt')}>
      <table>
        <thead>
          <tr>
            <th scope="col">{t('zone')}</th>
            <th scope="col" class="number">{t('visits')}</th>
            <th scope="col" class="number">{t('passes')}</th>
            <th scope="col" class="number">{t('median')}</th>
          </tr>
        </thead>
        <tbody>
          {props.preview.zones.map((zone) => (
            <tr key={zone.name}>
              <th scope="row">{zone.name}</th>
              <Counted now={zone.visits} before={zone.before?.visits} />
              <Counted now={zone.passes} before={zone.before?.passes} />
              <td class="number">
                {figure(asEstimate(zone.median_s).value, 'seconds')}
                <small> {interval(asEstimate(zone.median_s), 'seconds')}</small>
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  )
}
