//! The registry host of the form: what people paste, brought to the canonical form that image references have.
//! Never resolves or connects; whether an address may be spoken to is for the egress rules to say.

use super::{
    authority::{self, EXAMPLES},
    docker_hub::{DOCKER_HUB, DOCKER_HUB_SITE},
    grammar::{problem, quoted},
};
use crate::domain::problem::Problem;

/// The canonical form of what a person gave as registry host: `host[:port]` in lower case, `docker.io` for every name
/// of Docker Hub. A scheme, a slash at the end and the API's own `/v1/` or `/v2/` are dropped.
pub fn canonical_host(text: &str) -> Result<String, Problem> {
    let text = text.trim();
    if text.is_empty() {
        return Err(problem("host_empty", format!("The registry host is missing. {EXAMPLES}.")));
    }
    // What stands before an @ may be a password, so it is never repeated in the message.
    if text.contains('@') {
        return Err(problem(
            "host_has_user_info",
            "The registry host carries a user name or password before an @. Leave them out here and enter them as the credential.",
        ));
    }
    let address = without_scheme(text)?;
    let (authority, path) = address.split_once('/').unwrap_or((address, ""));
    let host = authority::canonical(authority)?;
    if !matches!(path.trim_end_matches('/'), "" | "v1" | "v2") {
        return Err(problem(
            "host_has_path",
            format!("The registry host is followed by the path {}. Only host and port are allowed here: write {host}.", quoted(path)),
        ));
    }
    if host == DOCKER_HUB_SITE {
        return Ok(DOCKER_HUB.into());
    }
    refuse_bare_name(&host)?;
    Ok(host)
}

/// Drops a scheme that people paste with a host.
fn without_scheme(text: &str) -> Result<&str, Problem> {
    match text.split_once("://") {
        None => Ok(text),
        Some((scheme, rest)) if is_known_scheme(scheme) => Ok(rest),
        Some((scheme, _)) => Err(problem(
            "host_invalid",
            format!("The registry host starts with the scheme {}, which is not that of a registry. {EXAMPLES}.", quoted(scheme)),
        )),
    }
}

/// Schemes that tools write before registry hosts and image references.
pub(super) fn is_known_scheme(scheme: &str) -> bool {
    ["https", "http", "docker", "oci"].iter().any(|known| known.eq_ignore_ascii_case(scheme))
}

/// A host without dot and port can't be written in an image reference: there it would be a path on Docker Hub.
fn refuse_bare_name(host: &str) -> Result<(), Problem> {
    if host.contains(['.', ':']) || host == "localhost" {
        return Ok(());
    }
    Err(problem(
        "host_invalid",
        format!(
            "The registry host {} has neither a full stop nor a port, so image references could not name it. Write it with its port, \
             such as {host}:443.",
            quoted(host)
        ),
    ))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn canonical_forms() {
        for (text, canonical) in [
            ("ghcr.io", "ghcr.io"),
            (" https://GHCR.io/ ", "ghcr.io"),
            ("http://127.0.0.1:5000", "127.0.0.1:5000"),
            ("registry.example.com/v2/", "registry.example.com"),
            ("oci://registry.example.com:05000", "registry.example.com:5000"),
            ("localhost", "localhost"),
            ("LOCALHOST:5000", "localhost:5000"),
            ("registry:5000", "registry:5000"),
            ("123456789012.dkr.ecr.eu-west-1.amazonaws.com", "123456789012.dkr.ecr.eu-west-1.amazonaws.com"),
            ("[2001:DB8:0::1]:5000", "[2001:db8::1]:5000"),
            ("[::1]", "[::1]:443"),
            ("[::ffff:c000:221]", "[0:0:0:0:0:ffff:c000:221]:443"),
            ("docker.io:5000", "docker.io:5000"),
        ] {
            assert_eq!(canonical_host(text).as_deref(), Ok(canonical), "{text}");
            assert_eq!(canonical_host(canonical).as_deref(), Ok(canonical), "{canonical} is canonical");
        }
    }

    #[test]
    fn docker_hubs_names_are_one_registry() {
        for name in [
            "docker.io",
            "index.docker.io",
            "registry-1.docker.io",
            "registry.hub.docker.com",
            "registry.docker.com",
            "registry.docker.io",
            "hub.docker.com",
            "https://index.docker.io/v1/",
            "Docker.IO:443",
        ] {
            assert_eq!(canonical_host(name).as_deref(), Ok(DOCKER_HUB), "{name}");
        }
    }

    #[test]
    fn refusals() {
        for (text, code) in [
            ("", "host_empty"),
            ("  ", "host_empty"),
            ("ghcr.io/acme", "host_has_path"),
            ("ghcr.io/v2/acme", "host_has_path"),
            ("user:secret@ghcr.io", "host_has_user_info"),
            ("https://user@ghcr.io/", "host_has_user_info"),
            ("ftp://ghcr.io", "host_invalid"),
            ("ghcr.io:", "host_port_invalid"),
            ("ghcr.io:0", "host_port_invalid"),
            ("ghcr.io:65536", "host_port_invalid"),
            ("ghcr.io:+443", "host_port_invalid"),
            ("ghcr.io:http", "host_port_invalid"),
            ("fc00::1:5000", "host_invalid"),
            ("[fe80::1%eth0]:5000", "host_invalid"),
            ("[2001:db8::192.0.2.33]", "host_invalid"),
            ("[::1", "host_invalid"),
            ("[::1]x", "host_invalid"),
            ("[]", "host_invalid"),
            ("registry", "host_invalid"),
            ("my_registry.example.com", "host_invalid"),
            ("-a.example.com", "host_invalid"),
            ("a..example.com", "host_invalid"),
            ("ghcr.io.", "host_invalid"),
            ("ghcr.io?x", "host_invalid"),
            ("gh cr.io", "host_invalid"),
            ("☃.com", "host_invalid"),
            ("https://", "host_invalid"),
            ("192.168.1.999", "host_invalid"),
            ("127.1", "host_invalid"),
            ("2130706433:80", "host_invalid"),
            ("0x7f.0x1:80", "host_invalid"),
            ("0177.0.0.1", "host_invalid"),
        ] {
            assert_eq!(canonical_host(text).map_err(|problem| problem.code), Err(code.into()), "{text}");
        }
        assert!(canonical_host(&format!("{}.com", "a".repeat(64))).is_err());
        assert!(canonical_host(&format!("{}com", "a.".repeat(126))).is_err());
    }

    #[test]
    fn a_password_is_not_repeated() {
        let message = canonical_host("https://user:hunter2@ghcr.io").unwrap_err().message;
        assert!(!message.contains("hunter2"), "{message}");
    }
}
