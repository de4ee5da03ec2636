//! What is noted about a file: one finding with its place, and the collector that every check writes to.
//! Never decides what is right or wrong.

use serde::Serialize;

use super::node::Position;

/// At most this many findings of each severity are kept: a file of nothing but mistakes must not become an answer
/// that is larger than itself.
const MAX_FINDINGS: usize = 200;

/// How bad a finding is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Severity {
    /// The file can't be deployed.
    Error,
    /// The file can be deployed, though perhaps not as meant.
    Warning,
    /// Worth knowing.
    Note,
}

impl Severity {
    /// The word in answers.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Error => "error",
            Self::Warning => "warning",
            Self::Note => "note",
        }
    }
}

/// One thing noted about a file.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Finding {
    pub severity: Severity,
    /// Stable word, `snake_case`.
    pub code: &'static str,
    /// Where in the document (`endpoints[1].port`); empty for the whole of it.
    pub path: String,
    /// From 1.
    pub line: usize,
    /// From 1, in characters.
    pub column: usize,
    /// Says what is wrong and what is allowed.
    pub message: String,
}

/// A place in the document: what it is called and where it stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::domain) struct Place {
    pub(in crate::domain) path: String,
    pub(in crate::domain) position: Position,
}

impl Place {
    /// The last part of the path, for sentences: `port`, `endpoints[1]`.
    pub(in crate::domain) fn label(&self) -> &str {
        let label = self.path.rsplit('.').next().unwrap_or_default();
        if label.is_empty() { "The file" } else { label }
    }
}

/// Collects findings.
#[derive(Debug, Default)]
pub(in crate::domain) struct Findings {
    list: Vec<Finding>,
    counts: [usize; 3],
}

impl Findings {
    pub(in crate::domain) fn error(&mut self, code: &'static str, place: &Place, message: impl Into<String>) {
        self.add(Severity::Error, code, place, message.into());
    }

    pub(in crate::domain) fn warning(&mut self, code: &'static str, place: &Place, message: impl Into<String>) {
        self.add(Severity::Warning, code, place, message.into());
    }

    pub(in crate::domain) fn note(&mut self, code: &'static str, place: &Place, message: impl Into<String>) {
        self.add(Severity::Note, code, place, message.into());
    }

    /// False if the next finding of this severity would not be kept.
    pub(in crate::domain) const fn has_room(&self, severity: Severity) -> bool {
        self.counts[severity as usize] < MAX_FINDINGS
    }

    /// An error that ends the reading: kept however many there are.
    pub(in crate::domain) fn last_error(&mut self, code: &'static str, position: Position, message: impl Into<String>) {
        self.counts[Severity::Error as usize] += 1;
        self.keep(Severity::Error, code, &Place { path: String::new(), position }, message.into());
    }

    fn add(&mut self, severity: Severity, code: &'static str, place: &Place, message: String) {
        if self.has_room(severity) {
            self.keep(severity, code, place, message);
        }
        self.counts[severity as usize] += 1;
    }

    fn keep(&mut self, severity: Severity, code: &'static str, place: &Place, message: String) {
        let Position { line, column } = place.position;
        self.list.push(Finding { severity, code, path: place.path.clone(), line, column, message });
    }

    /// All findings in the order of the file; at the end a note if some were too many to keep.
    pub(in crate::domain) fn into_sorted(mut self) -> Vec<Finding> {
        self.list.sort_by_key(|finding| (finding.line, finding.column));
        let left_out = self.counts.iter().sum::<usize>() - self.list.len();
        if let (Some(last), true) = (self.list.last(), left_out > 0) {
            let message = format!("{left_out} more problems are not listed. Correct these first.");
            let (line, column) = (last.line, last.column);
            self.list.push(Finding { severity: Severity::Note, code: "more_problems", path: String::new(), line, column, message });
        }
        self.list
    }
}

/// A value as sentences show it: in quotes, on one line, cut after 40 characters.
pub(in crate::domain) fn quoted(text: &str) -> String {
    format!("\"{}\"", shortened(text))
}

/// Text on one line without control characters, cut after 40 characters.
pub(in crate::domain) fn shortened(text: &str) -> String {
    let mut shown: String = text.chars().take(40).map(|c| if c.is_control() { '\u{fffd}' } else { c }).collect();
    if text.chars().nth(40).is_some() {
        shown.push('…');
    }
    shown
}
