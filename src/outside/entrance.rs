//! The configured entrance in the domain's words: `config` may not name them.

use crate::{
    config,
    domain::routes::{Entrance, GatewayName, PublicDomain},
};

pub(super) fn entrance(configured: &config::Entrance) -> Entrance {
    let config::Entrance { domain, gateway, ingress_class } = configured.clone();
    Entrance {
        domain: domain.map(|domain| PublicDomain {
            scheme: if domain.is_tls { "https" } else { "http" },
            host: domain.host,
            port: domain.port,
        }),
        gateway: gateway.map(|(namespace, name)| GatewayName { namespace, name }),
        ingress_class,
    }
}
