//! The address a request comes from. `X-Forwarded-For` is believed only as far as trusted proxies wrote it.

use std::net::{IpAddr, Ipv4Addr, SocketAddr};

use axum::extract::{ConnectInfo, Request};
use http::HeaderMap;
use ipnet::IpNet;

/// Where the person or program is, as far as it can be believed; 0.0.0.0 when the server was not told the peer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ClientAddress(pub IpAddr);

impl ClientAddress {
    pub(super) fn of(request: &Request, trusted: &[IpNet]) -> Self {
        let peer = request.extensions().get::<ConnectInfo<SocketAddr>>().map(|ConnectInfo(peer)| peer.ip());
        Self(resolve(peer.unwrap_or(IpAddr::V4(Ipv4Addr::UNSPECIFIED)), request.headers(), trusted))
    }
}

/// Walks from the peer through the list from its right end, for as long as the one who wrote the entry is trusted.
fn resolve(peer: IpAddr, headers: &HeaderMap, trusted: &[IpNet]) -> IpAddr {
    let is_trusted = |address: IpAddr| trusted.iter().any(|network| network.contains(&address));
    let lines = headers.get_all("x-forwarded-for").iter().rev();
    // A line that is no text ends the walk, as an entry that is no address does.
    let entries = lines.flat_map(|line| line.to_str().unwrap_or("?").rsplit(','));
    let mut address = peer.to_canonical();
    for entry in entries {
        let (true, Some(next)) = (is_trusted(address), parse(entry.trim())) else { break };
        address = next.to_canonical();
    }
    address
}

/// `192.0.2.1`, `192.0.2.1:4711`, `2001:db8::1`, `[2001:db8::1]`, `[2001:db8::1]:4711`: all are written by some proxy.
fn parse(entry: &str) -> Option<IpAddr> {
    let in_brackets = || entry.strip_prefix('[')?.strip_suffix(']')?.parse().ok();
    let with_port = || entry.parse::<SocketAddr>().ok().map(|address| address.ip());
    entry.parse().ok().or_else(with_port).or_else(in_brackets)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn resolved(peer: &str, forwarded: &[&str]) -> String {
        let trusted: Vec<IpNet> = ["10.0.0.0/8", "fd00::/8"].map(|network| network.parse().unwrap()).into();
        let mut headers = HeaderMap::new();
        for line in forwarded {
            headers.append("x-forwarded-for", line.parse().unwrap());
        }
        resolve(peer.parse().unwrap(), &headers, &trusted).to_string()
    }

    #[test]
    fn a_stranger_is_not_believed() {
        assert_eq!(resolved("192.0.2.9", &["203.0.113.1"]), "192.0.2.9");
        assert_eq!(resolved("192.0.2.9", &[]), "192.0.2.9");
    }

    #[test]
    fn the_right_most_untrusted_entry_counts() {
        assert_eq!(resolved("10.0.0.1", &["203.0.113.1"]), "203.0.113.1");
        assert_eq!(resolved("10.0.0.1", &["1.2.3.4, 203.0.113.1, 10.9.9.9"]), "203.0.113.1", "the left part is the client's own word");
        assert_eq!(resolved("10.0.0.1", &["1.2.3.4", "203.0.113.1", "10.9.9.9"]), "203.0.113.1", "several lines are one list");
        assert_eq!(resolved("10.0.0.1", &["10.0.0.2, 10.0.0.3"]), "10.0.0.2", "trusted all the way");
    }

    #[test]
    fn ports_brackets_and_mapped_addresses_are_understood() {
        assert_eq!(resolved("::ffff:10.0.0.1", &["203.0.113.1:4711"]), "203.0.113.1");
        assert_eq!(resolved("fd00::1", &["[2001:db8::1]:4711"]), "2001:db8::1");
        assert_eq!(resolved("fd00::1", &["[2001:db8::1]"]), "2001:db8::1");
        assert_eq!(resolved("10.0.0.1", &["::ffff:203.0.113.1"]), "203.0.113.1");
    }

    #[test]
    fn nonsense_ends_the_walk() {
        assert_eq!(resolved("10.0.0.1", &["203.0.113.1, unknown"]), "10.0.0.1");
        assert_eq!(resolved("10.0.0.1", &["203.0.113.1, , 10.9.9.9"]), "10.9.9.9");
    }
}
