//! Manifests: the digest a reference stands for, and the bytes behind it. Owns that bytes and digest agree. What the
//! bytes mean is `inspect`'s.

use http::{HeaderMap, Method};
use oci_spec::image::{Digest, DigestAlgorithm};
use sha2::{Digest as _, Sha256, Sha512};
use url::Url;

use super::{failure::unexpected, session::Session, transport::read_body};
use crate::domain::registries::client::RegistryProblem;

const MAX_MANIFEST: usize = 4 * 1024 * 1024;
const DIGEST_HEADER: &str = "docker-content-digest";
/// Indexes come first: the digest of a reference is that of the index where there is one.
pub(super) const ACCEPT: &str = "application/vnd.oci.image.index.v1+json, application/vnd.docker.distribution.manifest.list.v2+json, \
                      application/vnd.oci.image.manifest.v1+json, application/vnd.docker.distribution.manifest.v2+json";

/// A manifest or an index.
pub(super) struct Document {
    pub digest: String,
    pub bytes: Vec<u8>,
    /// Where it came from, for problems.
    pub url: Url,
}

/// The digest that a tag or digest stands for now. Asks by HEAD, which rate limits don't count, and fetches the
/// manifest only from a registry that answers without a digest.
pub(super) async fn resolve(session: &mut Session<'_>, reference: &str) -> Result<String, RegistryProblem> {
    let url = session.url(&format!("manifests/{reference}"));
    let response = session.get(Method::HEAD, url.clone(), Some(ACCEPT)).await?;
    let Some(digest) = digest_header(response.headers()) else {
        return Ok(fetch(session, reference).await?.digest);
    };
    if is_digest(reference) && reference != digest {
        return Err(unexpected(&url, "it gives another digest than the one asked for"));
    }
    Ok(digest)
}

/// Fetches a manifest and checks its bytes against every digest that is known for them.
pub(super) async fn fetch(session: &mut Session<'_>, reference: &str) -> Result<Document, RegistryProblem> {
    let url = session.url(&format!("manifests/{reference}"));
    let response = session.get(Method::GET, url.clone(), Some(ACCEPT)).await?;
    let named = digest_header(response.headers());
    let bytes = read_body(response, MAX_MANIFEST).await?;
    let asked = is_digest(reference).then(|| reference.to_owned());
    for digest in asked.iter().chain(&named) {
        check(digest, &bytes, &url)?;
    }
    let digest = asked.or(named).unwrap_or_else(|| format!("sha256:{}", hex::encode(Sha256::digest(&bytes))));
    Ok(Document { digest, bytes, url })
}

/// Checks bytes against their digest.
pub(super) fn check(digest: &str, bytes: &[u8], url: &Url) -> Result<(), RegistryProblem> {
    let hash = match digest.split_once(':') {
        Some(("sha256", _)) => hex::encode(Sha256::digest(bytes)),
        Some(("sha512", _)) => hex::encode(Sha512::digest(bytes)),
        _ => return Err(unexpected(url, "it uses a digest other than sha256 and sha512")),
    };
    let agree = digest.split_once(':').is_some_and(|(_, expected)| expected == hash);
    if agree { Ok(()) } else { Err(unexpected(url, "what it sent does not match its digest")) }
}

fn digest_header(headers: &HeaderMap) -> Option<String> {
    headers.get(DIGEST_HEADER)?.to_str().ok().filter(|digest| is_digest(digest)).map(str::to_owned)
}

fn is_digest(text: &str) -> bool {
    text.parse::<Digest>().is_ok_and(|digest| matches!(digest.algorithm(), DigestAlgorithm::Sha256 | DigestAlgorithm::Sha512))
}
