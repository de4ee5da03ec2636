//! What an image says about itself: index, manifest and config read into the domain's `ImageFacts`. Believes nothing
//! whose bytes do not match the digest it was asked for by.

use std::collections::{BTreeMap, HashSet};

use http::Method;
use oci_spec::image::{Arch, Config, Descriptor, ImageConfiguration, ImageIndex, ImageManifest, Os, Platform};
use serde::{Deserialize, de::DeserializeOwned, de::IgnoredAny};

use super::{
    failure::unexpected,
    manifests::{self, Document},
    session::Session,
    transport::read_body,
};
use crate::domain::{
    images::is_platform,
    registries::client::{ExposedPort, ImageFacts, RegistryProblem},
};

const MAX_CONFIG: usize = 8 * 1024 * 1024;
/// Platforms that are told: images have a dozen, and a stranger's index could name tens of thousands.
const MAX_PLATFORMS: usize = 100;
/// Configs of container images; early tools wrote the last one.
const CONFIG_TYPES: [&str; 3] =
    ["application/vnd.oci.image.config.v1+json", "application/vnd.docker.container.image.v1+json", "application/octet-stream"];
/// Marks what `docker buildx` adds to an index beside the images.
const ATTESTATION: (&str, &str) = ("vnd.docker.reference.type", "attestation-manifest");

/// Enough of a document to tell its kind by its keys: media types are not always sent, nor always right.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Shape {
    schema_version: Option<u32>,
    manifests: Option<IgnoredAny>,
}

/// Looks at the image: of an index, at the first of the wanted platforms that it has, or else at one that it has.
pub(super) async fn inspect(session: &mut Session<'_>, reference: &str, wanted: &[String]) -> Result<ImageFacts, RegistryProblem> {
    let top = manifests::fetch(session, reference).await?;
    let shape: Shape = read(&top, "manifest")?;
    if shape.schema_version == Some(1) {
        return Err(unexpected(&top.url, "the image has Docker's old manifest format (schema 1); push it again with a current tool"));
    }
    if shape.manifests.is_none() {
        let (manifest, config) = manifest_and_config(session, &top).await?;
        let platform = platform_of_config(&config);
        return Ok(facts(top.digest, vec![platform.clone()], platform, &manifest, &config));
    }
    let index: ImageIndex = read(&top, "index")?;
    let images: Vec<&Descriptor> = index.manifests().iter().filter(|descriptor| is_image(descriptor)).collect();
    let Some(chosen) = choose(&images, wanted) else { return Err(unexpected(&top.url, "the index names no image")) };
    let document = manifests::fetch(session, chosen.digest().as_ref()).await?;
    let (manifest, config) = manifest_and_config(session, &document).await?;
    // An index may leave out what its images are for.
    let platform = chosen.platform().as_ref().map_or_else(|| platform_of_config(&config), platform_name);
    let mut all = platforms(&images);
    if !all.contains(&platform) {
        all.push(platform.clone());
    }
    Ok(facts(top.digest, all, platform, &manifest, &config))
}

async fn manifest_and_config(
    session: &mut Session<'_>,
    document: &Document,
) -> Result<(ImageManifest, ImageConfiguration), RegistryProblem> {
    let manifest: ImageManifest = read(document, "manifest")?;
    if !CONFIG_TYPES.contains(&manifest.config().media_type().as_ref()) {
        return Err(unexpected(&document.url, "what lies there is not a container image but another kind of artifact"));
    }
    let digest: &str = manifest.config().digest().as_ref();
    let url = session.url(&format!("blobs/{digest}"));
    let response = session.get(Method::GET, url.clone(), None).await?;
    let bytes = read_body(response, MAX_CONFIG).await?;
    manifests::check(digest, &bytes, &url)?;
    let config = serde_json::from_slice(&bytes).map_err(|_| unexpected(&url, "the image's config can't be read"))?;
    Ok((manifest, config))
}

fn read<T: DeserializeOwned>(document: &Document, what: &str) -> Result<T, RegistryProblem> {
    serde_json::from_slice(&document.bytes).map_err(|_| unexpected(&document.url, format!("the image's {what} can't be read")))
}

fn is_image(descriptor: &Descriptor) -> bool {
    let unknown = |platform: &Platform| platform.os().to_string() == "unknown" || platform.architecture().to_string() == "unknown";
    let attests = |notes: &std::collections::HashMap<String, String>| notes.get(ATTESTATION.0).is_some_and(|kind| kind == ATTESTATION.1);
    !descriptor.platform().as_ref().is_some_and(unknown) && !descriptor.annotations().as_ref().is_some_and(attests)
}

/// The first wanted platform that is there; else linux/amd64, the first for Linux, the first.
fn choose<'a>(images: &[&'a Descriptor], wanted: &[String]) -> Option<&'a Descriptor> {
    let find = |is_right: &dyn Fn(&Platform) -> bool| images.iter().find(|image| image.platform().as_ref().is_some_and(is_right));
    let of_name = |name: &str| find(&|platform| is_platform(&platform_name(platform), name));
    let for_nodes = wanted.iter().find_map(|name| of_name(name));
    for_nodes.or_else(|| of_name("linux/amd64")).or_else(|| find(&|platform| *platform.os() == Os::Linux)).or(images.first()).copied()
}

