import { execFile } from 'node:child_process'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { promisify } from 'node:util'
import { startDaemon } from '../../src/adapters/daemon.ts'
import { freePort } from '../../src/adapters/free-port.ts'
import { installPackages } from '../debian-packages.ts'

const run = promisify(execFile)

/** One series of the past, with the moments and values that it has. */
export interface History {
  readonly metric: string
  readonly type: 'counter' | 'gauge'
  readonly labels?: Readonly<Record<string, string>>
  /** Seconds since 1970, and the value. */
  readonly points: readonly (readonly [number, number])[]
}

/** A real Prometheus on 127.0.0.1 for one test file. */
export interface TestPrometheus extends AsyncDisposable {
  readonly url: string
  ask(query: string): Promise<readonly { readonly metric: Record<string, string>; readonly value: readonly [number, string] }[]>
}

interface Options {
  readonly history?: readonly History[]
  /** Ports of exporters on 127.0.0.1 that are scraped, and how often: each second when left out. */
  readonly scraped?: readonly number[]
  readonly every?: string
}

export async function startPrometheus({ history = [], scraped = [], every = '1s' }: Options = {}): Promise<TestPrometheus> {
  await installPrometheus()
  const folder = await mkdtemp(join(tmpdir(), 'shiplock-prometheus-'))
  const data = join(folder, 'data')
  if (history.length > 0) {
    await writeFile(join(folder, 'history.txt'), openMetrics(history))
    await run('promtool', ['tsdb', 'create-blocks-from', 'openmetrics', join(folder, 'history.txt'), data])
  }
  const targets = scraped.map((port) => `127.0.0.1:${port}`)
  const jobs = targets.length === 0 ? [] : [{ job_name: 'app', scrape_interval: every, static_configs: [{ targets }] }]
  await writeFile(join(folder, 'prometheus.yml'), JSON.stringify({ scrape_configs: jobs }))
  const port = await freePort()
  const args = [
    `--config.file=${join(folder, 'prometheus.yml')}`,
    `--storage.tsdb.path=${data}`,
    '--storage.tsdb.retention.time=60d',
    `--web.listen-address=127.0.0.1:${port}`,
  ]
  const logFile = join(folder, 'log')
  const daemon = await startDaemon('/usr/bin/prometheus', args, { env: {}, cwd: folder, logFile, account: undefined })
  const url = `http://127.0.0.1:${port}`
  const stop = async () => {
    daemon.kill('SIGTERM')
    await daemon.ended(5000)
    daemon.kill('SIGKILL')
    await rm(folder, { recursive: true, force: true })
  }
  for (let tries = 0; (await fetch(`${url}/-/ready`).catch(() => undefined))?.status !== 200; tries++) {
    if (tries === 200 || daemon.hasEnded()) {
      await stop()
      throw new Error('Prometheus did not start')
    }
    await sleep(50)
  }
  return {
    url,
    async ask(query) {
      const answer = await fetch(`${url}/api/v1/query`, { method: 'POST', body: new URLSearchParams({ query }) })
      return ((await answer.json()) as { data: { result: [] } }).data.result
    },
    [Symbol.asyncDispose]: stop,
  }
}

async function installPrometheus(): Promise<void> {
  const there = await Promise.all([run('/usr/bin/prometheus', ['--version']), run('promtool', ['--version'])]).catch(() => undefined)
  if (there === undefined) await installPackages(['prometheus'], (text) => process.stderr.write(`${text}\n`))
}

/** The text that promtool makes blocks from: all series of a metric stand together. */
function openMetrics(history: readonly History[]): string {
  const metrics = new Set(history.map(({ metric }) => metric))
  const lines = [...metrics].flatMap((metric) => {
    const series = history.filter((one) => one.metric === metric)
    // buckets are written as gauges: a histogram would have to be complete
    const isCounter = series[0]?.type === 'counter' && metric.endsWith('_total')
    return [
      `# TYPE ${isCounter ? `${metric.slice(0, -'_total'.length)} counter` : `${metric} gauge`}`,
      ...series.flatMap(({ labels = {}, points }) => {
        const text = Object.entries(labels).map(([name, value]) => `${name}=${JSON.stringify(value)}`)
        return points.map(([at, value]) => `${metric}{${text.join(',')}} ${value} ${at}`)
      }),
    ]
  })
  return `${lines.join('\n')}\n# EOF\n`
}
