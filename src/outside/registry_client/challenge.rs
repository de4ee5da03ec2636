//! What a registry answers to a request without a valid credential: the `WWW-Authenticate` header (RFC 9110, 11.6.1).
//! Owns reading it; asks nobody for a token.

use http::{HeaderMap, header::WWW_AUTHENTICATE};

/// How a registry wants to be signed in to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Challenge {
    /// A token of the service at `realm`.
    Bearer(Bearer),
    /// User name and password on every request.
    Basic,
}

#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub(super) struct Bearer {
    pub realm: String,
    pub service: Option<String>,
    /// Space-separated, such as `repository:library/nginx:pull`.
    pub scope: Option<String>,
}

/// One scheme with its parameters, names in lower case.
#[derive(Debug, Default, PartialEq, Eq)]
struct Raw {
    scheme: String,
    parameters: Vec<(String, String)>,
}

/// The challenge to answer: a token where it is offered, since a password that travels less often leaks less often.
/// `None` if there is none that this client knows.
pub(super) fn read(headers: &HeaderMap) -> Option<Challenge> {
    let raw: Vec<Raw> =
        headers.get_all(WWW_AUTHENTICATE).iter().flat_map(|value| split(&String::from_utf8_lossy(value.as_bytes()))).collect();
    let bearer = raw.iter().filter(|raw| raw.scheme == "bearer").find_map(Raw::bearer).map(Challenge::Bearer);
    bearer.or_else(|| raw.iter().any(|raw| raw.scheme == "basic").then_some(Challenge::Basic))
}

impl Raw {
    fn bearer(&self) -> Option<Bearer> {
        let get = |name: &str| self.parameters.iter().find(|(key, value)| key == name && !value.is_empty()).map(|(_, value)| value.clone());
        Some(Bearer { realm: get("realm")?, service: get("service"), scope: get("scope") })
    }
}

/// Splits a header value into its challenges. Commas separate both challenges and parameters, so a word is a parameter
/// if `=` follows it, else the next scheme. Lenient: what fits nowhere is skipped.
fn split(value: &str) -> Vec<Raw> {
    let mut challenges: Vec<Raw> = Vec::new();
    let mut rest = value;
    loop {
        rest = rest.trim_start_matches(|c: char| c == ',' || c == '=' || c == '"' || c.is_whitespace());
        if rest.is_empty() {
            return challenges;
        }
        let (word, after) = rest.split_at(rest.find(|c: char| matches!(c, ',' | '=' | '"') || c.is_whitespace()).unwrap_or(rest.len()));
        let word = word.to_ascii_lowercase();
        rest = after.trim_start();
        match (rest.strip_prefix('='), challenges.last_mut()) {
            (Some(after), Some(challenge)) => {
                let (value, after) = parameter_value(after.trim_start());
                challenge.parameters.push((word, value));
                rest = after;
            }
            (Some(_), None) => {}
            (None, _) => challenges.push(Raw { scheme: word, parameters: Vec::new() }),
        }
    }
}

/// A token or a quoted string with `\` escapes, and what follows it.
fn parameter_value(text: &str) -> (String, &str) {
    let Some(quoted) = text.strip_prefix('"') else {
        let end = text.find(|c: char| c == ',' || c.is_whitespace()).unwrap_or(text.len());
        return (text[..end].to_owned(), &text[end..]);
    };
    let mut value = String::new();
    let mut characters = quoted.char_indices();
    while let Some((at, character)) = characters.next() {
        match character {
            '"' => return (value, &quoted[at + 1..]),
            '\\' => value.extend(characters.next().map(|(_, escaped)| escaped)),
            _ => value.push(character),
        }
    }
    (value, "")
}

#[cfg(test)]
mod tests {
    use http::HeaderValue;
    use proptest::prelude::*;

    use super::*;

    fn parse(values: &[&str]) -> Option<Challenge> {
        read(&values.iter().map(|value| (WWW_AUTHENTICATE, HeaderValue::from_str(value).unwrap())).collect())
    }

    fn bearer(realm: &str, service: Option<&str>, scope: Option<&str>) -> Option<Challenge> {
        Some(Challenge::Bearer(Bearer { realm: realm.into(), service: service.map(Into::into), scope: scope.map(Into::into) }))
    }

    #[test]
    fn reads_what_registries_send() {
        let table = [
            (
                r#"Bearer realm="https://auth.docker.io/token",service="registry.docker.io",scope="repository:library/nginx:pull""#,
                bearer("https://auth.docker.io/token", Some("registry.docker.io"), Some("repository:library/nginx:pull")),
            ),
            (
                r#"bearer  REALM = "https://a/t" , Scope="repository:a:pull,push repository:b:pull""#,
                bearer("https://a/t", None, Some("repository:a:pull,push repository:b:pull")),
            ),
            (r#"Bearer realm=https://a/t, service=s"#, bearer("https://a/t", Some("s"), None)),
            (r#"Bearer realm="https://a/t",service="",error="invalid_token""#, bearer("https://a/t", None, None)),
            (r#"Bearer realm="https://a/\"t\",",service="s\\""#, bearer("https://a/\"t\",", Some("s\\"), None)),
            (r#"Bearer realm="https://a/t"#, bearer("https://a/t", None, None)),
            (r#"Basic realm="Registry, of \"things\"""#, Some(Challenge::Basic)),
            ("Basic", Some(Challenge::Basic)),
            (r#"Basic realm="x", Bearer realm="https://a/t""#, bearer("https://a/t", None, None)),
            (r#"Negotiate dG9rZW4=, Basic realm="x""#, Some(Challenge::Basic)),
            (r#"Bearer service="s", Basic realm="x""#, Some(Challenge::Basic)),
            ("Digest realm=\"x\"", None),
            ("realm=\"x\"", None),
            ("", None),
        ];
        for (header, expected) in table {
            assert_eq!(parse(&[header]), expected, "{header}");
        }
    }

    #[test]
    fn reads_several_headers() {
        assert_eq!(parse(&["Basic realm=\"x\"", "Bearer realm=\"https://a/t\""]), bearer("https://a/t", None, None));
        assert_eq!(parse(&[]), None);
    }

    proptest! {
        #[test]
        fn any_header_is_read_to_its_end(value in r#"[ -~é]{0,60}"#) {
            prop_assert!(split(&value).len() <= value.len());
        }

        #[test]
        fn any_quoted_value_comes_back(realm in "[ -~]{1,40}") {
            let quoted = realm.replace('\\', r"\\").replace('"', "\\\"");
            prop_assert_eq!(parse(&[&format!("Bearer service=s,realm=\"{quoted}\"")]), bearer(&realm, Some("s"), None));
        }
    }
}
