//! Would the kubelet use this key of a dockerconfigjson for this image? The rules are those of Kubernetes'
//! `pkg/credentialprovider/keyring.go` (`Add`, `Lookup`, `URLsMatch`, `isDefaultRegistryMatch`) as of 1.35.
//! Holds no credentials. Where a key uses what only some versions take (`?`, `[a-z]` and `\` in hosts), the answer is no.

use super::ImageReference;

/// The one key that serves every image the kubelet takes for Docker Hub's.
const DEFAULT_REGISTRY: &str = "index.docker.io";

/// Whether a credential under `auth_key` is tried when a node pulls the image.
pub fn matches(auth_key: &str, image: &ImageReference) -> bool {
    let key = Key::read(auth_key);
    key.covers(image) || (key == Key { authority: DEFAULT_REGISTRY, path: "" } && is_default_registry(image.host()))
}

/// The kubelet's guess that an image comes from Docker Hub. It goes by dots and colons alone, so `localhost` is one too.
fn is_default_registry(host: &str) -> bool {
    matches!(host, "docker.io" | "index.docker.io") || !host.contains(['.', ':'])
}

/// A key as the kubelet indexes it.
#[derive(PartialEq, Eq)]
struct Key<'a> {
    /// `host[:port]`
    authority: &'a str,
    /// Empty, or a path with its leading slash.
    path: &'a str,
}

impl<'a> Key<'a> {
    /// Drops the scheme, and the API's `/v1/` and `/v2/`, which stand for the host itself.
    fn read(auth_key: &'a str) -> Self {
        let rest = auth_key.strip_prefix("https://").or_else(|| auth_key.strip_prefix("http://")).unwrap_or(auth_key);
        let (authority, path) = rest.split_at(rest.find('/').unwrap_or(rest.len()));
        let path = if path.starts_with("/v1/") || path.starts_with("/v2/") { &path[3..] } else { path };
        Self { authority, path: if path == "/" { "" } else { path } }
    }

    /// Same port, as many parts in the host and each of them matching, and the path a prefix, be it in mid-word.
    fn covers(&self, image: &ImageReference) -> bool {
        let (Some((pattern, port)), Some((name, image_port))) = (split_port(self.authority), split_port(image.host())) else {
            return false;
        };
        port == image_port
            && pattern.split('.').count() == name.split('.').count()
            && pattern.split('.').zip(name.split('.')).all(|(pattern, part)| glob(pattern, part))
            && format!("/{}", image.repository()).starts_with(self.path)
    }
}

/// Host without brackets, and port (empty if there is none); `None` for what Go's URL parser refuses. Brackets without
/// a port are `None` too: the kubelet leaves them on and then takes them for a glob that the address does not match.
fn split_port(authority: &str) -> Option<(&str, &str)> {
    let (name, port) = match authority.strip_prefix('[') {
        Some(rest) => rest.split_once("]:")?,
        None => authority.split_once(':').unwrap_or((authority, "")),
    };
    let readable = !name.contains(['[', ']', '?', '#', '\\', '@']) && port.bytes().all(|byte| byte.is_ascii_digit());
    readable.then_some((name, port))
}

/// Matches one part of a host; `*` stands for any number of characters. Taking the first place where each piece fits is
/// enough, and keeps the time linear whatever key someone uploads.
fn glob(pattern: &str, text: &str) -> bool {
    let Some((start, rest)) = pattern.split_once('*') else {
        return pattern == text;
    };
    let (middle, end) = rest.rsplit_once('*').unwrap_or(("", rest));
    let Some(between) = text.strip_prefix(start).and_then(|text| text.strip_suffix(end)) else {
        return false;
    };
    middle.split('*').try_fold(between, |text, piece| text.split_once(piece).map(|(_, after)| after)).is_some()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn serves(auth_key: &str, image: &str) -> bool {
        matches(auth_key, &ImageReference::parse(image).unwrap())
    }

    #[test]
    fn keys_and_images() {
        for (auth_key, image, expected) in [
            // Scheme, slash and API version do not count.
            ("ghcr.io", "ghcr.io/acme/greeter", true),
            ("https://ghcr.io", "ghcr.io/acme/greeter", true),
            ("http://ghcr.io/", "ghcr.io/acme/greeter", true),
            ("ghcr.io/v2/", "ghcr.io/acme/greeter", true),
            ("ghcr.io/v1/acme", "ghcr.io/acme/greeter", true),
            ("ghcr.io/v2", "ghcr.io/acme/greeter", false),
            ("GHCR.io", "ghcr.io/acme/greeter", false),
            ("quay.io", "ghcr.io/acme/greeter", false),
            ("", "ghcr.io/acme/greeter", false),
            // The port counts.
            ("registry.example.com:5000", "registry.example.com:5000/a", true),
            ("registry.example.com", "registry.example.com:5000/a", false),
            ("registry.example.com:443", "registry.example.com/a", false),
            ("registry.example.com:*", "registry.example.com:5000/a", false),
            // The path is a prefix.
            ("ghcr.io/acme", "ghcr.io/acme/greeter", true),
            ("ghcr.io/acme/", "ghcr.io/acme/greeter", true),
            ("ghcr.io/ac", "ghcr.io/acme/greeter", true),
            ("ghcr.io/other", "ghcr.io/acme/greeter", false),
            ("ghcr.io/acme/greeter:1", "ghcr.io/acme/greeter:1", false),
            // Globs stay within one part of the host.
            ("*.example.com", "registry.example.com/a", true),
            ("*.*.com", "registry.example.com/a", true),
            ("re*is*ry.example.com", "registry.example.com/a", true),
            ("*g*g*.example.com", "registry.example.com/a", false),
            ("*.example.com", "a.registry.example.com/a", false),
            ("*.example.com", "example.com/a", false),
            ("*", "example.com/a", false),
            ("ab*ba.com", "aba.com/a", false),
            ("[r]egistry.example.com", "registry.example.com/a", false),
            // Docker Hub.
            ("https://index.docker.io/v1/", "nginx", true),
            ("index.docker.io", "acme/greeter", true),
            ("index.docker.io/v2/", "acme/greeter", true),
            ("docker.io", "acme/greeter", true),
            ("docker.io/library", "nginx", true),
            ("docker.io/library", "acme/greeter", false),
            ("https://index.docker.io/v1", "nginx", false),
            ("index.docker.io/acme", "acme/greeter", false),
            ("registry-1.docker.io", "nginx", false),
            ("registry.hub.docker.com", "registry.hub.docker.com/library/nginx", false),
            ("https://index.docker.io/v1/", "ghcr.io/acme/greeter", false),
            ("https://index.docker.io/v1/", "localhost:5000/a", false),
            ("https://index.docker.io/v1/", "localhost/a", true),
            // IPv6: brackets without a port never match.
            ("[2001:db8::1]:5000", "[2001:db8::1]:5000/a", true),
            ("[2001:db8::1]:443", "[2001:db8::1]/a", true),
            ("[2001:db8::1]", "[2001:db8::1]/a", false),
        ] {
            assert_eq!(serves(auth_key, image), expected, "{auth_key} for {image}");
        }
    }
}
