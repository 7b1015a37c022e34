import { keyLabel } from '../backup/key.ts'
import type { Manifest } from '../backup/manifest.ts'
import { compactStamp } from '../units.ts'

/** Which run made a drill, and when. */
interface DrillRun {
  readonly run: { readonly id: string; readonly attempt: string }
  readonly at: Date
}

/** Beside the dump, so that whoever finds the backup sees when it was last restored. */
export function drillRecordKey({ object }: Manifest, { run, at }: DrillRun): string {
  return `${object.key}.drill-${compactStamp(at)}-${keyLabel(run.id)}.${keyLabel(run.attempt)}.json`
}

/** The record's text. */
export function drillRecord(manifest: Manifest, outcome: Readonly<Record<string, unknown>>): string {
  return `${JSON.stringify({ schema: 'shiplock/drill@1', backup: manifest.id, key: manifest.object.key, ...outcome }, undefined, 2)}\n`
}
