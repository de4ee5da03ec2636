//! Every SQL statement of the program is prepared on each database, so that one that a database can't read fails here and
//! not at the person who meets it first.

use slipway::domain::db::Db;
use sqlx::{AssertSqlSafe, Executor as _, SqlSafeStr as _};

use crate::support::{TestDatabase, environment, sources};

const VERBS: [&str; 5] = ["SELECT ", "INSERT ", "UPDATE ", "DELETE ", "WITH "];

#[tokio::test]
async fn sqlite_reads_every_statement() {
    prepare_all(&TestDatabase::on_sqlite().await.db).await;
}

#[tokio::test]
async fn postgres_reads_every_statement() {
    let Some(server) = environment::database_url() else { return };
    prepare_all(&TestDatabase::on_postgres(&server).await.db).await;
}

#[test]
fn statements_are_constants_or_stand_in_their_macro() {
    let text = "const A: &str = \"SELECT \\\"x\\\"\n    FROM t\";\nconst B: &str =\n    \"WITH x\";\nfetch_one!(db, (i64,), \"SELECT 1\")";
    assert_eq!(statements(text), ["SELECT \"x\"\n    FROM t", "WITH x", "SELECT 1"]);
    assert_eq!(statements("title=\"SELECTED\" \"Update Image\""), Vec::<String>::new());
}

async fn prepare_all(db: &Db) {
    let found: Vec<_> = sources::rust_files()
        .into_iter()
        .flat_map(|(file, text)| statements(&text).into_iter().map(move |sql| (file.clone(), sql)))
        .collect();
    assert!(found.len() > 80, "only {} statements were found", found.len());
    let mut wrong = Vec::new();
    for (file, sql) in found {
        let text = AssertSqlSafe(sql.clone()).into_sql_str();
        let prepared = match db {
            Db::Sqlite { writer, .. } => writer.prepare(text).await.map(drop),
            Db::Postgres(pool) => pool.prepare(text).await.map(drop),
        };
        wrong.extend(prepared.err().map(|error| format!("src/{file}: {error}\n{sql}")));
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n\n"));
}

/// The string literals of a source that begin as a statement does.
fn statements(source: &str) -> Vec<String> {
    let mut found = Vec::new();
    for (at, _) in source.match_indices('"') {
        let rest = &source[at + 1..];
        if VERBS.iter().any(|verb| rest.starts_with(verb)) {
            found.push(literal(rest));
        }
    }
    found
}

/// A string literal up to its closing quotation mark.
fn literal(rest: &str) -> String {
    let mut text = String::new();
    let mut chars = rest.chars();
    while let Some(c) = chars.next().filter(|c| *c != '"') {
        match c {
            '\\' => text.extend(chars.next()),
            c => text.push(c),
        }
    }
    text
}
