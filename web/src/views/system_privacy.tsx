// SPDX-License-Identifier: Apache-2.0
// What becomes of what the cameras see, and the notice that says so at the door.
import { useState } from 'preact/hooks'
import { get } from '../api'
import { Field, Show, useLoaded } from '../parts/common'
import { type Key, t } from '../text'

interface Privacy {
  site: string
  pictures: { shown: 'on' | 'blurred' | 'off'; stored: boolean }
  cameras: { name: string; enabled: boolean; masks: string[] }[]
  kept: { kind: string; days: number | null }[]
}

const daysOf = (days: number | null) => (days === null ? t('forEver') : t('days', { n: days }))

function Facts(props: { privacy: Privacy }) {
  const { pictures, cameras, kept } = props.privacy
  const rows: [string, string][] = [
    [t('picturesStored'), pictures.stored ? t('picturesOfSets') : t('never')],
    [t('picturesShown'), t(`pictures_${pictures.shown}`)],
    [t('faces'), t('never')],
    ...kept.map(({ kind, days }): [string, string] => [t(`kept_${kind}` as Key), daysOf(days)]),
    ...cameras.map(({ name, masks }): [string, string] => [`${t('masks')}: ${name}`, masks.join(', ') || '–']),
  ]
  return (
    <section class="card" aria-label={t('whatIsKept')}>
      <h2>{t('whatIsKept')}</h2>
      <dl class="facts">
        {rows.map(([name, value]) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd>{value}</dd>
          </div>
        ))}
      </dl>
    </section>
  )
}

/** Kept in this browser: the program need not know it. */
function useKept(name: string): [string, (value: string) => void] {
  const [value, setValue] = useState(localStorage.getItem(name) ?? '')
  const keep = (next: string) => {
    localStorage.setItem(name, next)
    setValue(next)
  }
  return [value, keep]
}

function Notice(props: { privacy: Privacy }) {
  const { privacy } = props
  const [who, setWho] = useKept('notice-who')
  const [reach, setReach] = useKept('notice-reach')
  const visits = privacy.kept.find(({ kind }) => kind === 'visits')?.days ?? null
  const cameras = privacy.cameras.filter((camera) => camera.enabled).length
  return (
    <>
      <section class="card" aria-label={t('noticeForTheDoor')}>
        <h2>{t('noticeForTheDoor')}</h2>
        <p class="quiet">{t('noticeLead')}</p>
        <Field label={t('noticeWho')}>
          <input type="text" value={who} onInput={(event) => setWho(event.currentTarget.value)} />
        </Field>
        <Field label={t('noticeReach')}>
          <input type="text" value={reach} onInput={(event) => setReach(event.currentTarget.value)} />
        </Field>
        <button type="button" onClick={() => window.print()}>
          {t('print')}
        </button>
      </section>
      <article class="card door-notice">
        <h2>{t('noticeTitle')}</h2>
        <p class="large">{t('noticeCameras', { n: cameras })}</p>
        <p>{t('noticePurpose')}</p>
        <p>{privacy.pictures.stored ? t('noticeSets') : t('noticePictures')}</p>
        <p>{visits === null ? t('noticeForEver') : t('noticeKept', { n: visits })}</p>
        <p>{t('noticeRights')}</p>
        <p>
          <strong>{who || '…………………………'}</strong>
          <br />
          {reach || '…………………………'}
        </p>
      </article>
    </>
  )
}

export function PrivacyView() {
  const loaded = useLoaded('privacy', () => get<Privacy>('/privacy'))
  return (
    <Show of={loaded}>
      {(privacy) => (
        <>
          <Facts privacy={privacy} />
          <Notice privacy={privacy} />
        </>
      )}
    </Show>
  )
}
