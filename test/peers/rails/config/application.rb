require 'logger'
require 'rails'
require 'active_record/railtie'

module Shop
  class Application < Rails::Application
    config.eager_load = false
    config.active_record.dump_schema_after_migration = false
    config.paths['db/migrate'] << 'db/post_migrate' if ENV['SKIP_POST_DEPLOYMENT_MIGRATIONS'].blank?
  end
end
