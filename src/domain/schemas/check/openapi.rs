//! OpenAPI 3.0 and 3.1: what is surely wrong with the parts that describe paths and operations.

use std::collections::HashMap;

use super::{
    Checked, Described, counted,
    document::{info, version},
};
use crate::domain::{
    endpoints::{
        cursor::Cursor,
        finding::{Findings, quoted},
    },
    schemas::SchemaKind,
};

const METHODS: [&str; 8] = ["get", "put", "post", "delete", "options", "head", "patch", "trace"];
const OTHERS: [&str; 5] = ["$ref", "summary", "description", "servers", "parameters"];

pub(super) fn check(root: &Cursor<'_>, findings: &mut Findings) -> Option<(Checked, Described)> {
    let version = version(root, "openapi", &["3.0", "3.1"], findings)?;
    let is_newer = version != "3.0";
    let title = info(root, findings);
    let paths = root.get("paths");
    if paths.is_none() && !root.has("paths") {
        if !is_newer {
            findings.error("required", &root.place(), "paths is missing. It is required: a mapping, be it empty.");
        } else if !root.has("components") && !root.has("webhooks") {
            findings.error("required", &root.place(), "One of paths, components and webhooks is required.");
        }
    }
    let mut count = 0;
    if let Some(paths) = paths.filter(|paths| paths.expect_mapping(findings)) {
        let entries = paths.entries();
        let mut operations = HashMap::new();
        for (path, item) in entries.iter().filter(|(path, _)| !path.starts_with("x-")) {
            count += 1;
            if !path.starts_with('/') {
                let message = format!("A path starts with \"/\"; this one is {}.", quoted(path));
                findings.error("path_invalid", &paths.place_of(path), message);
            }
            path_item(item, is_newer, &mut operations, findings);
        }
    }
    let described = Described { title, ..server(root.get("servers").and_then(|servers| servers.as_items()?.into_iter().next())) };
    Some((Checked { kind: SchemaKind::OpenApi, summary: format!("OpenAPI {version}, {}", counted(count, "path")) }, described))
}

fn path_item(item: &Cursor<'_>, is_newer: bool, operations: &mut HashMap<String, usize>, findings: &mut Findings) {
    if item.is_null() || !item.expect_mapping(findings) {
        return;
    }
    for (key, operation) in item.entries() {
        if METHODS.contains(&key.as_str()) {
            self::operation(&operation, is_newer, operations, findings);
        } else if !OTHERS.contains(&key.as_str()) && !key.starts_with("x-") {
            let message = format!("{} is neither a method nor another key of a path. Methods are {}.", quoted(&key), METHODS.join(", "));
            findings.error("method_unknown", &item.place_of(&key), message);
        }
    }
}

fn operation(operation: &Cursor<'_>, is_newer: bool, operations: &mut HashMap<String, usize>, findings: &mut Findings) {
    if !operation.expect_mapping(findings) {
        return;
    }
    if let Some((id, place)) = operation.get("operationId").and_then(|id| Some((id.scalar()?.text.clone(), id.place()))) {
        let line = place.position.line;
        if let Some(first) = operations.get(&id) {
            let message = format!("operationId {} is taken by the operation in line {first}. Choose another.", quoted(&id));
            findings.error("operation_id_taken", &place, message);
        }
        operations.entry(id).or_insert(line);
    }
    match operation.get("responses") {
        Some(responses) if responses.expect_mapping(findings) => {
            for (code, _) in responses.entries().iter().filter(|(code, _)| !is_response(code)) {
                let message = format!("A response is named by its status (200, 4XX) or default; this one is {}.", quoted(code));
                findings.error("response_invalid", &responses.place_of(code), message);
            }
        }
        None if !is_newer => {
            findings.error("required", &operation.place(), "responses is missing. OpenAPI 3.0 requires it for every operation.");
        }
        _ => {}
    }
}

fn is_response(code: &str) -> bool {
    let is_status = code.len() == 3 && matches!(code.as_bytes()[0], b'1'..=b'5') && code[1..].bytes().all(|b| b.is_ascii_digit());
    is_status || matches!(code, "default" | "1XX" | "2XX" | "3XX" | "4XX" | "5XX") || code.starts_with("x-")
}

/// Path and port of a server's URL, which may be a path alone.
fn server(server: Option<Cursor<'_>>) -> Described {
    let url = server.and_then(|server| Some(server.get("url")?.scalar()?.text.clone())).unwrap_or_default();
    let (authority, path) = match url.split_once("://") {
        Some((_, rest)) => rest.split_at(rest.find('/').unwrap_or(rest.len())),
        None => ("", url.as_str()),
    };
    Described { title: None, port: port(authority), path: routed(path) }
}

/// Title, port and path of a Swagger file.
pub(super) fn swagger_server(root: &Cursor<'_>) -> Described {
    let text = |parent: &Cursor<'_>, key: &str| Some(parent.get(key)?.scalar()?.text.clone());
    Described {
        title: root.get("info").and_then(|info| text(&info, "title")),
        port: text(root, "host").and_then(|host| port(&host)),
        path: text(root, "basePath").and_then(|path| routed(&path)),
    }
}

fn port(authority: &str) -> Option<u16> {
    authority.rsplit_once(':')?.1.parse().ok().filter(|port| *port > 0)
}

fn routed(path: &str) -> Option<String> {
    let path = path.split(['?', '#']).next().unwrap_or_default();
    path.starts_with('/').then(|| if path == "/" { path } else { path.trim_end_matches('/') }.to_owned()).filter(|path| !path.is_empty())
}
