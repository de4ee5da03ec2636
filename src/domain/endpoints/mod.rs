//! Endpoints of a Service component: the three file formats, their problems with line and column, and the
//! endpoints they describe. Owns no rows: the text is kept by components and deployments.

mod context;
pub(in crate::domain) mod cursor;
mod edit;
mod entry;
pub(in crate::domain) mod finding;
mod format_a;
mod format_b;
mod format_c;
pub(in crate::domain) mod node;
mod passive;
mod reading;
mod rules;
mod schema_names;
mod slug;
mod suggest;
mod syntax;
mod write;
pub(in crate::domain) mod yaml;

use std::str::FromStr;

use serde::{Deserialize, Serialize};

pub use self::{
    edit::{Completion, Conversion, add, complete, convert, editable, remove, set},
    finding::{Finding, Severity},
    reading::{Format, Reading, read},
    rules::MAX_ENDPOINTS,
    schema_names::missing_schemas,
    slug::{MAX_SLUG, slug},
    write::write_a,
    yaml::{MAX_BYTES, MAX_DEPTH, MAX_NODES},
};

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

impl Endpoint {
    /// Where other workloads of the cluster reach it: `http://greeter.slw-acme:8080/context`. Where the protocol knows no
    /// URL, host and port.
    pub fn cluster_url(&self, component: &str, namespace: &str) -> String {
        let authority = format!("{component}.{namespace}:{}", self.port);
        let context = self.context.as_deref().unwrap_or_default();
        match self.kind {
            EndpointKind::Rest | EndpointKind::GraphQL => format!("http://{authority}{context}"),
            EndpointKind::Ws => format!("ws://{authority}{context}"),
            EndpointKind::Grpc | EndpointKind::Tcp | EndpointKind::Udp => authority,
        }
    }

    /// The widest visibility: who can reach the endpoint in the end.
    pub fn widest_visibility(&self) -> Visibility {
        self.visibilities.iter().copied().max().unwrap_or(Visibility::Project)
    }
}

/// What an endpoint speaks.
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

impl EndpointKind {
    pub const ALL: [Self; 6] = [Self::Rest, Self::GraphQL, Self::Grpc, Self::Ws, Self::Tcp, Self::Udp];

    /// The word of the file formats.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Rest => "REST",
            Self::GraphQL => "GraphQL",
            Self::Grpc => "GRPC",
            Self::Ws => "WS",
            Self::Tcp => "TCP",
            Self::Udp => "UDP",
        }
    }

    /// True for the kinds that are routed by a path, and so have a context.
    pub const fn has_context(self) -> bool {
        matches!(self, Self::Rest | Self::GraphQL | Self::Ws)
    }

    /// The transport protocol, as Kubernetes writes it.
    pub const fn protocol(self) -> &'static str {
        match self {
            Self::Udp => "UDP",
            _ => "TCP",
        }
    }
}

/// Who can reach an endpoint; ordered from the narrowest to the widest.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub enum Visibility {
    Project,
    Organization,
    Public,
}

impl Visibility {
    /// Narrowest first, as they are ordered.
    pub const ALL: [Self; 3] = [Self::Project, Self::Organization, Self::Public];

    /// The word of the file formats.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Project => "Project",
            Self::Organization => "Organization",
            Self::Public => "Public",
        }
    }
}

/// A word that names no [`EndpointKind`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("type must be one of REST, GraphQL, GRPC, WS, TCP and UDP")]
pub struct UnknownKind;

/// A word that names no [`Visibility`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("a network visibility must be one of Project, Organization and Public")]
pub struct UnknownVisibility;

impl FromStr for EndpointKind {
    type Err = UnknownKind;

    /// Reads the word without regard to case: `gRPC` and `rest` are common.
    fn from_str(word: &str) -> Result<Self, UnknownKind> {
        Self::ALL.into_iter().find(|kind| kind.as_str().eq_ignore_ascii_case(word)).ok_or(UnknownKind)
    }
}

impl FromStr for Visibility {
    type Err = UnknownVisibility;

    /// Reads the word without regard to case.
    fn from_str(word: &str) -> Result<Self, UnknownVisibility> {
        Self::ALL.into_iter().find(|visibility| visibility.as_str().eq_ignore_ascii_case(word)).ok_or(UnknownVisibility)
    }
}

#[cfg(test)]
mod tests;
