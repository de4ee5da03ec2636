//! The order in which tags are offered: tags that move first, then versions from the newest on, then the others.
//! A total order over any texts.

use std::cmp::Ordering;

/// Tags that stand for whatever is newest, in the order they are offered.
const MOVING: [&str; 5] = ["latest", "stable", "main", "master", "edge"];

/// What makes a version one that comes before its release.
const BEFORE_RELEASE: [&str; 9] = ["alpha", "beta", "canary", "dev", "nightly", "pre", "preview", "rc", "snapshot"];

/// Less = offered first; equal only for the same text.
pub(super) fn compare(a: &str, b: &str) -> Ordering {
    let (left, right) = (Kind::of(a), Kind::of(b));
    let by_kind = match (&left, &right) {
        (Kind::Moving(left), Kind::Moving(right)) => left.cmp(right),
        (Kind::Version(left), Kind::Version(right)) => newest_first(left, right),
        (Kind::Other, Kind::Other) => natural(a, b),
        _ => left.rank().cmp(&right.rank()),
    };
    by_kind.then_with(|| a.cmp(b))
}

enum Kind<'a> {
    /// By its place in [`MOVING`].
    Moving(usize),
    Version(Version<'a>),
    Other,
}

impl<'a> Kind<'a> {
    fn of(tag: &'a str) -> Self {
        if let Some(place) = MOVING.iter().position(|moving| *moving == tag) {
            return Self::Moving(place);
        }
        Version::read(tag).map_or(Self::Other, Self::Version)
    }

    fn rank(&self) -> u8 {
        match self {
            Self::Moving(_) => 0,
            Self::Version(_) => 1,
            Self::Other => 2,
        }
    }
}

/// `v1.27.0-rc.1`: the numbers `1.27.0` and the suffix `-rc.1`.
struct Version<'a> {
    numbers: &'a str,
    suffix: &'a str,
    is_release: bool,
}

impl<'a> Version<'a> {
    /// More lenient than semver: any count of numbers, with or without a `v`, and any suffix behind a separator.
    fn read(tag: &'a str) -> Option<Self> {
        let text = tag.strip_prefix(['v', 'V']).unwrap_or(tag);
        let bytes = text.as_bytes();
        let is_digit = |at: usize| bytes.get(at).is_some_and(u8::is_ascii_digit);
        if !is_digit(0) {
            return None;
        }
        let goes_on = |at: usize| is_digit(at) || (bytes.get(at) == Some(&b'.') && is_digit(at + 1));
        let end = (0..bytes.len()).find(|at| !goes_on(*at)).unwrap_or(bytes.len());
        let (numbers, suffix) = text.split_at(end);
        let is_separate = suffix.is_empty() || suffix.starts_with(['-', '_', '.', '+']);
        // `3.13.0rc1` as Python writes it; without a dot it would be a commit's hash as well.
        let is_attached = !is_separate && numbers.contains('.') && is_before_release(suffix, &["a", "b"]);
        let is_release = !is_attached && !is_before_release(suffix, &[]);
        (is_separate || is_attached).then_some(Self { numbers, suffix, is_release })
    }
}

/// Whether a part of the suffix is a word such as `rc`, with or without a number.
fn is_before_release(suffix: &str, more: &[&str]) -> bool {
    suffix.split(['-', '_', '.', '+']).any(|part| {
        let word = part.trim_end_matches(|c: char| c.is_ascii_digit());
        BEFORE_RELEASE.iter().chain(more).any(|known| word.eq_ignore_ascii_case(known))
    })
}

/// A release before what led to it, the plain one before its variants, and later builds before earlier ones.
fn newest_first(a: &Version<'_>, b: &Version<'_>) -> Ordering {
    numbers(b.numbers, a.numbers)
        .then(b.is_release.cmp(&a.is_release))
        .then(b.suffix.is_empty().cmp(&a.suffix.is_empty()))
        .then_with(|| natural(b.suffix, a.suffix))
}

/// Number by number; one that is not there counts as 0.
fn numbers(a: &str, b: &str) -> Ordering {
    let (mut a, mut b) = (a.split('.'), b.split('.'));
    loop {
        let (left, right) = (a.next(), b.next());
        let by_number = match (left, right) {
            (None, None) => return Ordering::Equal,
            (left, right) => number(left.unwrap_or("0"), right.unwrap_or("0")),
        };
        if by_number.is_ne() {
            return by_number;
        }
    }
}

/// Digits of any length, as numbers.
fn number(a: &str, b: &str) -> Ordering {
    let (a, b) = (a.trim_start_matches('0'), b.trim_start_matches('0'));
    a.len().cmp(&b.len()).then_with(|| a.cmp(b))
}

