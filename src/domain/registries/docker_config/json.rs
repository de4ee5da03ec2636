//! JSON in which no object has a key twice: readers differ in which of the two counts, so neither may.
//! Its messages have lines and columns, and nothing of what was pasted.

use std::fmt;

use serde::{
    Deserialize, Deserializer,
    de::{Error as _, MapAccess, SeqAccess, Visitor},
};
use serde_json::{Map, Value, error::Category};

use super::problem;
use crate::domain::problem::Problem;

/// Reads one JSON value.
pub(super) fn read(text: &str) -> Result<Value, Problem> {
    serde_json::from_str::<Unique>(text).map(|unique| unique.0).map_err(|error| refusal(text, &error))
}

fn refusal(text: &str, error: &serde_json::Error) -> Problem {
    let place = format!("line {}, column {}", error.line(), error.column());
    match error.classify() {
        Category::Data => problem(
            "duplicate_key",
            format!("A key stands twice in one object; the second ends before {place}. Delete the one that is wrong."),
        ),
        Category::Eof => problem("not_json", format!("The JSON breaks off at {place}. Paste the whole file, up to the last brace.")),
        _ if !text.starts_with('{') => problem(
            "not_json",
            "This is not JSON. Paste the content of ~/.docker/config.json: {\"auths\": {\"ghcr.io\": {\"auth\": \"...\"}}}.",
        ),
        _ => problem("not_json", format!("The JSON has a mistake at {place}. Paste the file as docker login wrote it.")),
    }
}

struct Unique(Value);

impl<'de> Deserialize<'de> for Unique {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(AnyValue).map(Self)
    }
}

struct AnyValue;

impl<'de> Visitor<'de> for AnyValue {
    type Value = Value;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("any JSON value")
    }

    fn visit_unit<E>(self) -> Result<Value, E> {
        Ok(Value::Null)
    }

    fn visit_bool<E>(self, value: bool) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_i64<E>(self, value: i64) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_u64<E>(self, value: u64) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_f64<E>(self, value: f64) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_str<E>(self, value: &str) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<Value, A::Error> {
        let mut list = Vec::new();
        while let Some(Unique(item)) = items.next_element()? {
            list.push(item);
        }
        Ok(Value::Array(list))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut entries: A) -> Result<Value, A::Error> {
        let mut object = Map::new();
        while let Some((key, Unique(value))) = entries.next_entry::<String, Unique>()? {
            if object.insert(key, value).is_some() {
                return Err(A::Error::custom("a key stands twice"));
            }
        }
        Ok(Value::Object(object))
    }
}
