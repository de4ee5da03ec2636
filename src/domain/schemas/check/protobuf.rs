//! Protobuf: that it parses, and how many services it has. Imports are not followed.

use super::{Checked, counted, nesting};
use crate::domain::{
    endpoints::{finding::Findings, node::Position},
    schemas::SchemaKind,
};

pub(super) fn check(text: &str, findings: &mut Findings) -> Option<Checked> {
    if let Some(position) = nesting::too_deep(text, "//") {
        findings.last_error("too_deep", position, format!("The file is nested more than {} levels deep. Nest it less.", nesting::MAX));
        return None;
    }
    match protox_parse::parse("schema.proto", text) {
        Ok(file) if file.service.is_empty() => Some(checked(&counted(file.message_type.len(), "message"))),
        Ok(file) => Some(checked(&counted(file.service.len(), "service"))),
        Err(error) => {
            let at = error.span().map_or(Position::START, |span| nesting::position(text, span.start));
            let sentence = error.to_string().replace(char::is_control, " ");
            findings.last_error("protobuf_syntax", at, format!("This is not protobuf: {}.", sentence.trim_end_matches('.')));
            None
        }
    }
}

fn checked(parts: &str) -> Checked {
    Checked { kind: SchemaKind::Protobuf, summary: format!("protobuf, {parts}") }
}
