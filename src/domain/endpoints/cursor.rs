//! Walks the tree with a path in hand: typed access to keys and items, with a finding for what is missing, has the
//! wrong type or is not known. Knows no rule of endpoints.

use super::{
    finding::{Findings, Place, Severity, quoted, shortened},
    node::{Entry, Kind, Node, Scalar, Value},
    suggest::closest,
};

/// A node of the document and its path.
#[derive(Clone, Debug)]
pub(in crate::domain) struct Cursor<'a> {
    node: &'a Node,
    path: String,
}

impl<'a> Cursor<'a> {
    pub(in crate::domain) const fn root(node: &'a Node) -> Self {
        Self { node, path: String::new() }
    }

    pub(in crate::domain) fn place(&self) -> Place {
        Place { path: self.path.clone(), position: self.node.position }
    }

    /// True if the value was reported already.
    pub(in crate::domain) const fn is_broken(&self) -> bool {
        matches!(self.node.value, Value::Broken)
    }

    pub(in crate::domain) fn is_null(&self) -> bool {
        self.node.is_null()
    }

    /// True if the value is a mapping with this key, be it empty.
    pub(in crate::domain) fn has(&self, key: &str) -> bool {
        self.entry(key).is_some()
    }

    /// The value of a key; `None` if there is no such key or it is empty.
    pub(in crate::domain) fn get(&self, key: &str) -> Option<Self> {
        let entry = self.entry(key).filter(|entry| !entry.value.is_null())?;
        Some(Self { node: &entry.value, path: self.path_of(key) })
    }

    /// The value of a key that must be there; `allowed` says what it would be.
    pub(in crate::domain) fn require(&self, key: &str, allowed: &str, findings: &mut Findings) -> Option<Self> {
        let found = self.get(key);
        if found.is_none() {
            let state = if self.has(key) { "is empty" } else { "is missing" };
            findings.error("required", &self.place_of(key), format!("{key} {state}. It is required: {allowed}."));
        }
        found
    }

    /// Where a key stands, or where it is missing.
    pub(in crate::domain) fn place_of(&self, key: &str) -> Place {
        let position = self.entry(key).map_or(self.node.position, |entry| entry.position);
        Place { path: self.path_of(key), position }
    }

    /// True for a mapping; else notes that it should be one.
    pub(in crate::domain) fn expect_mapping(&self, findings: &mut Findings) -> bool {
        if !self.is_mapping() {
            self.wrong_type("a mapping (lines of \"key: value\")", findings);
        }
        self.is_mapping()
    }

    pub(in crate::domain) const fn is_mapping(&self) -> bool {
        matches!(self.node.value, Value::Mapping(_))
    }

    /// The items of a list; `None` if it is none.
    pub(in crate::domain) fn as_items(&self) -> Option<Vec<Self>> {
        let Value::Sequence(items) = &self.node.value else { return None };
        Some(items.iter().enumerate().map(|(i, node)| Self { node, path: format!("{}[{i}]", self.path) }).collect())
    }

    /// The items of a list; else notes that it should be one.
    pub(in crate::domain) fn items(&self, findings: &mut Findings) -> Option<Vec<Self>> {
        let items = self.as_items();
        if items.is_none() {
            self.wrong_type("a list (lines that start with \"- \")", findings);
        }
        items
    }

    /// Text; else notes that it should be text.
    pub(in crate::domain) fn text(&self, findings: &mut Findings) -> Option<&'a str> {
        match self.scalar() {
            Some(scalar) if scalar.kind() == Kind::Text => Some(&scalar.text),
            Some(scalar) => {
                let message = format!("{} must be text. Put {} in quotes.", self.label(), shortened(&scalar.text));
                findings.error("wrong_type", &self.place(), message);
                None
            }
            None => {
                self.wrong_type("text", findings);
                None
            }
        }
    }

    /// The value if it is no list and no mapping.
    pub(in crate::domain) fn scalar(&self) -> Option<&'a Scalar> {
        match &self.node.value {
            Value::Scalar(scalar) => Some(scalar),
            _ => None,
        }
    }

    /// Notes that the value should be `expected`, unless it was reported already.
    pub(in crate::domain) fn wrong_type(&self, expected: &str, findings: &mut Findings) {
        if !self.is_broken() {
            let message = format!("{} must be {expected}; it is {}.", self.label(), self.node.describe());
            findings.error("wrong_type", &self.place(), message);
        }
    }

    /// Warns of every key of the mapping that is not in `known`; `moved` says where a key of another format belongs.
    pub(in crate::domain) fn warn_of_unknown(&self, known: &[&str], moved: &[(&str, &str)], findings: &mut Findings) {
        let Value::Mapping(entries) = &self.node.value else { return };
        for entry in entries.iter().filter(|entry| !known.contains(&entry.key.as_str())) {
            // Looking for the nearest word is the only costly check: not for a warning that nobody will see.
            let nearest = || if findings.has_room(Severity::Warning) { closest(&entry.key, known) } else { None };
            let hint = match (moved.iter().find(|(key, _)| *key == entry.key), nearest()) {
                (Some((_, hint)), _) => (*hint).to_owned(),
                (None, Some(meant)) => format!("Did you mean {meant}?"),
                (None, None) => format!("Known here: {}.", known.join(", ")),
            };
            let place = Place { path: self.path_of(&entry.key), position: entry.position };
            findings.warning("unknown_key", &place, format!("{} is not a known key and is ignored. {hint}", quoted(&entry.key)));
        }
    }

    fn entry(&self, key: &str) -> Option<&'a Entry> {
        match &self.node.value {
            Value::Mapping(entries) => entries.iter().find(|entry| entry.key == key),
            _ => None,
        }
    }

    fn label(&self) -> String {
        self.place().label().to_owned()
    }

    fn path_of(&self, key: &str) -> String {
        let dot = if self.path.is_empty() { "" } else { "." };
        format!("{}{dot}{}", self.path, shortened(key))
    }
}
