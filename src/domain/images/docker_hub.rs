//! The many names of Docker Hub, and which of them counts where.
//! Knows hosts only; which image of Docker Hub a short name means is for `reference` to say.

/// The canonical name of Docker Hub.
pub const DOCKER_HUB: &str = "docker.io";

/// Every name under which Docker Hub's registry is known. They are one registry.
const DOCKER_HUB_NAMES: [&str; 6] =
    [DOCKER_HUB, "index.docker.io", "registry-1.docker.io", "registry.hub.docker.com", "registry.docker.com", "registry.docker.io"];

/// Docker Hub's web site: people paste it as the host, but it serves no images.
pub(super) const DOCKER_HUB_SITE: &str = "hub.docker.com";

/// Once the site too: old texts link pages there, and tools name repositories by it.
pub(super) const DOCKER_HUB_FORMER_SITE: &str = "registry.hub.docker.com";

/// Whether the host is one of Docker Hub's names; case and the port 443 do not matter.
pub fn is_docker_hub(host: &str) -> bool {
    let name = host.strip_suffix(":443").unwrap_or(host);
    DOCKER_HUB_NAMES.iter().any(|known| known.eq_ignore_ascii_case(name))
}

/// The host that serves the registry API of a canonical host.
pub fn api_host(host: &str) -> &str {
    if host == DOCKER_HUB { "registry-1.docker.io" } else { host }
}

/// The key of a canonical host under `auths` of a dockerconfigjson, such that the kubelet finds it.
pub fn auth_key(host: &str) -> &str {
    if host == DOCKER_HUB { "https://index.docker.io/v1/" } else { host }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_docker_hubs_own_names() {
        assert!(DOCKER_HUB_NAMES.into_iter().all(is_docker_hub));
        assert!(is_docker_hub("Index.Docker.IO:443"));
        assert!(!is_docker_hub("docker.io.example.com"));
        assert!(!is_docker_hub("docker.io:5000"));
        assert!(!is_docker_hub("hub.docker.com"), "its paths are pages, not repositories");
    }

    #[test]
    fn hosts_and_keys() {
        assert_eq!((api_host("docker.io"), auth_key("docker.io")), ("registry-1.docker.io", "https://index.docker.io/v1/"));
        assert_eq!((api_host("ghcr.io"), auth_key("ghcr.io")), ("ghcr.io", "ghcr.io"));
    }
}
