/** What is left of the inputs of a command that may have a database, when it has none. */
export const noDatabase = {
  'allow-insecure-tls': false,
  'state-schema': 'shiplock',
  history: 'database' as const,
  migrations: 'db/migrations',
  'migrations-post': 'db/post_migrations',
}
