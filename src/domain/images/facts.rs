//! What an image says about itself. All of it was typed by whoever built the image: pages show it as text and nothing
//! else. What it means for a component is said by `advice`.

use std::collections::BTreeMap;

use jiff::{Timestamp, civil::date, tz::TimeZone};
use serde::{Deserialize, Serialize};

use crate::domain::clock::Time;

/// Longest label that is shown, in characters.
const LABEL_MAX: usize = 200;

/// What an image says about itself.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ImageFacts {
    /// `sha256:...` of the index or manifest that the reference names.
    pub digest: String,
    /// `linux/amd64`, `linux/arm64/v8`, ...
    pub platforms: Vec<String>,
    /// The one of them that all else is told of.
    pub platform: String,
    /// Compressed bytes of config and layers of the platform looked at.
    pub size_bytes: u64,
    pub layers: usize,
    /// RFC 3339, as the image gives it; [`ImageFacts::created_at`] says whether it means anything.
    pub created: Option<String>,
    /// The user the image runs as; `None` or empty means root.
    pub user: Option<String>,
    /// Sorted, each once.
    pub exposed_ports: Vec<ExposedPort>,
    pub entrypoint: Vec<String>,
    pub cmd: Vec<String>,
    pub labels: BTreeMap<String, String>,
}

/// A port the image says it listens on.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct ExposedPort {
    pub port: u16,
    /// `tcp` or `udp`
    pub protocol: String,
}

/// Labels come from the base image too, where the image's own build sets none: they are what is said, not what is known.
impl ImageFacts {
    /// Where its source code is: mostly an address, but never a link of ours.
    pub fn source(&self) -> Option<String> {
        self.label(["org.opencontainers.image.source", "org.label-schema.vcs-url"])
    }

    /// The commit that it was built from.
    pub fn revision(&self) -> Option<String> {
        self.label(["org.opencontainers.image.revision", "org.label-schema.vcs-ref"])
    }

    /// The version of the software in it.
    pub fn version(&self) -> Option<String> {
        self.label(["org.opencontainers.image.version", "org.label-schema.version"])
    }

    /// When it was built: by its config, else by its labels. `None` for a time that says nothing.
    pub fn created_at(&self) -> Option<Time> {
        let label = || self.label(["org.opencontainers.image.created", "org.label-schema.build-date"]);
        self.created.as_deref().and_then(build_time).or_else(|| build_time(&label()?))
    }

    /// Whether it can run on a platform, `os/architecture`.
    pub fn has_platform(&self, wanted: &str) -> bool {
        self.platforms.iter().any(|offered| is_platform(offered, wanted))
    }

    /// The first of these labels that has a text, as [`one_line`].
    fn label(&self, keys: [&str; 2]) -> Option<String> {
        keys.into_iter().filter_map(|key| self.labels.get(key)).map(|text| one_line(text, LABEL_MAX)).find(|text| !text.is_empty())
    }
}

/// Whether a platform of an image, `os/architecture[/variant]`, is the wanted one. A wish without variant takes any.
pub fn is_platform(offered: &str, wanted: &str) -> bool {
    offered.strip_prefix(wanted).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
}

/// A text that an image gives, for one line: without control characters and those that turn the direction of writing, at
/// most `max` characters.
pub fn one_line(text: &str, max: usize) -> String {
    let is_shown = |c: &char| {
        !c.is_control() && !matches!(c, '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{feff}')
    };
    let mut shown = text.trim().chars().filter(is_shown);
    let mut line: String = shown.by_ref().take(max).collect();
    if shown.next().is_some() {
        line.pop();
        line.push('…');
    }
    line
}

/// Tools that build the same bytes every time write 1970 or 1980: a time before there were images says nothing.
fn build_time(created: &str) -> Option<Time> {
    let first_images = date(2013, 1, 1).to_zoned(TimeZone::UTC).ok()?.timestamp();
    let built: Timestamp = created.trim().parse().ok()?;
    (built >= first_images).then(|| Time(built.as_microsecond()))
}

