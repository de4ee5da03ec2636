//! Builds the tree from the parser's events, without recursion, and counts what it costs with aliases written out.

use std::{collections::HashMap, fmt::Write as _, rc::Rc};

use serde_saphyr::granit_parser::{Event, ScalarStyle, Tag};

use super::{
    super::{
        finding::{Findings, Place, quoted, shortened},
        node::{Entry, Node, Position, Scalar, Value},
    },
    Limits,
    budget::{Cost, Stop},
    merge,
};

/// The tree so far.
pub(super) struct Builder {
    limits: Limits,
    open: Vec<Frame>,
    /// Complete nodes by the parser's number of their anchor.
    anchors: HashMap<usize, Anchored>,
    root: Option<Rc<Node>>,
    cost: Cost,
}

/// A list or mapping whose end has not come yet.
struct Frame {
    content: Content,
    position: Position,
    anchor: usize,
    /// What the document cost before it.
    cost_before: Cost,
    /// Levels below it.
    height: usize,
}

enum Content {
    Sequence(Vec<Rc<Node>>),
    /// Its entries, where each key stands in them, and the key that waits for its value.
    Mapping {
        entries: Vec<Entry>,
        index: HashMap<String, usize>,
        key: Option<Key>,
    },
}

/// A key that waits for its value; without text if it can't be used.
struct Key {
    text: Option<String>,
    position: Position,
}

/// What an anchor stands for, and what one more copy of it costs.
struct Anchored {
    node: Rc<Node>,
    cost: Cost,
    height: usize,
}

impl Builder {
    pub(super) fn new(limits: Limits) -> Self {
        Self { limits, open: Vec::new(), anchors: HashMap::new(), root: None, cost: Cost::default() }
    }

    /// Takes the next event of the first document.
    pub(super) fn take(&mut self, event: Event<'_>, position: Position, findings: &mut Findings) -> Result<(), Stop> {
        match event {
            Event::Scalar(text, style, anchor, tag) => {
                let cost = Cost { nodes: 1, bytes: text.len() };
                self.cost.add(cost, &self.limits)?;
                self.warn_of_tag(tag.as_deref(), position, findings);
                let is_plain = is_plain(style, tag.as_deref());
                let value = Value::Scalar(Scalar { text: text.into_owned(), is_plain });
                self.complete(Rc::new(Node { value, position }), anchor, cost, 0, findings);
            }
            Event::SequenceStart(_, anchor, tag) => {
                self.warn_of_tag(tag.as_deref(), position, findings);
                self.start(Content::Sequence(Vec::new()), position, anchor)?;
            }
            Event::MappingStart(_, anchor, tag) => {
                self.warn_of_tag(tag.as_deref(), position, findings);
                self.start(Content::Mapping { entries: Vec::new(), index: HashMap::new(), key: None }, position, anchor)?;
            }
            Event::SequenceEnd | Event::MappingEnd => self.end(findings),
            Event::Alias(anchor) => self.alias(anchor, position, findings)?,
            Event::UnresolvedAlias(name) => {
                let message =
                    format!("There is no anchor &{} above. Define it before its first use, or write the value here.", shortened(&name));
                findings.error("alias_unknown", &self.place(None, position), message);
                self.put(broken(position), 0, findings);
            }
            _ => {}
        }
        Ok(())
    }

    /// The root of the document, if it had one.
    pub(super) fn finish(self) -> Option<Rc<Node>> {
        self.root
    }

    fn start(&mut self, content: Content, position: Position, anchor: usize) -> Result<(), Stop> {
        if self.open.len() >= self.limits.depth {
            return Err(Stop::too_deep(self.limits.depth));
        }
        let cost_before = self.cost;
        self.cost.add(Cost { nodes: 1, bytes: 0 }, &self.limits)?;
        self.open.push(Frame { content, position, anchor, cost_before, height: 1 });
        Ok(())
    }

    fn end(&mut self, findings: &mut Findings) {
        let Some(frame) = self.open.pop() else { return };
        let value = match frame.content {
            Content::Sequence(items) => Value::Sequence(items),
            Content::Mapping { entries, .. } => Value::Mapping(merge::merge(entries, &|| self.place(None, frame.position), findings)),
        };
        let node = Rc::new(Node { value, position: frame.position });
        self.complete(node, frame.anchor, self.cost.since(frame.cost_before), frame.height, findings);
    }

