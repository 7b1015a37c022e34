import { z } from 'zod'

/** The names of a metric, a label and a matcher, as a team's own metrics have them. */
const metric = z.string().regex(/^[a-zA-Z_:][a-zA-Z0-9_:]*$/, 'must be the name of a metric')
const label = z.string().regex(/^[a-zA-Z_][a-zA-Z0-9_]*$/, 'must be the name of a label')
const matchers = z.string().regex(/^[^{}]+$/, 'must hold matchers without braces, such as job="shop"')
const range = z.string().regex(/^\d+[smhdw]$/, 'must be a length of time, such as 1d')

const latency = z.strictObject({
  histogram: metric.describe('Histogram of the duration of requests, without _bucket.'),
  'route-label': label.default('route'),
  matchers: matchers.optional(),
  quantile: z.number().gt(0).lt(1).default(0.95),
  top: z.number().int().min(1).max(20).default(5),
  over: range.default('1d').describe('How far before the deploy the traffic is looked at.'),
  routes: z.array(z.string().min(1)).min(1).max(50).optional().describe('The routes themselves, in place of the busiest.'),
})

const calls = z.strictObject({ calls: metric, requests: metric, matchers: matchers.optional() })
const depth = z.strictObject({ metric, matchers: matchers.optional() })
const lines = z.strictObject({
  selector: z.string().regex(/^\{.+\}$/s, 'must be a stream selector with its braces'),
  pattern: z.string().min(1).default('panic|FATAL|ERROR'),
})

/** The four signals that a release changes first, as checks with the names of a team's own metrics. */
const templates = {
  'p95-top-routes': template(latency, topRoutes),
  'db-calls-per-request': template(calls, callsPerRequest),
  'queue-depth': template(depth, queueDepth),
  'error-logs': template(lines, errorLogs),
} as const

export const templateNames = Object.keys(templates) as (keyof typeof templates)[]

type Fields = Readonly<Record<string, unknown>>

function template<Schema extends z.ZodType>(schema: Schema, make: (given: z.output<Schema>) => Fields) {
  return (given: unknown): Fields | readonly string[] => {
    const parsed = schema.safeParse(given ?? {})
    return parsed.success ? make(parsed.data) : parsed.error.issues.map(({ path, message }) => `with.${path.join('.')}: ${message}`)
  }
}

/** What a check with `template` stands for: what it says itself counts more. The problems, when there are any. */
export function expandTemplate(given: Fields): Fields | readonly string[] {
  const { template: name, with: parameters, ...own } = given
  const expand = templates[name as keyof typeof templates]
  if (typeof name !== 'string' || !Object.hasOwn(templates, name)) return [`template must be one of ${templateNames.join(', ')}`]
  const fields = expand(parameters)
  return Array.isArray(fields) ? fields : { ...fields, ...own }
}

/**
 * The worst quantile of the busiest routes. Which those are is read once, at the time of the deploy: a release that makes
 * a route slow, and its users leave, must not replace it by another. The least busy of them needs enough requests, and one
 * that is gone counts as one without any.
 */
function topRoutes({ histogram, 'route-label': route, matchers: given, quantile, top, over, routes }: z.output<typeof latency>): Fields {
  const named = routes === undefined ? undefined : `${route}=~${JSON.stringify(routes.map(escapePattern).join('|'))}`
  const own = braces(given, named)
  const busiest = `topk(${top}, sum by (${route}) (increase(${histogram}_count${own}[${over}] @ $deployed)))`
  const [among, number] = routes === undefined ? [` and on (${route}) ${busiest}`, `count(${busiest})`] : ['', `${new Set(routes).size}`]
  const each = `sum by (${route}) (increase(${histogram}_count${own}[$window]))${among}`
  return {
    kind: 'latency',
    series: 'worst',
    prometheus: `histogram_quantile(${quantile}, sum by (le, ${route}) (rate(${histogram}_bucket${own}[$window]))${among})`,
    requests: `min(${each}) * (count(${each}) == bool ${number})`,
  }
}

function callsPerRequest({ calls: count, requests, matchers: given }: z.output<typeof calls>): Fields {
  const increase = (one: string) => `sum(increase(${one}${braces(given)}[$window]))`
  return { kind: 'per-request', prometheus: `${increase(count)} / ${increase(requests)}`, requests: increase(requests) }
}

/** The mean over the window: a single moment may be a lucky one. */
function queueDepth({ metric: name, matchers: given }: z.output<typeof depth>): Fields {
  return { kind: 'gauge', prometheus: `sum(avg_over_time(${name}${braces(given)}[$window]))` }
}

function errorLogs({ selector, pattern }: z.output<typeof lines>): Fields {
  return { kind: 'logs', loki: `${selector} |~ ${JSON.stringify(pattern)}` }
}

function braces(...all: readonly (string | undefined)[]): string {
  const given = all.filter((one) => one !== undefined)
  return given.length === 0 ? '' : `{${given.join(', ')}}`
}

function escapePattern(text: string): string {
  return text.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&')
}

/** A check's queries with the time of the deploy, in seconds, in the place of `$deployed`. */
export function atDeploy<
  Check extends { readonly prometheus?: string | undefined; readonly requests?: string | undefined; readonly control?: string | undefined },
>(check: Check, deployedMs: number): Check {
  const seconds = String(Math.floor(deployedMs / 1000))
  const filled = (['prometheus', 'requests', 'control'] as const).flatMap((part) => {
    const query = check[part]
    return query === undefined ? [] : [[part, query.replaceAll('$deployed', seconds)] as const]
  })
  return { ...check, ...Object.fromEntries(filled) }
}
