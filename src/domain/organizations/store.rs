//! Rows of `organizations`, `projects`, `environments`, `namespaces` and `instance`, and an organization's first registry.

use uuid::Uuid;

use super::{Environment, Organization, Project, hosts::HostParts};
use crate::{
    domain::{
        clock::Time,
        db::{Db, Tx},
    },
    execute, fetch_all, fetch_optional,
};

const INSERT: &str = "INSERT INTO organizations (id, name, display_name, created_at) VALUES ($1, $2, $3, $4) ON CONFLICT (name) DO NOTHING";
const FIND: &str = "SELECT id, name, display_name FROM organizations WHERE id = $1";

const INSERT_PROJECT: &str = "INSERT INTO projects (id, organization_id, name, display_name, created_at) VALUES ($1, $2, $3, $4, $5)";
const PROJECTS: &str = "SELECT id, name, display_name FROM projects WHERE organization_id = $1 ORDER BY display_name, id";
const PROJECT: &str = "SELECT id, name, display_name FROM projects WHERE organization_id = $1 AND name = $2";

const INSERT_ENVIRONMENT: &str = "INSERT INTO environments (id, organization_id, name, display_name, position, production, created_at) VALUES ($1, $2, $3, $4, $5, $6, $7)";
const ENVIRONMENTS: &str =
    "SELECT id, name, display_name, position, production, host_prefix FROM environments WHERE organization_id = $1 ORDER BY position, id";
const ENVIRONMENT: &str =
    "SELECT id, name, display_name, position, production, host_prefix FROM environments WHERE organization_id = $1 AND name = $2";

const INSERT_PUBLIC_REGISTRY: &str =
    "INSERT INTO registries (id, organization_id, display_name, display_name_key, vendor, authentication, host, created_by, created_at)
    VALUES ($1, $2, $3, $4, 'docker_hub', 'public', $5, $6, $7)";

const NAMESPACE: &str = "SELECT name FROM namespaces WHERE organization_id = $1 AND project_id = $2 AND environment_id = $3";
const NAMESPACE_PARTS: &str = "SELECT o.name, p.name, e.name FROM organizations o
    JOIN projects p ON p.organization_id = o.id JOIN environments e ON e.organization_id = o.id
    WHERE o.id = $1 AND p.id = $2 AND e.id = $3";
const HOST_PARTS: &str = "SELECT organizations.name AS organization, environments.name AS environment, environments.host_prefix
    FROM environments JOIN organizations ON organizations.id = environments.organization_id
    WHERE environments.organization_id = $1 AND environments.id = $2";
const SET_HOST_PREFIX: &str = "UPDATE environments SET host_prefix = $3 WHERE organization_id = $1 AND id = $2
    AND NOT EXISTS (SELECT 1 FROM environments AS other WHERE other.host_prefix = $3)";
const INSERT_NAMESPACE: &str = "INSERT INTO namespaces (organization_id, project_id, environment_id, name) VALUES ($1, $2, $3, $4)
    ON CONFLICT (project_id, environment_id) DO NOTHING";

const FACT: &str = "SELECT value FROM instance WHERE name = $1";
const ADD_FACT: &str = "INSERT INTO instance (name, value) VALUES ($1, $2) ON CONFLICT (name) DO NOTHING";
const SET_FACT: &str = "INSERT INTO instance (name, value) VALUES ($1, $2) ON CONFLICT (name) DO UPDATE SET value = excluded.value";
const DELETE_FACT: &str = "DELETE FROM instance WHERE name = $1";

/// Adds an organization; `false` when its name is taken.
pub(super) async fn insert(tx: &mut Tx, organization: &Organization, at: Time) -> Result<bool, sqlx::Error> {
    execute!(tx, INSERT, organization.id, &organization.name, &organization.display_name, at).map(|added| added == 1)
}

pub(super) async fn organization(db: &Db, id: Uuid) -> Result<Option<Organization>, sqlx::Error> {
    fetch_optional!(db, Organization, FIND, id)
}

pub(super) async fn insert_project(tx: &mut Tx, organization_id: Uuid, project: &Project, at: Time) -> Result<(), sqlx::Error> {
    execute!(tx, INSERT_PROJECT, project.id, organization_id, &project.name, &project.display_name, at).map(drop)
}

pub(super) async fn projects(db: &Db, organization_id: Uuid) -> Result<Vec<Project>, sqlx::Error> {
    fetch_all!(db, Project, PROJECTS, organization_id)
}

