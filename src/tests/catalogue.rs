//! The error catalogue: its codes are promises to programs, its sentences to people.

use slipway::domain::problem::CATALOGUE;

#[test]
fn codes_are_never_renamed() {
    let codes: Vec<_> = CATALOGUE.iter().map(|entry| entry.code).collect();
    insta::assert_snapshot!(codes.join("\n"), @r"
    invalid_input
    not_found
    forbidden
    sign_in_required
    setup_required
    conflict
    cross_site
    body_too_large
    unsupported_media_type
    rate_limited
    internal
    ");
}

#[test]
fn every_entry_says_what_happened_and_what_to_do() {
    for entry in CATALOGUE {
        for text in [entry.sentence, entry.next] {
            assert!(text.ends_with('.') && text.starts_with(|c: char| c.is_ascii_uppercase()), "{}: {text:?}", entry.code);
        }
        assert_eq!(CATALOGUE.iter().filter(|other| other.code == entry.code).count(), 1, "{} stands there twice", entry.code);
    }
}
