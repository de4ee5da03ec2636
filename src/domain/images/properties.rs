//! What holds for every image reference, whatever was typed.

use proptest::{prelude::*, strategy::ValueTree, test_runner::TestRunner};

use super::{ImageReference, auth_key_under, canonical_host, covers, keyring, read_auth_key};

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

/// A path prefix that the image lies under (its first so many parts), or any other.
fn prefix_of(image: &ImageReference, parts: usize) -> Option<String> {
    let parts: Vec<&str> = image.repository().split('/').take(parts).collect();
    (!parts.is_empty()).then(|| parts.join("/"))
}

/// Repositories that differ little from each other, so that prefixes are met and missed by a letter, and some that look
/// like the API's own paths.
fn close_repositories() -> impl Strategy<Value = String> {
    "(v1|v2|a|ab|a-b|abc)(/(v1|v2|a|ab|a-b|abc)){0,3}"
}

/// Hosts with and without port, Docker Hub among them; canonical.
fn hosts() -> impl Strategy<Value = String> {
    "(docker\\.io|ghcr\\.io|ghcr\\.io:443|r\\.example\\.com:5000|localhost|localhost:5000|10\\.0\\.0\\.5:5000|\\[2001:db8::1\\]:443)"
}

/// Texts of which few are valid.
fn texts() -> impl Strategy<Value = String> {
    let near_misses = "[a-zA-Z0-9.:/@_\\[\\] -]{0,60}";
    let pages = "(https://|docker pull )?((registry\\.)?hub\\.docker\\.com|quay\\.io|github\\.com)/[a-z_/:@]{0,30}";
    let commands = "[\"'`“]?(docker|podman) (pull|run|create)( (-[a-z]{1,3}|--[a-z=]{1,8}|[a-z/:.\"'`\\\\;$()]{1,9})){0,4}[\"'`”]?";
    prop_oneof![any::<String>(), near_misses, pages, commands]
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
    fn arbitrary_text_never_panics_and_what_is_accepted_reads_back(text in texts()) {
        let _ = canonical_host(&text);
        for image in ImageReference::parse(&text).into_iter().chain(ImageReference::parse_noted(&text).map(|(image, _)| image)) {
            let canonical = image.to_string();
            let again = ImageReference::parse(&canonical);
            prop_assert_eq!(again.as_ref().map(ToString::to_string), Ok(canonical), "the canonical form is its own");
            prop_assert_eq!(again, Ok(image));
        }
    }

    /// What people paste around a reference changes nothing but the notes.
    #[test]
    fn a_reference_is_found_in_what_is_around_it(text in references()) {
        let Ok((image, notes)) = ImageReference::parse_noted(&text) else { return Ok(()) };
        for around in [
            format!("  {text}\n"), format!("'{text}'"), format!("\"{text}\""), format!("`{text}`"), format!("“{text}”"),
            format!("docker pull {text}"), format!("$ docker pull --platform linux/arm64 '{text}'"), format!("`docker pull {text}`"),
            format!("docker run --rm -it -p 80:80 {text} sh -c x"),
        ] {
            let (found, all) = ImageReference::parse_noted(&around).unwrap();
            prop_assert_eq!(&found, &image, "{}", around);
            prop_assert!(all.ends_with(&notes), "{around}: {all:?}");
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

    #[test]
    fn a_key_with_a_prefix_serves_what_lies_under_it(text in references(), parts in 0_usize..4) {
        let Ok(image) = ImageReference::parse(&text) else { return Ok(()) };
        let prefix = prefix_of(&image, parts);
        let key = auth_key_under(image.host(), prefix.as_deref());
        prop_assert!(covers(image.host(), prefix.as_deref(), &image));
        prop_assert!(keyring::matches(&key, &image), "{key} for {image}");
    }

    /// The kubelet compares letters where we compare parts of the path, so it may go further, but only on the same host.
    #[test]
    fn what_is_covered_the_kubelet_pulls_and_no_other_host(
        (host, other) in (hosts(), hosts()), prefix in proptest::option::of(close_repositories()), repository in close_repositories(),
    ) {
        let image = ImageReference::parse(&format!("{other}/{repository}")).unwrap();
        let pulls = keyring::matches(&auth_key_under(&host, prefix.as_deref()), &image);
        let covered = covers(&host, prefix.as_deref(), &image);
        prop_assert!(!covered || pulls, "{host} {prefix:?} covers {image}, but the kubelet does not know");
        let is_kubelets_guess = host == "docker.io" && prefix.is_none() && other == "localhost";
        prop_assert!(!pulls || host == other || is_kubelets_guess, "{host} {prefix:?} would be sent to {other}");
        let by_letter = prefix.is_none_or(|prefix| image.repository().starts_with(&prefix));
        prop_assert_eq!(pulls, (host == other && by_letter) || is_kubelets_guess);
    }

    #[test]
    fn a_written_key_reads_back(host in hosts(), prefix in proptest::option::of(close_repositories())) {
        let read = read_auth_key(&auth_key_under(&host, prefix.as_deref()));
        prop_assert_eq!(read, Ok((host, prefix.map(|prefix| prefix.trim_end_matches('/').to_owned()))));
    }

    /// A key whose host has globs serves what the same key written out serves.
    #[test]
    fn a_glob_takes_the_place_of_a_part(
        repository in close_repositories(), part in "[a-z]{1,6}", prefix in proptest::option::of(close_repositories()),
    ) {
        let image = ImageReference::parse(&format!("{part}.example.com:5000/{repository}")).unwrap();
        let path = prefix.map(|prefix| format!("/v1/{prefix}")).unwrap_or_default();
        let exact = keyring::matches(&format!("{part}.example.com:5000{path}"), &image);
        prop_assert_eq!(keyring::matches(&format!("*.example.com:5000{path}"), &image), exact);
        prop_assert!(!keyring::matches(&format!("*.example.com{path}"), &image), "the port counts");
        prop_assert!(!keyring::matches(&format!("*.com:5000{path}"), &image), "a glob stays within its part");
    }
}
