// SPDX-License-Identifier: Apache-2.0
// Staff told from shoppers: who was seen lately, marked by hand; a model learnt from the marks, tried and put to use.
import { Fragment } from 'preact'
import { useEffect, useState } from 'preact/hooks'
import { BASE, encode, get, may, post, query, request } from '../api'
import { seconds } from '../format'
import { cameras, todayDay, zone } from '../live'
import { Choice, Field, Heading, type Loaded, Notice, Show, sentenceOf, useLoaded } from '../parts/common'
import { said, t } from '../text'
import { addDays, timeAt } from '../time'
import type { StaffByMarks, StaffFace, StaffModel, StaffPreview, StaffRole, StaffShares, StaffState, Visit } from '../types'

const EVERY_MS = 3000
const MARKS_MAX = 64
const ALIKE = 8
const KEPT_DAYS = 30
const KEYS: Record<string, StaffRole> = { s: 'staff', c: 'shopper', u: 'unknown' }

const percent = (share: number | null) => (share === null ? '–' : `${(100 * share).toFixed(0)} %`)
const roleText = (role: StaffRole) => t(`staffRole_${role}`)

type Act = (what: () => Promise<unknown>) => Promise<void>

function Tile(props: { face: StaffFace; chosen: boolean; onChoose: () => void }) {
  const { face, chosen } = props
  const said = face.label !== 'unknown' ? roleText(face.label) : face.staff_p !== null ? `${t('staffGuess')} ${percent(face.staff_p)}` : ''
  return (
    <li>
      <button type="button" class={`tile ${face.label}`} data-id={face.id} aria-pressed={chosen} onClick={props.onChoose}>
        <img src={`${BASE}/staff/people/${face.id}/tile`} alt={`${t('staffPerson', { n: face.id })}, ${face.camera}`} loading="lazy" />
        <span>
          {said}
          {face.same > 0 && `, ${t('staffSame', { n: face.same })}`}
        </span>
      </button>
    </li>
  )
}

/** Arrow keys walk through the tiles; letters mark what is chosen. */
function walk(event: KeyboardEvent, mark: (role: StaffRole) => void): void {
  const role = KEYS[event.key]
  if (role && !event.ctrlKey && !event.metaKey && !event.altKey) mark(role)
  const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key]
  if (!step) return
  const tiles = [...(event.currentTarget as HTMLElement).querySelectorAll<HTMLElement>('.tile')]
  const next = tiles[tiles.indexOf(document.activeElement as HTMLElement) + step]
  next?.focus()
  event.preventDefault()
}

function Tiles(props: { label: string; faces: StaffFace[]; chosen: Set<number>; onChoose: (id: number) => void; onMark: (role: StaffRole) => void }) {
  return (
    <ul class="tiles" aria-label={props.label} onKeyDown={(event) => walk(event, props.onMark)}>
      {props.faces.map((face) => (
        <Tile key={face.id} face={face} chosen={props.chosen.has(face.id)} onChoose={() => props.onChoose(face.id)} />
      ))}
    </ul>
  )
}

function Marks(props: { chosen: Set<number>; one: boolean; onOne: (one: boolean) => void; onMark: (role: StaffRole) => void; onNone: () => void }) {
  const none = props.chosen.size === 0
  return (
    <div class="row" role="group" aria-label={t('staffMark')}>
      <span role="status">{t('staffChosen', { n: props.chosen.size })}</span>
      {(['staff', 'shopper', 'unknown'] as const).map((role) => (
        <button key={role} type="button" class={role === 'unknown' ? '' : 'main'} disabled={none} onClick={() => props.onMark(role)}>
          {t(`staffMark_${role}`)}
        </button>
      ))}
      <label class="check">
        <input type="checkbox" checked={props.one} onChange={(event) => props.onOne(event.currentTarget.checked)} /> {t('staffOne')}
      </label>
      <button type="button" disabled={none} onClick={props.onNone}>
        {t('staffNone')}
      </button>
    </div>
  )
}

/** Those who look most like the one that was chosen last. */
function Alike(props: { id: number; turn: number; chosen: Set<number>; onChoose: (id: number) => void; onMark: (role: StaffRole) => void }) {
  const loaded = useLoaded(`alike ${props.id} ${props.turn}`, () => get<{ people: StaffFace[] }>(`/staff/people${query({ like: props.id, limit: ALIKE })}`))
  const faces = loaded.value?.people ?? []
  if (faces.length === 0) return null
  return (
    <section class="alike" aria-label={t('staffAlike')}>
      <div class="row spread">
        <h3>{t('staffAlike')}</h3>
        <button type="button" onClick={() => faces.filter((face) => !props.chosen.has(face.id)).forEach((face) => props.onChoose(face.id))}>
          {t('staffAll')}
        </button>
      </div>
      <Tiles label={t('staffAlike')} faces={faces} chosen={props.chosen} onChoose={props.onChoose} onMark={props.onMark} />
    </section>
  )
}

