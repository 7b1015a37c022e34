import { skipVariable } from '../../team-environment.ts'

/** Stands in the class of config/application.rb, which every task loads before Rails makes its list of folders. */
export const postFolderLine = `config.paths['db/migrate'] << 'db/post_migrate' if ENV['${skipVariable}'].blank?`

export const honourSkip = `Put this line into the class of config/application.rb: ${postFolderLine}`

/** A file to be pasted. */
interface Snippet {
  readonly path: string
  readonly text: string
}

/** Stock Rails generates into db/migrate alone. */
export const postGenerator: Snippet = {
  path: 'lib/generators/post_migration/post_migration_generator.rb',
  text: `require 'rails/generators/active_record/migration/migration_generator'

class PostMigrationGenerator < ActiveRecord::Generators::MigrationGenerator
  source_root ActiveRecord::Generators::MigrationGenerator.source_root

  private

  def db_migrate_path
    'db/post_migrate'
  end
end
`,
}
