//! What an image says about itself, and what that means for who brings it.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::domain::{
    components::{Kind, SecurityProfile},
    deployments::data_plane::NodePlatform,
};

/// What an image says about itself.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ImageFacts {
    /// `sha256:...` of the index or manifest that the reference names.
    pub digest: String,
    /// `linux/amd64`, `linux/arm64/v8`, ...
    pub platforms: Vec<String>,
    /// The one of them that all else is told of.
    pub platform: String,
    /// Compressed bytes of config and layers of the platform looked at.
    pub size_bytes: u64,
    pub layers: usize,
    /// RFC 3339, as the image gives it.
    pub created: Option<String>,
    /// The user the image runs as; `None` or empty means root.
    pub user: Option<String>,
    pub exposed_ports: Vec<ExposedPort>,
    pub entrypoint: Vec<String>,
    pub cmd: Vec<String>,
    pub labels: BTreeMap<String, String>,
}

/// A port the image says it listens on.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct ExposedPort {
    pub port: u16,
    /// `tcp` or `udp`
    pub protocol: String,
}

/// What an image's facts mean for a component of it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Advice {
    pub notes: Vec<Note>,
    /// The profile that fits its user.
    #[serde(skip)]
    pub profile: SecurityProfile,
    /// The port to begin with: the first TCP port that it exposes.
    pub port: Option<u16>,
}

/// A sentence about an image.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Note {
    /// It will not work as it is, rather than being good to know.
    pub is_warning: bool,
    pub text: String,
}

/// What the facts mean, for a component of a kind where it is known, on nodes of these platforms (none: not known).
pub fn advise(_facts: &ImageFacts, _kind: Option<Kind>, _nodes: &[NodePlatform]) -> Advice {
    Advice::default()
}
