//! Which digest the nodes pulled, read from what they say their containers run. Pure; asks nobody.

use super::data_plane::Snapshot;
use crate::domain::images::ImageReference;

/// The digest that the first ready pod runs of this image's repository. Without one where the nodes name the image only
/// by its configuration, or by another repository in which it happens to lie: that digest may not exist in ours.
pub fn pulled(snapshot: &Snapshot, image: &ImageReference) -> Option<String> {
    let ready = snapshot.pods.iter().filter(|pod| pod.ready);
    ready.filter_map(|pod| pod.image_id.as_deref()).find_map(|image_id| digest(image_id, image))
}

/// `host/repository@sha256:...`, of Docker with `docker-pullable://` in front. A bare `sha256:...` (with Docker
/// `docker://sha256:...`) is the digest of the image's configuration, by which no registry gives it.
fn digest(image_id: &str, image: &ImageReference) -> Option<String> {
    let reference = image_id.strip_prefix("docker-pullable://").unwrap_or(image_id);
    let (name, _) = reference.split_once('@')?;
    if name.is_empty() || name.contains("://") {
        return None;
    }
    let found = ImageReference::parse(reference).ok()?;
    found.digest().filter(|_| found.same_repository(image)).map(str::to_owned)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::domain::deployments::data_plane::Pod;

    const DIGEST: &str = "sha256:0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef";

    fn image(text: &str) -> ImageReference {
        ImageReference::parse(text).unwrap()
    }

    fn read(image_id: &str) -> Option<String> {
        digest(image_id, &image("registry.example.com:5000/shop/greeter:1.2"))
    }

    #[test]
    fn the_forms_of_container_runtimes() {
        let expected = Some(DIGEST.to_owned());
        assert_eq!(read(&format!("registry.example.com:5000/shop/greeter@{DIGEST}")), expected, "containerd and CRI-O");
        assert_eq!(read(&format!("docker-pullable://registry.example.com:5000/shop/greeter@{DIGEST}")), expected, "Docker");
        for hub in ["docker.io/library/nginx", "docker-pullable://nginx"] {
            assert_eq!(digest(&format!("{hub}@{DIGEST}"), &image("nginx:1")), expected, "{hub}");
        }
    }

    #[test]
    fn what_no_registry_would_give_is_not_used() {
        for image_id in [
            "",
            "@",
            DIGEST,
            "docker://sha256:0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef",
            "registry.example.com:5000/shop/greeter:1.2",
            "registry.example.com:5000/shop/greeter@sha256:ab12",
            "mirror.example.com/shop/greeter@sha256:0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef",
        ] {
            assert_eq!(read(image_id), None, "{image_id}");
        }
    }

    #[test]
    fn the_first_ready_pod_counts() {
        let pod = |ready, digit: &str| Pod {
            ready,
            image_id: Some(format!("registry.example.com/greeter@sha256:{}", digit.repeat(64))),
            ..Pod::default()
        };
        let silent = Pod { ready: true, ..Pod::default() };
        let snapshot = Snapshot { pods: vec![pod(false, "a"), silent, pod(true, "b"), pod(true, "c")], ..Snapshot::default() };
        assert_eq!(pulled(&snapshot, &image("registry.example.com/greeter:1")), Some(format!("sha256:{}", "b".repeat(64))));
        assert_eq!(pulled(&Snapshot::default(), &image("registry.example.com/greeter:1")), None);
    }

    proptest! {
        #[test]
        fn arbitrary_text_never_panics(text in "(docker-pullable://)?[ -~]{0,40}(@sha256:[0-9a-f]{62,66})?") {
            let _ = read(&text);
        }
    }
}
