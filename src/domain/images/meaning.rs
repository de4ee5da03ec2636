//! What a typed reference means, in the words that the page and `slipway inspect` share.

use super::ImageReference;
use crate::domain::problem::Problem;

/// A reference that was read, with what was filled in or changed on the way.
#[derive(Clone, Debug)]
pub struct Meaning {
    pub image: ImageReference,
    /// Sentences: `No tag was given: latest is meant.`
    pub notes: Vec<String>,
}

impl Meaning {
    /// Reads what was typed; the problem's message says why it is no reference.
    pub fn of(typed: &str) -> Result<Self, Problem> {
        ImageReference::parse_noted(typed).map(|(image, notes)| Self { image, notes })
    }

    /// The parts that the reference has, by their names.
    pub fn facts(&self) -> Vec<(&'static str, &str)> {
        let image = &self.image;
        let parts =
            [("Registry", Some(image.host())), ("Repository", Some(image.repository())), ("Tag", image.tag()), ("Digest", image.digest())];
        parts.into_iter().filter_map(|(name, value)| Some((name, value?))).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_reference_has_the_parts_that_it_names_or_implies() {
        let nginx = Meaning::of("nginx").unwrap();
        assert_eq!(nginx.facts(), [("Registry", "docker.io"), ("Repository", "library/nginx"), ("Tag", "latest")]);
        assert_eq!(nginx.notes.len(), 3);
        let digest = format!("sha256:{}", "a".repeat(64));
        let pinned = Meaning::of(&format!("ghcr.io/acme/greeter@{digest}")).unwrap();
        assert_eq!(pinned.facts(), [("Registry", "ghcr.io"), ("Repository", "acme/greeter"), ("Digest", digest.as_str())]);
        assert!(Meaning::of("UPPER/case:!").is_err());
    }
}
