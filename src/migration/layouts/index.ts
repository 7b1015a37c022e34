import type { Layout } from '../layout.ts'
import { dbmate } from './dbmate.ts'
import { diesel } from './diesel.ts'
import { flyway } from './flyway.ts'
import { golangMigrate } from './golang-migrate.ts'
import { goose } from './goose.ts'
import { plain } from './plain.ts'
import { prisma } from './prisma.ts'
import { rails } from './rails.ts'
import { sqlx } from './sqlx.ts'

/** Every layout; the last is Shiplock's own, whose files have the mark of no other. */
export const layouts: readonly Layout[] = [goose, golangMigrate, dbmate, sqlx, diesel, prisma, flyway, rails, plain]
