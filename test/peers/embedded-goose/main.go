// A service that carries its migrations and can run them itself, as many Go teams have it. With a folder it runs those in
// there, under goose's session lock.
package main

import (
	"context"
	"database/sql"
	"embed"
	"io/fs"
	"log"
	"os"

	_ "github.com/jackc/pgx/v5/stdlib"
	"github.com/pressly/goose/v3"
	"github.com/pressly/goose/v3/database"
	"github.com/pressly/goose/v3/lock"
)

//go:embed pre/*.sql post/*.sql
var migrations embed.FS

func main() {
	log.SetFlags(0)
	db, err := sql.Open("pgx", os.Getenv("DATABASE_URL"))
	if err != nil {
		log.Fatal(err)
	}
	defer db.Close()
	if len(os.Args) > 1 {
		up(db, os.DirFS(os.Args[1]), "goose_db_version", goose.WithSessionLocker(sessionLocker()))
		return
	}
	up(db, embedded("pre"), "goose_db_version")
	if os.Getenv("SKIP_POST_DEPLOYMENT_MIGRATIONS") == "" {
		up(db, embedded("post"), "goose_db_version_post")
	}
}

func embedded(folder string) fs.FS {
	files, err := fs.Sub(migrations, folder)
	if err != nil {
		log.Fatal(err)
	}
	return files
}

// sessionLocker takes goose's own key, and asks for it every second.
func sessionLocker() lock.SessionLocker {
	locker, err := lock.NewPostgresSessionLocker(lock.WithLockTimeout(1, 300))
	if err != nil {
		log.Fatal(err)
	}
	return locker
}

// up runs what is pending in one folder; each has a version table of its own, since goose tolerates no holes.
func up(db *sql.DB, files fs.FS, table string, options ...goose.ProviderOption) {
	store, err := database.NewStore(database.DialectPostgres, table)
	if err != nil {
		log.Fatal(err)
	}
	provider, err := goose.NewProvider("", db, files, append(options, goose.WithStore(store))...)
	if err != nil {
		log.Fatal(err)
	}
	results, err := provider.Up(context.Background())
	for _, result := range results {
		log.Printf("%s: %s", table, result)
	}
	if err != nil {
		log.Fatal(err)
	}
}
