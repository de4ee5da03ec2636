//! The way back to the page that a person came from, as an address carries it. Only pages of the same organization: an
//! address may come from anybody.

use super::form::local_path;

/// The path with its query if it leads to a page of this organization, else nothing.
pub fn way_back<'a>(organization: &str, path: &'a str) -> Option<&'a str> {
    let pages = format!("/organizations/{organization}/");
    let (place, _) = path.split_once(['?', '#']).unwrap_or((path, ""));
    (local_path(path) == path && place.starts_with(&pages) && !place.split('/').any(climbs)).then_some(path)
}

/// Browsers go up at `..`, also where its dots are written as `%2e`.
fn climbs(segment: &str) -> bool {
    matches!(segment.to_ascii_lowercase().replace("%2e", ".").as_str(), "." | "..")
}

#[cfg(test)]
mod tests {
    use super::way_back;

    #[test]
    fn only_pages_of_the_same_organization_are_a_way_back() {
        for path in ["/organizations/acme/projects/shop/components/new?type=service&image=a%2Fb", "/organizations/acme/x?y=../../z#field-a"]
        {
            assert_eq!(way_back("acme", path), Some(path));
        }
        for path in [
            "",
            "/",
            "//evil.example/organizations/acme/",
            "https://evil.example/organizations/acme/",
            "/\\evil.example",
            "/organizations/acme",
            "/organizations/acmes/projects",
            "/organizations/globex/projects",
            "/organizations/acme/../globex/projects",
            "/organizations/acme/%2E./globex/projects",
            "/organizations/acme/.%2e",
            "/organizations/acme/\r\nSet-Cookie: x=1",
            "javascript:alert(1)",
        ] {
            assert_eq!(way_back("acme", path), None, "{path:?}");
        }
    }
}
