import type { Layout } from '../layout.ts'
import { diesel } from './diesel.ts'
import { goose } from './goose.ts'
import { plain } from './plain.ts'
import { sqlx } from './sqlx.ts'

/** Every layout; the more particular ones first, since the first that recognizes the files is taken. */
export const layouts: readonly Layout[] = [goose, sqlx, diesel, plain]
