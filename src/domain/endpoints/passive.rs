//! Parts of a file that are kept but not acted on yet: dependencies, configurations, proxy. Their shape is checked
//! loosely, as warnings, because nothing here can stop a deployment.

use super::{
    cursor::Cursor,
    finding::Findings,
    node::{Kind, Scalar},
};

/// The newest minor version of `schemaVersion: 1.x`.
pub(super) const NEWEST: u8 = 2;

/// What a value looks like.
pub(super) enum Shape {
    Any,
    Text,
    Flag,
    OneOf(&'static [&'static str]),
    List(&'static Shape),
    Mapping(&'static [Field]),
}

/// A key of a mapping.
pub(super) struct Field {
    key: &'static str,
    is_required: bool,
    /// The minor version that brought it.
    since: u8,
    shape: Shape,
}

const fn field(key: &'static str, shape: Shape) -> Field {
    Field { key, is_required: false, since: 0, shape }
}

const fn required(key: &'static str) -> Field {
    Field { key, is_required: true, since: 0, shape: Shape::Text }
}

const fn since(since: u8, key: &'static str, shape: Shape) -> Field {
    Field { key, is_required: false, since, shape }
}

const SERVICE_REFERENCE: Shape = Shape::Mapping(&[
    required("name"),
    field("connectionConfig", Shape::Text),
    field("env", Shape::List(&Shape::Mapping(&[required("from"), required("to")]))),
]);

const CONFIG_FORM: Shape = Shape::Mapping(&[
    field("displayName", Shape::Text),
    field("required", Shape::Flag),
    field("type", Shape::OneOf(&["string", "number", "boolean", "secret"])),
]);

const VALUE_FROM: Shape =
    Shape::Mapping(&[field("connectionRef", Shape::Mapping(&[required("name"), required("key")])), since(2, "configForm", CONFIG_FORM)]);

/// `spec.outbound` of format B.
pub(super) const OUTBOUND: Shape = Shape::Mapping(&[field("serviceReferences", Shape::List(&SERVICE_REFERENCE))]);

/// `dependencies` of format C.
pub(super) const DEPENDENCIES: Shape = Shape::Mapping(&[
    field("serviceReferences", Shape::List(&SERVICE_REFERENCE)),
    since(1, "connectionReferences", Shape::List(&Shape::Mapping(&[required("name"), required("resourceRef")]))),
]);

/// `configurations` of format C.
pub(super) const CONFIGURATIONS: Shape = Shape::Mapping(&[
    since(1, "env", Shape::List(&Shape::Mapping(&[required("name"), field("valueFrom", VALUE_FROM)]))),
    since(2, "file", Shape::List(&Shape::Any)),
]);

/// Notes that the part `key` is kept and not acted on, and warns of what does not have its shape.
pub(super) fn check(parent: &Cursor<'_>, key: &str, shape: &Shape, minor: u8, findings: &mut Findings) {
    let Some(part) = parent.get(key) else { return };
    let message = format!("{key} is kept in the file, but Slipway does not act on it yet.");
    findings.note("not_acted_on", &parent.place_of(key), message);
    walk(&part, shape, minor, findings);
}

fn walk(cursor: &Cursor<'_>, shape: &Shape, minor: u8, findings: &mut Findings) {
    let scalar = cursor.scalar();
    let kind = scalar.map(Scalar::kind);
    match shape {
        Shape::Any => {}
        Shape::Text if kind == Some(Kind::Text) => {}
        Shape::Text => wrong(cursor, "text", findings),
        Shape::Flag if kind == Some(Kind::Boolean) => {}
        Shape::Flag => wrong(cursor, "true or false", findings),
        Shape::OneOf(words) if scalar.is_some_and(|scalar| words.contains(&scalar.text.as_str())) => {}
        Shape::OneOf(words) => wrong(cursor, &format!("one of {}", words.join(", ")), findings),
        Shape::List(item_shape) => match cursor.as_items() {
            Some(items) => items.iter().for_each(|item| walk(item, item_shape, minor, findings)),
            None => wrong(cursor, "a list", findings),
        },
        Shape::Mapping(fields) if cursor.is_mapping() => walk_mapping(cursor, fields, minor, findings),
        Shape::Mapping(_) => wrong(cursor, "a mapping", findings),
    }
}

fn walk_mapping(cursor: &Cursor<'_>, fields: &[Field], minor: u8, findings: &mut Findings) {
    let known: Vec<&str> = fields.iter().map(|field| field.key).collect();
    cursor.warn_of_unknown(&known, &[], findings);
    for field in fields {
        let place = cursor.place_of(field.key);
        match cursor.get(field.key) {
            Some(value) => {
                if minor < field.since {
                    let message = format!("{} needs schemaVersion 1.{} or newer.", field.key, field.since);
                    findings.warning("needs_newer_schema", &place, message);
                }
                walk(&value, &field.shape, minor, findings);
            }
            None if field.is_required => findings.warning("required", &place, format!("{} is missing.", field.key)),
            None => {}
        }
    }
}

fn wrong(cursor: &Cursor<'_>, expected: &str, findings: &mut Findings) {
    if !cursor.is_broken() {
        let place = cursor.place();
        findings.warning("wrong_type", &place, format!("{} should be {expected}.", place.label()));
    }
}
