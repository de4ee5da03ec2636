//! Names of schema files: one path part that can be shown, linked to and compared.

use crate::domain::problem::Problem;

/// A file name has at most this many characters.
const MAX_CHARACTERS: usize = 100;

/// The name that a file is kept by: the last part of what the browser sent, which may be a path.
pub(super) fn parse(typed: &str) -> Result<String, Problem> {
    let name = last_part(typed).trim();
    let refused = |code: &'static str, message: String| Err(Problem::new("schemas", code, message));
    if matches!(name, "" | "." | "..") {
        return refused("name_invalid", "A schema file has no name. Give it one, such as openapi.yaml.".into());
    }
    if name.chars().count() > MAX_CHARACTERS {
        let start: String = name.chars().take(40).collect();
        return refused("name_too_long", format!("The file name {start}… is longer than {MAX_CHARACTERS} characters. Shorten it."));
    }
    if name.contains(|c: char| c.is_control() || is_direction(c)) {
        return refused("name_invalid", "A file name has a character that is not shown, such as a tab. Rename the file.".into());
    }
    Ok(name.to_owned())
}

/// Whether two names are the same to a person, whose disk may not tell upper from lower case.
pub(super) fn same(one: &str, other: &str) -> bool {
    one.to_lowercase() == other.to_lowercase()
}

fn last_part(path: &str) -> &str {
    path.rsplit(['/', '\\']).next().unwrap_or_default()
}

/// Characters that turn the direction of writing: `gpj.exe` would read as another name.
fn is_direction(c: char) -> bool {
    matches!(c, '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_last_part_of_a_path_counts() {
        for (typed, name) in [
            ("openapi.yaml", "openapi.yaml"),
            ("docs/v1/openapi.yaml", "openapi.yaml"),
            ("C:\\Users\\ada\\greeter.proto", "greeter.proto"),
            ("../../etc/passwd", "passwd"),
            (" Straße 1.graphql ", "Straße 1.graphql"),
        ] {
            assert_eq!(parse(typed).as_deref(), Ok(name));
        }
    }

    #[test]
    fn names_that_are_none_are_refused() {
        for typed in ["", " ", ".", "..", "docs/", "docs/..", "a\tb", "a\0b", "a\u{202e}lmay.ipa", &"a".repeat(101)] {
            assert!(parse(typed).is_err(), "{typed:?}");
        }
        assert!(parse(&"é".repeat(100)).is_ok());
    }

    #[test]
    fn case_makes_no_difference() {
        assert!(same("OpenAPI.yaml", "openapi.YAML") && !same("a.yaml", "a.yml"));
    }
}
