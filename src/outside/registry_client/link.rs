//! The `Link` header (RFC 8288) as registries use it for paging. Owns finding the next page's target; follows nothing.

use http::{HeaderMap, header::LINK};

/// The target of the link whose relation is `next`, as it stands there: often relative.
pub(super) fn next(headers: &HeaderMap) -> Option<&str> {
    headers.get_all(LINK).iter().filter_map(|value| value.to_str().ok()).find_map(next_in)
}

fn next_in(mut rest: &str) -> Option<&str> {
    loop {
        let (target, after) = rest.split_once('<')?.1.split_once('>')?;
        // The parameters end where the next link starts; neither relation nor title of a registry holds a `<`.
        let parameters = after.split('<').next().unwrap_or_default();
        if parameters.split([';', ',']).any(is_next) {
            return Some(target);
        }
        rest = after;
    }
}

fn is_next(parameter: &str) -> bool {
    parameter.split_once('=').is_some_and(|(name, value)| {
        let relations = value.trim().trim_matches('"');
        name.trim().eq_ignore_ascii_case("rel") && relations.split_whitespace().any(|relation| relation.eq_ignore_ascii_case("next"))
    })
}

#[cfg(test)]
mod tests {
    use http::HeaderValue;

    use super::*;

    #[test]
    fn finds_the_next_page() {
        let table = [
            (r#"</v2/a/tags/list?last=x&n=2>; rel="next""#, Some("/v2/a/tags/list?last=x&n=2")),
            (r#"<https://h/v2/a/tags/list?last=x,y;z>;rel=next"#, Some("https://h/v2/a/tags/list?last=x,y;z")),
            (r#"</first>; rel="first", </next>; title="more"; REL="last Next""#, Some("/next")),
            (r#"</last>; rel="last""#, None),
            (r#"</nexte>; rel="nexter""#, None),
            ("</unclosed", None),
            ("", None),
        ];
        for (header, expected) in table {
            let headers = [(LINK, HeaderValue::from_static(header))].into_iter().collect();
            assert_eq!(next(&headers), expected, "{header}");
        }
    }
}
