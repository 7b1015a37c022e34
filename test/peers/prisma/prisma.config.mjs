import { join } from 'node:path'
import { PrismaPg } from '@prisma/adapter-pg'

/**
 * Prisma Migrate with its engine in WebAssembly, which comes inside the package. It reaches the database through an adapter; this one
 * does what the native engine does by itself: one session, the one schema of the connection string, and each file as one message.
 */
async function adapter() {
  const url = new URL(process.env.DATABASE_URL)
  const schema = url.searchParams.get('schema') ?? 'public'
  url.searchParams.delete('schema')
  const options = `-c search_path="${schema}"`
  const factory = new PrismaPg({ connectionString: url.href, options, max: 1, idleTimeoutMillis: 0, allowExitOnIdle: true }, { schema })
  return {
    provider: factory.provider,
    adapterName: factory.adapterName,
    connectToShadowDb: () => factory.connectToShadowDb(),
    async connect() {
      const connection = await factory.connect()
      // the package's own cuts at every semicolon, also in a string
      connection.executeScript = async (script) => {
        await connection
          .underlyingDriver()
          .query(script)
          .catch((error) => connection.onError(error))
      }
      return connection
    },
  }
}

export default {
  engine: 'js',
  experimental: { adapter: true },
  schema: join(process.env.PRISMA_HOME, 'schema.prisma'),
  migrations: { path: join(process.cwd(), process.env.PRISMA_MIGRATIONS) },
  adapter,
}
