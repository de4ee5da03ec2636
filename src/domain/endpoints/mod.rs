//! Endpoints of a Service component: the three file formats, their problems with line and column, and the
//! endpoints they describe. Owns no rows: the text is kept by components and deployments.

use serde::{Deserialize, Serialize};

/// One endpoint, whatever the file format it came from.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Endpoint {
    /// Unique in the file, without regard to case.
    pub name: String,
    pub display_name: Option<String>,
    pub port: u16,
    pub kind: EndpointKind,
    /// Widest first is not implied; never empty.
    pub visibilities: Vec<Visibility>,
    /// Starts with `/`; only for REST, GraphQL and WS.
    pub context: Option<String>,
    pub schema_file_path: Option<String>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum EndpointKind {
    #[serde(rename = "REST")]
    Rest,
    GraphQL,
    #[serde(rename = "GRPC")]
    Grpc,
    #[serde(rename = "WS")]
    Ws,
    #[serde(rename = "TCP")]
    Tcp,
    #[serde(rename = "UDP")]
    Udp,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub enum Visibility {
    Project,
    Organization,
    Public,
}
