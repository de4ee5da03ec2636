//! Egress: which addresses a connection of the console's may reach. Owns the rule for addresses, for URLs and for the
//! answers of a name server. Never connects anywhere itself, and does not know which setting its caller obeys.

use std::{
    io,
    net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr},
    sync::Arc,
};

use futures::future::BoxFuture;
use ipnet::{Ipv4Net, Ipv6Net};
use reqwest::dns::{Addrs, Name, Resolve, Resolving};
use url::{Host, Url};

use crate::config::Egress;

/// Networks that are nobody's to connect to (IANA special-purpose registry, RFC 6890 and its successors).
const NEVER_V4: [Ipv4Net; 10] = [
    v4([0, 0, 0, 0], 8),       // this network: some systems connect it to loopback
    v4([169, 254, 0, 0], 16),  // link-local: cloud metadata
    v4([192, 0, 0, 0], 24),    // protocol assignments: cloud metadata
    v4([192, 0, 2, 0], 24),    // documentation
    v4([192, 88, 99, 0], 24),  // 6to4 relays, deprecated
    v4([198, 18, 0, 0], 15),   // benchmarks
    v4([198, 51, 100, 0], 24), // documentation
    v4([203, 0, 113, 0], 24),  // documentation
    v4([224, 0, 0, 0], 4),     // multicast
    v4([240, 0, 0, 0], 4),     // reserved, and broadcast
];

/// Networks inside somebody's walls (RFC 1918).
const PRIVATE_V4: [Ipv4Net; 3] = [v4([10, 0, 0, 0], 8), v4([172, 16, 0, 0], 12), v4([192, 168, 0, 0], 16)];

/// The provider's side of carrier-grade NAT (RFC 6598): neither public nor the operator's own.
const SHARED_V4: Ipv4Net = v4([100, 64, 0, 0], 10);

/// Hosts that hand out a machine's credentials from an address that is otherwise allowed.
const METADATA_V4: [Ipv4Addr; 2] = [
    Ipv4Addr::new(100, 100, 100, 200), // Alibaba Cloud
    Ipv4Addr::new(168, 63, 129, 16),   // Azure
];
const METADATA_V6: [Ipv6Addr; 3] = [
    Ipv6Addr::new(0xfd00, 0xec2, 0, 0, 0, 0, 0, 0x254), // AWS
    Ipv6Addr::new(0xfd20, 0xce, 0, 0, 0, 0, 0, 0x254),  // Google Cloud
    Ipv6Addr::new(0xfd00, 0x42, 0, 0, 0, 0, 0, 0x42),   // Scaleway
];

/// Of IPv6 only this is given out to the public (RFC 4291); what lies outside needs no list.
const GLOBAL_V6: Ipv6Net = v6(0x2000, 0, 3);
const UNIQUE_LOCAL_V6: Ipv6Net = v6(0xfc00, 0, 7);
/// What is not public inside [`GLOBAL_V6`].
const NEVER_V6: [Ipv6Net; 3] = [
    v6(0x2001, 0, 23),     // protocol assignments, Teredo and ORCHID among them
    v6(0x2001, 0xdb8, 32), // documentation
    v6(0x3fff, 0, 20),     // documentation
];

const fn v4(octets: [u8; 4], length: u8) -> Ipv4Net {
    Ipv4Net::new_assert(Ipv4Addr::new(octets[0], octets[1], octets[2], octets[3]), length)
}

const fn v6(first: u16, second: u16, length: u8) -> Ipv6Net {
    Ipv6Net::new_assert(Ipv6Addr::new(first, second, 0, 0, 0, 0, 0, 0), length)
}

/// A connection that the egress rules forbid.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the egress rules do not allow a connection to {host}")]
pub struct Refused {
    /// The name or address that was asked for; never what a name resolved to.
    pub host: String,
    /// The narrowest egress that would allow it; `None` = none does.
    pub needs: Option<Egress>,
}

/// Why a name gave no address to connect to.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum LookupError {
    #[error("{host} does not resolve")]
    NotFound { host: String },
    #[error(transparent)]
    Refused(#[from] Refused),
}

/// Whether a connection to the address may be made.
pub fn allowed(ip: IpAddr, egress: Egress) -> bool {
    needs(ip).is_some_and(|needed| needed <= egress)
}

/// The narrowest egress that allows the address; `None` = none does.
pub fn needs(ip: IpAddr) -> Option<Egress> {
    match ip {
        IpAddr::V4(ip) => needs_v4(ip),
        IpAddr::V6(ip) => needs_v6(ip),
    }
}