function People(props: { state: StaffState; turn: number; act: Act }) {
  const [order, setOrder] = useState<'last' | 'doubtful'>('last')
  const [camera, setCamera] = useState('')
  const [chosen, setChosen] = useState<Set<number>>(new Set())
  const [last, setLast] = useState(0)
  const [one, setOne] = useState(false)
  const path = `/staff/people${query({ camera, doubtful: order === 'doubtful', limit: 300 })}`
  const loaded = useLoaded(`${path} ${props.turn}`, () => get<{ people: StaffFace[] }>(path))
  const choose = (id: number) => {
    setLast(id)
    setChosen((old) => new Set(old.has(id) ? [...old].filter((other) => other !== id) : [...old, id]))
  }
  const clear = () => {
    setChosen(new Set())
    setLast(0)
    setOne(false)
  }
  const mark = (role: StaffRole) => {
    const ids = [...chosen].map(String)
    void props.act(async () => {
      for (let at = 0; at < ids.length; at += MARKS_MAX - 1) {
        const people = ids.slice(Math.max(at - 1, 0), at + MARKS_MAX - 1) // one of those before, too, who may be the same
        await post('/staff/marks', { people, role, one_person: one })
      }
      clear()
    })
  }
  const all: [string, string][] = [['', t('all')], ...cameras.value.map((one): [string, string] => [one.name, one.name])]
  return (
    <section class="card" aria-labelledby="staff-people">
      <h2 id="staff-people">{t('staffPeople')}</h2>
      <p class="quiet">{t('staffPeopleLead')}</p>
      <div class="row">
        <Choice label={t('staffOrder')} value={order} options={[['last', t('staffOrder_last')], ['doubtful', t('staffOrder_doubtful')]]} onChange={setOrder} />
        <Choice label={t('camera')} value={camera} options={all} onChange={setCamera} />
      </div>
      <Marks chosen={chosen} one={one} onOne={setOne} onMark={mark} onNone={clear} />
      {last > 0 && chosen.size > 0 && <Alike id={last} turn={props.turn} chosen={chosen} onChoose={choose} onMark={mark} />}
      <Show of={loaded}>
        {({ people }) =>
          people.length === 0 ? <p class="quiet">{t('staffNobody')}</p> : <Tiles label={t('staffPeople')} faces={people} chosen={chosen} onChoose={choose} onMark={mark} />
        }
      </Show>
    </section>
  )
}

function LabellingSet(props: { state: StaffState; act: Act }) {
  const { set } = props.state
  const [name, setName] = useState('labels')
  const [until, setUntil] = useState(addDays(todayDay(), KEPT_DAYS))
  const [sure, setSure] = useState(false)
  const begin = (event: Event) => {
    event.preventDefault()
    void props.act(() => request('PUT', '/staff/set', { name, until: `${until}T23:59:59Z` }))
  }
  const drop = () => {
    setSure(false)
    void props.act(() => request('DELETE', '/staff/set'))
  }
  if (set)
    return (
      <section class="card" aria-labelledby="staff-set">
        <h2 id="staff-set">{t('staffSet')}</h2>
        <p>{t('staffSetIs', { name: set.name, n: set.people, until: set.until?.slice(0, 10) ?? '–' })}</p>
        {sure ? (
          <div class="row">
            <span>{t('staffSetSure')}</span>
            <button type="button" class="main" onClick={drop}>
              {t('staffSetDelete')}
            </button>
            <button type="button" onClick={() => setSure(false)}>
              {t('cancel')}
            </button>
          </div>
        ) : (
          <button type="button" onClick={() => setSure(true)}>
            {t('delete')}
          </button>
        )}
      </section>
    )
  return (
    <section class="card" aria-labelledby="staff-set">
      <h2 id="staff-set">{t('staffSet')}</h2>
      <p class="quiet">{t('staffSetLead')}</p>
      <form class="row" onSubmit={begin}>
        <Field label={t('name')}>
          <input type="text" required pattern="[A-Za-z0-9_][A-Za-z0-9_\-]*" maxLength={60} value={name} onInput={(event) => setName(event.currentTarget.value)} />
        </Field>
        <Field label={t('staffUntil')}>
          <input type="date" required min={todayDay()} value={until} onInput={(event) => setUntil(event.currentTarget.value)} />
        </Field>
        <button type="submit">{t('staffSetBegin')}</button>
      </form>
    </section>
  )
}

