// SPDX-License-Identifier: Apache-2.0
// Zones: drawn over the camera's picture, tried on what was measured, then saved.
import { useEffect, useState } from 'preact/hooks'
import { Refusal, encode, get, may, post, request } from '../api'
import { colorOf } from '../colors'
import { type Selected, addLine, addPolygon, closeLayout, copy, openLayout, remove } from '../editor'
import { decimal } from '../format'
import { type Feet, REFUSED, type Seen, type Trouble, lineTrouble, openPolygon, startRectangle, stepOf, thickness, troubleOf } from '../geometry'
import { amend, begin, change, redo, undo } from '../history'
import { cameras, momentOf, todayDay } from '../live'
import { Choice, Heading, Icon, NoCameras, Notice, Said, sentenceOf, useLoaded } from '../parts/common'
import { EditSurface, type Tool } from '../parts/edit_surface'
import { Frame, People, Snapshot } from '../parts/picture'
import { rowsOf } from '../parts/sheet'
import { LineForm, MaskForm, ZoneForm } from '../parts/zone_form'
import { PreviewTable, type Preview } from '../parts/zone_preview'
import { guard, params, setParams } from '../route'
import { type Key, said, t } from '../text'
import { addDays } from '../time'
import type { Camera, Layout, LayoutWarning, Point, Sheet, Zone } from '../types'
import { NO_LAYOUT } from './live'

interface FromProgram extends Layout {
  warnings?: LayoutWarning[]
  horizon?: [Point, Point] | null
}

const FEET_DAYS = 7

/** Where feet were in the last days. */
async function feetOf(camera: string): Promise<Feet> {
  const query = { camera, from: addDays(todayDay(), 1 - FEET_DAYS), to: addDays(todayDay(), 1), staff: '1', grid: '32', smooth: '0' }
  const cells = rowsOf(await get<Sheet>(`/reports/heat-map?${new URLSearchParams(query).toString()}`), 'cells')
  const count = (key: string) => Math.max(...cells.map((cell) => Number(cell[key])), 0) + 1
  const [columns, rows] = [count('column'), count('row')]
  const walked = cells.filter((cell) => Number(cell['seconds']) > 0)
  return {
    columns,
    rows,
    walked: walked.map((cell) => [Number(cell['column']) / columns, Number(cell['row']) / rows]),
    seconds: walked.reduce((sum, cell) => sum + Number(cell['seconds']), 0),
  }
}

/** How tall people are on this picture: the median of those seen now. */
function heightBy(camera: Camera): number | undefined {
  const heights = (momentOf(camera.name).peek()?.people ?? []).map((p) => p.box[3]).sort((a, b) => a - b)
  return heights[Math.floor(heights.length / 2)]
}

export interface Warned {
  name: string
  trouble: Trouble
  values?: Record<string, string>
}

/** How thin a zone is, and how thin it may be at most as often as the camera is looked at. */
function widthsOf(zone: Zone, seen: Seen): Record<string, string> {
  const share = (width: number) => decimal(100 * width, 1)
  return { width: share(thickness(openPolygon(zone.polygon))), step: share(stepOf(seen)), fps: decimal(seen.fps, 1) }
}

function warningsOf(layout: Layout, seen: Seen): Warned[] {
  const zones = layout.zones.map((z) => ({ name: z.name, trouble: troubleOf(z, layout.zones, seen), values: widthsOf(z, seen) }))
  const lines = layout.lines.map((l) => ({ name: l.name, trouble: lineTrouble(l, layout.lines) }))
  const masks = layout.masks.map((m) => ({ name: m.name, trouble: troubleOf(m, layout.masks, null) }))
  return [...zones, ...lines, ...masks].filter((w): w is Warned => w.trouble !== null)
}

/** What stops one from saving comes first; more at once nobody reads. */
const WARNINGS_SHOWN = 20

function Warnings(props: { mine: Warned[]; theirs: LayoutWarning[] }) {
  const isBad = ({ trouble }: Warned) => REFUSED.includes(trouble)
  const mine = [...props.mine.filter(isBad), ...props.mine.filter((w) => !isBad(w))].slice(0, WARNINGS_SHOWN)
  const theirs = props.theirs.slice(0, WARNINGS_SHOWN - mine.length)
  const more = props.mine.length + props.theirs.length - mine.length - theirs.length
  if (mine.length + theirs.length === 0) return null
  return (
    <ul class="warnings" aria-live="polite">
      {mine.map(({ name, trouble, values }) => (
        <li key={`${name}${trouble}`} class={REFUSED.includes(trouble) ? 'bad' : ''}>
          <strong>{name || t('unnamed')}</strong>: {t(`trouble_${trouble}` as Key, values)}
        </li>
      ))}
      {theirs.map(({ zone, detail }) => (
        <li key={`${zone}${detail}`}>
          <strong>{zone}</strong>: <Said sentence={detail} />
        </li>
      ))}
      {more > 0 && <li>{t('moreWarnings', { n: more })}</li>}
    </ul>
  )
}

