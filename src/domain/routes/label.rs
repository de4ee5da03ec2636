//! Names made of names. Two different tuples of parts never give the same one by accident of where a hyphen stands.

use sha2::{Digest as _, Sha256};

/// The longest label of DNS, and the longest name of a Service.
const MAX: usize = 63;
/// Hex digits of a hash in a name.
const HASH: usize = 8;
/// Before a hash. No name without one has it: those are parts without hyphens, joined by single ones.
const MARK: &str = "--";

/// First label of an own host: the parts joined by hyphens. Where a part has hyphens of its own (`a-b` and `c` read as `a` and
/// `b-c` do), and where it would be too long, a hash of the parts tells it from all others.
pub(super) fn host_label(parts: &[&str]) -> String {
    let joined = parts.join("-");
    let is_clear = parts.iter().all(|part| !part.contains('-')) && joined.len() <= MAX;
    if is_clear { joined } else { hashed(&joined, parts) }
}

/// Name of the object of an endpoint's way in: `greeter--api`; `greeter` of a Web Application, whose slug is empty. A slug
/// never has two hyphens in a row, so the last pair always stands between component and slug.
pub fn object_name(component: &str, slug: &str) -> String {
    if slug.is_empty() {
        return component.to_owned();
    }
    let joined = format!("{component}{MARK}{slug}");
    if joined.len() <= MAX { joined } else { hashed(&joined, &[component, slug]) }
}

/// The beginning of what was joined, with single hyphens only, then the mark and a hash of the parts.
fn hashed(joined: &str, parts: &[&str]) -> String {
    let mut head = joined.split('-').filter(|part| !part.is_empty()).collect::<Vec<_>>().join("-");
    head.truncate(MAX - MARK.len() - HASH);
    // No part can hold a `/`, so different parts are never hashed as the same text.
    let hash = hex::encode(Sha256::digest(parts.join("/")));
    format!("{}{MARK}{}", head.trim_end_matches('-'), &hash[..HASH])
}
