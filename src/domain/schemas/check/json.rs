//! JSON as the tree that YAML gives too. An own reader, as serde_json forgets where values stood, and YAML has no pairs of
//! surrogates (`\ud83d\ude00`), which JSON writers use.

use std::{collections::HashSet, rc::Rc};

use super::document::LIMITS;
use crate::domain::endpoints::{
    finding::{Findings, Place, quoted},
    node::{Entry, Node, Position, Scalar, Value},
};

/// The tree of a text; `None` with an error where it is no JSON.
pub(super) fn parse(text: &str, findings: &mut Findings) -> Option<Rc<Node>> {
    let mut reader = Reader { text, at: 0, line: 1, line_start: 0, nodes: 0, findings };
    let tree = reader.value(0).and_then(|tree| {
        reader.skip_blanks();
        if reader.peek().is_some() { Err("Something stands behind the end of the document. Remove it.".to_owned()) } else { Ok(tree) }
    });
    match tree {
        Ok(tree) => Some(tree),
        Err(message) => {
            let position = reader.position();
            reader.findings.last_error("json_syntax", position, message);
            None
        }
    }
}

struct Reader<'a, 'f> {
    text: &'a str,
    /// In bytes, as is the start of the line.
    at: usize,
    line: usize,
    line_start: usize,
    nodes: usize,
    findings: &'f mut Findings,
}

impl Reader<'_, '_> {
    fn value(&mut self, depth: usize) -> Result<Rc<Node>, String> {
        self.skip_blanks();
        self.nodes += 1;
        if depth > LIMITS.depth {
            return Err(format!("The file is nested more than {} levels deep. Nest it less.", LIMITS.depth));
        }
        if self.nodes > LIMITS.nodes {
            return Err(format!("The file has more than {} keys and values. Split it.", LIMITS.nodes));
        }
        let position = self.position();
        let value = match self.peek() {
            Some(b'{') => self.object(depth)?,
            Some(b'[') => self.array(depth)?,
            Some(b'"') => Value::Scalar(Scalar { text: self.string()?, is_plain: false }),
            Some(_) => Value::Scalar(Scalar { text: self.word()?, is_plain: true }),
            None => return Err("The file ends too early: a value is missing.".into()),
        };
        Ok(Rc::new(Node { value, position }))
    }

    fn object(&mut self, depth: usize) -> Result<Value, String> {
        self.at += 1;
        let (mut entries, mut known) = (Vec::new(), HashSet::new());
        self.skip_blanks();
        if self.take(b'}') {
            return Ok(Value::Mapping(entries));
        }
        loop {
            self.skip_blanks();
            let position = self.position();
            if self.peek() != Some(b'"') {
                return Err("A key in double quotes is expected here.".into());
            }
            let key = self.string()?;
            self.skip_blanks();
            if !self.take(b':') {
                return Err("A colon is expected between key and value.".into());
            }
            self.nodes += 1;
            let value = self.value(depth + 1)?;
            if known.insert(key.clone()) {
                entries.push(Entry { key, position, value });
            } else {
                let place = Place { path: String::new(), position };
                self.findings.error("duplicate_key", &place, format!("The key {} stands here a second time. Remove one.", quoted(&key)));
            }
            self.skip_blanks();
            if self.take(b'}') {
                return Ok(Value::Mapping(entries));
            }
            if !self.take(b',') {
                return Err("A comma or the closing } is expected here.".into());
            }
        }
    }

    fn array(&mut self, depth: usize) -> Result<Value, String> {
        self.at += 1;
        let mut items = Vec::new();
        self.skip_blanks();
        if self.take(b']') {
            return Ok(Value::Sequence(items));
        }
        loop {
            items.push(self.value(depth + 1)?);
            self.skip_blanks();
            if self.take(b']') {
                return Ok(Value::Sequence(items));
            }
            if !self.take(b',') {
                return Err("A comma or the closing ] is expected here.".into());
            }
        }
    }

    /// A string from its opening quote on; serde_json knows its escapes.
    fn string(&mut self) -> Result<String, String> {
        let rest = &self.text.as_bytes()[self.at..];
        let mut end = 1;
        loop {
            match rest.get(end) {
                Some(b'\\') => end += 2,
                Some(b'"') => break,
                Some(b'\n') | None => return Err("A quotation mark is never closed.".into()),
                Some(_) => end += 1,
            }
        }
        let string =
            serde_json::from_slice(&rest[..=end]).map_err(|_| "This text has an escape or a character that JSON does not know.")?;
        self.at += end + 1;
        Ok(string)
    }

    /// A number, `true`, `false` or `null`.
    fn word(&mut self) -> Result<String, String> {
        let rest = &self.text[self.at..];
        let end = rest.find(|c: char| !(c.is_ascii_alphanumeric() || matches!(c, '+' | '-' | '.'))).unwrap_or(rest.len());
        let word = &rest[..end];
        if serde_json::from_str::<serde_json::Value>(word).is_err() {
            return Err("A value is expected here: text in double quotes, a number, true, false, null, a list or an object.".into());
        }
        self.at += end;
        Ok(word.to_owned())
    }

    fn peek(&self) -> Option<u8> {
        self.text.as_bytes().get(self.at).copied()
    }

    fn take(&mut self, byte: u8) -> bool {
        let is_next = self.peek() == Some(byte);
        self.at += usize::from(is_next);
        is_next
    }

    fn skip_blanks(&mut self) {
        while let Some(blank) = self.peek().filter(|b| matches!(b, b' ' | b'\t' | b'\r' | b'\n')) {
            self.at += 1;
            if blank == b'\n' {
                (self.line, self.line_start) = (self.line + 1, self.at);
            }
        }
    }

    /// Counted anew only on long lines' first 10,000 bytes: a file on one line has no columns worth that time.
    fn position(&self) -> Position {
        let before = &self.text.as_bytes()[self.line_start..self.at];
        let column = if before.len() > 10_000 { before.len() } else { before.iter().filter(|b| !matches!(b, 0x80..=0xbf)).count() };
        Position { line: self.line, column: column + 1 }
    }
}
