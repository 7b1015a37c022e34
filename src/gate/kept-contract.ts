import { z } from 'zod'
import { type PlanContract, planDigest, planSchema } from './digest.ts'

const keptSchema = z.object({
  schema: z.int(),
  environment: z.string(),
  phase: z.string(),
  layout: z.string(),
  folders: z.array(z.string()),
  tables: z.array(z.object({ table: z.string(), head: z.string() })),
  stamp: z.string().nullable(),
  migrations: z.array(
    z.object({
      id: z.string(),
      version: z.string(),
      phase: z.enum(['pre', 'post']),
      checksum: z.string(),
      transactional: z.boolean(),
    }),
  ),
  command: z.array(z.string()).optional(),
  policy: z.record(z.string(), z.union([z.string(), z.number(), z.boolean()])),
})

/** A contract as a result holds it. */
export type KeptContract = z.infer<typeof keptSchema>

/** What goes into the result, so that a difference can be named later. */
export function keepContract({ migrations, folders, tables, command, ...rest }: PlanContract): KeptContract {
  return {
    schema: planSchema,
    ...rest,
    folders: [...folders],
    tables: tables.map(({ table, head }) => ({ table, head })),
    migrations: migrations.map(({ id, version, phase, checksum, transactional }) => ({ id, version, phase, checksum, transactional })),
    ...(command === undefined ? {} : { command: [...command] }),
  }
}

const plan = z.object({ command: z.literal('plan'), contracts: z.record(z.string(), z.unknown()) })
const result = z.object({ commands: z.array(z.unknown()) })

/**
 * The contract with this digest in a plan's result, or in a record of one. A text that was changed on its way has another
 * digest, and does not count.
 */
export function contractIn(text: string, digest: string): PlanContract | undefined {
  const parsed = parse(text)
  const entries = result.safeParse(parsed).data?.commands ?? [parsed]
  for (const entry of entries) {
    for (const contract of Object.values(plan.safeParse(entry).data?.contracts ?? {})) {
      const kept = keptSchema.safeParse(contract).data
      if (kept?.schema === planSchema && planDigest(kept) === digest) return kept
    }
  }
  return undefined
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