/// A size for people: `38 MB`.
pub fn size_in_words(bytes: u64) -> String {
    const UNITS: [&str; 4] = ["kB", "MB", "GB", "TB"];
    let mut size = bytes as f64 / 1000.0;
    let mut unit = 0;
    // What would be rounded to 1000 is 1.0 of the next unit.
    while size >= 999.5 && unit < UNITS.len() - 1 {
        size /= 1000.0;
        unit += 1;
    }
    if size < 9.95 { format!("{size:.1} {}", UNITS[unit]) } else { format!("{size:.0} {}", UNITS[unit]) }
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;

    /// An image for linux/amd64 with a program and nothing else.
    pub(in super::super) fn image() -> ImageFacts {
        ImageFacts {
            digest: format!("sha256:{}", "0".repeat(64)),
            platforms: vec!["linux/amd64".into()],
            platform: "linux/amd64".into(),
            size_bytes: 38_200_000,
            layers: 3,
            created: None,
            user: None,
            exposed_ports: Vec::new(),
            entrypoint: vec!["/bin/app".into()],
            cmd: Vec::new(),
            labels: BTreeMap::new(),
        }
    }

    fn labelled(labels: &[(&str, &str)]) -> ImageFacts {
        ImageFacts { labels: labels.iter().map(|(key, value)| ((*key).into(), (*value).into())).collect(), ..image() }
    }

    #[test]
    fn labels_of_today_come_before_those_of_yesterday() {
        let old = labelled(&[("org.label-schema.vcs-url", "old"), ("org.label-schema.vcs-ref", "abc"), ("org.label-schema.version", "1")]);
        assert_eq!((old.source().as_deref(), old.revision().as_deref(), old.version().as_deref()), (Some("old"), Some("abc"), Some("1")));
        let both = labelled(&[("org.label-schema.vcs-url", "old"), ("org.opencontainers.image.source", "https://example.com/new")]);
        assert_eq!((both.source().as_deref(), both.version()), (Some("https://example.com/new"), None));
        let empty = labelled(&[("org.label-schema.version", "1"), ("org.opencontainers.image.version", " \n ")]);
        assert_eq!(empty.version().as_deref(), Some("1"), "an empty label says nothing");
    }

    #[test]
    fn a_label_is_one_line_of_bounded_length() {
        let version = |text: &str| labelled(&[("org.opencontainers.image.version", text)]).version();
        assert_eq!(version("1\u{1b}[31m.\n2\u{202e}\u{0}").as_deref(), Some("1[31m.2"));
        assert_eq!(version(&"é".repeat(200)), Some("é".repeat(200)));
        assert_eq!(version(&"é".repeat(201)), Some(format!("{}…", "é".repeat(199))));
        assert_eq!(version("\u{7}"), None);
    }

    #[test]
    fn a_time_of_building_that_says_nothing_is_none() {
        let created = |text: &str| ImageFacts { created: Some(text.into()), ..image() }.created_at().map(Time::rfc3339);
        assert_eq!(created("2026-11-20T08:30:00.123456789+02:00").as_deref(), Some("2026-11-20T06:30:00Z"));
        assert_eq!(created(" 2013-01-01T00:00:00Z ").as_deref(), Some("2013-01-01T00:00:00Z"));
        for nothing in ["", "yesterday", "0001-01-01T00:00:00Z", "1970-01-01T00:00:00Z", "1980-01-01T00:00:01Z"] {
            assert_eq!(created(nothing), None, "{nothing:?}");
        }
        let mut image = labelled(&[("org.opencontainers.image.created", "2024-02-03T04:05:06Z")]);
        image.created = Some("1970-01-01T00:00:00Z".into());
        assert_eq!(image.created_at().map(Time::rfc3339).as_deref(), Some("2024-02-03T04:05:06Z"));
    }

    #[test]
    fn a_platform_is_met_with_any_variant_unless_one_is_wanted() {
        for (offered, wanted, expected) in [
            ("linux/arm64", "linux/arm64", true),
            ("linux/arm64/v8", "linux/arm64", true),
            ("linux/arm/v7", "linux/arm/v7", true),
            ("linux/arm/v6", "linux/arm/v7", false),
            ("linux/arm64", "linux/arm", false),
            ("windows/amd64", "linux/amd64", false),
        ] {
            assert_eq!(is_platform(offered, wanted), expected, "{offered} for {wanted}");
        }
    }

    #[test]
    fn sizes_read_well() {
        for (bytes, words) in [
            (0, "0.0 kB"),
            (512, "0.5 kB"),
            (9_960, "10 kB"),
            (999_999, "1.0 MB"),
            (38_200_000, "38 MB"),
            (1_250_000_000, "1.2 GB"),
            (u64::MAX, "18446744 TB"),
        ] {
            assert_eq!(size_in_words(bytes), words);
        }
    }
}