/// In the index's order, each once; at most [`MAX_PLATFORMS`].
fn platforms(images: &[&Descriptor]) -> Vec<String> {
    let mut seen = HashSet::new();
    let names = images.iter().filter_map(|image| image.platform().as_ref()).map(platform_name);
    names.filter(|name| seen.insert(name.clone())).take(MAX_PLATFORMS).collect()
}

fn platform_name(platform: &Platform) -> String {
    name(platform.os(), platform.architecture(), platform.variant().as_deref())
}

fn platform_of_config(config: &ImageConfiguration) -> String {
    name(config.os(), config.architecture(), config.variant().as_deref())
}

/// `os/architecture` or `os/architecture/variant`
fn name(os: &Os, architecture: &Arch, variant: Option<&str>) -> String {
    match variant.filter(|variant| !variant.is_empty()) {
        Some(variant) => format!("{os}/{architecture}/{variant}"),
        None => format!("{os}/{architecture}"),
    }
}

fn facts(digest: String, platforms: Vec<String>, platform: String, manifest: &ImageManifest, config: &ImageConfiguration) -> ImageFacts {
    let layers = manifest.layers();
    let run = config.config().as_ref();
    ImageFacts {
        digest,
        platforms,
        platform,
        // The registry's own numbers: they may be any.
        size_bytes: layers.iter().map(Descriptor::size).fold(manifest.config().size(), u64::saturating_add),
        layers: layers.len(),
        created: config.created().clone(),
        user: run.and_then(|run| run.user().clone()).filter(|user| !user.is_empty()),
        exposed_ports: run.map(exposed_ports).unwrap_or_default(),
        entrypoint: run.and_then(|run| run.entrypoint().clone()).unwrap_or_default(),
        cmd: run.and_then(|run| run.cmd().clone()).unwrap_or_default(),
        labels: run.and_then(|run| run.labels().clone()).map(BTreeMap::from_iter).unwrap_or_default(),
    }
}

/// Sorted, each once; what is neither TCP nor UDP is left out.
fn exposed_ports(run: &Config) -> Vec<ExposedPort> {
    let mut ports: Vec<ExposedPort> = run.exposed_ports().iter().flatten().filter_map(|text| exposed_port(text)).collect();
    ports.sort();
    ports.dedup();
    ports
}

/// `8080`, `8080/tcp` or `8080/udp`.
fn exposed_port(text: &str) -> Option<ExposedPort> {
    let (port, protocol) = text.split_once('/').unwrap_or((text, "tcp"));
    let protocol = protocol.to_ascii_lowercase();
    let port = port.parse().ok().filter(|port| *port != 0)?;
    matches!(protocol.as_str(), "tcp" | "udp").then_some(ExposedPort { port, protocol })
}

#[cfg(test)]
mod tests {
    use std::time::{Duration, Instant};

    use serde_json::json;

    use super::*;

    fn index_of(platforms: impl Iterator<Item = serde_json::Value>) -> Vec<Descriptor> {
        let digest = format!("sha256:{}", "0".repeat(64));
        let of = |platform| json!({ "mediaType": "application/json", "digest": digest, "size": 1, "platform": platform });
        platforms.map(|platform| serde_json::from_value(of(platform)).unwrap()).collect()
    }

    #[test]
    fn an_index_of_countless_platforms_is_read_quickly_and_cut() {
        let images = index_of((0..20_000).map(|n| json!({ "os": "linux", "architecture": "arm", "variant": format!("v{n}") })));
        let images: Vec<_> = images.iter().collect();
        let begin = Instant::now();
        let names = platforms(&images);
        assert!(begin.elapsed() < Duration::from_secs(1), "{:?}", begin.elapsed());
        assert_eq!((names.len(), names[0].as_str(), names[99].as_str()), (100, "linux/arm/v0", "linux/arm/v99"));
    }

    #[test]
    fn a_platform_that_an_index_names_twice_is_told_once() {
        let of = |architecture| json!({ "os": "linux", "architecture": architecture });
        let images = index_of(["arm64", "amd64", "arm64"].map(of).into_iter());
        assert_eq!(platforms(&images.iter().collect::<Vec<_>>()), ["linux/arm64", "linux/amd64"]);
    }

    #[test]
    fn ports_are_read_as_docker_writes_them() {
        let port = |text| exposed_port(text).map(|port| (port.port, port.protocol));
        assert_eq!(port("8080/tcp"), Some((8080, "tcp".into())));
        assert_eq!(port("53/UDP"), Some((53, "udp".into())));
        assert_eq!(port("80"), Some((80, "tcp".into())));
        for bad in ["", "0/tcp", "65536", "80/sctp", "80-90/tcp", "-1", "x/tcp"] {
            assert_eq!(port(bad), None, "{bad}");
        }
    }
}
