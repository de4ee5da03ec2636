//! Rows of `people`, `memberships` and `sign_in_failures`.

use uuid::Uuid;

use super::{Membership, Person, Role};
use crate::{
    domain::{
        clock::Time,
        db::{Db, Tx},
    },
    execute, fetch_all, fetch_one, fetch_optional,
};

const ANY_EXISTS: &str = "SELECT EXISTS (SELECT 1 FROM people)";
const FIND: &str = "SELECT id, email, time_zone, created_at FROM people WHERE id = $1";
const ACCOUNT: &str = "SELECT id, email, time_zone, created_at, password_hash FROM people WHERE email_key = $1";
const INSERT: &str = "INSERT INTO people (id, email, email_key, password_hash, created_at) VALUES ($1, $2, $3, $4, $5)";
const SET_PASSWORD: &str = "UPDATE people SET password_hash = $2 WHERE id = $1";
const INSERT_MEMBERSHIP: &str = "INSERT INTO memberships (organization_id, person_id, role, created_at) VALUES ($1, $2, $3, $4)";
const MEMBERSHIPS: &str =
    "SELECT o.id AS organization_id, o.name AS organization_name, o.display_name AS organization_display_name, m.role AS role
    FROM memberships m JOIN organizations o ON o.id = m.organization_id WHERE m.person_id = $1 ORDER BY o.display_name, o.id";
const CALLER: &str = "SELECT p.email AS email, o.id AS organization_id, o.name AS organization_name,
    o.display_name AS organization_display_name, m.role AS role
    FROM memberships m JOIN organizations o ON o.id = m.organization_id JOIN people p ON p.id = m.person_id
    WHERE m.person_id = $1 AND o.name = $2";
const ADMINS: &str = "SELECT p.email FROM memberships m JOIN people p ON p.id = m.person_id
    WHERE m.organization_id = $1 AND m.role = 'admin' ORDER BY p.email_key LIMIT 20";
const INSERT_FAILURE: &str = "INSERT INTO sign_in_failures (id, account_key, address, at) VALUES ($1, $2, $3, $4)";
const MOVE_FAILURE: &str = "UPDATE sign_in_failures SET at = $2 WHERE id = $1";
const DELETE_FAILURE: &str = "DELETE FROM sign_in_failures WHERE id = $1";
const DELETE_ACCOUNT_FAILURES: &str = "DELETE FROM sign_in_failures WHERE account_key = $1";
const DELETE_OLD_FAILURES: &str = "DELETE FROM sign_in_failures WHERE at <= $1";
const ACCOUNT_FAILURES: &str = "SELECT COUNT(*), MIN(at) FROM sign_in_failures WHERE account_key = $1 AND at > $2 AND id <> $3";
const ADDRESS_FAILURES: &str = "SELECT COUNT(*), MIN(at) FROM sign_in_failures WHERE address = $1 AND at > $2 AND id <> $3";

/// What sign-in needs of an account.
#[derive(sqlx::FromRow)]
pub(super) struct Account {
    #[sqlx(flatten)]
    pub(super) person: Person,
    pub(super) password_hash: Option<String>,
}

/// What a [`crate::domain::Caller`] is made of.
#[derive(sqlx::FromRow)]
pub(super) struct CallerRow {
    pub(super) email: String,
    pub(super) organization_id: Uuid,
    pub(super) organization_name: String,
    pub(super) organization_display_name: String,
    #[sqlx(try_from = "String")]
    pub(super) role: Role,
}

/// Failures within the window: how many, and when the oldest was.
pub(super) type Failures = (i64, Option<Time>);

/// Whether anybody has an account here.
pub(crate) async fn any_exists(db: &Db) -> Result<bool, sqlx::Error> {
    fetch_one!(db, (bool,), ANY_EXISTS).map(|(exists,)| exists)
}

pub(super) async fn find(db: &Db, id: Uuid) -> Result<Option<Person>, sqlx::Error> {
    fetch_optional!(db, Person, FIND, id)
}

pub(super) async fn account(db: &Db, email_key: &str) -> Result<Option<Account>, sqlx::Error> {
    fetch_optional!(db, Account, ACCOUNT, email_key)
}

/// Adds an account with the hash of its password.
pub(crate) async fn insert(tx: &mut Tx, person: &Person, email_key: &str, password_hash: &str) -> Result<(), sqlx::Error> {
    execute!(tx, INSERT, person.id, &person.email, email_key, password_hash, person.created_at).map(drop)
}

pub(super) async fn set_password(tx: &mut Tx, id: Uuid, password_hash: &str) -> Result<(), sqlx::Error> {
    execute!(tx, SET_PASSWORD, id, password_hash).map(drop)
}

/// Makes a person a member.
pub(crate) async fn insert_membership(
    tx: &mut Tx,
    organization_id: Uuid,
    person_id: Uuid,
    role: Role,
    at: Time,
) -> Result<(), sqlx::Error> {
    execute!(tx, INSERT_MEMBERSHIP, organization_id, person_id, role.as_str(), at).map(drop)
}

pub(super) async fn admins(db: &Db, organization_id: Uuid) -> Result<Vec<(String,)>, sqlx::Error> {
    fetch_all!(db, (String,), ADMINS, organization_id)
}

pub(super) async fn memberships(db: &Db, person_id: Uuid) -> Result<Vec<Membership>, sqlx::Error> {
    fetch_all!(db, Membership, MEMBERSHIPS, person_id)
}

pub(super) async fn caller(db: &Db, person_id: Uuid, organization_name: &str) -> Result<Option<CallerRow>, sqlx::Error> {
    fetch_optional!(db, CallerRow, CALLER, person_id, organization_name)
}

pub(super) async fn insert_failure(tx: &mut Tx, id: Uuid, account_key: &str, address: &str, at: Time) -> Result<(), sqlx::Error> {
    execute!(tx, INSERT_FAILURE, id, account_key, address, at).map(drop)
}

pub(super) async fn move_failure(tx: &mut Tx, id: Uuid, at: Time) -> Result<(), sqlx::Error> {
    execute!(tx, MOVE_FAILURE, id, at).map(drop)
}

pub(super) async fn delete_failure(tx: &mut Tx, id: Uuid) -> Result<(), sqlx::Error> {
    execute!(tx, DELETE_FAILURE, id).map(drop)
}

pub(super) async fn delete_account_failures(tx: &mut Tx, account_key: &str) -> Result<(), sqlx::Error> {
    execute!(tx, DELETE_ACCOUNT_FAILURES, account_key).map(drop)
}

pub(super) async fn delete_old_failures(tx: &mut Tx, until: Time) -> Result<u64, sqlx::Error> {
    execute!(tx, DELETE_OLD_FAILURES, until)
}

pub(super) async fn account_failures(db: &Db, key: &str, after: Time, except: Uuid) -> Result<Failures, sqlx::Error> {
    fetch_one!(db, Failures, ACCOUNT_FAILURES, key, after, except)
}

pub(super) async fn address_failures(db: &Db, address: &str, after: Time, except: Uuid) -> Result<Failures, sqlx::Error> {
    fetch_one!(db, Failures, ADDRESS_FAILURES, address, after, except)
}
