//! The id of a request, in every answer, log line and audit row.

use http::{HeaderMap, HeaderName, HeaderValue};

use crate::domain::clock::Entropy;

const HEADER: HeaderName = HeaderName::from_static("x-request-id");

/// Names one request. A proxy's own id is kept if it is of a harmless form.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RequestId(pub String);

impl RequestId {
    /// The id that was sent, if it is `[A-Za-z0-9-]{8,64}`, else a new one.
    pub(super) fn of(headers: &HeaderMap, entropy: &dyn Entropy) -> Self {
        let sent = headers.get(HEADER).and_then(|value| value.to_str().ok()).filter(|id| is_harmless(id));
        Self(sent.map_or_else(|| new(entropy), str::to_owned))
    }

    pub(super) fn write(&self, headers: &mut HeaderMap) {
        if let Ok(value) = HeaderValue::from_str(&self.0) {
            headers.insert(HEADER, value);
        }
    }
}

fn is_harmless(id: &str) -> bool {
    (8..=64).contains(&id.len()) && id.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-')
}

fn new(entropy: &dyn Entropy) -> String {
    let mut bytes = [0; 16];
    entropy.fill(&mut bytes);
    hex::encode(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::clock::SystemEntropy;

    fn id_of(sent: Option<&str>) -> String {
        let mut headers = HeaderMap::new();
        if let Some(sent) = sent {
            headers.insert(HEADER, sent.parse().unwrap());
        }
        RequestId::of(&headers, &SystemEntropy).0
    }

    #[test]
    fn an_id_of_the_right_form_is_kept() {
        for id in ["abcd-123", &"a".repeat(64)] {
            assert_eq!(id_of(Some(id)), id);
        }
    }

    #[test]
    fn any_other_is_replaced() {
        for id in ["", "short-1", &"a".repeat(65), "with space", "semi;colon", "under_score"] {
            let made = id_of(Some(id));
            assert!(made != id && is_harmless(&made), "{id:?} became {made:?}");
        }
        assert_ne!(id_of(None), id_of(None));
    }
}
