//! `host[:port]` as it stands in an image reference: what is valid, and its canonical form.
//! Knows nothing of schemes and paths; `host` and `split` have taken them off.

use std::net::{Ipv4Addr, Ipv6Addr};

use super::{
    docker_hub::{DOCKER_HUB, is_docker_hub},
    grammar::{problem, quoted},
};
use crate::domain::problem::Problem;

/// Longest host name, in characters (RFC 1035).
const NAME_MAX: usize = 253;

/// Longest part of a host name between full stops (RFC 1035).
const LABEL_MAX: usize = 63;

/// How a sentence about a wrong host ends.
pub(super) const EXAMPLES: &str = "Write a host with an optional port, such as registry.example.com or 10.0.0.5:5000";

/// The canonical form of `host[:port]` as it stands in an image reference.
///
/// A name without dot and port keeps its case: only an upper-case letter tells it from a path on Docker Hub. An IPv6
/// address always gets its port: the kubelet takes brackets without a port for a glob, which never matches the host.
pub(super) fn canonical(text: &str) -> Result<String, Problem> {
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
                "{} is not an IPv6 address as registries are named: hexadecimal groups and colons are allowed, \
                 without a zone and without IPv4 notation.",
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
        format!("The registry host {} is not valid: letters, digits, hyphens and full stops are allowed. {EXAMPLES}.", quoted(host)),
    )
}
