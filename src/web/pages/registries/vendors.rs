//! The first question of a new registry: whose is it? Tiles that are links, so that the choice has an address.

use leptos::prelude::*;

use crate::{domain::registries::Vendor, web::paths};

/// A tile for each vendor. `back` is the page that the person came from, if any.
pub(super) fn tiles(organization: &str, back: Option<&str>) -> AnyView {
    let tiles = Vendor::ALL
        .into_iter()
        .map(|vendor| {
            view! {
                <li class="tile">
                    <span class="monogram" aria-hidden="true">{monogram(vendor)}</span>
                    <a href=paths::new_registry_with(organization, Some(vendor.as_str()), back)>{vendor.label()}</a>
                    <small class="mono">{vendor.host_form()}</small>
                </li>
            }
        })
        .collect_view();
    view! { <ul class="tiles">{tiles}</ul> }.into_any()
}

/// One or two letters; the vendors' own marks are theirs.
fn monogram(vendor: Vendor) -> &'static str {
    match vendor {
        Vendor::DockerHub => "D",
        Vendor::Ghcr => "GH",
        Vendor::Azure => "Az",
        Vendor::Google => "Go",
        Vendor::Ecr => "Am",
        Vendor::Quay => "Q",
        Vendor::Harbor => "H",
        Vendor::GitLab => "GL",
        Vendor::Other => "+",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_two_vendors_have_the_same_letters() {
        let letters: std::collections::BTreeSet<_> = Vendor::ALL.into_iter().map(monogram).collect();
        assert_eq!(letters.len(), Vendor::ALL.len());
    }
}
