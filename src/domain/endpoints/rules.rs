//! Rules between the entries of a list: how many, names and addresses unique, ports shared with care.

use std::collections::HashMap;

use super::{
    Endpoint, Visibility,
    cursor::Cursor,
    entry::{Draft, Located},
    finding::{Findings, quoted},
    slug::{MAX_SLUG, slug},
};

/// A component has at most this many endpoints.
pub const MAX_ENDPOINTS: usize = 64;

/// Reads the entries of the list `key`, each with `read_entry`; leaves out those that are no mappings and those past
/// the limit.
pub(super) fn entries(
    parent: &Cursor<'_>,
    key: &str,
    findings: &mut Findings,
    read_entry: fn(&Cursor<'_>, &mut Findings) -> Draft,
) -> Vec<Draft> {
    let Some(list) = parent.require(key, "a list with at least one endpoint", findings) else { return Vec::new() };
    let Some(items) = list.items(findings) else { return Vec::new() };
    if items.is_empty() {
        findings.error("required", &list.place(), format!("{key} has no entry. List at least one endpoint."));
    }
    if let Some(first_too_many) = items.get(MAX_ENDPOINTS) {
        let message = format!("There are {} endpoints; a component has at most {MAX_ENDPOINTS}.", items.len());
        findings.error("too_many_endpoints", &first_too_many.place(), message);
    }
    let mut drafts = Vec::new();
    for item in items.iter().take(MAX_ENDPOINTS) {
        if item.expect_mapping(findings) {
            drafts.push(read_entry(item, findings));
        }
    }
    drafts
}

/// Checks the entries against each other.
pub(super) fn check(drafts: &[Draft], findings: &mut Findings) {
    names(drafts, findings);
    ports(drafts, findings);
}

/// Names are unique without regard to case, and so are the addresses made of them.
fn names(drafts: &[Draft], findings: &mut Findings) {
    let mut by_name: HashMap<String, &Located<String>> = HashMap::new();
    let mut by_slug: HashMap<String, &Located<String>> = HashMap::new();
    for name in drafts.iter().filter_map(|draft| draft.name.as_ref()) {
        let slug = slug(&name.value);
        if let Some(first) = by_name.get(&name.value.to_lowercase()) {
            let line = first.place.position.line;
            let message =
                format!("name {} is taken by the endpoint in line {line}; case makes no difference. Choose another.", quoted(&name.value));
            findings.error("name_taken", &name.place, message);
        } else if let Some(first) = by_slug.get(&slug).filter(|_| !slug.is_empty()) {
            let message = format!(
                "name {} gives the same address as {} in line {} ({slug}). Choose a name that differs in its first {MAX_SLUG} letters and digits.",
                quoted(&name.value),
                quoted(&first.value),
                first.place.position.line
            );
            findings.error("address_taken", &name.place, message);
        }
        by_name.entry(name.value.to_lowercase()).or_insert(name);
        by_slug.entry(slug).or_insert(name);
    }
}

/// A port as access control sees it, and who opens it how wide.
struct Opened<'a> {
    port: &'a Located<u16>,
    protocol: &'static str,
    visibility: Visibility,
    name: &'a str,
}

impl<'a> Opened<'a> {
    fn of(draft: &'a Draft) -> Option<Self> {
        Some(Self {
            port: draft.port.as_ref()?,
            protocol: draft.kind?.protocol(),
            visibility: draft.visibilities.iter().copied().max()?,
            name: &draft.name.as_ref()?.value,
        })
    }

    fn conflicts_with(&self, other: &Self) -> bool {
        self.port.value == other.port.value && self.protocol == other.protocol && self.visibility != other.visibility
    }
}

/// Access is controlled per port: where two endpoints share one, the wider visibility holds for both.
fn ports(drafts: &[Draft], findings: &mut Findings) {
    let opened: Vec<Opened<'_>> = drafts.iter().filter_map(Opened::of).collect();
    for (i, later) in opened.iter().enumerate() {
        let Some(first) = opened[..i].iter().find(|first| first.conflicts_with(later)) else { continue };
        let message = format!(
            "Port {} is {} for {} and {} for {}; access works per port, so {} holds for both. Use two ports to keep them apart.",
            later.port.value,
            first.visibility.as_str(),
            quoted(first.name),
            later.visibility.as_str(),
            quoted(later.name),
            first.visibility.max(later.visibility).as_str()
        );
        findings.warning("port_visibility", &later.port.place, message);
    }
}

/// The endpoints of the entries that were read whole.
pub(super) fn endpoints(drafts: Vec<Draft>) -> Vec<Endpoint> {
    drafts.into_iter().filter_map(Draft::into_endpoint).collect()
}
