//! Schema files of a component's endpoints: what each is, whether it is well-formed, and the rows that keep them.
//! Never changes a file: what is kept is what was uploaded.

mod check;
mod file_name;
mod store;
#[cfg(test)]
mod tests;

use serde_json::json;
use sha2::{Digest as _, Sha256};
use tokio::sync::Semaphore;
use uuid::Uuid;

pub use self::check::{Checked, check, endpoint_of};
use super::{
    Caller, Context, audit,
    clock::Time,
    components::{Component, being_deleted},
    db::Tx,
    problem::{Error, Problems, Result},
};

/// Bytes of one file (contract: "Limits").
pub const MAX_BYTES: usize = 10 * 1024 * 1024;
/// Files of a component.
pub const MAX_FILES: usize = 20;

/// Files are checked by at most so many uploads at once: a file of 10 MiB takes seconds and a tree of it ten times its size.
static CHECKS: Semaphore = Semaphore::const_new(2);

/// What a schema file is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SchemaKind {
    OpenApi,
    Swagger,
    GraphQl,
    Protobuf,
    AsyncApi,
}

impl SchemaKind {
    const ALL: [Self; 5] = [Self::OpenApi, Self::Swagger, Self::GraphQl, Self::Protobuf, Self::AsyncApi];

    /// The word in rows.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::OpenApi => "openapi",
            Self::Swagger => "swagger",
            Self::GraphQl => "graphql",
            Self::Protobuf => "protobuf",
            Self::AsyncApi => "asyncapi",
        }
    }
}

impl TryFrom<String> for SchemaKind {
    type Error = String;

    fn try_from(text: String) -> Result<Self, String> {
        Self::ALL.into_iter().find(|kind| kind.as_str() == text).ok_or(text)
    }
}

/// A schema file of a component or of a deployment.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SchemaFile {
    pub file_name: String,
    pub kind: SchemaKind,
    /// `OpenAPI 3.1, 12 paths`
    pub summary: String,
    pub bytes: i64,
    /// 64 hex digits.
    pub sha256: String,
    /// Who uploaded it and when; of a deployment's files, none.
    pub uploaded: Option<(String, Time)>,
}

/// The schema files of a component, by name.
pub async fn list(context: &Context, component: &Component) -> Result<Vec<SchemaFile>> {
    Ok(store::list(&context.db, component).await?)
}

/// Those that a deployment was made with, by name.
pub async fn of_deployment(context: &Context, organization_id: Uuid, deployment_id: Uuid) -> Result<Vec<SchemaFile>> {
    Ok(store::of_deployment(&context.db, organization_id, deployment_id).await?)
}

/// The content of a file of the organization, by its SHA-256.
pub async fn content(context: &Context, organization_id: Uuid, sha256: &str) -> Result<Vec<u8>> {
    store::content(&context.db, organization_id, sha256).await?.ok_or(Error::NotFound)
}

/// A file that passed its checks.
struct Accepted {
    file: SchemaFile,
    content: Vec<u8>,
}

/// Adds files to a component or puts them in the place of those of the same name, without regard to case; all of them or
/// none. Problems name `schemas`, one for each finding: `openapi.yaml, line 3, column 5: ...`. Gives the component's files.
pub async fn upload(context: &Context, caller: &Caller, component: &Component, files: Vec<(String, Vec<u8>)>) -> Result<Vec<SchemaFile>> {
    if component.organization_id != caller.organization_id {
        return Err(Error::NotFound);
    }
    let accepted = checked_aside(files).await?;
    let mut tx = context.db.begin().await?;
    if !store::lock(&mut tx, component).await? {
        return Err(being_deleted(component));
    }
    let present = store::present(&mut tx, component).await?;
    let replaced: Vec<&SchemaFile> =
        present.iter().filter(|old| accepted.iter().any(|new| file_name::same(&new.file.file_name, &old.file_name))).collect();
    has_room(present.len() - replaced.len() + accepted.len())?;
    for old in &replaced {
        store::delete(&mut tx, component, &old.file_name).await?;
    }
    for new in &accepted {
        store::put_content(&mut tx, component.organization_id, &new.file.sha256, &new.content).await?;
        store::insert(&mut tx, component, &new.file, &caller.email, context.now()).await?;
    }
    store::clear(&mut tx, component.organization_id).await?;
    let told: Vec<_> = accepted.iter().map(|new| json!({ "file": new.file.file_name, "sha256": new.file.sha256 })).collect();
    record(context, &mut tx, caller, "component.schema.upload", component, json!({ "files": told })).await?;
    tx.commit().await?;
    list(context, component).await
}

