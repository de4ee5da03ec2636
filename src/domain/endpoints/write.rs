//! Writes a fresh `endpoints.yaml` (format A). Never edits a text that a person wrote: comments would be lost.

use std::fmt::Write as _;

use super::Endpoint;

/// The file that says what `endpoints` say. Format A has one visibility an endpoint: the widest is written. Reading it
/// back gives the same endpoints, as far as they could have been read from a file.
pub fn write_a(endpoints: &[Endpoint]) -> String {
    let mut text = String::from("version: 0.1\nendpoints:\n");
    if endpoints.is_empty() {
        text.truncate(text.len() - 1);
        text.push_str(" []\n");
    }
    for endpoint in endpoints {
        let mut line = |indent: &str, key: &str, value: &str| {
            // Writing to a String never fails.
            let _ = writeln!(text, "{indent}{key}: {value}");
        };
        line("  - ", "name", &scalar(&endpoint.name));
        if let Some(display_name) = &endpoint.display_name {
            line("    ", "displayName", &scalar(display_name));
        }
        line("    ", "port", &endpoint.port.to_string());
        line("    ", "type", endpoint.kind.as_str());
        line("    ", "networkVisibility", endpoint.widest_visibility().as_str());
        if let Some(context) = &endpoint.context {
            line("    ", "context", &scalar(context));
        }
        if let Some(path) = &endpoint.schema_file_path {
            line("    ", "schemaFilePath", &scalar(path));
        }
    }
    text
}

/// Text as a YAML scalar on one line: plain where every reader of YAML 1.1 and 1.2 takes it for the same text, else in
/// double quotes.
pub(super) fn scalar(text: &str) -> String {
    if is_safe_plain(text) { text.to_owned() } else { quoted(text) }
}

/// Text in double quotes.
pub(super) fn quoted(text: &str) -> String {
    let mut quoted = String::with_capacity(text.len() + 2);
    quoted.push('"');
    for c in text.chars() {
        match c {
            '"' => quoted.push_str("\\\""),
            '\\' => quoted.push_str("\\\\"),
            c if is_printable(c) => quoted.push(c),
            c => {
                let _ = write!(quoted, "\\U{:08X}", u32::from(c));
            }
        }
    }
    quoted.push('"');
    quoted
}

fn is_safe_plain(text: &str) -> bool {
    let starts_safely = text.starts_with(|c: char| c.is_ascii_alphabetic() || c == '/');
    let is_safe = |c: char| c.is_ascii_alphanumeric() || matches!(c, ' ' | '-' | '_' | '.' | '/');
    let words = ["null", "true", "false", "yes", "no", "on", "off", "y", "n"];
    starts_safely && text.chars().all(is_safe) && !text.ends_with(' ') && !words.iter().any(|word| word.eq_ignore_ascii_case(text))
}

/// False for characters that YAML does not print, or that some readers take for a line break or a byte-order mark.
pub(super) fn is_printable(c: char) -> bool {
    !c.is_control() && !matches!(c, '\u{2028}' | '\u{2029}' | '\u{feff}' | '\u{fffe}' | '\u{ffff}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_endpoints_are_an_empty_list() {
        assert_eq!(write_a(&[]), "version: 0.1\nendpoints: []\n");
    }

    #[test]
    fn scalars_are_quoted_where_they_must_be() {
        for plain in ["greeter", "Greeter API", "/api/v1", "docs/openapi.yaml", "nullable"] {
            assert_eq!(scalar(plain), plain);
        }
        assert_eq!(scalar("a: b"), r#""a: b""#);
        assert_eq!(scalar("8080"), r#""8080""#);
        assert_eq!(scalar("No"), r#""No""#);
        assert_eq!(scalar("a \"b\" \\"), r#""a \"b\" \\""#);
        assert_eq!(scalar("a\u{2028}b"), r#""a\U00002028b""#);
        assert_eq!(scalar(""), r#""""#);
    }
}