/// Checks a URL before it is connected to: an address that stands in it is asked of no resolver. A name passes, to be
/// judged by [`Resolver`] when it has become addresses.
pub fn check_url(url: &Url, egress: Egress) -> Result<(), Refused> {
    let ip = match url.host() {
        Some(Host::Ipv4(ip)) => IpAddr::V4(ip),
        Some(Host::Ipv6(ip)) => IpAddr::V6(ip),
        // Only http and https URLs have their addresses told apart from names by the parser.
        Some(Host::Domain(name)) => match name.parse() {
            Ok(ip) => ip,
            Err(_) => return Ok(()),
        },
        None => return Err(Refused { host: url.scheme().to_owned(), needs: None }),
    };
    if allowed(ip, egress) { Ok(()) } else { Err(Refused { host: ip.to_string(), needs: needs(ip) }) }
}

/// What a name server says of a name: its addresses, each with port 0.
type LookUp = dyn Fn(String) -> BoxFuture<'static, io::Result<Vec<SocketAddr>>> + Send + Sync;

/// Resolves names by the system and keeps the addresses that may be connected to. Since the connector uses exactly
/// these, a name can't be judged by one answer and connected by another.
#[derive(Clone)]
pub struct Resolver {
    egress: Egress,
    look_up: Arc<LookUp>,
}

impl Resolver {
    /// A resolver that keeps to an egress.
    pub fn new(egress: Egress) -> Self {
        Self::over(egress, |host| Box::pin(async move { Ok(tokio::net::lookup_host((host, 0)).await?.collect()) }))
    }

    /// The same over another name server than the system's.
    pub(super) fn over(
        egress: Egress,
        look_up: impl Fn(String) -> BoxFuture<'static, io::Result<Vec<SocketAddr>>> + Send + Sync + 'static,
    ) -> Self {
        Self { egress, look_up: Arc::new(look_up) }
    }
}

impl Resolve for Resolver {
    fn resolve(&self, name: Name) -> Resolving {
        let Self { egress, look_up } = self.clone();
        Box::pin(async move {
            let host = name.as_str();
            let found = look_up(host.to_owned()).await.map_err(|_| LookupError::NotFound { host: host.to_owned() })?;
            let kept = keep_allowed(host, found, egress)?;
            Ok(Box::new(kept.into_iter()) as Addrs)
        })
    }
}

/// The addresses that may be connected to; an error if there is none.
fn keep_allowed(host: &str, found: Vec<SocketAddr>, egress: Egress) -> Result<Vec<SocketAddr>, LookupError> {
    let (kept, refused): (Vec<_>, Vec<_>) = found.into_iter().partition(|address| allowed(address.ip(), egress));
    if !kept.is_empty() {
        return Ok(kept);
    }
    if refused.is_empty() {
        return Err(LookupError::NotFound { host: host.to_owned() });
    }
    let needs = refused.iter().filter_map(|address| needs(address.ip())).min();
    Err(Refused { host: host.to_owned(), needs }.into())
}

fn needs_v4(ip: Ipv4Addr) -> Option<Egress> {
    if METADATA_V4.contains(&ip) || NEVER_V4.iter().any(|net| net.contains(&ip)) {
        None
    } else if ip.is_loopback() || SHARED_V4.contains(&ip) {
        Some(Egress::Any)
    } else if PRIVATE_V4.iter().any(|net| net.contains(&ip)) {
        Some(Egress::Private)
    } else {
        Some(Egress::Public)
    }
}

fn needs_v6(ip: Ipv6Addr) -> Option<Egress> {
    if let Some(inner) = embedded_v4(ip) {
        needs_v4(inner)
    } else if METADATA_V6.contains(&ip) || NEVER_V6.iter().any(|net| net.contains(&ip)) {
        None
    } else if ip.is_loopback() {
        Some(Egress::Any)
    } else if UNIQUE_LOCAL_V6.contains(&ip) {
        Some(Egress::Private)
    } else {
        GLOBAL_V6.contains(&ip).then_some(Egress::Public)
    }
}

/// The IPv4 address a packet to this one ends at: IPv4-mapped, NAT64 (RFC 6052) and 6to4 (RFC 3056). NAT64's local
/// prefix 64:ff9b:1::/48 has its inner address at a place only its network knows, so it stays outside: never allowed.
fn embedded_v4(ip: Ipv6Addr) -> Option<Ipv4Addr> {
    let join = |high: u16, low: u16| Ipv4Addr::from(u32::from(high) << 16 | u32::from(low));
    match ip.segments() {
        [0, 0, 0, 0, 0, 0xffff, high, low] | [0x64, 0xff9b, 0, 0, 0, 0, high, low] | [0x2002, high, low, ..] => Some(join(high, low)),
        _ => None,
    }
}

#[cfg(test)]
mod tests;