function ShapeList(props: { layout: Layout; selected: Selected | null; onSelect: (selected: Selected) => void }) {
  const [filter, setFilter] = useState('')
  const { layout, selected } = props
  const entry = (kind: Selected['kind'], name: string, i: number) => (
    <li key={`${kind}${String(i)}`}>
      <button
        type="button"
        class="entry"
        aria-pressed={selected?.kind === kind && selected.at === i}
        onClick={() => props.onSelect({ kind, at: i })}
      >
        <span class="swatch" style={{ background: kind === 'zone' ? colorOf(layout.zones[i], i) : 'currentColor' }} />
        {name || t('unnamed')} {kind !== 'zone' && <small>{t(kind)}</small>}
      </button>
    </li>
  )
  const wanted = (name: string) => name.toLowerCase().includes(filter.toLowerCase())
  return (
    <section class="card" aria-label={t('zonesAndLines')}>
      <h2>{t('zonesAndLines')}</h2>
      {layout.zones.length + layout.lines.length > 12 && (
        <input type="search" aria-label={t('findZone')} placeholder={t('findZone')} value={filter} onInput={(e) => setFilter(e.currentTarget.value)} />
      )}
      {layout.zones.length + layout.lines.length === 0 && <p class="quiet">{t('drawFirst')}</p>}
      <ul class="entries">
        {layout.zones.map((z, i) => wanted(z.name) && entry('zone', z.name, i))}
        {layout.lines.map((l, i) => wanted(l.name) && entry('line', l.name, i))}
        {layout.masks.map((m, i) => wanted(m.name) && entry('mask', m.name, i))}
      </ul>
    </section>
  )
}

function Tools(props: { drawing: Drawing; disabled: boolean }) {
  const { tool, setTool, history, selected, ...does } = props.drawing
  const toggle = (wanted: Tool) => setTool(tool === wanted ? 'select' : wanted)
  const none = !selected || props.disabled
  return (
    <div class="tools" role="toolbar" aria-label={t('tools')}>
      <button type="button" disabled={props.disabled} aria-pressed={tool === 'zone'} onClick={() => toggle('zone')}>
        {t('drawZone')}
      </button>
      <button type="button" disabled={props.disabled} aria-pressed={tool === 'line'} onClick={() => toggle('line')}>
        {t('drawLine')}
      </button>
      <button type="button" disabled={props.disabled} aria-pressed={tool === 'mask'} onClick={() => toggle('mask')}>
        {t('drawMask')}
      </button>
      <button type="button" disabled={props.disabled} onClick={does.rectangle}>
        {t('addRectangle')}
      </button>
      <span class="row">
        <button type="button" aria-label={t('undo')} title={`${t('undo')} (Ctrl+Z)`} disabled={!history.past.length} onClick={does.undo}>
          <Icon name="undo" />
        </button>
        <button type="button" aria-label={t('redo')} title={`${t('redo')} (Ctrl+Y)`} disabled={!history.future.length} onClick={does.redo}>
          <Icon name="redo" />
        </button>
        <button type="button" disabled={none} onClick={does.copy}>
          {t('copy')}
        </button>
        <button type="button" disabled={none} onClick={does.remove}>
          {t('delete')}
        </button>
      </span>
    </div>
  )
}

/** Ctrl+Z and Ctrl+Y, but not while a text is written. */
function useUndoKeys(back: () => void, forth: () => void): void {
  useEffect(() => {
    const key = (event: KeyboardEvent) => {
      if (!(event.ctrlKey || event.metaKey) || event.target instanceof HTMLInputElement) return
      const letter = event.key.toLowerCase()
      if (letter === 'z' && !event.shiftKey) back()
      else if (letter === 'y' || letter === 'z') forth()
      else return
      event.preventDefault()
    }
    addEventListener('keydown', key)
    return () => removeEventListener('keydown', key)
  })
}

const HOURS = ['1', '4', '24', '168'] as const

