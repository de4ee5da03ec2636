//! The rules for names and display names of organizations, projects, environments and components.

use crate::domain::problem::Problem;

/// Short enough that the Kubernetes names derived from it stay within 63 characters.
const MAX_NAME: usize = 50;
const DISPLAY_NAME: std::ops::RangeInclusive<usize> = 3..=60;

/// The name that is proposed for a display name: lower case, spaces and `_` as `-`, everything else dropped.
/// A valid display name gives a valid name; anything else may give an empty one.
pub fn suggest_name(display: &str) -> String {
    let mut name = String::with_capacity(display.len().min(MAX_NAME));
    for c in display.trim().chars() {
        match c.to_ascii_lowercase() {
            c @ ('a'..='z' | '0'..='9') => name.push(c),
            '-' | '_' | ' ' if !name.is_empty() && !name.ends_with('-') => name.push('-'),
            _ => {}
        }
        if name.len() == MAX_NAME {
            break;
        }
    }
    name.truncate(name.trim_end_matches('-').len());
    name
}

/// A name as typed, trimmed: a DNS-1123 label of at most 50 characters. The problem names `field`.
pub fn check_name(field: &'static str, typed: &str) -> Result<String, Problem> {
    let name = typed.trim();
    if name.is_empty() {
        return Err(Problem::new(field, "required", "Enter a name."));
    }
    if name.chars().count() > MAX_NAME {
        return Err(Problem::new(field, "name_too_long", "The name is too long. Use at most 50 characters."));
    }
    let allowed = name.chars().all(|c| matches!(c, 'a'..='z' | '0'..='9' | '-'));
    if !allowed || name.starts_with('-') || name.ends_with('-') {
        let message = "The name can't be used. Use lower-case letters a to z, digits and hyphens; start and end with a letter or digit.";
        return Err(Problem::new(field, "invalid_name", message));
    }
    Ok(name.to_owned())
}

/// A display name as typed, trimmed: 3 to 60 letters, digits, spaces, `-` and `_`, a letter first. The problem names `field`.
pub fn check_display_name(field: &'static str, typed: &str) -> Result<String, Problem> {
    let display = typed.trim();
    if display.is_empty() {
        return Err(Problem::new(field, "required", "Enter a display name of 3 to 60 characters."));
    }
    if !DISPLAY_NAME.contains(&display.chars().count()) {
        return Err(Problem::new(field, "display_name_length", "The display name must have 3 to 60 characters."));
    }
    let allowed = display.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, ' ' | '-' | '_'));
    if !allowed || !display.starts_with(|c: char| c.is_ascii_alphabetic()) {
        let message =
            "The display name can't be used. Start with a letter and use letters a to z, digits, spaces, hyphens and underscores.";
        return Err(Problem::new(field, "invalid_display_name", message));
    }
    Ok(display.to_owned())
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn a_name_is_suggested_from_the_display_name() {
        for (display, name) in [
            ("Web Shop", "web-shop"),
            ("  My_Service 2 ", "my-service-2"),
            ("A - B", "a-b"),
            ("Müller & Co.", "mller-co"),
            ("___", ""),
            ("Ends with -", "ends-with"),
        ] {
            assert_eq!(suggest_name(display), name, "{display:?}");
        }
        assert_eq!(suggest_name(&"ab ".repeat(20)).len(), 50, "cut");
        assert_eq!(suggest_name(&format!("{} b", "a".repeat(49))), "a".repeat(49), "cut at a hyphen");
    }

    #[test]
    fn names_are_dns_labels_of_at_most_fifty_characters() {
        for name in ["a", "web-shop", "2048", "a--b", &"a".repeat(50)] {
            assert_eq!(check_name("name", name).unwrap(), name);
        }
        let code = |name: &str| check_name("name", name).unwrap_err().code;
        assert_eq!(code(" "), "required");
        assert_eq!(code(&"a".repeat(51)), "name_too_long");
        for name in ["Web", "-a", "a-", "a.b", "a_b", "a b", "ä"] {
            assert_eq!(code(name), "invalid_name", "{name:?}");
        }
    }

    #[test]
    fn display_names_start_with_a_letter() {
        assert_eq!(check_display_name("name", "  Web Shop_2-b ").unwrap(), "Web Shop_2-b");
        let code = |name: &str| check_display_name("name", name).unwrap_err().code;
        assert_eq!(code(""), "required");
        assert_eq!(code("ab"), "display_name_length");
        assert_eq!(code(&"a".repeat(61)), "display_name_length");
        for name in ["2048 game", "_abc", "a/b/c", "Caf\u{e9}", "a\tb"] {
            assert_eq!(code(name), "invalid_display_name", "{name:?}");
        }
    }

    /// Texts near the rules, and any at all.
    fn typed() -> impl Strategy<Value = String> {
        prop_oneof![any::<String>(), "[ a-zA-Z0-9_.-]{0,64}", "[a-z0-9-]{1,52}", " ?[A-Za-z][A-Za-z0-9 _-]{2,59} ?"]
    }

    proptest! {
        #[test]
        fn a_valid_display_name_suggests_a_valid_name(display in "[A-Za-z][A-Za-z0-9 _-]{2,59}") {
            if let Ok(display) = check_display_name("name", &display) {
                let name = suggest_name(&display);
                prop_assert_eq!(check_name("name", &name), Ok(name));
            }
        }

        #[test]
        fn a_suggestion_is_empty_or_a_name_and_suggests_itself(display in typed()) {
            let name = suggest_name(&display);
            prop_assert!(name.len() <= MAX_NAME, "{name}");
            prop_assert_eq!(suggest_name(&name), name.clone());
            prop_assert!(name.is_empty() || check_name("name", &name).as_ref() == Ok(&name), "{name}");
        }

        #[test]
        fn what_is_accepted_is_accepted_again_as_it_is(typed in typed()) {
            for check in [check_name, check_display_name] {
                if let Ok(accepted) = check("name", &typed) {
                    prop_assert_eq!(check("name", &accepted), Ok(accepted.clone()));
                    prop_assert_eq!(&accepted, typed.trim());
                }
            }
        }

        #[test]
        fn a_name_is_a_label_of_a_host_name(typed in typed()) {
            if let Ok(name) = check_name("name", &typed) {
                prop_assert!((1..=MAX_NAME).contains(&name.len()));
                prop_assert!(name.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-'), "{name}");
                prop_assert!(!name.starts_with('-') && !name.ends_with('-'), "{name}");
            }
        }
    }
}
