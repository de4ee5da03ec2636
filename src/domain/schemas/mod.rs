//! Schema files of a component's endpoints: what each is, whether it is well-formed, and the rows that keep them.

use uuid::Uuid;

use super::{
    Caller, Context,
    clock::Time,
    components::Component,
    endpoints::Endpoint,
    problem::{Error, Result},
};

/// Bytes of one file (contract: "Limits").
pub const MAX_BYTES: usize = 10 * 1024 * 1024;
/// Files of a component.
pub const MAX_FILES: usize = 20;

/// What a schema file is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SchemaKind {
    OpenApi,
    Swagger,
    GraphQl,
    Protobuf,
    AsyncApi,
}

/// A schema file of a component or of a deployment.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SchemaFile {
    pub file_name: String,
    pub kind: SchemaKind,
    /// `OpenAPI 3.1, 12 paths`
    pub summary: String,
    pub bytes: i64,
    pub sha256: String,
    /// Who uploaded it and when; of a deployment's files, none.
    pub uploaded: Option<(String, Time)>,
}

/// The schema files of a component, by name.
pub async fn list(_context: &Context, _component: &Component) -> Result<Vec<SchemaFile>> {
    Ok(Vec::new())
}

/// Those that a deployment was made with, by name.
pub async fn of_deployment(_context: &Context, _organization_id: Uuid, _deployment_id: Uuid) -> Result<Vec<SchemaFile>> {
    Ok(Vec::new())
}

/// The content of a file of the organization, by its SHA-256.
pub async fn content(_context: &Context, _organization_id: Uuid, _sha256: &str) -> Result<Vec<u8>> {
    Err(Error::NotFound)
}

/// Adds files to a component or puts them in the place of those of the same name; all of them or none. Problems name
/// `schemas`, one for each finding: `openapi.yaml, line 3, column 5: ...`.
pub async fn upload(
    _context: &Context,
    _caller: &Caller,
    _component: &Component,
    _files: Vec<(String, Vec<u8>)>,
) -> Result<Vec<SchemaFile>> {
    Err(Error::NotFound)
}

/// Takes a file from a component. Deployments keep theirs.
pub async fn remove(_context: &Context, _caller: &Caller, _component: &Component, _file_name: &str) -> Result<()> {
    Err(Error::NotFound)
}

/// The endpoint that an OpenAPI or Swagger file describes: name by its title, context by its first server's path. The port is
/// the server's where it names one, else 8080. A sentence why not, where the file is of another kind.
pub fn endpoint_of(_file_name: &str, _content: &[u8]) -> Result<Endpoint, String> {
    Err("Not known yet.".into())
}
