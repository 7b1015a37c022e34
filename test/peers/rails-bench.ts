import { strict as assert } from 'node:assert'
import { chmod } from 'node:fs/promises'
import { join } from 'node:path'
import { postFolderLine } from '../../src/migration/layouts/rails/post-migrations.ts'
import { type Ended, type Files, PeerBench, type PeerSite, type Variables } from './peer-bench.ts'

const applicationFile = (line: string) => `require 'logger'
require 'rails'
require 'active_record/railtie'

module Shop
  class Application < Rails::Application
    config.eager_load = false
    config.active_record.dump_schema_after_migration = false
    ${line}
  end
end
`

/** What "rails new" writes of it, less what no migration needs. */
const skeleton: Files = {
  'bin/rails':
    "#!/usr/bin/env ruby\nAPP_PATH = File.expand_path('../config/application', __dir__)\nrequire 'rails/command'\nrequire 'rails/commands'\n",
  Rakefile: "require_relative 'config/application'\n\nRails.application.load_tasks\n",
  'config/environment.rb': "require_relative 'application'\n\nRails.application.initialize!\n",
}

const surroundings: Variables = { RAILS_ENV: 'production', SECRET_KEY_BASE: 'x' }

/** A Rails application and an empty database, with both programs at hand. */
export class Bench extends PeerBench {
  static async application(site: PeerSite, files: Files, line = postFolderLine): Promise<Bench> {
    const settings = { 'shiplock.yml': 'project: peer\nmigrations: { layout: rails }\n' }
    const place = await PeerBench.place(site, { ...skeleton, 'config/application.rb': applicationFile(line), ...settings, ...files })
    await chmod(join(place.project.dir, 'bin/rails'), 0o755)
    return new Bench(site, place, surroundings)
  }

  /** Puts a line into the application's class. */
  paste(line: string): Promise<void> {
    return this.write({ 'config/application.rb': applicationFile(line) })
  }

  /** What Rails prints; it ends with 0 or this throws. */
  async rails(task: readonly string[], variables: Variables = {}): Promise<string> {
    const { exitCode, output } = await this.tryRails(task, variables)
    assert.equal(exitCode, 0, `rails ${task.join(' ')} failed: ${output}`)
    return output
  }

  tryRails(task: readonly string[], variables: Variables = {}): Promise<Ended> {
    return this.run(join(this.dir, 'bin/rails'), task, variables)
  }

  /** Versions that Rails reports as not run. */
  async pendingForRails(variables: Variables = {}): Promise<string[]> {
    return [...(await this.rails(['db:migrate:status'], variables)).matchAll(/^\s*down\s+(\d+)/gm)].map((match) => match[1] as string)
  }

  async rows(): Promise<string[]> {
    return (await this.query<{ version: string }>('select version from schema_migrations order by 1')).map(({ version }) => version)
  }
}