function Try(props: { camera: string; layout: Layout; disabled: boolean }) {
  const [hours, setHours] = useState<(typeof HOURS)[number]>('24')
  const [state, setState] = useState<{ preview?: Preview; error?: string; busy?: boolean }>({})
  useEffect(() => setState({}), [props.layout])
  const ask = async () => {
    setState({ busy: true })
    try {
      const body = { layout: closeLayout(props.layout), hours: Number(hours) }
      setState({ preview: await post<Preview>(`/cameras/${encode(props.camera)}/layout/preview`, body) })
    } catch (error) {
      setState({ error: sentenceOf(error) })
    }
  }
  return (
    <section class="card" aria-label={t('tryIt')}>
      <h2>{t('tryIt')}</h2>
      <p class="quiet">{t('tryLead')}</p>
      <div class="row">
        <Choice label={t('lastHours')} value={hours} options={HOURS.map((h) => [h, t('hours', { n: Number(h) })] as const)} onChange={setHours} />
        <button type="button" disabled={props.disabled || state.busy} onClick={() => void ask()}>
          {t('remeasure')}
        </button>
      </div>
      <div aria-live="polite">
        {state.busy && <p class="quiet">{t('loading')}</p>}
        {state.error && <Notice kind="bad">{state.error}</Notice>}
        {state.preview && <PreviewTable preview={state.preview} />}
      </div>
    </section>
  )
}

function sayRefusal(error: unknown): string {
  if (!(error instanceof Refusal)) return sentenceOf(error)
  if (error.status === 409 || error.status === 412) return t('changedMeanwhile')
  const details = error.problem.errors?.map((e) => said(e.detail)) ?? []
  return details.length ? details.join('; ') : sentenceOf(error)
}

/** The drawing with its undo, what is selected, and the tools that change them. */
function useDrawing(start: Layout) {
  const [history, setHistory] = useState(() => begin(start))
  const [selected, setSelected] = useState<Selected | null>(null)
  const [tool, setTool] = useState<Tool>('select')
  const layout = history.present
  const set = (next: Layout, begins = true) => setHistory((h) => (begins ? change(h, next) : amend(h, next)))
  const setAndSelectLast = (next: Layout, kind: Selected['kind']) => {
    set(next)
    setSelected({ kind, at: next[`${kind}s`].length - 1 })
    setTool('select')
  }
  const exists = selected && layout[`${selected.kind}s`][selected.at]
  return {
    history,
    layout,
    set,
    tool,
    setTool,
    selected: exists ? selected : null,
    setSelected,
    undo: () => setHistory(undo),
    redo: () => setHistory(redo),
    drawn: (points: Point[]) => {
      const [start, end] = points
      if (tool === 'zone' || tool === 'mask') setAndSelectLast(addPolygon(layout, tool, points, t(tool)), tool)
      else if (start && end) setAndSelectLast(addLine(layout, start, end, t('line')), 'line')
    },
    rectangle: () => setAndSelectLast(addPolygon(layout, 'zone', startRectangle(layout.zones.length), t('zone')), 'zone'),
    copy: () => {
      if (selected) setAndSelectLast(copy(layout, selected), selected.kind)
    },
    remove: () => {
      if (selected) set(remove(layout, selected))
      setSelected(null)
    },
  }
}

type Drawing = ReturnType<typeof useDrawing>

function useSaving(camera: string, start: Layout, tag: string | null) {
  const [etag, setEtag] = useState(tag)
  const [saved, setSaved] = useState(start)
  const [warnings, setWarnings] = useState<LayoutWarning[] | null>(null)
  const [message, setMessage] = useState<{ kind: 'good' | 'bad'; text: string } | null>(null)
  const save = async (layout: Layout) => {
    try {
      const answer = await request<FromProgram | null>('PUT', `/cameras/${encode(camera)}/layout`, closeLayout(layout), etag)
      setWarnings(answer.body?.warnings ?? [])
      setEtag(answer.etag)
      setSaved(layout)
      setMessage({ kind: 'good', text: t('savedZones') })
    } catch (error) {
      setMessage({ kind: 'bad', text: sayRefusal(error) })
    }
  }
  return { saved, warnings, message, save }
}

function useLeaveGuard(dirty: boolean): void {
  useEffect(() => {
    guard.current = dirty ? () => window.confirm(t('leaveUnsaved')) : null
    return () => {
      guard.current = null
    }
  }, [dirty])
}

function Canvas(props: { camera: Camera; drawing: Drawing; readOnly: boolean }) {
  const { camera, drawing } = props
  const { tool, selected } = drawing
  const hint = tool === 'zone' || tool === 'mask' ? 'hintZone' : tool === 'line' ? 'hintLine' : selected ? 'hintSelected' : 'hintSelect'
  return (
    <>
      <p class="hint" role="status">
        {t(hint)}
      </p>
      <div class="edit-frame">
        <Frame camera={camera} large>
          <Snapshot key={camera.name} camera={camera.name} perSecond={2} />
          <People camera={camera.name} layout={NO_LAYOUT} />
        </Frame>
        <EditSurface
          layout={drawing.layout}
          selected={selected}
          tool={tool}
          aspect={camera.width_px / (camera.height_px || 1) || 4 / 3}
          readOnly={props.readOnly}
          onSelect={drawing.setSelected}
          onChange={drawing.set}
          onDrawn={drawing.drawn}
          onCancel={() => drawing.setTool('select')}
        />
      </div>
    </>
  )
}