pub(super) async fn project(db: &Db, organization_id: Uuid, name: &str) -> Result<Option<Project>, sqlx::Error> {
    fetch_optional!(db, Project, PROJECT, organization_id, name)
}

pub(super) async fn insert_environment(tx: &mut Tx, organization_id: Uuid, environment: &Environment, at: Time) -> Result<(), sqlx::Error> {
    let Environment { id, name, display_name, position, production, host_prefix: _ } = environment;
    execute!(tx, INSERT_ENVIRONMENT, id, organization_id, name, display_name, position, production, at).map(drop)
}

pub(super) async fn environments(db: &Db, organization_id: Uuid) -> Result<Vec<Environment>, sqlx::Error> {
    fetch_all!(db, Environment, ENVIRONMENTS, organization_id)
}

pub(super) async fn environment(db: &Db, organization_id: Uuid, name: &str) -> Result<Option<Environment>, sqlx::Error> {
    fetch_optional!(db, Environment, ENVIRONMENT, organization_id, name)
}

/// A registry that is read without a login.
pub(super) struct PublicRegistry<'a> {
    pub(super) id: Uuid,
    pub(super) display_name: &'a str,
    pub(super) host: &'a str,
    pub(super) created_by: &'a str,
}

pub(super) async fn insert_registry(tx: &mut Tx, organization_id: Uuid, registry: PublicRegistry<'_>, at: Time) -> Result<(), sqlx::Error> {
    let PublicRegistry { id, display_name, host, created_by } = registry;
    execute!(tx, INSERT_PUBLIC_REGISTRY, id, organization_id, display_name, display_name.to_lowercase(), host, created_by, at).map(drop)
}

pub(super) async fn namespace(
    db: &Db,
    organization_id: Uuid,
    project_id: Uuid,
    environment_id: Uuid,
) -> Result<Option<String>, sqlx::Error> {
    fetch_optional!(db, (String,), NAMESPACE, organization_id, project_id, environment_id).map(|row| row.map(|(name,)| name))
}

pub(super) async fn namespace_in(
    tx: &mut Tx,
    organization_id: Uuid,
    project_id: Uuid,
    environment_id: Uuid,
) -> Result<Option<String>, sqlx::Error> {
    fetch_optional!(tx, (String,), NAMESPACE, organization_id, project_id, environment_id).map(|row| row.map(|(name,)| name))
}

/// The names of organization, project and environment, if they belong together.
pub(super) async fn namespace_parts(
    tx: &mut Tx,
    organization_id: Uuid,
    project_id: Uuid,
    environment_id: Uuid,
) -> Result<Option<(String, String, String)>, sqlx::Error> {
    fetch_optional!(tx, (String, String, String), NAMESPACE_PARTS, organization_id, project_id, environment_id)
}

pub(super) async fn insert_namespace(
    tx: &mut Tx,
    organization_id: Uuid,
    project_id: Uuid,
    environment_id: Uuid,
    name: &str,
) -> Result<(), sqlx::Error> {
    execute!(tx, INSERT_NAMESPACE, organization_id, project_id, environment_id, name).map(drop)
}

pub(super) async fn host_parts(tx: &mut Tx, organization_id: Uuid, environment_id: Uuid) -> Result<Option<HostParts>, sqlx::Error> {
    fetch_optional!(tx, HostParts, HOST_PARTS, organization_id, environment_id)
}

/// False if another environment has it.
pub(super) async fn set_host_prefix(tx: &mut Tx, organization_id: Uuid, environment_id: Uuid, prefix: &str) -> Result<bool, sqlx::Error> {
    execute!(tx, SET_HOST_PREFIX, organization_id, environment_id, prefix).map(|changed| changed == 1)
}

/// The value of a fact of this installation.
pub(super) async fn fact(db: &Db, name: &str) -> Result<Option<String>, sqlx::Error> {
    fetch_optional!(db, (String,), FACT, name).map(|row| row.map(|(value,)| value))
}

/// Notes a fact once; `false` when it is known already.
pub(super) async fn add_fact(tx: &mut Tx, name: &str, value: &str) -> Result<bool, sqlx::Error> {
    execute!(tx, ADD_FACT, name, value).map(|added| added == 1)
}

pub(super) async fn set_fact(tx: &mut Tx, name: &str, value: &str) -> Result<(), sqlx::Error> {
    execute!(tx, SET_FACT, name, value).map(drop)
}

pub(super) async fn delete_fact(tx: &mut Tx, name: &str) -> Result<(), sqlx::Error> {
    execute!(tx, DELETE_FACT, name).map(drop)
}
