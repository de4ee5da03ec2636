//! Edits a file in its own words: an edit replaces the bytes of one scalar or entry, so that comments and order stay.

use super::Endpoint;

/// Whether the form can edit the endpoint of this name, or why only the YAML can: one sentence.
pub fn editable(_text: &str, _name: &str) -> Result<(), String> {
    Ok(())
}

/// The text with the endpoint called `name` made what `endpoint` says. Format C keeps several visibilities, A and B the widest.
pub fn set(_text: &str, _name: &str, _endpoint: &Endpoint) -> Result<String, String> {
    Err("Not known yet.".into())
}

/// The text with one more endpoint at the end.
pub fn add(_text: &str, _endpoint: &Endpoint) -> Result<String, String> {
    Err("Not known yet.".into())
}

/// The text without the endpoint called `name`; the last one stays.
pub fn remove(_text: &str, _name: &str) -> Result<String, String> {
    Err("Not known yet.".into())
}

/// A file of format A or B as one of format C.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Conversion {
    pub text: String,
    /// Comments that have no place in it: line and words.
    pub dropped: Vec<(usize, String)>,
}

/// The file as `component.yaml`; a sentence where it has errors or is one already.
pub fn convert(_text: &str) -> Result<Conversion, String> {
    Err("Not known yet.".into())
}

/// What could stand at a place of the text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Completion {
    /// What is inserted: `networkVisibility: `, `GraphQL`.
    pub insert: String,
    /// One line about it.
    pub meaning: &'static str,
}

/// Completions at a line and column (from 1, in characters), and how many characters before the column they replace.
/// `schemas` are names of uploaded files.
pub fn complete(_text: &str, _line: usize, _column: usize, _schemas: &[String]) -> (usize, Vec<Completion>) {
    (0, Vec::new())
}