function Minute(props: { state: StaffState; act: Act }) {
  const { minute } = props.state
  return (
    <section class="card" aria-labelledby="staff-minute">
      <h2 id="staff-minute">{t('staffMinute')}</h2>
      <p class="quiet">{t('staffMinuteLead')}</p>
      <div class="row">
        {cameras.value.map((one) => (
          <button key={one.name} type="button" disabled={!!minute} onClick={() => void props.act(() => post('/staff/minute', { camera: one.name }))}>
            {one.name}
          </button>
        ))}
      </div>
      {minute && <Notice>{t('staffMinuteIs', { camera: minute.camera })}</Notice>}
    </section>
  )
}

const isWrong = ({ label, judged_p: p }: StaffFace) => p !== null && label !== 'unknown' && (label === 'staff') !== p > 0.5

/** Who was told wrong by models of the others: a wrong mark, or somebody to have more marks like. */
function Confused(props: { trained: string; turn: number }) {
  const loaded = useLoaded(`confused ${props.trained} ${props.turn}`, () => get<{ people: StaffFace[] }>('/staff/people?limit=1000'))
  const wrong = (loaded.value?.people ?? []).filter(isWrong)
  if (wrong.length === 0) return null
  return (
    <section aria-labelledby="staff-confused">
      <h3 id="staff-confused">{t('staffConfused')}</h3>
      <p class="quiet">{t('staffConfusedLead')}</p>
      <ul class="tiles small">
        {wrong.map((face) => (
          <li key={face.id} class="tile">
            <img src={`${BASE}/staff/people/${face.id}/tile`} alt={t('staffPerson', { n: face.id })} loading="lazy" />
            <span>
              {roleText(face.label)}, {t('staffGuess')} {percent(face.judged_p)}
            </span>
          </li>
        ))}
      </ul>
    </section>
  )
}

function Training(props: { state: StaffState; turn: number; act: Act }) {
  const { training, staff, shoppers } = props.state
  const [lights, setLights] = useState(false)
  return (
    <section class="card" aria-labelledby="staff-train">
      <h2 id="staff-train">{t('staffTrain')}</h2>
      <p>{t('staffMarked', { staff, shoppers })}</p>
      <p class="quiet">{t('staffTrainLead')}</p>
      <label class="check">
        <input type="checkbox" checked={lights} onChange={(event) => setLights(event.currentTarget.checked)} />
        {t('staffLights')}
      </label>
      <button type="button" class="main" disabled={training.state === 'training'} onClick={() => void props.act(() => post(`/staff/train${query({ lights })}`, {}))}>
        {t('staffTrainDo')}
      </button>
      {training.state === 'training' && <Notice>{t('loading')}</Notice>}
      {training.state === 'refused' && <Notice kind="bad">{said(training.detail)}</Notice>}
      {training.state === 'trained' && <Notice kind="good">{t('staffTrained', { name: training.detail })}</Notice>}
      {(training.state === 'trained' || training.state === 'refused') && <Confused trained={training.detail} turn={props.turn} />}
    </section>
  )
}

const SHARES = [
  ['staffPrecision', 'precision'],
  ['staffRecall', 'recall'],
  ['staffLost', 'shoppers_lost'],
] as const

function Shares(props: { of: StaffShares }) {
  return (
    <>
      {SHARES.map(([words, key]) => (
        <Fragment key={key}>
          <dt>{t(words)}</dt>
          <dd>{percent(props.of[key])}</dd>
        </Fragment>
      ))}
    </>
  )
}

/** What judges now beside the model, by those who are marked. */
function ByMarks({ now, then }: { now: StaffByMarks; then: StaffByMarks }) {
  return (
    <table class="report">
      <caption>{t('staffByMarks', { staff: then.staff, shoppers: then.shoppers })}</caption>
      <thead>
        <tr>
          <td />
          <th scope="col">{t('now')}</th>
          <th scope="col">{t('staffThen')}</th>
        </tr>
      </thead>
      <tbody>
        {SHARES.map(([words, key]) => (
          <tr key={key}>
            <th scope="row">{t(words)}</th>
            <td class="number">{percent(now[key])}</td>
            <td class="number">{percent(then[key])}</td>
          </tr>
        ))}
      </tbody>
    </table>
  )
}

