//! Format A, `endpoints.yaml`: `version: 0.1` and `endpoints[]`. Its entries are those of format B too.

use super::{
    context,
    cursor::Cursor,
    entry::{self, Draft},
    finding::{Findings, quoted},
    node::Kind,
    rules,
};

const KEYS: &[&str] = &["version", "endpoints"];
const ENTRY_KEYS: &[&str] = &["name", "displayName", "port", "type", "networkVisibility", "context", "schemaFilePath"];

/// Keys of format C that people write here.
const MOVED: &[(&str, &str)] = &[
    ("service", "In this format port and context stand directly in the entry."),
    ("basePath", "In this format it is called context."),
    ("networkVisibilities", "In this format it is networkVisibility with one word."),
];

pub(super) fn read(root: &Cursor<'_>, findings: &mut Findings) -> Vec<Draft> {
    root.warn_of_unknown(KEYS, &[], findings);
    version(root, findings);
    rules::entries(root, "endpoints", findings, read_entry)
}

fn version(root: &Cursor<'_>, findings: &mut Findings) {
    let Some(cursor) = root.require("version", "the number 0.1", findings) else { return };
    let Some(scalar) = cursor.scalar() else { return cursor.wrong_type("the number 0.1", findings) };
    match scalar.kind() {
        Kind::Float(0.1) => {}
        Kind::Text if scalar.text == "0.1" => {
            findings.error("version_unsupported", &cursor.place(), "version must be the number 0.1; write it without quotes.");
        }
        _ => {
            let message = format!("version must be the number 0.1; it is {}.", quoted(&scalar.text));
            findings.error("version_unsupported", &cursor.place(), message);
        }
    }
}

/// Reads one entry of `endpoints[]` (A) or `spec.inbound[]` (B).
pub(super) fn read_entry(entry: &Cursor<'_>, findings: &mut Findings) -> Draft {
    entry.warn_of_unknown(ENTRY_KEYS, MOVED, findings);
    let kind = entry::kind(entry, findings);
    Draft {
        name: entry::name(entry, findings),
        display_name: entry::optional_text(entry, "displayName", findings),
        port: entry::port(entry, findings),
        kind,
        visibilities: match entry.get("networkVisibility") {
            Some(cursor) => entry::visibility(&cursor, findings).into_iter().collect(),
            None => entry::default_visibility(entry, "networkVisibility", findings),
        },
        context: context::read(entry, "context", kind, findings),
        schema_file_path: entry::optional_text(entry, "schemaFilePath", findings),
    }
}
