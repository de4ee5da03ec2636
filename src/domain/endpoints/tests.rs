//! Good and bad files of all three formats, hostile files, and the properties that hold for any text.

mod bad;
mod good;
mod hostile;
mod properties;

use super::{Reading, read};

/// The findings as the command line prints them, one a line.
fn findings(text: &str) -> String {
    listed(&read(text))
}

fn listed(reading: &Reading) -> String {
    let line = |p: &super::Finding| format!("{}:{} {} {} [{}] {}", p.line, p.column, p.severity.as_str(), p.code, p.path, p.message);
    reading.problems.iter().map(line).collect::<Vec<_>>().join("\n")
}

/// The codes of the findings with their places.
fn codes(text: &str) -> Vec<String> {
    read(text).problems.iter().map(|p| format!("{}:{} {}", p.line, p.column, p.code)).collect()
}