function Preview(props: { name: string; camera: string; others: string[] }) {
  const [against, setAgainst] = useState('')
  const path = `/staff/models/${encode(props.name)}/preview${query({ against, camera: props.camera })}`
  const loaded = useLoaded(path, () => get<StaffPreview>(path))
  const choices = [['', t('staffAgainstUse')] as const, ...props.others.map((name) => [name, name] as const)]
  return (
    <>
      {props.others.length > 0 && <Choice label={t('staffAgainst')} value={against} options={choices} onChange={setAgainst} />}
      <Changes of={loaded} />
    </>
  )
}

function Changes(props: { of: Loaded<StaffPreview> }) {
  return (
    <Show of={props.of}>
      {({ roles, changed, marked, marked_now: now }) => (
        <>
          {marked.staff + marked.shoppers > 0 && <ByMarks now={now} then={marked} />}
          {roles.every((row) => row.people === 0) && <p class="quiet">{t('staffNobody')}</p>}
          <table class="report">
            <caption>{t('staffPreviewLead')}</caption>
            <thead>
              <tr>
                <th scope="col">{t('now')}</th>
                <th scope="col">{t('staffThen')}</th>
                <th scope="col" class="number">
                  {t('staffPeople')}
                </th>
              </tr>
            </thead>
            <tbody>
              {roles
                .filter((row) => row.people > 0)
                .map((row) => (
                  <tr key={`${row.now} ${row.then}`}>
                    <td>{roleText(row.now)}</td>
                    <td>{roleText(row.then)}</td>
                    <td class="number">{row.people}</td>
                  </tr>
                ))}
            </tbody>
          </table>
          {may('editor') && (
            <ul class="tiles small" aria-label={t('staffPreview')}>
              {changed.slice(0, 24).map((one) => (
                <li key={one.id} class="tile">
                  <img src={`${BASE}/staff/people/${one.id}/tile`} alt={t('staffPerson', { n: one.id })} loading="lazy" />
                  <span>{roleText(one.then)}</span>
                </li>
              ))}
            </ul>
          )}
        </>
      )}
    </Show>
  )
}

const VISITS = 50

/** What was measured last; a role can be decided by hand. */
function Visits(props: { turn: number; act: Act }) {
  const [role, setRole] = useState<StaffRole | ''>('')
  const path = `/visits${query({ role, limit: VISITS })}`
  const loaded = useLoaded(`${path} ${props.turn}`, () => get<{ visits: Visit[] }>(path))
  const roles = (['staff', 'shopper', 'unknown'] as const).map((one): [StaffRole, string] => [one, roleText(one)])
  const decide = ({ id, camera, enter }: Visit, decided: StaffRole) => void props.act(() => post(`/visits/${encode(id ?? '')}/role`, { camera, enter, role: decided }))
  return (
    <section class="card" aria-labelledby="staff-visits">
      <h2 id="staff-visits">{t('staffVisits')}</h2>
      <p class="quiet">{t('staffVisitsLead')}</p>
      <div class="row">
        <Choice label={t('staffRole')} value={role} options={[['', t('all')], ...roles]} onChange={setRole} />
      </div>
      <Show of={loaded}>
        {({ visits }) => (
          <ul class="entries" aria-label={t('staffVisits')}>
            {visits.map((visit) => (
              <li key={visit.id} class="row spread" data-visit={visit.id}>
                <span>
                  {timeAt(new Date(visit.enter), zone())} {visit.camera}, {visit.zone}, {seconds(visit.dwell_s)}
                </span>
                <select aria-label={t('staffRole')} value={visit.role} onChange={(event) => decide(visit, event.currentTarget.value as StaffRole)}>
                  {roles.map(([value, text]) => (
                    <option key={value} value={value}>
                      {text}
                    </option>
                  ))}
                </select>
              </li>
            ))}
          </ul>
        )}
      </Show>
    </section>
  )
}

function Figures(props: { model: StaffModel }) {
  const { model } = props
  const [quarter = 0, half = 0, all = 0] = model.curve
  return (
    <>
      <dl class="figures">
        <Shares of={model} />
        <dt>{t('staffAuc')}</dt>
        <dd>
          {model.auc.toFixed(2)} ± {(1.96 * model.auc_error).toFixed(2)}
        </dd>
        <dt>{t('staffCurve')}</dt>
        <dd>
          {percent(quarter)}, {percent(half)}, {percent(all)}
        </dd>
      </dl>
      <p class="quiet">
        {t('staffFrom', { staff: model.staff, shoppers: model.shoppers, cameras: model.cameras })} {t(model.by_person ? 'staffByPerson' : 'staffByTime')}{' '}
        {t(all - half > 0.01 ? 'staffMore' : 'staffEnough')} {t('staffOthers', { people: model.shopper_people, one: model.shopper_people + 1 })}
      </p>
    </>
  )
}

