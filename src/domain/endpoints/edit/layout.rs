//! Where everything of a text stands: its lists, mappings and scalars with their bytes. Says nothing of what they mean.

use std::ops::Range;

use serde_saphyr::granit_parser::{Event, Parser, ScalarStyle, Span, StructureStyle};

use super::super::yaml;

/// A piece of the document.
#[derive(Clone, Debug)]
pub(super) struct Piece {
    pub(super) shape: Shape,
    /// From its first byte to the end of its last scalar; where it is a collection in brackets, to the closing one.
    pub(super) bytes: Range<usize>,
    /// It has an anchor or a tag, or is an alias.
    pub(super) is_marked: bool,
}

#[derive(Clone, Debug)]
pub(super) enum Shape {
    Scalar { text: String, style: ScalarStyle },
    List { items: Vec<Piece>, is_block: bool },
    Mapping { entries: Vec<(Piece, Piece)>, is_block: bool },
}

impl Piece {
    /// Key and value of an entry of a mapping.
    pub(super) fn entry(&self, key: &str) -> Option<(&Self, &Self)> {
        let Shape::Mapping { entries, .. } = &self.shape else { return None };
        entries.iter().find(|(name, _)| name.text() == Some(key)).map(|(name, value)| (name, value))
    }

    pub(super) fn value(&self, key: &str) -> Option<&Self> {
        self.entry(key).map(|(_, value)| value)
    }

    pub(super) fn items(&self) -> Option<&[Self]> {
        match &self.shape {
            Shape::List { items, .. } => Some(items),
            _ => None,
        }
    }

    pub(super) fn text(&self) -> Option<&str> {
        match &self.shape {
            Shape::Scalar { text, .. } => Some(text),
            _ => None,
        }
    }

    pub(super) const fn is_block(&self) -> bool {
        matches!(self.shape, Shape::List { is_block: true, .. } | Shape::Mapping { is_block: true, .. })
    }

    /// Nothing is written where the value would be.
    pub(super) fn is_empty(&self) -> bool {
        self.bytes.is_empty()
    }

    /// Whether it, or anything in it, has an anchor or a tag, or is an alias.
    pub(super) fn has_marks(&self) -> bool {
        self.is_marked
            || match &self.shape {
                Shape::Scalar { .. } => false,
                Shape::List { items, .. } => items.iter().any(Self::has_marks),
                Shape::Mapping { entries, .. } => entries.iter().any(|(key, value)| key.has_marks() || value.has_marks()),
            }
    }
}

/// A collection whose end has not come yet.
struct Open {
    is_list: bool,
    is_block: bool,
    start: usize,
    is_marked: bool,
    children: Vec<Piece>,
}

/// The layout of the first document; `None` where it does not parse or has nothing.
pub(super) fn of(text: &str) -> Option<Piece> {
    let mut open: Vec<Open> = Vec::new();
    for event in Parser::new_from_str_with_options(text, yaml::parser_options(yaml::MAX_DEPTH)) {
        let (event, span) = event.ok()?;
        let bytes = byte_range(&span)?;
        let done = match event {
            Event::Scalar(text, style, anchor, tag) => {
                let bytes = if text.is_empty() && style == ScalarStyle::Plain { bytes.start..bytes.start } else { bytes };
                Some(Piece { shape: Shape::Scalar { text: text.into_owned(), style }, bytes, is_marked: anchor != 0 || tag.is_some() })
            }
            Event::Alias(_) | Event::UnresolvedAlias(_) => {
                let shape = Shape::Scalar { text: String::new(), style: ScalarStyle::Plain };
                Some(Piece { shape, bytes, is_marked: true })
            }
            Event::SequenceStart(style, anchor, tag) => {
                open.push(Open::new(true, style, bytes.start, anchor != 0 || tag.is_some()));
                None
            }
            Event::MappingStart(style, anchor, tag) => {
                open.push(Open::new(false, style, bytes.start, anchor != 0 || tag.is_some()));
                None
            }
            Event::SequenceEnd | Event::MappingEnd => Some(open.pop()?.close(bytes.end)),
            Event::DocumentEnd => return None,
            _ => None,
        };
        let Some(piece) = done else { continue };
        match open.last_mut() {
            Some(parent) => parent.children.push(piece),
            None => return Some(piece),
        }
    }
    None
}

impl Open {
    fn new(is_list: bool, style: StructureStyle, start: usize, is_marked: bool) -> Self {
        Self { is_list, is_block: style == StructureStyle::Block, start, is_marked, children: Vec::new() }
    }

    /// The parser sees the end of a block where the next thing begins: it ends with what is in it.
    fn close(self, end: usize) -> Piece {
        let last = self.children.iter().map(|child| child.bytes.end).max().unwrap_or(self.start);
        let bytes = self.start..if self.is_block { last } else { end };
        let is_block = self.is_block;
        let shape = if self.is_list {
            Shape::List { items: self.children, is_block }
        } else {
            let mut entries = Vec::new();
            let mut children = self.children.into_iter();
            while let (Some(key), Some(value)) = (children.next(), children.next()) {
                // An empty value is seen where the next key begins: it stands behind its own.
                let value = if value.is_empty() { Piece { bytes: key.bytes.end..key.bytes.end, ..value } } else { value };
                entries.push((key, value));
            }
            Shape::Mapping { entries, is_block }
        };
        Piece { shape, bytes, is_marked: self.is_marked }
    }
}

fn byte_range(span: &Span) -> Option<Range<usize>> {
    span.byte_range()
}
