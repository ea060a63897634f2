// SPDX-License-Identifier: Apache-2.0
// What happened to the cameras, the newest first.
import { useState } from 'preact/hooks'
import { todayDay, zone } from '../live'
import { Choice } from '../parts/common'
import { LEVELS, type Level, sayLog } from '../say'
import { t } from '../text'
import { dayAt, timeAt } from '../time'
import type { LogEntry } from '../types'

function Entry(props: { entry: LogEntry; level: Level; sentence: string }) {
  const { entry, level } = props
  const at = new Date(entry.time)
  const day = dayAt(at, zone())
  return (
    <li class={level}>
      <time dateTime={entry.time}>{`${day === todayDay() ? '' : `${day} `}${timeAt(at, zone())}`}</time>
      <strong>{entry.camera}</strong>
      <span>
        <span class="unseen">{t(`level_${level}`)}: </span>
        {props.sentence}
      </span>
    </li>
  )
}

export function Log(props: { entries: LogEntry[]; again: () => void }) {
  const [camera, setCamera] = useState('')
  const [least, setLeast] = useState<Level>('info')
  const names = [...new Set(props.entries.map((entry) => entry.camera))].sort()
  const shown = props.entries
    .map((entry) => ({ entry, ...sayLog(entry) }))
    .filter(({ entry, level }) => (!camera || entry.camera === camera) && LEVELS.indexOf(level) >= LEVELS.indexOf(least))
    .reverse()
  return (
    <section class="card" aria-label={t('log')}>
      <div class="row spread">
        <h2>{t('log')}</h2>
        <div class="row">
          <Choice label={t('camera')} value={camera} options={[['', t('all')], ...names.map((name) => [name, name] as const)]} onChange={setCamera} />
          <Choice label={t('show')} value={least} options={LEVELS.map((level) => [level, t(`from_${level}`)] as const)} onChange={setLeast} />
          <button type="button" onClick={props.again}>
            {t('again')}
          </button>
        </div>
      </div>
      {shown.length === 0 && <p class="quiet">{t('nothingLogged')}</p>}
      <ol class="log" tabIndex={0} aria-label={t('log')}>
        {shown.map((said, i) => (
          <Entry key={i} {...said} />
        ))}
      </ol>
    </section>
  )
}
