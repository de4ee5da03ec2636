//! Registry hosts: what is a valid one, its canonical form, and the names that are all Docker Hub.
//! Never resolves or connects; whether an address may be spoken to is for the egress rules to say.

use std::net::{Ipv4Addr, Ipv6Addr};

use super::grammar::{problem, quoted};
use crate::domain::problem::Problem;

/// The canonical name of Docker Hub.
pub const DOCKER_HUB: &str = "docker.io";

/// Every name under which Docker Hub's registry is known. They are one registry.
const DOCKER_HUB_NAMES: [&str; 6] =
    [DOCKER_HUB, "index.docker.io", "registry-1.docker.io", "registry.hub.docker.com", "registry.docker.com", "registry.docker.io"];

/// Docker Hub's web site: people paste it as the host, but it serves no images.
pub(super) const DOCKER_HUB_SITE: &str = "hub.docker.com";

/// Longest host name, in characters (RFC 1035).
const NAME_MAX: usize = 253;

/// Longest part of a host name between full stops (RFC 1035).
const LABEL_MAX: usize = 63;

const ALLOWED: &str = "Write a host with an optional port, such as registry.example.com or 10.0.0.5:5000";

/// Whether the host is one of Docker Hub's names; case and the port 443 do not matter.
pub fn is_docker_hub(host: &str) -> bool {
    let name = host.strip_suffix(":443").unwrap_or(host);
    DOCKER_HUB_NAMES.iter().any(|known| known.eq_ignore_ascii_case(name))
}

/// The host that serves the registry API of a canonical host.
pub fn api_host(host: &str) -> &str {
    if host == DOCKER_HUB { "registry-1.docker.io" } else { host }
}

/// The key of a canonical host under `auths` of a dockerconfigjson, such that the kubelet finds it.
pub fn auth_key(host: &str) -> &str {
    if host == DOCKER_HUB { "https://index.docker.io/v1/" } else { host }
}

/// The canonical form of what a person gave as registry host: `host[:port]` in lower case, `docker.io` for every name
/// of Docker Hub. A scheme, a slash at the end and the API's own `/v1/` or `/v2/` are dropped.
pub fn canonical_host(text: &str) -> Result<String, Problem> {
    let text = text.trim();
    if text.is_empty() {
        return Err(problem("host_empty", format!("The registry host is missing. {ALLOWED}.")));
    }
    let address = without_scheme(text)?;
    // What stands before an @ may be a password, so it is never repeated in the message.
    if address.contains('@') {
        return Err(problem(
            "host_has_user_info",
            "The registry host carries a user name or password before an @. Leave them out here and enter them as the credential.",
        ));
    }
    let (authority, path) = address.split_once('/').unwrap_or((address, ""));
    if !matches!(path.trim_end_matches('/'), "" | "v1" | "v2") {
        return Err(problem(
            "host_has_path",
            format!(
                "The registry host is followed by the path {}. Only host and port are allowed here: write {}.",
                quoted(path),
                quoted(authority)
            ),
        ));
    }
    let host = canonical_authority(authority)?;
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
            format!("The registry host starts with the scheme {}, which is not that of a registry. {ALLOWED}.", quoted(scheme)),
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
            "The registry host {} has neither a full stop nor a port, so image references could not name it. Write it with its port, such as {host}:443.",
            quoted(host)
        ),
    ))
}

/// The canonical form of `host[:port]` as it stands in an image reference.
///
/// A name without dot and port keeps its case: only an upper-case letter tells it from a path on Docker Hub. An IPv6
/// address always gets its port: the kubelet takes brackets without a port for a glob, which never matches the host.
pub(super) fn canonical_authority(text: &str) -> Result<String, Problem> {
    let (name, port) = split_port(text)?;
    if let Some(address) = name.strip_prefix('[').and_then(|rest| rest.strip_suffix(']')) {
        return Ok(format!("[{}]:{}", canonical_ipv6(address)?, port.unwrap_or(443)));
    }
    check_name(name)?;
    if is_docker_hub(name) && matches!(port, None | Some(443)) {
        return Ok(DOCKER_HUB.into());
    }
    let lower = name.to_ascii_lowercase();
    Ok(match port {
        Some(port) => format!("{lower}:{port}"),
        None if lower.contains('.') || lower == "localhost" => lower,
        None => name.into(),
    })
}

