// SPDX-License-Identifier: Apache-2.0
// Cameras that are found on the network: who is there, their streams with a picture of each, and one of them added. User and
// password stay in this view until it is left; the program puts them into the camera's source and shows them to nobody.
import { useEffect, useRef, useState } from 'preact/hooks'
import { picture, post } from '../api'
import { decimal } from '../format'
import { Field, Notice, sentenceOf } from '../parts/common'
import { t } from '../text'

interface Login {
  user?: string
  password?: string
}

interface Device {
  host: string
  name: string
  model: string
  service: string
}

interface Stream {
  profile: string
  source: string
  codec: string
  width_px: number
  height_px: number
  fps: number
  best: boolean
  elsewhere: boolean
}

type Add = (body: Login & { name: string; source: string }) => Promise<boolean>

/** What a camera calls itself, as a name of the configuration: "Front door" becomes "Front-door". */
const nameOf = (device: Device) => (device.name || device.host).replace(/[^A-Za-z0-9._-]+/g, '-').slice(0, 63)

/** One after the other: a camera has few hands. */
function useStills(streams: Stream[], login: Login): Record<string, string> {
  const [stills, setStills] = useState<Record<string, string>>({})
  useEffect(() => {
    let current = true
    const load = async () => {
      for (const { source, elsewhere } of streams) {
        if (!current || elsewhere) continue
        const still = await picture('/discovery/still', { source, ...login }).catch(sentenceOf)
        if (current) setStills((old) => ({ ...old, [source]: still }))
      }
    }
    void load()
    return () => {
      current = false
    }
  }, [streams])
  return stills
}

function Still(props: { stream: Stream; still: string | undefined }) {
  const { stream, still } = props
  if (stream.elsewhere) return <small>{t('findElsewhere')}</small>
  if (still === undefined) return <small role="status">{t('loading')}</small>
  if (!still.startsWith('data:')) return <small>{still}</small>
  return <img src={still} alt={t('pictureOf', { camera: stream.profile })} />
}

function Streams(props: { device: Device; streams: Stream[]; login: Login; add: Add }) {
  const { device, streams, login } = props
  const stills = useStills(streams, login)
  const [chosen, setChosen] = useState(streams.find((s) => s.best)?.source ?? streams[0]?.source ?? '')
  const [name, setName] = useState(nameOf(device))
  const [added, setAdded] = useState(false)
  const add = async (event: SubmitEvent) => {
    event.preventDefault()
    setAdded(await props.add({ name, source: chosen, ...login }))
  }
  return (
    <form onSubmit={(event) => void add(event)}>
      <div class="streams">
        {streams.map((stream) => (
          <label key={stream.source} class="stream">
            <Still stream={stream} still={stills[stream.source]} />
            <span class="check">
              <input type="radio" name="stream" checked={chosen === stream.source} onChange={() => setChosen(stream.source)} />
              <span>
                {stream.profile}
                {stream.best && ` (${t('findBest')})`}
                <br />
                <small class="quiet">
                  {stream.width_px} × {stream.height_px}, {stream.codec}
                  {stream.fps > 0 && `, ${decimal(stream.fps, 0)} fps`}
                </small>
              </span>
            </span>
          </label>
        ))}
      </div>
      {added ? (
        <Notice kind="good">{t('findAdded', { camera: name })}</Notice>
      ) : (
        <div class="row end">
          <Field label={t('name')}>
            <input required maxLength={63} pattern="[A-Za-z0-9._\-]+" value={name} onInput={(event) => setName(event.currentTarget.value)} />
          </Field>
          <button class="main">{t('addCamera')}</button>
        </div>
      )}
    </form>
  )
}

function DeviceRow(props: { device: Device; login: () => Login; add: Add }) {
  const { device } = props
  const [streams, setStreams] = useState<Stream[] | null>(null)
  const [error, setError] = useState<string | null>(null)
  const [login, setLogin] = useState<Login>({})
  const ask = async () => {
    const now = props.login()
    setError(null)
    setLogin(now)
    try {
      const answer = await post<{ streams: Stream[] }>('/discovery/streams', { service: device.service, ...now })
      setStreams(answer.streams)
    } catch (failure) {
      setError(sentenceOf(failure))
    }
  }
  return (
    <li class="card">
      <div class="row spread">
        <span>
          <strong>{device.name || device.host}</strong> {device.model}
          <br />
          <small class="quiet">{device.host}</small>
        </span>
        {!streams && (
          <button type="button" onClick={() => void ask()}>
            {t('findStreams')}
          </button>
        )}
      </div>
      {error && <Notice kind="bad">{error}</Notice>}
      {streams && <Streams device={device} streams={streams} login={login} add={props.add} />}
    </li>
  )
}

export function FindCameras(props: { add: Add }) {
  const form = useRef<HTMLFormElement>(null)
  const [found, setFound] = useState<{ devices: Device[]; strange: number } | null>(null)
  const [busy, setBusy] = useState(false)
  const [error, setError] = useState<string | null>(null)
  const said = (): Record<string, string> =>
    Object.fromEntries([...new FormData(form.current ?? undefined)].flatMap(([key, value]) => (value === '' ? [] : [[key, String(value)]])))
  const login = (): Login => {
    const { user, password } = said()
    return { ...(user && { user }), ...(password && { password }) }
  }
  const find = async (event: SubmitEvent) => {
    event.preventDefault()
    const { host } = said()
    setBusy(true)
    setError(null)
    try {
      setFound(await post('/discovery', host ? { host } : {}))
    } catch (failure) {
      setError(sentenceOf(failure))
    }
    setBusy(false)
  }
  return (
    <section class="card" aria-labelledby="find">
      <h2 id="find">{t('findCameras')}</h2>
      <p class="quiet">{t('findLead')}</p>
      <form ref={form} autocomplete="off" onSubmit={(event) => void find(event)}>
        <div class="row">
          <Field label={t('findUser')}>
            <input name="user" autocomplete="off" />
          </Field>
          <Field label={t('findPassword')}>
            <input name="password" type="password" autocomplete="new-password" />
          </Field>
          <Field label={t('findHost')}>
            <input name="host" placeholder="192.168.1.20" />
          </Field>
        </div>
        <div class="row end">
          <button class="main" disabled={busy}>
            {busy ? t('loading') : t('findCameras')}
          </button>
        </div>
      </form>
      {error && <Notice kind="bad">{error}</Notice>}
      {found?.devices.length === 0 && <Notice>{t('findNone')}</Notice>}
      {found !== null && found.strange > 0 && <Notice>{t('findStrange', { n: found.strange })}</Notice>}
      <ul class="plain-list">
        {found?.devices.map((device) => (
          <DeviceRow key={device.service} device={device} login={login} add={props.add} />
        ))}
      </ul>
    </section>
  )
}
