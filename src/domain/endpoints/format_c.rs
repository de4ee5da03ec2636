//! Format C, `component.yaml`: `schemaVersion` 1.0 to 1.2, `endpoints[]` with a `service` each, and parts that are kept
//! but not acted on.

use super::{
    Visibility, context,
    cursor::Cursor,
    entry::{self, Draft},
    finding::{Findings, quoted},
    node::Kind,
    passive, rules,
};

const KEYS: &[&str] = &["schemaVersion", "endpoints", "dependencies", "configurations", "proxy"];
const ENTRY_KEYS: &[&str] = &["name", "displayName", "service", "type", "networkVisibilities", "schemaFilePath"];

/// Keys of format A that people write here.
const MOVED: &[(&str, &str)] = &[
    ("port", "In this format it stands under service."),
    ("context", "In this format it is basePath under service."),
    ("networkVisibility", "In this format it is the list networkVisibilities."),
];

pub(super) fn read(root: &Cursor<'_>, findings: &mut Findings) -> Vec<Draft> {
    root.warn_of_unknown(KEYS, &[], findings);
    let minor = schema_version(root, findings).unwrap_or(passive::NEWEST);
    passive::check(root, "dependencies", &passive::DEPENDENCIES, minor, findings);
    passive::check(root, "configurations", &passive::CONFIGURATIONS, minor, findings);
    passive::check(root, "proxy", &passive::Shape::Any, minor, findings);
    rules::entries(root, "endpoints", findings, read_entry)
}

/// The minor version, 0 to 2. A number or text; a bare 1 is 1.0.
fn schema_version(root: &Cursor<'_>, findings: &mut Findings) -> Option<u8> {
    let cursor = root.require("schemaVersion", "1.0, 1.1 or 1.2", findings)?;
    let Some(scalar) = cursor.scalar() else {
        cursor.wrong_type("1.0, 1.1 or 1.2", findings);
        return None;
    };
    let number = match scalar.kind() {
        Kind::Integer(Some(1)) => Some(1.0),
        Kind::Float(number) => Some(number),
        Kind::Text => matches!(scalar.text.as_str(), "1" | "1.0" | "1.1" | "1.2").then(|| scalar.text.parse().ok()).flatten(),
        _ => None,
    };
    let minor = number.and_then(|number| [1.0, 1.1, 1.2].iter().position(|&known: &f64| known == number));
    if minor.is_none() {
        let message = format!("schemaVersion must be 1.0, 1.1 or 1.2; it is {}.", quoted(&scalar.text));
        findings.error("version_unsupported", &cursor.place(), message);
    }
    minor.and_then(|minor| u8::try_from(minor).ok())
}

fn read_entry(entry: &Cursor<'_>, findings: &mut Findings) -> Draft {
    entry.warn_of_unknown(ENTRY_KEYS, MOVED, findings);
    let kind = entry::kind(entry, findings);
    let service = entry.require("service", "a mapping with port and basePath", findings).filter(|service| service.expect_mapping(findings));
    if let Some(service) = &service {
        service.warn_of_unknown(&["port", "basePath"], &[("context", "In this format it is called basePath.")], findings);
    }
    Draft {
        name: entry::name(entry, findings),
        display_name: entry::optional_text(entry, "displayName", findings),
        port: service.as_ref().and_then(|service| entry::port(service, findings)),
        kind,
        visibilities: visibilities(entry, findings),
        context: service.as_ref().and_then(|service| context::read(service, "basePath", kind, findings)),
        schema_file_path: entry::optional_text(entry, "schemaFilePath", findings),
    }
}

fn visibilities(entry: &Cursor<'_>, findings: &mut Findings) -> Vec<Visibility> {
    let Some(cursor) = entry.get("networkVisibilities") else {
        return entry::default_visibility(entry, "networkVisibilities", findings);
    };
    let Some(items) = cursor.items(findings) else { return Vec::new() };
    if items.is_empty() {
        return entry::default_visibility(entry, "networkVisibilities", findings);
    }
    let mut visibilities = Vec::new();
    for item in &items {
        let Some(visibility) = entry::visibility(item, findings) else { continue };
        if visibilities.contains(&visibility) {
            let message = format!("{} is listed twice. Remove one.", visibility.as_str());
            findings.warning("visibility_repeated", &item.place(), message);
        } else {
            visibilities.push(visibility);
        }
    }
    visibilities
}
