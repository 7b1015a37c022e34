import { fakePrometheus } from '../../test/canary/fake-prometheus.ts'
import { makeProject, resultOf, startCli } from '../../test/program.ts'
import { peakBytesOf } from '../backup/processes.ts'
import { goal, type Section } from '../report.ts'

const mebibyte = 1024 ** 2
/** Seven earlier days and the time before. */
const baselineSpans = 8

/** What a watch of many checks takes of memory, and how many requests it sends; windows of seconds stand for those of minutes. */
export async function measureWatching({ quick }: { readonly quick: boolean }): Promise<Section> {
  const [checks, windows] = quick ? [10, 5] : [50, 15]
  await using prometheus = await fakePrometheus(() => 100)
  const given = Array.from({ length: checks }, (_, index) => ({
    id: `check-${index}`,
    kind: 'latency',
    prometheus: `histogram_quantile(0.95, sum by (le) (rate(http_seconds_bucket{route="/${index}"}[$window])))`,
    requests: `sum(increase(http_seconds_count{route="/${index}"}[$window]))`,
    window: '2s',
  }))
  await using project = await makeProject({
    'shiplock.yml': `canary: ${JSON.stringify({ 'prometheus-url': prometheus.url, checks: given })}\n`,
  })
  const args = ['canary', '--json', '--duration', `${2 * windows}s`, '--warmup', '0s', '--settle', '0s']
  const running = startCli(args, { cwd: project.dir })
  let peak = 0
  const look = setInterval(() => {
    peak = Math.max(peak, peakBytesOf(running.child.pid as number) ?? 0)
  }, 100)
  const ended = await running.ended
  clearInterval(look)
  const { verdict } = resultOf(ended)
  if (verdict !== 'promote') throw new Error(`the watch ended in ${verdict}:\n${ended.stderr}`)
  const [most, asked] = [checks * (windows + baselineSpans), prometheus.asked()]
  return {
    title: 'canary: what a watch takes',
    text: `The real program watches ${checks} checks of ${windows} windows each on a server of this machine that answers as Prometheus does. Requests: at most one for each check and window, and ${baselineSpans} a check for the baseline.`,
    headers: ['Checks', 'Windows', 'Requests', 'At most', 'Peak memory, MiB'],
    rows: [[checks, checks * windows, asked, most, (peak / mebibyte).toFixed(0)]],
    goals: [goal('watch-requests', asked, most), goal('watch-peak-mebibytes', peak / mebibyte, 150)],
  }
}