/// Takes a file from a component. Deployments keep theirs.
pub async fn remove(context: &Context, caller: &Caller, component: &Component, file_name: &str) -> Result<()> {
    if component.organization_id != caller.organization_id {
        return Err(Error::NotFound);
    }
    let mut tx = context.db.begin().await?;
    if !store::lock(&mut tx, component).await? {
        return Err(being_deleted(component));
    }
    if store::delete(&mut tx, component, file_name).await? == 0 {
        return Err(Error::NotFound);
    }
    store::clear(&mut tx, component.organization_id).await?;
    record(context, &mut tx, caller, "component.schema.remove", component, json!({ "file": file_name })).await?;
    tx.commit().await?;
    Ok(())
}

/// Notes for a deployment of the component the files that it has now. The caller holds the component's row.
pub(in crate::domain) async fn keep(tx: &mut Tx, component: &Component, deployment_id: Uuid) -> Result<()> {
    Ok(store::keep(tx, component, deployment_id).await?)
}

/// Notes for a deployment the files of another one, whose release it takes.
pub(in crate::domain) async fn keep_those_of(tx: &mut Tx, organization_id: Uuid, source_id: Uuid, deployment_id: Uuid) -> Result<()> {
    Ok(store::keep_those_of(tx, organization_id, source_id, deployment_id).await?)
}

/// Deletes the files of a component and of its deployments; before their own rows go.
pub(in crate::domain) async fn forget(tx: &mut Tx, component_id: Uuid) -> Result<()> {
    Ok(store::forget(tx, component_id).await?)
}

/// Checks files on a thread that may take its time.
async fn checked_aside(files: Vec<(String, Vec<u8>)>) -> Result<Vec<Accepted>> {
    let _permit = CHECKS.acquire().await.map_err(anyhow::Error::from)?;
    let accepted = tokio::task::spawn_blocking(move || checked(files)).await.map_err(anyhow::Error::from)?;
    Ok(accepted?)
}

fn checked(files: Vec<(String, Vec<u8>)>) -> Result<Vec<Accepted>, Problems> {
    let mut problems = Problems::default();
    let mut accepted: Vec<Accepted> = Vec::new();
    if files.is_empty() {
        problems.add("schemas", "required", "Choose at least one schema file.");
    }
    if files.len() > MAX_FILES {
        return Err(too_many(files.len()));
    }
    for (typed_name, content) in files {
        let Some(file_name) = problems.keep(file_name::parse(&typed_name)) else { continue };
        if accepted.iter().any(|earlier| file_name::same(&earlier.file.file_name, &file_name)) {
            problems.add("schemas", "name_repeated", format!("{file_name} was chosen twice; case makes no difference. Rename one."));
            continue;
        }
        let Some(checked) = problems.keep_all(check(&file_name, &content)) else { continue };
        let bytes = i64::try_from(content.len()).unwrap_or(i64::MAX);
        let sha256 = hex::encode(Sha256::digest(&content));
        let file = SchemaFile { file_name, kind: checked.kind, summary: checked.summary, bytes, sha256, uploaded: None };
        accepted.push(Accepted { file, content });
    }
    // In one order, so that two uploads of the same contents do not wait for each other.
    accepted.sort_by(|a, b| a.file.sha256.cmp(&b.file.sha256));
    if problems.is_empty() { Ok(accepted) } else { Err(problems) }
}

fn has_room(files: usize) -> Result<(), Problems> {
    if files > MAX_FILES { Err(too_many(files)) } else { Ok(()) }
}

fn too_many(files: usize) -> Problems {
    let message = format!("A component has at most {MAX_FILES} schema files; these would be {files}. Remove some first.");
    Problems::one("schemas", "too_many_files", message)
}

async fn record(
    context: &Context,
    tx: &mut Tx,
    caller: &Caller,
    action: &'static str,
    component: &Component,
    detail: serde_json::Value,
) -> Result<()> {
    let entry = audit::Entry {
        organization_id: caller.organization_id,
        actor: &caller.email,
        origin: &caller.origin,
        action,
        target_kind: "component",
        target_id: Some(component.id),
        target_name: &component.name,
        detail,
    };
    audit::write(context, tx, entry).await
}
