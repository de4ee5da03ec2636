//! Format A or B as a new file of format C. What stands above an endpoint moves with it.

use std::{fmt::Write as _, ops::Range};

use serde_saphyr::granit_parser::{Event, Parser};

use super::{
    super::{
        Format,
        finding::Findings,
        node::{Kind, Node, Value},
        write, yaml,
    },
    block_list,
    layout::Piece,
    lines, readable, render, verified,
};

/// A file of format A or B as one of format C.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Conversion {
    pub text: String,
    /// Comments that have no place in it: line and words.
    pub dropped: Vec<(usize, String)>,
}

/// A comment: its words without `#`, its line, and where it stands.
struct Comment {
    words: String,
    line: usize,
    at: usize,
}

/// The file as `component.yaml`; a sentence where it has errors or is one already.
pub fn convert(text: &str) -> Result<Conversion, String> {
    let (format, endpoints) = readable(text)?;
    if format == Format::Component {
        return Err("The file is a component.yaml already.".into());
    }
    let places = places(text, format);
    let mut comments = comments(text);
    let mut new = String::from("schemaVersion: 1.2\nendpoints:\n");
    for (endpoint, place) in endpoints.iter().zip(&places) {
        let (above, rest): (Vec<_>, Vec<_>) = comments.into_iter().partition(|comment| place.contains(&comment.at));
        comments = rest;
        // Writing to a String never fails.
        above.iter().for_each(|comment| drop(writeln!(new, "  #{}", comment.words)));
        render::entry(Format::Component, endpoint).iter().for_each(|line| drop(writeln!(new, "  {line}")));
    }
    if let Some(references) = references(text) {
        new.push_str("dependencies:\n  serviceReferences:\n");
        block(&references, 4, &mut new);
    }
    let dropped = comments.into_iter().map(|comment| (comment.line, comment.words.trim().to_owned())).collect();
    Ok(Conversion { text: verified(new, Format::Component, &endpoints)?, dropped })
}

/// For each endpoint, where comments above it stand: from the line after the entry before, or after the key of the list, to
/// its dash. Empty where the layout does not say.
fn places(text: &str, format: Format) -> Vec<Range<usize>> {
    let Ok(list) = block_list(text, format) else { return Vec::new() };
    let items = list.items().unwrap_or_default();
    let mut from = items.first().map_or(0, |first| key_line_end(text, first));
    let mut places = Vec::new();
    for item in items {
        let dash = lines::dash_before(text, item.bytes.start).unwrap_or(item.bytes.start);
        places.push(from..dash.max(from));
        from = lines::end(text, item.bytes.end);
    }
    places
}

/// The end of the line of the list's key: the last one above its first entry that is no comment and not blank.
fn key_line_end(text: &str, first: &Piece) -> usize {
    let dash = lines::dash_before(text, first.bytes.start).unwrap_or(first.bytes.start);
    let mut at = lines::start(text, dash);
    while at > 0 {
        let line = lines::start(text, at - 1);
        let words = text[line..at].trim();
        if !words.is_empty() && !words.starts_with('#') {
            break;
        }
        at = line;
    }
    at
}

fn comments(text: &str) -> Vec<Comment> {
    let mut options = yaml::parser_options(yaml::MAX_DEPTH);
    options.emit_comments = true;
    let events = Parser::new_from_str_with_options(text, options).map_while(Result::ok);
    let comment = |(event, span): (Event<'_>, serde_saphyr::granit_parser::Span)| match event {
        Event::Comment(words, _) => {
            Some(Comment { words: words.trim_end().to_owned(), line: span.start.line(), at: span.byte_range()?.start })
        }
        _ => None,
    };
    events.filter_map(comment).collect()
}

/// `spec.outbound.serviceReferences` of format B.
fn references(text: &str) -> Option<std::rc::Rc<Node>> {
    let tree = yaml::parse(text, &yaml::Limits::ENDPOINTS, &mut Findings::default())?;
    let references = child(child(child(&tree, "spec")?, "outbound")?, "serviceReferences")?;
    matches!(&references.value, Value::Sequence(items) if !items.is_empty()).then(|| std::rc::Rc::clone(references))
}

fn child<'a>(node: &'a Node, key: &str) -> Option<&'a std::rc::Rc<Node>> {
    match &node.value {
        Value::Mapping(entries) => entries.iter().find(|entry| entry.key == key).map(|entry| &entry.value),
        _ => None,
    }
}

/// Writes a list or a mapping in lines with an indentation.
fn block(node: &Node, indentation: usize, text: &mut String) {
    let blank = " ".repeat(indentation);
    match &node.value {
        Value::Sequence(items) => {
            for item in items {
                let mut lines = String::new();
                block(item, indentation + 2, &mut lines);
                // The first line of the item begins with the dash.
                let _ = write!(text, "{blank}- {}", lines.trim_start());
            }
        }
        Value::Mapping(entries) => {
            for entry in entries {
                let key = write::scalar(&entry.key);
                let is_collection = match &entry.value.value {
                    Value::Sequence(items) => !items.is_empty(),
                    Value::Mapping(entries) => !entries.is_empty(),
                    Value::Scalar(_) | Value::Broken => false,
                };
                if is_collection {
                    let _ = writeln!(text, "{blank}{key}:");
                    block(&entry.value, indentation + 2, text);
                } else {
                    let _ = writeln!(text, "{blank}{key}: {}", inline(&entry.value));
                }
            }
        }
        Value::Scalar(_) | Value::Broken => {
            let _ = writeln!(text, "{blank}{}", inline(node));
        }
    }
}

/// A scalar or an empty collection.
fn inline(node: &Node) -> String {
    match &node.value {
        Value::Scalar(scalar) if scalar.kind() == Kind::Text => write::scalar(&scalar.text),
        Value::Scalar(scalar) => scalar.text.clone(),
        Value::Sequence(_) => "[]".into(),
        Value::Mapping(_) => "{}".into(),
        Value::Broken => String::new(),
    }
}
