import { postFolderLine, postGenerator } from '../migration/layouts/rails/post-migrations.ts'
import { skipVariable } from '../migration/team-environment.ts'

/** Text for a person to put into a file. */
interface Snippet {
  readonly intro: string
  readonly text: string
}

/** What stock Rails lacks for migrations that run after the deploy. */
export const railsSnippets: readonly Snippet[] = [
  {
    intro: `Into the class of config/application.rb. Without ${skipVariable}, as in development, in tests, and for db:schema:load and db:migrate:status, Rails then sees both folders; set it nowhere but in the steps before the deploy. Dump the schema only where both folders have run: db:schema:load takes every version up to that of the dump for run.`,
    text: postFolderLine,
  },
  {
    intro: `Into ${postGenerator.path}: bin/rails generate post_migration drop_name_from_users name then writes into db/post_migrate.`,
    text: postGenerator.text,
  },
]
