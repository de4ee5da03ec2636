//! What a schema file is and whether it is well-formed. Pure: bytes in, a summary or problems out. Looks for what is surely
//! wrong, as a file that other tools take must be taken here.

mod document;
mod graphql;
mod json;
mod nesting;
mod openapi;
mod protobuf;
#[cfg(test)]
mod tests;

use super::{MAX_BYTES, SchemaKind};
use crate::domain::{
    endpoints::{self, Endpoint, EndpointKind, Severity, Visibility, finding::Findings, slug},
    problem::Problems,
};

/// Problems of one file that are listed; more are counted.
const MAX_LISTED: usize = 20;
/// What most services listen on, where a file does not say.
const USUAL_PORT: u16 = 8080;

/// A file that is what it says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Checked {
    pub kind: SchemaKind,
    /// `OpenAPI 3.1, 12 paths`
    pub summary: String,
}

/// What a file says of the endpoint that it describes.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
struct Described {
    title: Option<String>,
    port: Option<u16>,
    path: Option<String>,
}

/// How a file is read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Syntax {
    Json,
    Yaml,
    GraphQl,
    Protobuf,
}

/// Checks a file. Problems name `schemas`, each with file, line and column. Takes any bytes; time and memory are bounded by
/// [`MAX_BYTES`] and limits on depth and size of what is read.
pub fn check(file_name: &str, content: &[u8]) -> Result<Checked, Problems> {
    read(file_name, content).map(|(checked, _)| checked)
}

/// The endpoint that a file describes: of OpenAPI and Swagger named by its title, with path and port of its first server (else
/// `/` and 8080); of GraphQL and protobuf named by its file. Its visibility is Project. A sentence why not, where the file
/// has problems or is of another kind.
pub fn endpoint_of(file_name: &str, content: &[u8]) -> Result<Endpoint, String> {
    let first = |problems: Problems| problems.0.into_iter().next().map_or_else(String::new, |problem| problem.message);
    let (checked, described) = read(file_name, content).map_err(first)?;
    let (kind, path) = match checked.kind {
        SchemaKind::OpenApi | SchemaKind::Swagger => (EndpointKind::Rest, described.path),
        SchemaKind::GraphQl => (EndpointKind::GraphQL, Some("/graphql".to_owned())),
        SchemaKind::Protobuf => (EndpointKind::Grpc, None),
        SchemaKind::AsyncApi => return Err("An AsyncAPI file does not say what an endpoint listens on. Add the endpoint by hand.".into()),
    };
    let stem = file_name.split('.').next().unwrap_or_default();
    let is_name = |name: &&str| !slug(name).is_empty() && !name.contains(char::is_control);
    let name = [described.title.as_deref().unwrap_or_default().trim(), stem].into_iter().find(is_name).unwrap_or("api");
    let endpoint = Endpoint {
        name: name.to_owned(),
        display_name: None,
        port: described.port.unwrap_or(USUAL_PORT),
        kind,
        visibilities: vec![Visibility::Project],
        context: kind.has_context().then(|| path.unwrap_or_else(|| "/".to_owned())),
        schema_file_path: Some(file_name.to_owned()),
    };
    // A server's path may be none that is routed: a template, say.
    let is_readable = endpoints::read(&endpoints::write_a(std::slice::from_ref(&endpoint))).is_ok();
    Ok(if is_readable { endpoint } else { Endpoint { context: kind.has_context().then(|| "/".to_owned()), ..endpoint } })
}

fn read(file_name: &str, content: &[u8]) -> Result<(Checked, Described), Problems> {
    let refused = |code: &'static str, message: String| Err(Problems::one("schemas", code, message));
    if content.len() > MAX_BYTES {
        return refused("file_too_large", format!("{file_name} is larger than {} MiB. Split it.", MAX_BYTES / 1024 / 1024));
    }
    let Ok(text) = std::str::from_utf8(content) else {
        return refused("not_text", format!("{file_name} is not text in UTF-8. Save it in that encoding."));
    };
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    let Some(syntax) = syntax_of(file_name, text) else {
        return refused(
            "schema_unknown",
            format!("{file_name} is none of OpenAPI, Swagger, AsyncAPI (JSON or YAML), GraphQL SDL and protobuf. Choose another file."),
        );
    };
    let mut findings = Findings::default();
    let found = match syntax {
        Syntax::Json => json::parse(text, &mut findings).and_then(|tree| document::check(&tree, &mut findings)),
        Syntax::Yaml => document::parse_yaml(text, &mut findings).and_then(|tree| document::check(&tree, &mut findings)),
        Syntax::GraphQl => graphql::check(text, &mut findings).map(|checked| (checked, Described::default())),
        Syntax::Protobuf => protobuf::check(text, &mut findings).map(|checked| (checked, Described::default())),
    };
    let problems = listed(file_name, findings);
    match found {
        Some(found) if problems.is_empty() => Ok(found),
        _ if problems.is_empty() => refused("schema_unknown", format!("{file_name} could not be read.")),
        _ => Err(problems),
    }
}

/// By the ending of the name, else by how the text begins its lines.
fn syntax_of(file_name: &str, text: &str) -> Option<Syntax> {
    let ending = file_name.rsplit_once('.').map(|(_, ending)| ending.to_lowercase()).unwrap_or_default();
    let begins = |words: &[&str]| text.lines().any(|line| words.iter().any(|word| line.starts_with(word)));
    match ending.as_str() {
        "graphql" | "graphqls" | "gql" => Some(Syntax::GraphQl),
        "proto" => Some(Syntax::Protobuf),
        _ if text.trim_start().starts_with('{') => Some(Syntax::Json),
        "json" => Some(Syntax::Json),
        "yaml" | "yml" => Some(Syntax::Yaml),
        _ if begins(&["openapi:", "swagger:", "asyncapi:"]) => Some(Syntax::Yaml),
        _ if begins(&["syntax =", "syntax=", "edition =", "package "]) => Some(Syntax::Protobuf),
        _ if begins(&["type ", "schema ", "schema{", "extend ", "interface ", "scalar ", "enum ", "input ", "union "]) => {
            Some(Syntax::GraphQl)
        }
        _ => None,
    }
}

/// The errors, each with its file and place.
fn listed(file_name: &str, findings: Findings) -> Problems {
    let errors: Vec<_> = findings.into_sorted().into_iter().filter(|finding| finding.severity == Severity::Error).collect();
    let mut problems = Problems::default();
    for error in errors.iter().take(MAX_LISTED) {
        problems.add("schemas", error.code, format!("{file_name}, line {}, column {}: {}", error.line, error.column, error.message));
    }
    if errors.len() > MAX_LISTED {
        let more = errors.len() - MAX_LISTED;
        problems.add("schemas", "more_problems", format!("{file_name} has {more} more problems. Correct these first."));
    }
    problems
}

/// `1 path`, `12 paths`.
fn counted(count: usize, noun: &str) -> String {
    format!("{count} {noun}{}", if count == 1 { "" } else { "s" })
}
