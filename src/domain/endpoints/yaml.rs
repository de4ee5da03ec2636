//! Text to tree: drives the YAML event parser within limits, resolves anchors and merge keys, and reports what is
//! wrong as YAML (syntax, duplicate keys, unknown aliases, several documents). Knows nothing of endpoints.

mod budget;
mod builder;
mod merge;

use std::rc::Rc;

use serde_saphyr::granit_parser::{Event, Marker, Options, Parser, Span, options};

use super::{
    finding::Findings,
    node::{Node, Position, Scalar, Value},
    syntax,
};
use builder::Builder;

/// A file has at most this many bytes, also with its aliases written out.
pub const MAX_BYTES: usize = 1024 * 1024;
/// Lists and mappings are nested at most this deep.
pub const MAX_DEPTH: usize = 64;
/// A file has at most this many keys, values, lists and mappings with its aliases written out.
pub const MAX_NODES: usize = 10_000;

/// How much of a document is read.
#[derive(Clone, Copy, Debug)]
pub(in crate::domain) struct Limits {
    /// Bytes, also with aliases written out.
    pub(in crate::domain) bytes: usize,
    pub(in crate::domain) depth: usize,
    /// Keys, values, lists and mappings with aliases written out.
    pub(in crate::domain) nodes: usize,
}

impl Limits {
    /// Of a file of endpoints.
    pub(in crate::domain) const ENDPOINTS: Self = Self { bytes: MAX_BYTES, depth: MAX_DEPTH, nodes: MAX_NODES };
}

/// Reads the first document of a text. `None` if there is no tree to check; why is among the findings.
pub(in crate::domain) fn parse(text: &str, limits: &Limits, findings: &mut Findings) -> Option<Rc<Node>> {
    if !is_allowed(text, limits, findings) {
        return None;
    }
    let mut builder = Builder::new(*limits);
    let mut documents = 0;
    for event in Parser::new_from_str_with_options(text, parser_options(limits.depth)) {
        let (event, span) = match event {
            Ok(found) => found,
            Err(error) => {
                let (code, message) = syntax::explain(error.kind(), limits.depth);
                let found = position(*error.marker());
                let position = if code == syntax::TAB { tab_before(text, found) } else { found };
                findings.last_error(code, position, message);
                return None;
            }
        };
        if matches!(event, Event::DocumentStart(..)) {
            documents += 1;
            if documents == 2 {
                let message =
                    "A second YAML document starts here. A file is one document: remove this line and what follows, or the first.";
                findings.last_error("several_documents", start(&span), message);
                break;
            }
        }
        if let Err(stop) = builder.take(event, start(&span), findings) {
            findings.last_error(stop.code, start(&span), stop.message);
            return None;
        }
    }
    Some(builder.finish().unwrap_or_else(empty))
}

pub(super) fn parser_options(depth: usize) -> Options {
    options! {
        emit_comments: false,
        emit_unresolved_aliases: true,
        flow_nesting_limit: depth,
        block_nesting_limit: depth,
    }
}

/// Looks at the text before the parser does: its size, and characters that YAML does not know. (The parser takes a NUL
/// for the end of the text and would pass over what follows.)
fn is_allowed(text: &str, limits: &Limits, findings: &mut Findings) -> bool {
    if text.len() > limits.bytes {
        let (bytes, mebibytes) = (limits.bytes, limits.bytes / 1024 / 1024);
        let message = format!("The file has {} bytes; at most {bytes} ({mebibytes} MiB) are read.", text.len());
        findings.last_error("file_too_large", Position::START, message);
        return false;
    }
    let is_foreign = |b: u8| b.is_ascii_control() && !matches!(b, b'\t' | b'\n' | b'\r');
    let Some(index) = text.bytes().position(is_foreign) else { return true };
    let before = &text[..index];
    let line_start = before.rfind(['\n', '\r']).map_or(0, |i| i + 1);
    let line = 1 + before.replace("\r\n", "\n").matches(['\n', '\r']).count();
    let column = 1 + before[line_start..].chars().count();
    let message = "A control character stands here. YAML allows text, spaces and line breaks: remove it.";
    findings.last_error("yaml_control_character", Position { line, column }, message);
    false
}

/// The parser notices some tabs after it has passed them: points at the last one up to there.
fn tab_before(text: &str, found: Position) -> Position {
    let line = text.lines().nth(found.line - 1).unwrap_or_default();
    let tab = line.chars().take(found.column).collect::<Vec<_>>().into_iter().rposition(|c| c == '\t');
    tab.map_or(found, |index| Position { line: found.line, column: index + 1 })
}

fn empty() -> Rc<Node> {
    Rc::new(Node { value: Value::Scalar(Scalar { text: String::new(), is_plain: true }), position: Position::START })
}

fn start(span: &Span) -> Position {
    position(span.start)
}

/// The parser counts lines from 1 and columns from 0.
fn position(marker: Marker) -> Position {
    Position { line: marker.line().max(1), column: marker.col() + 1 }
}
