//! Schema files that are a tree: OpenAPI, Swagger and AsyncAPI, told apart by their version key.

use std::rc::Rc;

use super::{Checked, Described, counted, openapi};
use crate::domain::{
    endpoints::{
        cursor::Cursor,
        finding::{Findings, quoted},
        node::Node,
        yaml::{self, Limits},
    },
    schemas::{MAX_BYTES, SchemaKind},
};

/// How much of a schema file is read.
pub(super) const LIMITS: Limits = Limits { bytes: 2 * MAX_BYTES, depth: 100, nodes: 500_000 };

pub(super) fn parse_yaml(text: &str, findings: &mut Findings) -> Option<Rc<Node>> {
    yaml::parse(text, &LIMITS, findings)
}

/// Checks a tree by its kind.
pub(super) fn check(tree: &Node, findings: &mut Findings) -> Option<(Checked, Described)> {
    let root = Cursor::root(tree);
    if !root.expect_mapping(findings) {
        return None;
    }
    if root.has("openapi") {
        return openapi::check(&root, findings);
    }
    let (key, kind, name) = if root.has("swagger") {
        ("swagger", SchemaKind::Swagger, "Swagger")
    } else if root.has("asyncapi") {
        ("asyncapi", SchemaKind::AsyncApi, "AsyncAPI")
    } else {
        let message = "This is no API description: it has none of the keys openapi, swagger and asyncapi.";
        findings.error("schema_unknown", &root.place(), message);
        return None;
    };
    let allowed: &[&str] = if kind == SchemaKind::Swagger { &["2.0"] } else { &["2.", "3."] };
    let version = version(&root, key, allowed, findings)?;
    info(&root, findings);
    let part = if kind == SchemaKind::Swagger { "path" } else { "channel" };
    let parts = root.get(&format!("{part}s"));
    // AsyncAPI 3 may describe components or operations alone.
    if parts.is_none() && !version.starts_with('3') {
        findings.error("required", &root.place(), format!("{part}s is missing. It is required."));
    }
    let count = parts.map_or(0, |parts| parts.entries().len());
    let summary = format!("{name} {version}, {}", counted(count, part));
    let described = if kind == SchemaKind::Swagger { openapi::swagger_server(&root) } else { Described::default() };
    Some((Checked { kind, summary }, described))
}

/// Major and minor version (`3.1`), where it begins as one of those allowed.
pub(super) fn version(root: &Cursor<'_>, key: &str, allowed: &[&str], findings: &mut Findings) -> Option<String> {
    let cursor = root.require(key, "the version of the format", findings)?;
    let text = cursor.scalar().map(|scalar| scalar.text.as_str()).unwrap_or_default();
    let short: Vec<&str> = text.split('.').take(2).collect();
    let is_number = |part: &&str| !part.is_empty() && part.len() <= 3 && part.bytes().all(|b| b.is_ascii_digit());
    let short = if short.iter().all(is_number) { short.join(".") } else { String::new() };
    if short.contains('.') && allowed.iter().any(|prefix| short.starts_with(prefix)) {
        return Some(short);
    }
    let shown: Vec<String> = allowed.iter().map(|prefix| format!("{prefix}{}", if prefix.ends_with('.') { "x" } else { "" })).collect();
    let message = format!("{key} must be {}; it is {}.", shown.join(" or "), quoted(text));
    findings.error("version_unsupported", &cursor.place(), message);
    None
}

/// `info` with title and version, which all three formats require. Gives the title.
pub(super) fn info(root: &Cursor<'_>, findings: &mut Findings) -> Option<String> {
    let info = root.require("info", "a mapping with title and version", findings)?;
    if !info.expect_mapping(findings) {
        return None;
    }
    // A version such as 1.0 without quotes is a number to YAML: common, and harmless.
    info.require("version", "the version of the API", findings);
    let title = info.require("title", "the name of the API", findings)?;
    if title.scalar().is_none() {
        title.wrong_type("text", findings);
    }
    title.scalar().map(|scalar| scalar.text.clone())
}
