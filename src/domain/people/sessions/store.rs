//! Rows of `sessions` and `drafts`.

use uuid::Uuid;

use super::Record;
use crate::{
    domain::{
        clock::Time,
        db::{Db, Tx},
    },
    execute, fetch_optional,
};

const LOAD: &str = "SELECT person_id, data, expires_at FROM sessions WHERE id = $1 AND expires_at > $2";
const INSERT: &str = "INSERT INTO sessions (id, person_id, data, expires_at) VALUES ($1, $2, $3, $4) ON CONFLICT (id) DO NOTHING";
const UPDATE: &str = "UPDATE sessions SET person_id = $2, data = $3, expires_at = $4 WHERE id = $1";
const DELETE: &str = "DELETE FROM sessions WHERE id = $1";
const DELETE_OF_PERSON: &str = "DELETE FROM sessions WHERE person_id = $1";
const DELETE_EXPIRED: &str = "DELETE FROM sessions WHERE expires_at <= $1";
const INSERT_DRAFT: &str = "INSERT INTO drafts (id, session_id, content, created_at) VALUES ($1, $2, $3, $4)";
const TAKE_DRAFT: &str = "DELETE FROM drafts WHERE id = $1 AND session_id = $2 AND created_at > $3 RETURNING content";
const DELETE_OLD_DRAFTS: &str = "DELETE FROM drafts WHERE created_at <= $1";

pub(super) async fn load(db: &Db, id: &str, now: Time) -> Result<Option<Record>, sqlx::Error> {
    fetch_optional!(db, Record, LOAD, id, now)
}

pub(super) async fn insert(tx: &mut Tx, id: &str, record: &Record) -> Result<u64, sqlx::Error> {
    execute!(tx, INSERT, id, record.person_id, &record.data, record.expires_at)
}

pub(super) async fn update(tx: &mut Tx, id: &str, record: &Record) -> Result<(), sqlx::Error> {
    execute!(tx, UPDATE, id, record.person_id, &record.data, record.expires_at).map(drop)
}

pub(super) async fn delete(tx: &mut Tx, id: &str) -> Result<(), sqlx::Error> {
    execute!(tx, DELETE, id).map(drop)
}

pub(super) async fn delete_of_person(tx: &mut Tx, person_id: Uuid) -> Result<(), sqlx::Error> {
    execute!(tx, DELETE_OF_PERSON, person_id).map(drop)
}

pub(super) async fn delete_expired(tx: &mut Tx, now: Time) -> Result<u64, sqlx::Error> {
    execute!(tx, DELETE_EXPIRED, now)
}

pub(super) async fn insert_draft(tx: &mut Tx, id: Uuid, session: &str, content: &str, at: Time) -> Result<(), sqlx::Error> {
    execute!(tx, INSERT_DRAFT, id, session, content, at).map(drop)
}

pub(super) async fn take_draft(tx: &mut Tx, id: Uuid, session: &str, after: Time) -> Result<Option<String>, sqlx::Error> {
    fetch_optional!(tx, (String,), TAKE_DRAFT, id, session, after).map(|row| row.map(|(content,)| content))
}

pub(super) async fn delete_old_drafts(tx: &mut Tx, until: Time) -> Result<u64, sqlx::Error> {
    execute!(tx, DELETE_OLD_DRAFTS, until)
}
