//! How many pulls a registry still allows, as it says in an answer's headers: `ratelimit-remaining: 76;w=21600`.
//! Docker Hub does; others use the same names to count requests, without a window, and are not believed.

use http::{HeaderMap, Method};

use super::{manifests::ACCEPT, session::Session};
use crate::domain::registries::client::PullAllowance;

/// The repository that Docker Hub keeps for this question, and its one tag.
pub(super) const DOCKER_HUB_REPOSITORY: &str = "ratelimitpreview/test";
const DOCKER_HUB_TAG: &str = "latest";

/// What the headers of an answer say.
pub(super) fn read(headers: &HeaderMap) -> Option<PullAllowance> {
    let (remaining, window) = number_and_window(headers, "ratelimit-remaining")?;
    let limit = number_and_window(headers, "ratelimit-limit");
    let window = window.or(limit.and_then(|(_, window)| window))?;
    Some(PullAllowance { remaining, limit: limit.map(|(limit, _)| limit), window_seconds: Some(window) })
}

/// Asks Docker Hub by a HEAD, which it does not count as a pull. The session is one on [`DOCKER_HUB_REPOSITORY`].
pub(super) async fn ask(session: &mut Session<'_>) -> Option<PullAllowance> {
    let url = session.url(&format!("manifests/{DOCKER_HUB_TAG}"));
    read(session.send(Method::HEAD, url, Some(ACCEPT)).await.ok()?.headers())
}

/// `76;w=21600` as 76 and 21600.
fn number_and_window(headers: &HeaderMap, name: &str) -> Option<(u32, Option<u32>)> {
    let mut parts = headers.get(name)?.to_str().ok()?.split(';').map(str::trim);
    let number = parts.next()?.parse().ok()?;
    Some((number, parts.find_map(|part| part.strip_prefix("w=")?.parse().ok())))
}

#[cfg(test)]
mod tests {
    use http::{HeaderName, HeaderValue};

    use super::*;

    fn told(pairs: &[(&'static str, &'static str)]) -> Option<(u32, Option<u32>, Option<u32>)> {
        let pairs = pairs.iter().map(|(name, value)| (HeaderName::from_static(name), HeaderValue::from_static(value)));
        read(&pairs.collect()).map(|pulls| (pulls.remaining, pulls.limit, pulls.window_seconds))
    }

    #[test]
    fn docker_hubs_headers_are_read() {
        let both = [("ratelimit-limit", "100;w=21600"), ("ratelimit-remaining", "76;w=21600")];
        assert_eq!(told(&both), Some((76, Some(100), Some(21_600))));
        assert_eq!(told(&both[1..]), Some((76, None, Some(21_600))));
        assert_eq!(told(&[("ratelimit-limit", "100; w=21600"), ("ratelimit-remaining", "0")]), Some((0, Some(100), Some(21_600))));
        assert_eq!(told(&[("ratelimit-limit", "many"), ("ratelimit-remaining", "1;w=60")]), Some((1, None, Some(60))));
    }

    #[test]
    fn what_counts_requests_or_nothing_is_no_allowance() {
        assert_eq!(told(&[]), None);
        assert_eq!(told(&[("ratelimit-limit", "100;w=21600")]), None);
        assert_eq!(told(&[("ratelimit-limit", "2000"), ("ratelimit-remaining", "1999")]), None);
        for odd in ["", "-1;w=60", "x;w=60", "5000000000;w=60", "1;w=", "1;v=60"] {
            assert_eq!(told(&[("ratelimit-remaining", odd)]), None, "{odd}");
        }
    }
}
