import { html, type Markup, type Part } from './markup.js'
import type { ReportedRound } from './reported-run.js'

interface Settings {
  readonly round: ReportedRound
  /** The stopping rule, in words. */
  readonly rule: string | undefined
  /** Of the caller. */
  readonly settings: Readonly<Record<string, unknown>>
  readonly versions: Readonly<Record<string, string>>
}

/** Settings and seeds, those that the rounds tell and those of the caller; versions. */
export function settingsSection({ round, rule, settings, versions }: Settings): Markup | undefined {
  const { made, rewinder, criterion, engine } = round
  const told: Readonly<Record<string, unknown>> = {
    'stopping rule': rule || undefined,
    criterion,
    granularity: made?.granularity,
    rewinder,
    teacher: made?.teaching,
    'trained by': engine && `${engine.name}: ${engine.why}`,
    ...made?.training,
    ...settings,
  }
  const own = listed(told)
  const used = listed(versions)
  if (own.length === 0 && used.length === 0) return undefined
  return html`<section><h2>Settings</h2>
${own.length > 0 && html`<dl class="pairs">${own}</dl>`}
${used.length > 0 && html`<h3>Versions</h3>\n<dl class="pairs">${used}</dl>`}</section>`
}

function listed(values: Readonly<Record<string, unknown>>): Part[] {
  return Object.entries(values)
    .filter(([, value]) => value !== undefined)
    .map(([name, value]) => html`<div><dt>${name}</dt><dd>${inWords(value)}</dd></div>\n`)
}

/** Texts and numbers as they are, everything else as JSON; functions by their names. */
function inWords(value: unknown): string {
  if (typeof value === 'string') return value
  if (typeof value === 'function') return `a function ${value.name}`.trim()
  if (typeof value === 'bigint' || value === null || typeof value !== 'object') return `${value}`
  return (
    JSON.stringify(value, (_, one) => (typeof one === 'function' ? `${one.name}()` : one)) ?? ''
  )
}
