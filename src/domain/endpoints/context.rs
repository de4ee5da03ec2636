//! The path that an endpoint is routed by: when it is needed, its default, and which paths are allowed.

use super::{
    EndpointKind,
    cursor::Cursor,
    finding::{Findings, quoted},
};

/// The path in front of all routes: `context` of an entry (A, B) or `basePath` of its `service` (C).
pub(super) fn read(parent: &Cursor<'_>, key: &str, kind: Option<EndpointKind>, findings: &mut Findings) -> Option<String> {
    let given = parent.get(key);
    let is_routed = kind.map(EndpointKind::has_context);
    match (given, is_routed) {
        (None, Some(true)) => {
            let message = format!("{key} is not given, so it is \"/\". Write the path that the service listens on.");
            findings.warning("context_default", &parent.place_of(key), message);
            Some("/".to_owned())
        }
        (None, _) => None,
        (Some(cursor), Some(false)) => {
            let message = format!("{key} is ignored: only REST, GraphQL and WS endpoints are routed by a path. Remove it.");
            findings.warning("context_ignored", &cursor.place(), message);
            None
        }
        (Some(cursor), _) => checked_context(&cursor, key, findings),
    }
}

fn checked_context(cursor: &Cursor<'_>, key: &str, findings: &mut Findings) -> Option<String> {
    let path = cursor.text(findings)?;
    if !path.starts_with('/') {
        let message = format!("{key} must start with \"/\"; it is {}.", quoted(path));
        findings.error("context_invalid", &cursor.place(), message);
        return None;
    }
    if !is_path(path) {
        let message = format!(
            "{key} must be a path of at most 1024 letters, digits and -._~!$&'()*+,;=:@%/ without empty, \".\" and \"..\" parts; it is {}.",
            quoted(path)
        );
        findings.error("context_invalid", &cursor.place(), message);
        return None;
    }
    Some(path.to_owned())
}

/// What the Gateway API takes as the value of a path match: RFC 3986 path characters, no part that servers would
/// resolve in different ways, at most 1024 characters. A slash at the end is fine.
fn is_path(path: &str) -> bool {
    let inner = path.strip_prefix('/').unwrap_or(path);
    let inner = inner.strip_suffix('/').unwrap_or(inner);
    let has_odd_part = !inner.is_empty() && inner.split('/').any(|part| matches!(part, "" | "." | ".."));
    let is_allowed = |b: u8| b.is_ascii_alphanumeric() || b"-._~!$&'()*+,;=:@/%".contains(&b);
    let escapes_are_whole = path.split('%').skip(1).all(|rest| {
        let digits = rest.as_bytes().get(..2);
        digits.is_some_and(|digits| digits.iter().all(u8::is_ascii_hexdigit) && !digits.eq_ignore_ascii_case(b"2f"))
    });
    path.len() <= 1024 && path != "//" && path.bytes().all(is_allowed) && escapes_are_whole && !has_odd_part
}

#[cfg(test)]
mod tests {
    use super::is_path;

    #[test]
    fn paths_follow_the_gateway_api() {
        for path in ["/", "/greet", "/greet/", "/v1.0/a-b_c~d", "/a%20b", "/.well-known", "/a..b"] {
            assert!(is_path(path), "{path}");
        }
        for path in ["//", "/a//b", "/a/../b", "/..", "/.", "/a b", "/a?b", "/a#b", "/a%2", "/a%zz", "/a%2Fb", "/é", "/a//"] {
            assert!(!is_path(path), "{path}");
        }
        assert!(!is_path(&format!("/{}", "a".repeat(1024))));
    }
}
