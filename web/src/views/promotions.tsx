// SPDX-License-Identifier: Apache-2.0
// Promotions: what was tried, where and when; one click says whether it helped.
import { useEffect, useRef, useState } from 'preact/hooks'
import { encode, get, may, query, request } from '../api'
import { WEEKDAYS, comparisonOf, spanOf } from '../comparison'
import { todayDay } from '../live'
import { Choice, Field, Heading, Notice, Show, sentenceOf, useLoaded } from '../parts/common'
import { usePlaces } from '../parts/places'
import { maybe, t } from '../text'
import type { Promotion } from '../types'

type Draft = Omit<Promotion, 'id'> & { id?: string }

const blank = (): Draft => ({ name: '', camera: null, zone: null, from: todayDay(), to: todayDay(), days: null })

export function weekdayName(day: string): string {
  return maybe(`day_${day.charAt(0).toUpperCase()}${day.slice(1)}`, day)
}

function Weekdays(props: { days: string[]; onChange: (days: string[]) => void }) {
  return (
    <fieldset class="weekdays">
      <legend>{t('onlyOn')}</legend>
      {WEEKDAYS.map((day) => (
        <label key={day}>
          <input
            type="checkbox"
            checked={props.days.includes(day)}
            onChange={(event) => props.onChange(WEEKDAYS.filter((d) => (d === day ? event.currentTarget.checked : props.days.includes(d))))}
          />
          <span>{weekdayName(day).slice(0, 2)}</span>
        </label>
      ))}
    </fieldset>
  )
}

function PlaceOf(props: { draft: Draft; onChange: (change: Partial<Draft>) => void }) {
  const { draft } = props
  const value = draft.zone ? `${draft.camera ?? ''}\n${draft.zone}` : ''
  const options: [string, string][] = [
    ['', t('allDisplays')],
    ...usePlaces().map((row): [string, string] => [`${row.camera}\n${row.zone}`, `${row.zone} (${row.camera})`]),
  ]
  if (value && !options.some(([known]) => known === value)) options.push([value, draft.zone ?? ''])
  const choose = (chosen: string) => {
    const [camera, zone] = chosen.split('\n')
    props.onChange({ camera: camera || null, zone: zone ?? null })
  }
  return <Choice label={t('display')} value={value} options={options} onChange={choose} />
}

function Form(props: { start: Draft; onDone: (saved: boolean) => void }) {
  const [draft, setDraft] = useState(props.start)
  const [error, setError] = useState<string | null>(null)
  const dialog = useRef<HTMLDialogElement>(null)
  useEffect(() => dialog.current?.showModal(), [])
  const set = (change: Partial<Draft>) => setDraft((old) => ({ ...old, ...change }))
  const wrong = draft.from > draft.to ? t('endsBeforeStart') : null
  const save = async (event: Event) => {
    event.preventDefault()
    try {
      const { id, ...body } = draft
      if (id) await request('PUT', `/promotions/${encode(id)}`, body)
      else await request('POST', '/promotions', body)
      props.onDone(true)
    } catch (failure) {
      setError(sentenceOf(failure))
    }
  }
  return (
    <dialog ref={dialog} aria-label={t('promotion')} onClose={() => props.onDone(false)}>
      <form onSubmit={(event) => void save(event)}>
        <h2>{draft.id ? t('changePromotion') : t('newPromotion')}</h2>
        {error && <Notice kind="bad">{error}</Notice>}
        <Field label={t('name')}>
          <input type="text" required maxLength={120} value={draft.name} onInput={(event) => set({ name: event.currentTarget.value })} />
        </Field>
        <PlaceOf draft={draft} onChange={set} />
        <div class="row">
          <Field label={t('firstDay')}>
            <input type="date" required value={draft.from} onInput={(event) => set({ from: event.currentTarget.value })} />
          </Field>
          <Field label={t('lastDay')}>
            <input type="date" required value={draft.to} onInput={(event) => set({ to: event.currentTarget.value })} />
          </Field>
        </div>
        <Weekdays days={draft.days ?? []} onChange={(days) => set({ days: days.length ? days : null })} />
        <p class="quiet">{t('compareWithLead')}</p>
        {wrong && <Notice kind="bad">{wrong}</Notice>}
        <div class="row end">
          <button type="button" onClick={() => dialog.current?.close()}>
            {t('cancel')}
          </button>
          <button type="submit" class="main" disabled={!!wrong}>
            {t('save')}
          </button>
        </div>
      </form>
    </dialog>
  )
}

function When(props: { promotion: Promotion }) {
  const { from, to, days, compare_with: against } = props.promotion
  const span = spanOf(against)
  return (
    <>
      {from === to ? from : `${from} ${t('to')} ${to}`}
      {days?.length ? <small> {days.map((day) => weekdayName(day)).join(', ')}</small> : null}
      {span && <small> {t('comparedWith', { from: span.from, to: span.to })}</small>}
    </>
  )
}

export function Promotions() {
  const loaded = useLoaded('promotions', () => get<{ promotions: Promotion[] }>('/promotions'))
  const [draft, setDraft] = useState<Draft | null>(null)
  const [error, setError] = useState<string | null>(null)
  const edit = may('editor')
  const drop = async (id: string) => {
    try {
      await request('DELETE', `/promotions/${encode(id)}`)
      loaded.again()
    } catch (failure) {
      setError(sentenceOf(failure))
    }
  }
  return (
    <>
      <Heading title={t('promotions')} lead={t('promotionsLead')}>
        {edit && (
          <button type="button" class="main" onClick={() => setDraft(blank())}>
            {t('newPromotion')}
          </button>
        )}
      </Heading>
      {error && <Notice kind="bad">{error}</Notice>}
      <Show of={loaded}>
        {({ promotions }) =>
          promotions.length === 0 ? (
            <p class="quiet">{t('noPromotions')}</p>
          ) : (
            <ul class="cards promotions">
              {promotions.map((promotion) => (
                <li key={promotion.id} class="card">
                  <h2>{promotion.name}</h2>
                  <p>{promotion.zone ? `${promotion.zone} (${promotion.camera ?? t('all')})` : t('allDisplays')}</p>
                  <p class="quiet">
                    <When promotion={promotion} />
                  </p>
                  <div class="row">
                    <a class="button main" href={`/insight/compare${query(comparisonOf(promotion))}`}>
                      {t('didItHelp')}
                    </a>
                    {edit && (
                      <>
                        <button type="button" onClick={() => setDraft(promotion)}>
                          {t('change')}
                        </button>
                        <button type="button" aria-label={`${t('delete')}: ${promotion.name}`} onClick={() => void drop(promotion.id)}>
                          {t('delete')}
                        </button>
                      </>
                    )}
                  </div>
                </li>
              ))}
            </ul>
          )
        }
      </Show>
      {draft && (
        <Form
          start={draft}
          onDone={(saved) => {
            setDraft(null)
            if (saved) loaded.again()
          }}
        />
      )}
    </>
  )
}
