import { pause } from '../clock.ts'

const patienceMs = 30_000

/** Asks every 5 ms. Throws when it is still not so after half a minute. */
export async function until(what: string, isSo: () => Promise<boolean>): Promise<void> {
  for (const deadline = performance.now() + patienceMs; performance.now() < deadline; await pause(5)) if (await isSo()) return
  throw new Error(`waited ${patienceMs / 1000} s in vain until ${what}`)
}
