// SPDX-License-Identifier: Apache-2.0
// The configuration as it stands in the file, comments and all. Refused lines are marked.
import { useRef, useState } from 'preact/hooks'
import { Refusal, request } from '../api'
import { Notice, Show, sentenceOf, useLoaded } from '../parts/common'
import { said, t } from '../text'

interface Wrong {
  line: number | null
  detail: string
}

/** Lines are told as `line`, or as a pointer that ends in a number. */
export function wrongLines(error: unknown): Wrong[] {
  if (!(error instanceof Refusal)) return [{ line: null, detail: sentenceOf(error) }]
  if (error.status === 409 || error.status === 412) return [{ line: null, detail: t('changedMeanwhile') }]
  const errors = error.problem.errors ?? []
  if (errors.length === 0) return [{ line: null, detail: sentenceOf(error) }]
  return errors.map(({ line, pointer, detail }) => {
    const told = line ?? Number(/(\d+)$/.exec(pointer ?? '')?.[1] ?? /\bline (\d+)/.exec(detail)?.[1])
    return { line: Number.isFinite(told) ? told : null, detail: said(detail) }
  })
}

function Editor(props: { text: string; path: string; etag: string | null; onReload: () => void }) {
  const [text, setText] = useState(props.text)
  const [etag, setEtag] = useState(props.etag)
  const [saved, setSaved] = useState(props.text)
  const [wrong, setWrong] = useState<Wrong[] | null>(null)
  const area = useRef<HTMLTextAreaElement>(null)
  const gutter = useRef<HTMLPreElement>(null)
  const bad = new Set(wrong?.map((w) => w.line))
  const save = async () => {
    try {
      const answer = await request('PUT', '/config', { text }, etag)
      setEtag(answer.etag)
      setSaved(text)
      setWrong([])
    } catch (error) {
      setWrong(wrongLines(error))
    }
  }
  const goTo = (line: number) => {
    const lines = text.split('\n')
    const start = lines.slice(0, line - 1).join('\n').length + (line > 1 ? 1 : 0)
    area.current?.focus()
    area.current?.setSelectionRange(start, start + (lines[line - 1]?.length ?? 0))
  }
  return (
    <section class="card">
      <p class="quiet">
        {t('configLead')} <code>{props.path}</code>
      </p>
      {wrong?.length === 0 && text === saved && <Notice kind="good">{t('configSaved')}</Notice>}
      {wrong?.map(({ line, detail }) => (
        <Notice key={detail} kind="bad">
          {line !== null && (
            <button type="button" class="link" onClick={() => goTo(line)}>
              {t('lineNumber', { n: line })}
            </button>
          )}{' '}
          {detail}
        </Notice>
      ))}
      <div class="code">
        <pre ref={gutter} aria-hidden="true">
          {text.split('\n').map((_, i) => (
            <span key={i} class={bad.has(i + 1) ? 'bad' : ''}>
              {i + 1}
              {'\n'}
            </span>
          ))}
        </pre>
        <textarea
          ref={area}
          aria-label={t('system_config')}
          spellcheck={false}
          rows={Math.min(32, text.split('\n').length + 2)}
          value={text}
          onInput={(event) => setText(event.currentTarget.value)}
          onScroll={(event) => {
            if (gutter.current) gutter.current.scrollTop = event.currentTarget.scrollTop
          }}
        />
      </div>
      <div class="row end">
        <button type="button" onClick={props.onReload}>
          {t('discard')}
        </button>
        <button type="button" class="main" disabled={text === saved} onClick={() => void save()}>
          {t('save')}
        </button>
      </div>
    </section>
  )
}

export function ConfigView() {
  const [turn, setTurn] = useState(0)
  const loaded = useLoaded(String(turn), async () => ({ turn, ...(await request<{ text: string; path: string }>('GET', '/config')) }))
  return (
    <Show of={loaded}>
      {({ body, etag, turn: at }) => <Editor key={at} text={body.text} path={body.path} etag={etag} onReload={() => setTurn((n) => n + 1)} />}
    </Show>
  )
}
