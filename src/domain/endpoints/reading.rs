//! The one way in: text to endpoints and findings. Tells the three formats apart by their keys.

use serde::{Serialize, Serializer};

use super::{
    Endpoint,
    cursor::Cursor,
    finding::{Finding, Findings, Severity},
    format_a, format_b, format_c, rules, yaml,
};

/// The file formats that describe endpoints.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Format {
    /// A, `endpoints.yaml`: the editor's own.
    Endpoints,
    /// B, `component-config.yaml`.
    ComponentConfig,
    /// C, `component.yaml`.
    Component,
}

impl Format {
    /// The file name that the format goes by.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Endpoints => "endpoints.yaml",
            Self::ComponentConfig => "component-config.yaml",
            Self::Component => "component.yaml",
        }
    }
}

impl Serialize for Format {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.as_str())
    }
}

/// What a file says, and what is to be said about it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Reading {
    /// `None` if the file is none of the formats.
    pub format: Option<Format>,
    /// In the order of the file. With errors only a preview: entries that lack something are left out.
    pub endpoints: Vec<Endpoint>,
    /// In the order of the file.
    pub problems: Vec<Finding>,
}

impl Reading {
    /// True if there is no error: the file can be deployed.
    pub fn is_ok(&self) -> bool {
        !self.has(Severity::Error)
    }

    /// True if there is a finding of this severity.
    pub fn has(&self, severity: Severity) -> bool {
        self.problems.iter().any(|problem| problem.severity == severity)
    }
}

/// Reads a file in any of the three formats and reports all its problems. Takes any text; never panics, and its time
/// and memory are bounded by [`super::MAX_BYTES`], [`super::MAX_NODES`] and [`super::MAX_DEPTH`].
pub fn read(text: &str) -> Reading {
    let mut findings = Findings::default();
    let (format, endpoints) = read_into(text, &mut findings).unwrap_or_default();
    Reading { format, endpoints, problems: findings.into_sorted() }
}

fn read_into(text: &str, findings: &mut Findings) -> Option<(Option<Format>, Vec<Endpoint>)> {
    let tree = yaml::parse(text, &yaml::Limits::ENDPOINTS, findings)?;
    let root = Cursor::root(&tree);
    if root.is_null() {
        let message = "The file is empty. Start with version: 0.1 and list at least one entry under endpoints.";
        findings.error("file_empty", &root.place(), message);
        return None;
    }
    if !root.expect_mapping(findings) {
        return None;
    }
    let Some(format) = format_of(&root) else {
        let message = "The file is none of the three formats. endpoints.yaml has version: 0.1, component-config.yaml has \
                       apiVersion: core.choreo.dev/v1beta1, component.yaml has schemaVersion: 1.2.";
        findings.error("format_unknown", &root.place(), message);
        return None;
    };
    let drafts = match format {
        Format::Endpoints => format_a::read(&root, findings),
        Format::ComponentConfig => format_b::read(&root, findings),
        Format::Component => format_c::read(&root, findings),
    };
    rules::check(&drafts, findings);
    Some((Some(format), rules::endpoints(drafts)))
}

/// The version key decides; without one, the keys that only one format has.
fn format_of(root: &Cursor<'_>) -> Option<Format> {
    let has_any = |keys: &[&str]| keys.iter().any(|key| root.has(key));
    let has_service = || {
        let list = root.get("endpoints").and_then(|list| list.as_items()).unwrap_or_default();
        list.iter().any(|entry| entry.has("service") || entry.has("networkVisibilities"))
    };
    if root.has("schemaVersion") {
        Some(Format::Component)
    } else if has_any(&["apiVersion", "kind", "spec"]) {
        Some(Format::ComponentConfig)
    } else if root.has("version") {
        Some(Format::Endpoints)
    } else if has_any(&["dependencies", "configurations", "proxy"]) || has_service() {
        Some(Format::Component)
    } else {
        root.has("endpoints").then_some(Format::Endpoints)
    }
}
