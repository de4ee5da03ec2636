//! What holds for every image reference, whatever was typed.

use proptest::{prelude::*, strategy::ValueTree, test_runner::TestRunner};

use super::{ImageReference, canonical_host, keyring};

/// Texts of which most are valid, with every kind of host.
fn references() -> impl Strategy<Value = String> {
    let host = prop_oneof![
        Just(String::new()),
        "(docker\\.io|index\\.docker\\.io|registry\\.hub\\.docker\\.com|localhost)/",
        "[a-zA-Z0-9]{1,8}(\\.[a-zA-Z][a-z0-9]{1,5}){0,2}(:[1-9][0-9]{0,3})?/",
        (any::<std::net::Ipv4Addr>(), "(:[1-9][0-9]{0,3})?").prop_map(|(address, port)| format!("{address}{port}/")),
        (any::<std::net::Ipv6Addr>(), "(:[1-9][0-9]{0,3})?").prop_map(|(address, port)| format!("[{address}]{port}/")),
    ];
    let path = prop_oneof![4 => "[a-z0-9]{1,5}((\\.|_|__|-{1,3})[a-z0-9]{1,3})?(/[a-z0-9]{1,5}(\\.[a-z]{1,3})?){0,3}", 1 => "[a-f0-9]{64}"];
    (host, path, "(:[a-zA-Z0-9_][a-zA-Z0-9_.-]{0,9})?", "(@sha256:[a-f0-9]{64})?")
        .prop_map(|(host, path, tag, digest)| format!("{host}{path}{tag}{digest}"))
}

/// Texts of which few are valid.
fn texts() -> impl Strategy<Value = String> {
    let near_misses = "[a-zA-Z0-9.:/@_\\[\\] -]{0,60}";
    let pages = "(https://|docker pull )?(hub\\.docker\\.com|quay\\.io|github\\.com)/[a-z_/:@]{0,30}";
    prop_oneof![any::<String>(), near_misses, pages]
}

#[test]
fn most_generated_references_are_valid() {
    let mut runner = TestRunner::deterministic();
    let texts = std::iter::repeat_with(|| references().new_tree(&mut runner).unwrap().current()).take(200);
    let valid = texts.filter(|text| ImageReference::parse(text).is_ok()).count();
    assert!(valid > 120, "only {valid} of 200: the properties below would prove little");
}

proptest! {
    #[test]
    fn arbitrary_text_never_panics(text in texts()) {
        let _ = canonical_host(&text);
        for image in ImageReference::parse(&text).into_iter().chain(ImageReference::parse_noted(&text).map(|(image, _)| image)) {
            prop_assert_eq!(ImageReference::parse(&image.to_string()), Ok(image));
        }
    }

    #[test]
    fn every_form_reads_back(text in references()) {
        let Ok(image) = ImageReference::parse(&text) else { return Ok(()) };
        let canonical = image.to_string();
        prop_assert_eq!(ImageReference::parse(&canonical), Ok(image.clone()));
        prop_assert_eq!(ImageReference::parse_noted(&canonical).map(|(image, _)| image), Ok(image.clone()));
        prop_assert_eq!(ImageReference::parse(&image.familiar()), Ok(image.clone()), "familiar {}", image.familiar());
        let pinned = ImageReference::parse(&image.pinned()).unwrap();
        prop_assert!(pinned.same_repository(&image) && pinned.digest() == image.digest());
    }

    #[test]
    fn the_kubelet_finds_the_credential(text in references()) {
        let Ok(image) = ImageReference::parse(&text) else { return Ok(()) };
        prop_assert!(keyring::matches(image.auth_key(), &image), "{} for {}", image.auth_key(), image);
    }

    #[test]
    fn the_registry_form_agrees_with_references(text in references()) {
        let Ok(image) = ImageReference::parse(&text) else { return Ok(()) };
        if let Ok(host) = canonical_host(image.host()) {
            prop_assert_eq!(host, image.host());
        }
    }
}
