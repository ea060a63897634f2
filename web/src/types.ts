// SPDX-License-Identifier: Apache-2.0
// What the program sends and takes (docs/openapi.yaml). Times are ISO 8601 UTC, durations seconds,
// coordinates shares of the picture from its top left corner.

export type Role = 'viewer' | 'editor' | 'admin'
export type Point = [number, number]

export interface Session {
  user: { name: string; role: Role } | null
  claimed: boolean
  csrf: string | null
}

export interface Site {
  name: string
  time_zone: string
  version: string
  privacy: 'on' | 'blurred' | 'off'
  now: string
}

export interface Camera {
  name: string
  source: string
  state: 'starting' | 'running' | 'waiting' | 'failed' | 'off'
  reason: string | null
  width_px: number
  height_px: number
  fps_in: number
  fps_analysed: number
  dropped: number
  infer_ms: number
  last_frame_age_s: number | null
  reconnects: number
  decoder_restarts: number
  gaps: number
  enabled: boolean
}

/** The zones file; keys that this page does not know are kept. */
export interface Zone {
  name: string
  polygon: Point[]
  target_side?: number
  [key: string]: unknown
}

export interface Line {
  name: string
  line: { start: { x: number; y: number }; end: { x: number; y: number } }
  [key: string]: unknown
}

export interface Layout {
  zones: Zone[]
  lines: Line[]
  /** What nobody is to see: of a mask only name and polygon count. */
  masks: Zone[]
}

export interface LayoutWarning {
  zone: string
  detail: string
}

export interface Person {
  person: number
  box: [number, number, number, number]
  anchor: Point
  role?: string
  zones: { zone: string; seconds: number }[]
}

export interface Moment {
  camera: string
  time: string
  people: Person[]
  occupancy: { zone: string; count: number }[]
}

export interface Visit {
  id?: string
  camera?: string
  zone: string
  person: number
  enter: string
  exit: string
  dwell_s: number
  bridged_s?: number
  cut_start?: boolean
  cut_end?: boolean
  end_reason?: string
  role?: string
  [key: string]: unknown
}

export interface Estimate {
  value: number | null
  low: number | null
  high: number | null
}

export interface ZoneToday {
  camera: string
  zone: string
  occupancy: number | null
  visits: number
  passes: number
  median_s: Estimate | number | null
  coverage: number | null
  /** A mean, and the least and the most of so many days. */
  usual_visits: number | null
  usual_least: number | null
  usual_most: number | null
  usual_days: number
  /** Visits of each local hour so far, and what is usual then; where the program knows them. */
  hours?: { hour: number; visits: number; usual: number | null }[]
}

/** A zone that was measured in the days asked for. */
export interface Place {
  camera: string
  zone: string
}

export interface SheetColumn {
  key: string
  heading: string
  unit: 'text' | 'count' | 'number' | 'share' | 'change' | 'points' | 'seconds' | 'p'
  interval: boolean
}

export interface SheetTable {
  key: string
  title: string
  data: boolean
  columns: SheetColumn[]
}

export type Cell = string | number | boolean | null | Estimate
export type Row = Record<string, Cell>

/** A report as JSON: rows under the key of each table. */
export interface Sheet {
  report: string
  kind: string
  title?: string
  period: string
  simulated: boolean
  tables?: SheetTable[]
  notes: string[]
  formulas: string[]
  [table: string]: unknown
}

export interface Promotion {
  id: string
  name: string
  camera: string | null
  zone: string | null
  from: string
  to: string
  days?: string[] | null
  compare_with?: string | null
}

export interface Alert {
  id?: string | number
  time: string
  camera: string
  zone?: string
  kind?: string
  detail?: string
  [key: string]: unknown
}

export interface Health {
  status: string
  store: { bytes: number; forecast_bytes_year: number | null }
  cameras?: Camera[]
  uptime_s: number
  /** The oldest first. */
  log: LogEntry[]
}

export interface LogEntry {
  time: string
  kind: 'alert' | 'gap' | 'health'
  camera: string
  data: Record<string, unknown>
}

export interface Problem {
  type: string
  title: string
  status: number
  detail: string
  errors?: { pointer?: string; line?: number; detail: string }[]
}

export type StaffRole = 'unknown' | 'shopper' | 'staff'

/** Somebody seen lately. */
export interface StaffFace {
  id: number
  camera: string
  person: number
  first: string
  last: string
  label: StaffRole
  /** Those with the same number were marked as one person; 0: not. */
  same: number
  role: StaffRole
  staff_p: number | null
  /** To be staff, by models of the others in the last training. */
  judged_p: number | null
  kept: boolean
}

export interface StaffShares {
  precision: number | null
  recall: number | null
  shoppers_lost: number | null
}

export interface StaffModel extends StaffShares {
  name: string
  classifier: boolean
  trained: string
  cameras: string
  set: string
  staff: number
  shoppers: number
  shopper_people: number
  auc: number
  auc_error: number
  sure: number
  by_person: boolean
  curve: number[]
}

export interface StaffState {
  pictures: boolean
  people: number
  staff: number
  shoppers: number
  set: { name: string; until: string | null; people: number } | null
  minute: { camera: string; until: string } | null
  training: { state: 'idle' | 'training' | 'trained' | 'refused'; detail: string }
  in_use: string
  back: boolean
  own: { camera: string; model: string }[]
  drift: string
  trouble: string
  models: StaffModel[]
}

export interface StaffPreview {
  roles: { now: StaffRole; then: StaffRole; people: number }[]
  changed: { id: number; now: StaffRole; then: StaffRole }[]
  /** How good what judges now, and the model, are by those who are marked. */
  marked_now: StaffByMarks
  marked: StaffByMarks
}

export type StaffByMarks = StaffShares & { staff: number; shoppers: number }