/// Splits the port off; brackets stay with the name.
fn split_port(text: &str) -> Result<(&str, Option<u16>), Problem> {
    let name_end =
        if text.starts_with('[') { text.find(']').map_or(text.len(), |end| end + 1) } else { text.find(':').unwrap_or(text.len()) };
    let (name, rest) = text.split_at(name_end);
    if rest.is_empty() {
        return Ok((name, None));
    }
    let Some(port) = rest.strip_prefix(':') else {
        return Err(invalid(text));
    };
    if port.contains(':') {
        return Err(problem(
            "host_invalid",
            format!("The registry host {} has several colons. Put an IPv6 address in brackets, such as [2001:db8::1]:5000.", quoted(text)),
        ));
    }
    // `parse` alone would take "+443".
    match port.parse() {
        Ok(number @ 1..) if port.bytes().all(|byte| byte.is_ascii_digit()) => Ok((name, Some(number))),
        _ => Err(problem(
            "host_port_invalid",
            format!("The port {} of the registry host is not valid: a number from 1 to 65535 is allowed.", quoted(port)),
        )),
    }
}

/// RFC 5952's short form. The dotted form of an IPv4-mapped address is not in the grammar of image references: such
/// an address is written out.
fn canonical_ipv6(address: &str) -> Result<String, Problem> {
    let parsed: Option<Ipv6Addr> = (!address.contains('.')).then(|| address.parse().ok()).flatten();
    let Some(parsed) = parsed else {
        return Err(problem(
            "host_invalid",
            format!(
                "{} is not an IPv6 address as registries are named: hexadecimal groups and colons are allowed, without a zone and without IPv4 notation.",
                quoted(address)
            ),
        ));
    };
    let short = parsed.to_string();
    Ok(if short.contains('.') { parsed.segments().map(|group| format!("{group:x}")).join(":") } else { short })
}

fn check_name(name: &str) -> Result<(), Problem> {
    if !name.is_ascii() {
        return Err(problem("host_invalid", format!("The registry host {} has letters outside ASCII. Write its xn-- form.", quoted(name))));
    }
    if name.len() > NAME_MAX || !name.split('.').all(is_label) {
        return Err(invalid(name));
    }
    if ends_in_number(name) && name.parse::<Ipv4Addr>().is_err() {
        return Err(problem(
            "host_invalid",
            format!("The registry host {} ends in a number but is no IPv4 address such as 10.0.0.5.", quoted(name)),
        ));
    }
    Ok(())
}

/// `[a-zA-Z0-9]|[a-zA-Z0-9][a-zA-Z0-9-]*[a-zA-Z0-9]`
fn is_label(label: &str) -> bool {
    let is_alphanumeric = |c: char| c.is_ascii_alphanumeric();
    label.len() <= LABEL_MAX
        && label.starts_with(is_alphanumeric)
        && label.ends_with(is_alphanumeric)
        && label.chars().all(|c| is_alphanumeric(c) || c == '-')
}

/// Whether URL parsers would read the host as an IPv4 address (WHATWG URL, "ends in a number"). Only the plain dotted
/// form is let through, so that no other spelling of an address gets past the egress rules.
fn ends_in_number(name: &str) -> bool {
    let last = name.rsplit('.').next().unwrap_or(name);
    let hex = last.strip_prefix("0x").or_else(|| last.strip_prefix("0X"));
    last.bytes().all(|byte| byte.is_ascii_digit()) || hex.is_some_and(|digits| digits.bytes().all(|byte| byte.is_ascii_hexdigit()))
}

fn invalid(host: &str) -> Problem {
    problem(
        "host_invalid",
        format!("The registry host {} is not valid: letters, digits, hyphens and full stops are allowed. {ALLOWED}.", quoted(host)),
    )
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
        assert!(!is_docker_hub("docker.io.example.com"));
        assert!(!is_docker_hub("docker.io:5000"));
        assert_eq!(api_host("docker.io"), "registry-1.docker.io");
        assert_eq!(api_host("ghcr.io"), "ghcr.io");
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
