//! GraphQL SDL: its syntax, names that are given twice, and types that nobody defines.

use std::collections::{HashMap, HashSet};

use async_graphql_parser::{
    Error, Pos, Positioned, parse_schema,
    types::{BaseType, Type, TypeDefinition, TypeKind, TypeSystemDefinition},
};

use super::{Checked, counted, nesting};
use crate::domain::{
    endpoints::{
        finding::{Findings, Place, quoted, shortened},
        node::Position,
    },
    schemas::SchemaKind,
};

const BUILT_IN: [&str; 5] = ["Int", "Float", "String", "Boolean", "ID"];

pub(super) fn check(text: &str, findings: &mut Findings) -> Option<Checked> {
    // The parser goes down with every bracket, without a limit of its own.
    if let Some(position) = nesting::too_deep(text, "#") {
        findings.last_error("too_deep", position, format!("The file is nested more than {} levels deep. Nest it less.", nesting::MAX));
        return None;
    }
    let document = match parse_schema(text) {
        Ok(document) => document,
        Err(error) => {
            let at = error.positions().next().map_or(Position::START, position);
            findings.last_error("graphql_syntax", at, explain(&error));
            return None;
        }
    };
    let mut types: Vec<&TypeDefinition> = Vec::new();
    // Schemas with directives of their own (`@link` of federation) take types from elsewhere.
    let mut is_closed = true;
    for definition in &document.definitions {
        match definition {
            TypeSystemDefinition::Type(definition) => types.push(&definition.node),
            TypeSystemDefinition::Schema(schema) => is_closed &= schema.node.directives.is_empty(),
            TypeSystemDefinition::Directive(_) => {}
        }
    }
    names_are_given_once(&types, findings);
    if is_closed {
        references_are_known(&types, findings);
    }
    let count = types.iter().map(|found| found.name.node.as_str()).collect::<HashSet<_>>().len();
    Some(Checked { kind: SchemaKind::GraphQl, summary: format!("GraphQL, {}", counted(count, "type")) })
}

fn names_are_given_once(types: &[&TypeDefinition], findings: &mut Findings) {
    let mut lines: HashMap<&str, usize> = HashMap::new();
    for definition in types {
        let (name, pos) = (definition.name.node.as_str(), definition.name.pos);
        if !definition.extend {
            if let Some(first) = lines.get(name) {
                let message = format!("The type {} is defined in line {first} already. Remove one, or write extend.", quoted(name));
                findings.error("type_taken", &place(pos), message);
            }
            lines.entry(name).or_insert(pos.line);
        }
        let mut fields = HashSet::new();
        for (field, pos) in field_names(definition) {
            if !fields.insert(field) {
                findings.error("field_taken", &place(pos), format!("{} has two fields {}. Remove one.", shortened(name), quoted(field)));
            }
        }
    }
}

fn references_are_known(types: &[&TypeDefinition], findings: &mut Findings) {
    let known: HashSet<&str> = types.iter().map(|found| found.name.node.as_str()).chain(BUILT_IN).collect();
    for (name, pos) in types.iter().flat_map(|definition| references(definition)) {
        if !known.contains(name) {
            let message = format!("There is no type {}. Define it, or correct its name.", quoted(name));
            findings.error("type_unknown", &place(pos), message);
        }
    }
}

fn field_names(definition: &TypeDefinition) -> Vec<(&str, Pos)> {
    match &definition.kind {
        TypeKind::Object(object) => object.fields.iter().map(|field| (field.node.name.node.as_str(), field.node.name.pos)).collect(),
        TypeKind::Interface(found) => found.fields.iter().map(|field| (field.node.name.node.as_str(), field.node.name.pos)).collect(),
        TypeKind::InputObject(input) => input.fields.iter().map(|field| (field.node.name.node.as_str(), field.node.name.pos)).collect(),
        TypeKind::Scalar | TypeKind::Union(_) | TypeKind::Enum(_) => Vec::new(),
    }
}

/// The types that a definition names.
fn references(definition: &TypeDefinition) -> Vec<(&str, Pos)> {
    let (fields, names) = match &definition.kind {
        TypeKind::Object(object) => (object.fields.as_slice(), object.implements.as_slice()),
        TypeKind::Interface(found) => (found.fields.as_slice(), found.implements.as_slice()),
        TypeKind::InputObject(input) => return input.fields.iter().map(|field| named(&field.node.ty)).collect(),
        TypeKind::Union(union) => ([].as_slice(), union.members.as_slice()),
        TypeKind::Scalar | TypeKind::Enum(_) => return Vec::new(),
    };
    let of_field = fields.iter().flat_map(|field| {
        std::iter::once(named(&field.node.ty)).chain(field.node.arguments.iter().map(|argument| named(&argument.node.ty)))
    });
    names.iter().map(|name| (name.node.as_str(), name.pos)).chain(of_field).collect()
}

/// The type within lists.
fn named(ty: &Positioned<Type>) -> (&str, Pos) {
    let mut base = &ty.node.base;
    loop {
        match base {
            BaseType::Named(name) => return (name.as_str(), ty.pos),
            BaseType::List(inner) => base = &inner.base,
        }
    }
}

/// What the parser expected, without its drawing of the line.
fn explain(error: &Error) -> String {
    let message = error.to_string();
    let expected = message.lines().find_map(|line| line.trim_start().strip_prefix("= "));
    match (error, expected) {
        (Error::Syntax { .. }, Some(expected)) => {
            let expected: String = expected.chars().take(300).collect();
            format!("This is not GraphQL SDL: {}.", expected.replace('_', " "))
        }
        (Error::Syntax { .. }, None) => "This is not GraphQL SDL.".into(),
        _ => format!("This is not GraphQL SDL: {message}."),
    }
}

fn place(pos: Pos) -> Place {
    Place { path: String::new(), position: position(pos) }
}

fn position(pos: Pos) -> Position {
    Position { line: pos.line.max(1), column: pos.column.max(1) }
}
