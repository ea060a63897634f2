// SPDX-License-Identifier: Apache-2.0
// Cameras: add, switch off, take away. What is measured already stays.
import { useState } from 'preact/hooks'
import { encode, request } from '../api'
import { cameras, refreshCameras } from '../live'
import { Field, Notice, Said, sentenceOf } from '../parts/common'
import { t } from '../text'
import type { Camera } from '../types'
import { StateDot } from './live'
import { FindCameras } from './system_find'

export function CamerasView() {
  const [error, setError] = useState<string | null>(null)
  const act = async (method: string, path: string, body?: unknown): Promise<boolean> => {
    try {
      await request(method, path, body)
      setError(null)
      await refreshCameras()
      return true
    } catch (failure) {
      setError(sentenceOf(failure))
      return false
    }
  }
  const add = async (event: SubmitEvent) => {
    event.preventDefault()
    const form = event.target as HTMLFormElement
    const fields = new FormData(form)
    const said = ['name', 'source', 'user', 'password'].map((key) => [key, String(fields.get(key))]).filter(([, value]) => value !== '')
    const body = { ...Object.fromEntries(said), ...(fields.has('loop') ? { loop: true } : {}) }
    if (await act('POST', '/cameras', body)) form.reset()
  }
  return (
    <>
      {error && <Notice kind="bad">{error}</Notice>}
      <ul class="plain-list">
        {cameras.value.map((camera) => (
          <CameraRow key={camera.name} camera={camera} act={act} />
        ))}
      </ul>
      <FindCameras add={(body) => act('POST', '/cameras', body)} />
      <form class="card" aria-labelledby="add" autocomplete="off" onSubmit={(event) => void add(event)}>
        <h2 id="add">{t('addCamera')}</h2>
        <Field label={t('name')}>
          <input name="name" required maxLength={60} />
        </Field>
        <Field label={t('source')} hint={t('sourceHint')}>
          <input name="source" required placeholder="rtsp://192.168.1.20/stream1" />
        </Field>
        <div class="row">
          <Field label={t('cameraUser')}>
            <input name="user" autocomplete="off" />
          </Field>
          <Field label={t('cameraPassword')}>
            <input name="password" type="password" autocomplete="new-password" />
          </Field>
        </div>
        <p class="quiet">{t('cameraLoginHint')}</p>
        <label class="check">
          <input type="checkbox" name="loop" /> {t('loop')}
        </label>
        <div class="row end">
          <button class="main">{t('addCamera')}</button>
        </div>
      </form>
    </>
  )
}

function CameraRow(props: { camera: Camera; act: (method: string, path: string, body?: unknown) => Promise<boolean> }) {
  const { camera, act } = props
  const [sure, setSure] = useState(false)
  const path = `/cameras/${encode(camera.name)}`
  return (
    <li class="card row spread">
      <span>
        <strong>{camera.name}</strong> <StateDot camera={camera} />
        <br />
        <small class="quiet">{camera.source}</small>
        {camera.reason && <p><Said sentence={camera.reason} /></p>}
      </span>
      <span class="row">
        <button type="button" onClick={() => void act('PATCH', path, { enabled: !camera.enabled })}>
          {camera.enabled ? t('switchOff') : t('switchOn')}
        </button>
        <button type="button" class={sure ? 'danger' : ''} onBlur={() => setSure(false)} onClick={() => (sure ? void act('DELETE', path) : setSure(true))}>
          {sure ? t('reallyDelete') : t('delete')}
        </button>
      </span>
    </li>
  )
}