/// As people sort names: without regard to case, and `build-9` before `build-10`.
fn natural(mut a: &str, mut b: &str) -> Ordering {
    while let (Some(left), Some(right)) = (a.chars().next(), b.chars().next()) {
        let by_piece = if left.is_ascii_digit() && right.is_ascii_digit() {
            number(take_digits(&mut a), take_digits(&mut b))
        } else {
            (a, b) = (&a[left.len_utf8()..], &b[right.len_utf8()..]);
            left.to_ascii_lowercase().cmp(&right.to_ascii_lowercase())
        };
        if by_piece.is_ne() {
            return by_piece;
        }
    }
    a.len().cmp(&b.len())
}

/// The digits that a text begins with; the text goes on behind them.
fn take_digits<'a>(text: &mut &'a str) -> &'a str {
    let end = text.bytes().position(|byte| !byte.is_ascii_digit()).unwrap_or(text.len());
    let (digits, rest) = text.split_at(end);
    *text = rest;
    digits
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[track_caller]
    fn sorted(expected: &[&str]) {
        let mut tags = expected.to_vec();
        tags.reverse();
        tags.sort_by(|a, b| compare(a, b));
        assert_eq!(tags, expected);
    }

    #[test]
    fn moving_tags_come_first_and_latest_on_top() {
        sorted(&["latest", "stable", "main", "2.0", "1.0", "a-branch", "release"]);
    }

    #[test]
    fn versions_come_newest_first_with_and_without_a_v() {
        sorted(&["2024.11.03", "v10.0.0", "9.1", "v1.27.10", "1.27.9", "1.27", "v1.3", "1.2.3.4", "1.2.3"]);
        sorted(&["20241103", "20241102", "3"]);
        sorted(&["99999999999999999999999999.1", "99999999999999999999999998.2"]);
    }

    #[test]
    fn what_led_to_a_release_comes_after_it_and_its_variants() {
        sorted(&["1.27.0", "1.27.0-alpine", "1.27.0-rc.10", "1.27.0-rc.2", "1.27.0-beta", "1.27.0-alpha.1", "1.26.9"]);
        sorted(&["3.13.0", "3.13.0rc2", "3.13.0rc1-alpine", "3.13.0rc1", "3.13.0b4", "3.13.0a1", "3.12"]);
        sorted(&["2.0", "2.0-SNAPSHOT", "2.0-rc1", "2.0-dev3", "1.9"]);
    }

    #[test]
    fn later_builds_come_first() {
        sorted(&["1.2.3", "1.2.3-build.10", "1.2.3-build.9", "1.2.3-10", "1.2.3-9"]);
        sorted(&["1.27-alpine3.20", "1.27-alpine3.9", "1.27-alpine"]);
        sorted(&["2024-11-03", "2024-11-02", "2024-9-30"]);
    }

    #[test]
    fn others_stand_in_natural_order() {
        sorted(&["1a2b3c4", "build-9", "Build-10", "build-010a", "feature-x", "sha-0badc0de", "vnext"]);
        sorted(&["7f3c", "Latest", "latest-arm64", "main-2", "v"]);
    }

    fn tag() -> impl Strategy<Value = String> {
        prop_oneof![
            "v?[0-9]{1,3}(\\.[0-9]{1,3}){0,3}([-_.](rc|alpha|alpine|build)?[.]?[0-9]{0,3})?",
            "(latest|stable|main|[a-z]{1,3}[-_.]?[0-9]{0,4})",
            "[\\w][\\w.-]{0,12}",
            "\\PC{0,8}",
        ]
    }

    proptest! {
        #[test]
        fn it_is_a_total_order(a in tag(), b in tag(), c in tag()) {
            prop_assert_eq!(compare(&a, &b), compare(&b, &a).reverse());
            prop_assert_eq!(compare(&a, &b).is_eq(), a == b);
            if compare(&a, &b).is_le() && compare(&b, &c).is_le() {
                prop_assert!(compare(&a, &c).is_le());
            }
        }

        #[test]
        fn the_order_given_does_not_matter(
            (tags, shuffled) in prop::collection::vec(tag(), 0..24).prop_flat_map(|tags| (Just(tags.clone()), Just(tags).prop_shuffle()))
        ) {
            let sorted = |mut tags: Vec<String>| {
                tags.sort_by(|a, b| compare(a, b));
                tags
            };
            prop_assert_eq!(sorted(tags), sorted(shuffled));
        }
    }
}
