//! One entry of an endpoints list: the rules of each field, common to the three formats. Rules between entries are in
//! `rules`.

use super::{
    Endpoint, EndpointKind, UnknownVisibility, Visibility,
    cursor::Cursor,
    finding::{Findings, Place, quoted},
    node::Kind,
    slug::slug,
};

/// A value and where it stands.
#[derive(Clone, Debug)]
pub(super) struct Located<T> {
    pub(super) value: T,
    pub(super) place: Place,
}

/// What could be read of an entry, be it wrong elsewhere: names are compared even if a port is missing.
#[derive(Debug)]
pub(super) struct Draft {
    pub(super) name: Option<Located<String>>,
    pub(super) display_name: Option<String>,
    pub(super) port: Option<Located<u16>>,
    pub(super) kind: Option<EndpointKind>,
    /// Empty if they are wrong.
    pub(super) visibilities: Vec<Visibility>,
    pub(super) context: Option<String>,
    pub(super) schema_file_path: Option<String>,
}

impl Draft {
    /// The endpoint, if every required field was read.
    pub(super) fn into_endpoint(self) -> Option<Endpoint> {
        if self.visibilities.is_empty() {
            return None;
        }
        Some(Endpoint {
            name: self.name?.value,
            display_name: self.display_name,
            port: self.port?.value,
            kind: self.kind?,
            visibilities: self.visibilities,
            context: self.context,
            schema_file_path: self.schema_file_path,
        })
    }
}

/// `name`: text on one line that gives an address.
pub(super) fn name(entry: &Cursor<'_>, findings: &mut Findings) -> Option<Located<String>> {
    let cursor = entry.require("name", "a name that is unique in the file", findings)?;
    let value = cursor.text(findings)?.to_owned();
    let place = cursor.place();
    if value.trim().is_empty() {
        findings.error("name_invalid", &place, "name is blank. Write a name that is unique in the file.");
    } else if value.contains(char::is_control) {
        findings.error("name_invalid", &place, "name must be one line without tabs.");
    } else if slug(&value).is_empty() {
        let message =
            format!("name {} gives no address. Use at least one letter a-z or digit, and displayName for the rest.", quoted(&value));
        findings.error("name_invalid", &place, message);
    }
    Some(Located { value, place })
}

/// An optional text of one line; blank counts as left out.
pub(super) fn optional_text(entry: &Cursor<'_>, key: &str, findings: &mut Findings) -> Option<String> {
    let cursor = entry.get(key)?;
    let text = cursor.text(findings)?;
    if text.contains(char::is_control) {
        findings.error("text_invalid", &cursor.place(), format!("{key} must be one line without tabs."));
    }
    (!text.trim().is_empty()).then(|| text.to_owned())
}

/// `port` of an entry (formats A, B) or of its `service` (format C).
pub(super) fn port(parent: &Cursor<'_>, findings: &mut Findings) -> Option<Located<u16>> {
    let cursor = parent.require("port", "a whole number from 1 to 65535", findings)?;
    let found = match cursor.scalar().map(|scalar| (scalar.kind(), &scalar.text)) {
        Some((Kind::Integer(Some(number)), _)) if (1..=65535).contains(&number) => {
            return u16::try_from(number).ok().map(|value| Located { value, place: cursor.place() });
        }
        Some((Kind::Text, text)) if text.parse::<u16>().is_ok() => "; write it without quotes".to_owned(),
        Some((_, text)) => format!("; it is {}", quoted(text)),
        None => String::new(),
    };
    if !cursor.is_broken() {
        findings.error("port_invalid", &cursor.place(), format!("port must be a whole number from 1 to 65535{found}."));
    }
    None
}

/// `type`, without regard to case.
pub(super) fn kind(entry: &Cursor<'_>, findings: &mut Findings) -> Option<EndpointKind> {
    let cursor = entry.require("type", "one of REST, GraphQL, GRPC, WS, TCP and UDP", findings)?;
    let word = cursor.text(findings)?;
    let kind = word.parse();
    if let Err(unknown) = &kind {
        findings.error("type_unknown", &cursor.place(), format!("{unknown}; it is {}.", quoted(word)));
    }
    kind.ok()
}

/// One word of visibility, without regard to case.
pub(super) fn visibility(cursor: &Cursor<'_>, findings: &mut Findings) -> Option<Visibility> {
    let word = cursor.text(findings)?;
    let visibility = word.parse();
    if let Err(UnknownVisibility) = &visibility {
        let label = cursor.place().label().to_owned();
        let message = format!("{label} must be one of Project, Organization and Public; it is {}.", quoted(word));
        findings.error("visibility_unknown", &cursor.place(), message);
    }
    visibility.ok()
}

/// What holds where no visibility is given: the published default, with a warning.
pub(super) fn default_visibility(entry: &Cursor<'_>, key: &str, findings: &mut Findings) -> Vec<Visibility> {
    let message = format!("{key} is not given, so this endpoint is Public: anyone can call it. Write Project, Organization or Public.");
    findings.warning("visibility_default", &entry.place_of(key), message);
    vec![Visibility::Public]
}