function SaveBar(props: { dirty: boolean; refused: boolean; readOnly: boolean; onDiscard: () => void; onSave: () => void }) {
  const { dirty, readOnly } = props
  return (
    <div class="savebar" role="group" aria-label={t('save')}>
      {readOnly && <span class="quiet">{t('mayOnlyLook')}</span>}
      <span class="quiet" role="status">
        {dirty ? t('unsaved') : ''}
      </span>
      <button type="button" disabled={!dirty} onClick={props.onDiscard}>
        {t('discard')}
      </button>
      <button type="button" class="main" disabled={!dirty || props.refused || readOnly} onClick={props.onSave}>
        {t('save')}
      </button>
    </div>
  )
}

function Editor(props: { camera: Camera; loaded: FromProgram; etag: string | null; onReload: () => void }) {
  const { camera, loaded } = props
  const [start] = useState(() => openLayout({ zones: loaded.zones, lines: loaded.lines, masks: loaded.masks }))
  const drawing = useDrawing(start)
  const { saved, warnings, message, save } = useSaving(camera.name, start, props.etag)
  const { layout, selected } = drawing
  const dirty = layout !== saved
  const readOnly = !may('editor')
  const feet = useLoaded(camera.name, () => feetOf(camera.name)).value
  const mine = warningsOf(layout, { height: heightBy(camera), fps: camera.fps_analysed, horizon: loaded.horizon ?? null, feet })
  const refused = mine.some((w) => REFUSED.includes(w.trouble))
  useLeaveGuard(dirty)
  useUndoKeys(drawing.undo, drawing.redo)
  const form = { layout, readOnly, onChange: drawing.set }
  return (
    <>
      <SaveBar dirty={dirty} refused={refused} readOnly={readOnly} onDiscard={props.onReload} onSave={() => void save(layout)} />
      {message && !(dirty && message.kind === 'good') && <Notice kind={message.kind}>{message.text}</Notice>}
      <div class="zones-view">
        <div>
          <Tools drawing={drawing} disabled={readOnly} />
          <Canvas camera={camera} drawing={drawing} readOnly={readOnly} />
          <Warnings mine={mine} theirs={dirty ? [] : (warnings ?? loaded.warnings ?? [])} />
        </div>
        <div>
          <ShapeList layout={layout} selected={selected} onSelect={drawing.setSelected} />
          {selected?.kind === 'zone' && <ZoneForm {...form} at={selected.at} />}
          {selected?.kind === 'line' && <LineForm {...form} at={selected.at} />}
          {selected?.kind === 'mask' && <MaskForm {...form} at={selected.at} />}
          <Try camera={camera.name} layout={layout} disabled={refused || layout.zones.length === 0} />
        </div>
      </div>
    </>
  )
}

function Loading(props: { camera: Camera }) {
  const [turn, setTurn] = useState(0)
  const loaded = useLoaded(`${props.camera.name} ${String(turn)}`, async () => ({
    turn,
    ...(await request<FromProgram>('GET', `/cameras/${encode(props.camera.name)}/layout`)),
  }))
  if (loaded.error) return <Notice kind="bad">{loaded.error}</Notice>
  if (!loaded.value) return <p class="quiet">{t('loading')}</p>
  return (
    <Editor
      key={`${props.camera.name} ${String(loaded.value.turn)}`}
      camera={props.camera}
      loaded={loaded.value.body}
      etag={loaded.value.etag}
      onReload={() => setTurn((n) => n + 1)}
    />
  )
}

export function Zones() {
  const list = cameras.value
  const chosen = list.find((camera) => camera.name === params.value.get('camera')) ?? list[0]
  if (!chosen) return <NoCameras />
  return (
    <>
      <Heading title={t('zones')} lead={t('zonesLead')}>
        {list.length > 1 && (
          <Choice
            label={t('camera')}
            value={chosen.name}
            options={list.map((c) => [c.name, c.name] as const)}
            onChange={(name) => (!guard.current || guard.current()) && setParams({ camera: name })}
          />
        )}
      </Heading>
      <Loading key={chosen.name} camera={chosen} />
    </>
  )
}
