//! What a credential serves: all of a registry, or what lies under a path of it; and the key that says so to the kubelet.
//! Holds no credentials. Which images the kubelet itself finds for a key is for `keyring` to say.

use super::{
    ImageReference, auth_key, canonical_host,
    grammar::{check_repository, problem, quoted},
};
use crate::domain::problem::Problem;

/// The key under `auths` of a pull secret for a canonical host and, where the credential has one, its path prefix.
///
/// The kubelet takes `/v1/` and `/v2/` at the start of a path for the API's and drops them: a prefix that starts so gets
/// one more in front.
pub fn auth_key_under(host: &str, path_prefix: Option<&str>) -> String {
    match path_prefix {
        None => auth_key(host).into(),
        Some(prefix) if without_api_version(prefix) != prefix => format!("{host}/v1/{prefix}"),
        Some(prefix) => format!("{host}/{prefix}"),
    }
}

/// Whether a credential for a canonical host and path prefix is meant for the image. Goes by whole parts of the path,
/// where the kubelet would compare letters: `acme` does not cover `acme-labs/greeter`.
pub fn covers(host: &str, path_prefix: Option<&str>, image: &ImageReference) -> bool {
    let under = |prefix: &str| {
        let rest = image.repository().strip_prefix(prefix);
        rest.is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
    };
    image.host() == host && path_prefix.is_none_or(under)
}

/// Canonical host and path prefix of a key as `docker login` and people write it: with or without scheme, slash and API
/// version. The problem's field is empty: the caller knows it.
pub fn read_auth_key(key: &str) -> Result<(String, Option<String>), Problem> {
    let key = key.trim();
    if key.contains('@') {
        // Before any sentence that repeats the key: what stands before an @ may be a password.
        canonical_host(key)?;
    }
    if key.contains('*') {
        return Err(problem(
            "host_has_glob",
            format!("The key {} stands for several hosts. Write the host of this registry itself.", quoted(key)),
        ));
    }
    let start = key.find("://").map_or(0, |at| at + 3);
    let (address, path) = match key[start..].split_once('/') {
        Some((authority, path)) => (&key[..start + authority.len()], path),
        None => (key, ""),
    };
    let host = canonical_host(address)?;
    let path = without_api_version(path).trim_matches('/');
    if path.is_empty() {
        return Ok((host, None));
    }
    check_repository(path)?;
    Ok((host, Some(path.into())))
}

/// Drops the API's own `v1` or `v2` in front of a path, as the kubelet does.
fn without_api_version(path: &str) -> &str {
    match path.split_once('/').unwrap_or((path, "")) {
        ("v1" | "v2", rest) => rest,
        _ => path,
    }
}

/// The canonical host with its prefix, for sentences: `ghcr.io/acme`, `docker.io`.
pub fn scope_name(host: &str, path_prefix: Option<&str>) -> String {
    path_prefix.map_or_else(|| host.into(), |prefix| format!("{host}/{prefix}"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::images::DOCKER_HUB;

    #[test]
    fn keys_that_people_have() {
        for (key, host, prefix) in [
            ("ghcr.io", "ghcr.io", None),
            ("https://GHCR.io/", "ghcr.io", None),
            ("https://index.docker.io/v1/", DOCKER_HUB, None),
            ("https://index.docker.io/v1", DOCKER_HUB, None),
            ("docker.io", DOCKER_HUB, None),
            ("registry.hub.docker.com", DOCKER_HUB, None),
            ("docker.io/acme", DOCKER_HUB, Some("acme")),
            ("https://registry.example.com:5000/v2/", "registry.example.com:5000", None),
            ("registry.example.com:5000/v2/team/app/", "registry.example.com:5000", Some("team/app")),
            ("ghcr.io/acme", "ghcr.io", Some("acme")),
            ("ghcr.io/v2/v2/acme", "ghcr.io", Some("v2/acme")),
            ("[2001:db8::1]/acme", "[2001:db8::1]:443", Some("acme")),
        ] {
            assert_eq!(read_auth_key(key), Ok((host.into(), prefix.map(String::from))), "{key}");
        }
    }

    #[test]
    fn keys_that_name_no_registry() {
        for (key, code) in [
            ("", "host_empty"),
            ("*.example.com", "host_has_glob"),
            ("https://user:hunter2@ghcr.io", "host_has_user_info"),
            ("https://user:*hunter2@ghcr.io", "host_has_user_info"),
            ("ghcr.io/user:hunter2@acme", "host_has_user_info"),
            ("registry", "host_invalid"),
            ("ftp://ghcr.io", "host_invalid"),
            ("ghcr.io/Acme", "image_repository_invalid"),
            ("ghcr.io/acme//app", "image_repository_invalid"),
        ] {
            let problem = read_auth_key(key).unwrap_err();
            assert_eq!(problem.code, code, "{key}");
            assert!(!problem.message.contains("hunter2"));
        }
    }

    #[test]
    fn a_prefix_covers_whole_parts() {
        let image = |text: &str| ImageReference::parse(text).unwrap();
        for (host, prefix, reference, expected) in [
            ("ghcr.io", None, "ghcr.io/acme/greeter", true),
            ("ghcr.io", Some("acme"), "ghcr.io/acme/greeter:1", true),
            ("ghcr.io", Some("acme/greeter"), "ghcr.io/acme/greeter:1", true),
            ("ghcr.io", Some("acme"), "ghcr.io/acme-labs/greeter", false),
            ("ghcr.io", Some("acme"), "quay.io/acme/greeter", false),
            ("ghcr.io", None, "ghcr.io:5000/acme/greeter", false),
            (DOCKER_HUB, Some("library"), "nginx", true),
            (DOCKER_HUB, None, "registry.hub.docker.com/acme/greeter", true),
        ] {
            assert_eq!(covers(host, prefix, &image(reference)), expected, "{host} {prefix:?} {reference}");
        }
    }

    #[test]
    fn keys_that_we_write() {
        assert_eq!(auth_key_under(DOCKER_HUB, None), "https://index.docker.io/v1/");
        assert_eq!(auth_key_under(DOCKER_HUB, Some("acme")), "docker.io/acme");
        assert_eq!(auth_key_under("registry.example.com:5000", Some("acme")), "registry.example.com:5000/acme");
        assert_eq!(auth_key_under("ghcr.io", Some("v2/acme")), "ghcr.io/v1/v2/acme");
        assert_eq!(scope_name("ghcr.io", Some("acme")), "ghcr.io/acme");
    }
}
