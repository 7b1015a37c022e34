import type { Reporter, TestModule } from 'vitest/node'

const shown = 10

/** Keeps in sight where the suite's time goes: the files that took longest, after all others have been told. */
export default class SlowestFiles implements Reporter {
  onTestRunEnd(modules: readonly TestModule[]): void {
    if (modules.length <= shown) return
    const times = modules.map((module) => ({ file: module.relativeModuleId, ms: module.diagnostic().duration }))
    const slowest = times.sort((a, b) => b.ms - a.ms).slice(0, shown)
    const lines = slowest.map(({ file, ms }) => `${(ms / 1000).toFixed(1).padStart(7)} s  ${file}`)
    process.stdout.write(`\n The ${shown} files that took longest\n${lines.join('\n')}\n`)
  }
}