/** The model of a camera's own, or of the site. */
const usedOn = (state: StaffState, camera: string) => state.own.find((one) => one.camera === camera)?.model ?? state.in_use

function Model(props: { model: StaffModel; state: StaffState; camera: string; act: Act }) {
  const { model, camera } = props
  const [open, setOpen] = useState(false)
  const used = usedOn(props.state, camera) === model.name
  return (
    <li class="card" data-model={model.name}>
      <h3>
        {model.name} {used && <em>{t('staffInUse')}</em>}
      </h3>
      {model.classifier ? <p class="quiet">{t('staffClassifier', { time: timeAt(new Date(model.trained), zone()) })}</p> : <Figures model={model} />}
      <div class="row">
        <button type="button" aria-expanded={open} onClick={() => setOpen(!open)}>
          {t('staffPreview')}
        </button>
        {may('editor') && !used && (
          <>
            <button type="button" class="main" onClick={() => void props.act(() => request('PUT', '/staff/use', { model: model.name, camera }))}>
              {t('staffUse')}
            </button>
            <button type="button" aria-label={`${t('delete')}: ${model.name}`} onClick={() => void props.act(() => request('DELETE', `/staff/models/${encode(model.name)}`))}>
              {t('delete')}
            </button>
          </>
        )}
      </div>
      {open && <Preview name={model.name} camera={camera} others={props.state.models.map((other) => other.name).filter((name) => name !== model.name)} />}
    </li>
  )
}

function Models(props: { state: StaffState; act: Act }) {
  const { models, own, in_use: used } = props.state
  const [camera, setCamera] = useState('')
  const back = camera === '' ? props.state.back : own.some((one) => one.camera === camera)
  const all: [string, string][] = [['', t('staffSite')], ...cameras.value.map((one): [string, string] => [one.name, one.name])]
  return (
    <section aria-labelledby="staff-models">
      <div class="row spread">
        <h2 id="staff-models">{t('staffModels')}</h2>
        {may('editor') && back && (
          <button type="button" onClick={() => void props.act(() => post('/staff/back', { camera }))}>
            {t('staffBack')}
          </button>
        )}
      </div>
      {models.length === 0 && <p class="quiet">{t('staffNoModels')}</p>}
      {models.length > 0 && cameras.value.length > 1 && <Choice label={t('staffFor')} value={camera} options={all} onChange={setCamera} />}
      {models.length > 0 && !used && own.length === 0 && <p class="quiet">{t('staffNotUsed')}</p>}
      <ul class="cards">
        {models.map((model) => (
          <Model key={model.name} model={model} state={props.state} camera={camera} act={props.act} />
        ))}
      </ul>
    </section>
  )
}

export function Staff() {
  const [turn, setTurn] = useState(0)
  const [error, setError] = useState<string | null>(null)
  const loaded = useLoaded(`staff ${turn}`, () => get<StaffState>('/staff'))
  useEffect(() => {
    const timer = setInterval(() => !document.hidden && setTurn((n) => n + 1), EVERY_MS)
    return () => clearInterval(timer)
  }, [])
  const act: Act = async (what) => {
    try {
      await what()
      setError(null)
    } catch (failure) {
      setError(sentenceOf(failure))
    }
    setTurn((n) => n + 1)
  }
  return (
    <>
      <Heading title={t('staffTitle')} lead={t('staffLead')} />
      {error && <Notice kind="bad">{error}</Notice>}
      {loaded.error && <Notice kind="bad">{loaded.error}</Notice>}
      {loaded.value && (
        <>
          {loaded.value.trouble && <Notice kind="bad">{loaded.value.trouble}</Notice>}
          {loaded.value.drift && <Notice kind="bad">{loaded.value.drift}</Notice>}
          {!loaded.value.pictures && <Notice>{t('staffOff')}</Notice>}
          {!may('editor') && <Notice>{t('staffViewer')}</Notice>}
          {may('editor') && loaded.value.pictures && (
            <>
              <People state={loaded.value} turn={turn} act={act} />
              <div class="cards">
                <Minute state={loaded.value} act={act} />
                <Training state={loaded.value} turn={turn} act={act} />
              </div>
            </>
          )}
          {may('editor') && (loaded.value.pictures || loaded.value.set) && <LabellingSet state={loaded.value} act={act} />}
          <Models state={loaded.value} act={act} />
          {may('editor') && <Visits turn={turn} act={act} />}
        </>
      )}
    </>
  )
}
