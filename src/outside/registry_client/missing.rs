//! What of an image is missing, as the body of a 404 says (error codes of the distribution specification). Quotes nothing
//! of it.

use reqwest::Response;
use serde::Deserialize;

use super::transport::read_json;

const MAX_BODY: usize = 64 * 1024;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Missing {
    /// The tag or digest; the repository may be there.
    Reference,
    Repository,
    /// It does not say, or not in words that are known.
    Unclear,
}

#[derive(Default, Deserialize)]
struct Body {
    #[serde(default)]
    errors: Vec<Entry>,
}

#[derive(Deserialize)]
struct Entry {
    #[serde(default)]
    code: String,
    #[serde(default)]
    message: String,
}

/// Reads the body of a refusal; an answer to HEAD has none.
pub(super) async fn read(response: Response) -> Missing {
    of(&read_json(response, MAX_BODY, "refusal").await.unwrap_or_default())
}

fn of(body: &Body) -> Missing {
    body.errors.iter().map(Entry::missing).find(|missing| *missing != Missing::Unclear).unwrap_or(Missing::Unclear)
}

impl Entry {
    fn missing(&self) -> Missing {
        match (self.code.as_str(), self.message.split(' ').next()) {
            ("MANIFEST_UNKNOWN", _) => Missing::Reference,
            ("NAME_UNKNOWN", _) => Missing::Repository,
            // Harbor has one code for all, and a message that begins with what it did not find.
            ("NOT_FOUND", Some("artifact")) => Missing::Reference,
            ("NOT_FOUND", Some("repository" | "project")) => Missing::Repository,
            _ => Missing::Unclear,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(text: &str) -> Missing {
        of(&serde_json::from_str(text).unwrap_or_default())
    }

    #[test]
    fn the_words_of_registries_are_known() {
        let table = [
            (r#"{"errors":[{"code":"MANIFEST_UNKNOWN","message":"manifest unknown","detail":{"Tag":"x"}}]}"#, Missing::Reference),
            (r#"{"errors":[{"code":"NAME_UNKNOWN","message":"repository name not known to registry"}]}"#, Missing::Repository),
            (r#"{"errors":[{"code":"NOT_FOUND","message":"artifact acme/greeter:latest not found"}]}"#, Missing::Reference),
            (r#"{"errors":[{"code":"NOT_FOUND","message":"repository acme/greeter not found"}]}"#, Missing::Repository),
            (r#"{"errors":[{"code":"NOT_FOUND","message":"project acme not found"}]}"#, Missing::Repository),
            (r#"{"errors":[{"code":"NOT_FOUND"}]}"#, Missing::Unclear),
            (r#"{"errors":[{"code":"DENIED"},{"code":"NAME_UNKNOWN"}]}"#, Missing::Repository),
            (r#"{"errors":[]}"#, Missing::Unclear),
            ("{}", Missing::Unclear),
            ("404 page not found", Missing::Unclear),
            ("", Missing::Unclear),
        ];
        for (body, missing) in table {
            assert_eq!(told(body), missing, "{body}");
        }
    }
}
