//! The document as a tree in which every key and value knows its line and column. Knows YAML's core schema (what is a
//! number, what is text) and nothing of endpoints.

use std::rc::Rc;

/// A place in the text, from 1, in characters.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::domain) struct Position {
    pub(in crate::domain) line: usize,
    pub(in crate::domain) column: usize,
}

impl Position {
    pub(in crate::domain) const START: Self = Self { line: 1, column: 1 };
}

/// A value and where it stands. What an alias stands for is shared, not copied.
#[derive(Debug)]
pub(in crate::domain) struct Node {
    pub(in crate::domain) value: Value,
    pub(in crate::domain) position: Position,
}

#[derive(Debug)]
pub(in crate::domain) enum Value {
    Scalar(Scalar),
    Sequence(Vec<Rc<Node>>),
    Mapping(Vec<Entry>),
    /// What stood here was reported already: later checks pass over it.
    Broken,
}

/// A key of a mapping and its value. Keys are unique in their mapping.
#[derive(Clone, Debug)]
pub(in crate::domain) struct Entry {
    pub(in crate::domain) key: String,
    pub(in crate::domain) position: Position,
    pub(in crate::domain) value: Rc<Node>,
}

#[derive(Debug)]
pub(in crate::domain) struct Scalar {
    pub(in crate::domain) text: String,
    /// Written without quotes and so perhaps a number, a boolean or nothing.
    pub(in crate::domain) is_plain: bool,
}

/// What a scalar is in YAML 1.2's core schema (section 10.3.2).
#[derive(Clone, Copy, Debug, PartialEq)]
pub(in crate::domain) enum Kind {
    Null,
    Boolean,
    /// `None` if it does not fit.
    Integer(Option<i64>),
    Float(f64),
    Text,
}

impl Scalar {
    pub(in crate::domain) fn kind(&self) -> Kind {
        if !self.is_plain {
            return Kind::Text;
        }
        match self.text.as_str() {
            "" | "~" | "null" | "Null" | "NULL" => Kind::Null,
            "true" | "True" | "TRUE" | "false" | "False" | "FALSE" => Kind::Boolean,
            text => number(text),
        }
    }
}

impl Node {
    pub(in crate::domain) fn is_null(&self) -> bool {
        matches!(&self.value, Value::Scalar(scalar) if scalar.kind() == Kind::Null)
    }

    /// What the value is, for sentences: "it is a list".
    pub(in crate::domain) fn describe(&self) -> &'static str {
        match &self.value {
            Value::Scalar(scalar) => match scalar.kind() {
                Kind::Null => "empty",
                Kind::Boolean => "true or false",
                Kind::Integer(_) | Kind::Float(_) => "a number",
                Kind::Text => "text",
            },
            Value::Sequence(_) => "a list",
            Value::Mapping(_) => "a mapping",
            Value::Broken => "unknown",
        }
    }
}

fn number(text: &str) -> Kind {
    if let Some(digits) = text.strip_prefix("0o") {
        return radix(digits, 8);
    }
    if let Some(digits) = text.strip_prefix("0x") {
        return radix(digits, 16);
    }
    let unsigned = text.strip_prefix(['-', '+']).unwrap_or(text);
    if !unsigned.is_empty() && unsigned.bytes().all(|b| b.is_ascii_digit()) {
        return Kind::Integer(text.parse().ok());
    }
    match unsigned {
        ".inf" | ".Inf" | ".INF" => return Kind::Float(f64::INFINITY),
        ".nan" | ".NaN" | ".NAN" => return Kind::Float(f64::NAN),
        _ => {}
    }
    // Rust reads more than YAML does ("inf", "nan", "infinity"): only digits, dot, sign and exponent count as a number.
    let is_numeric = unsigned.starts_with(|c: char| c.is_ascii_digit() || c == '.') && unsigned.contains(|c: char| c.is_ascii_digit());
    if is_numeric { text.parse().map_or(Kind::Text, Kind::Float) } else { Kind::Text }
}

fn radix(digits: &str, radix: u32) -> Kind {
    if digits.is_empty() || !digits.chars().all(|c| c.is_digit(radix)) {
        return Kind::Text;
    }
    Kind::Integer(i64::from_str_radix(digits, radix).ok())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn kind(text: &str) -> Kind {
        Scalar { text: text.into(), is_plain: true }.kind()
    }

    #[test]
    fn plain_scalars_follow_the_core_schema() {
        assert_eq!(kind("8080"), Kind::Integer(Some(8080)));
        assert_eq!(kind("-1"), Kind::Integer(Some(-1)));
        assert_eq!(kind("0x1F"), Kind::Integer(Some(31)));
        assert_eq!(kind("0o17"), Kind::Integer(Some(15)));
        assert_eq!(kind("99999999999999999999"), Kind::Integer(None));
        assert_eq!(kind("0.1"), Kind::Float(0.1));
        assert_eq!(kind("1e3"), Kind::Float(1000.0));
        assert_eq!(kind(".5"), Kind::Float(0.5));
        for text in ["inf", "nan", "0x", "0xZZ", "1.2.3", ".", "-", "e5", "8080/tcp", "yes"] {
            assert_eq!(kind(text), Kind::Text, "{text}");
        }
        assert_eq!(kind("~"), Kind::Null);
        assert_eq!(kind("True"), Kind::Boolean);
    }

    #[test]
    fn quotes_make_text() {
        assert_eq!(Scalar { text: "8080".into(), is_plain: false }.kind(), Kind::Text);
    }
}
