//! What a JSON Web Token says of itself. Its signature is for the registry to check.

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use serde_json::{Map, Value};

use crate::domain::clock::Time;

/// The last second of the year 9999: what lies beyond is no date.
const SECONDS_MAX: i64 = 253_402_300_799;

/// The claims of a token; `None` for a text that is none.
pub(super) fn claims(text: &str) -> Option<Map<String, Value>> {
    let parts: Vec<&str> = text.split('.').collect();
    let [header, claims, _] = parts.as_slice() else { return None };
    let object = |part: &str| serde_json::from_slice::<Map<String, Value>>(&URL_SAFE_NO_PAD.decode(part).ok()?).ok();
    object(header).and_then(|_| object(claims))
}

/// When a token ends by its own word.
pub(super) fn expiry(text: &str) -> Option<Time> {
    seconds(claims(text)?.get("exp")?)
}

/// A moment in Unix seconds, as JSON has it.
pub(super) fn seconds(value: &Value) -> Option<Time> {
    let seconds = value.as_i64().or_else(|| value.as_f64().map(|seconds| seconds as i64))?;
    (0..=SECONDS_MAX).contains(&seconds).then(|| Time(0).plus_seconds(seconds))
}
