//! The part of an address that comes from an endpoint's name.

/// A slug has at most this many characters, so that host names made of it fit.
pub const MAX_SLUG: usize = 30;

/// Makes a DNS-1123 label of a name: lower-case letters, digits and single hyphens, at most [`MAX_SLUG`] characters.
/// Empty if the name has no letter a-z and no digit; [`super::read`] reports such a name.
pub fn slug(name: &str) -> String {
    let mut slug = String::with_capacity(MAX_SLUG);
    for c in name.chars() {
        if slug.len() == MAX_SLUG {
            break;
        }
        if c.is_ascii_alphanumeric() {
            slug.push(c.to_ascii_lowercase());
        } else if !slug.is_empty() && !slug.ends_with('-') {
            slug.push('-');
        }
    }
    slug.truncate(slug.trim_end_matches('-').len());
    slug
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn names_become_labels() {
        assert_eq!(slug("Greeter API"), "greeter-api");
        assert_eq!(slug("  --a__b..c!! "), "a-b-c");
        assert_eq!(slug("9090"), "9090");
        assert_eq!(slug("日本"), "");
        assert_eq!(slug("abcdefghijklmnopqrstuvwxyz123 tail"), "abcdefghijklmnopqrstuvwxyz123");
    }

    proptest! {
        #[test]
        fn a_slug_is_a_label_and_its_own_slug(name in ".*") {
            let slug_of_name = slug(&name);
            prop_assert!(slug_of_name.len() <= MAX_SLUG);
            prop_assert!(slug_of_name.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-'));
            prop_assert!(!slug_of_name.starts_with('-') && !slug_of_name.ends_with('-') && !slug_of_name.contains("--"));
            prop_assert_eq!(slug(&slug_of_name), slug_of_name);
        }
    }
}