    /// Notes what an anchor stands for, then puts the node where it belongs.
    fn complete(&mut self, node: Rc<Node>, anchor: usize, cost: Cost, height: usize, findings: &mut Findings) {
        if anchor != 0 {
            self.anchors.insert(anchor, Anchored { node: Rc::clone(&node), cost, height });
        }
        self.put(node, height, findings);
    }

    fn alias(&mut self, anchor: usize, position: Position, findings: &mut Findings) -> Result<(), Stop> {
        let Some(target) = self.anchors.get(&anchor) else {
            // The parser knows the anchor and its node is not complete: the alias stands inside what it names.
            let message = "This alias stands inside the value that it names and would never end. Write the value here.";
            findings.error("alias_recursive", &self.place(None, position), message);
            self.put(broken(position), 0, findings);
            return Ok(());
        };
        let (node, cost, height) = (Rc::clone(&target.node), target.cost, target.height);
        if self.open.len() + height > self.limits.depth {
            return Err(Stop::too_deep(self.limits.depth));
        }
        self.cost.add(cost, &self.limits)?;
        self.put(node, height, findings);
        Ok(())
    }

    /// Puts a node into the innermost open list or mapping: as item, as key or as value of the waiting key.
    fn put(&mut self, node: Rc<Node>, height: usize, findings: &mut Findings) {
        let Some(frame) = self.open.last_mut() else {
            self.root.get_or_insert(node);
            return;
        };
        frame.height = frame.height.max(height + 1);
        match &mut frame.content {
            Content::Sequence(items) => items.push(node),
            Content::Mapping { key: waiting @ None, .. } => *waiting = Some(key_of(&node)),
            Content::Mapping { entries, index, key } => {
                let Some(Key { text, position }) = key.take() else { return };
                let Some(text) = text else {
                    let message = "A list or a mapping can't be a key here. Write a word as the key.";
                    findings.error("key_not_text", &self.place(None, position), message);
                    return;
                };
                if let Some(&first) = index.get(&text) {
                    let line = entries[first].position.line;
                    let message = format!("The key {} stands here a second time; the first is in line {line}. Remove one.", quoted(&text));
                    findings.error("duplicate_key", &self.place(Some(&text), position), message);
                    return;
                }
                index.insert(text.clone(), entries.len());
                entries.push(Entry { key: text, position, value: if node.is_null() { nothing(position) } else { node } });
            }
        }
    }

    fn warn_of_tag(&self, tag: Option<&Tag>, position: Position, findings: &mut Findings) {
        let Some(tag) = tag.filter(|tag| tag.is_custom() && tag.original() != "!") else { return };
        let message = format!("The tag {} is not known and is ignored.", shortened(&tag.original()));
        findings.warning("tag_ignored", &self.place(None, position), message);
    }

    fn place(&self, key: Option<&str>, position: Position) -> Place {
        Place { path: path_of(&self.open, key), position }
    }
}

/// The path of what comes next in the innermost frame, or of its key `key`.
fn path_of(open: &[Frame], key: Option<&str>) -> String {
    let mut path = String::new();
    let innermost = open.len().saturating_sub(1);
    for (depth, frame) in open.iter().enumerate() {
        match &frame.content {
            Content::Sequence(items) => {
                // Writing to a String never fails.
                let _ = write!(path, "[{}]", items.len());
            }
            Content::Mapping { key: waiting, .. } => {
                let waiting = waiting.as_ref().and_then(|key| key.text.as_deref());
                let Some(part) = key.filter(|_| depth == innermost).or(waiting) else { continue };
                if !path.is_empty() {
                    path.push('.');
                }
                path.push_str(&shortened(part));
            }
        }
    }
    path
}

fn key_of(node: &Node) -> Key {
    let text = match &node.value {
        Value::Scalar(scalar) => Some(scalar.text.clone()),
        _ => None,
    };
    Key { text, position: node.position }
}

/// A quoted scalar is text, and so is one tagged so; `!!int "80"` is a number again.
fn is_plain(style: ScalarStyle, tag: Option<&Tag>) -> bool {
    match tag {
        Some(tag) if tag.is_yaml_core_schema_tag("str") || tag.original() == "!" => false,
        Some(tag) if tag.is_yaml_core_schema() => true,
        _ => style == ScalarStyle::Plain,
    }
}

fn broken(position: Position) -> Rc<Node> {
    Rc::new(Node { value: Value::Broken, position })
}

/// An empty value stands where its key does: where the parser sees it is often a line below.
fn nothing(key: Position) -> Rc<Node> {
    Rc::new(Node { value: Value::Scalar(Scalar { text: String::new(), is_plain: true }), position: key })
}
