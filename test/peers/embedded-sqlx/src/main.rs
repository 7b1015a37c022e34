//! A service that migrates when it starts, as `sqlx::migrate!().run(&pool)` does it, with the files read at run time.
use sqlx::Connection;
use std::path::Path;

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let folder = std::env::args().nth(1).ok_or("name the folder")?;
    let mut connection = sqlx::PgConnection::connect(&std::env::var("DATABASE_URL")?).await?;
    let migrator = sqlx::migrate::Migrator::new(Path::new(&folder)).await?;
    migrator.run(&mut connection).await?;
    println!("up to date");
    Ok(())
}
