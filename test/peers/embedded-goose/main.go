// A service that carries its migrations and can run them itself, as many Go teams have it.
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
	up(db, "pre", "goose_db_version")
	if os.Getenv("SKIP_POST_DEPLOYMENT_MIGRATIONS") == "" {
		up(db, "post", "goose_db_version_post")
	}
}

// up runs what is pending in one folder; each has a version table of its own, since goose tolerates no holes.
func up(db *sql.DB, folder, table string) {
	files, err := fs.Sub(migrations, folder)
	if err != nil {
		log.Fatal(err)
	}
	store, err := database.NewStore(database.DialectPostgres, table)
	if err != nil {
		log.Fatal(err)
	}
	provider, err := goose.NewProvider("", db, files, goose.WithStore(store))
	if err != nil {
		log.Fatal(err)
	}
	results, err := provider.Up(context.Background())
	for _, result := range results {
		log.Printf("%s: %s", folder, result)
	}
	if err != nil {
		log.Fatal(err)
	}
}
