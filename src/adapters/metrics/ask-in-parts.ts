import type { Sample, Window } from '../../canary/sample.ts'
import { SourceError } from './http.ts'

/** One request a part. What the source says instead of data is a state of that part's windows. */
export async function askInParts(
  windows: readonly Window[],
  most: number,
  ask: (part: readonly Window[]) => Promise<readonly Sample[]>,
): Promise<readonly Sample[]> {
  const samples: Sample[] = []
  for (let from = 0; from < windows.length; from += most) {
    const part = windows.slice(from, from + most)
    try {
      samples.push(...(await ask(part)))
    } catch (error) {
      if (!(error instanceof SourceError)) throw error
      samples.push(...part.map((): Sample => ({ state: 'error', message: error.message })))
    }
  }
  return samples
}
