//! Why a node could not pull the image, read from the words of the kubelet and of containerd, CRI-O or Docker.

use super::{Failure, sentence};
use crate::domain::deployments::data_plane::{Pod, Warning};

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Cause {
    CredentialRefused,
    ImageNotFound,
    RateLimited,
    NoPlatform,
    /// A registry that can't be reached, a certificate, a full disk: may pass.
    Other,
}

/// Phrases by cause, looked for in this order: Docker Hub's "pull access denied, repository does not exist or may
/// require authorization" must not count as a missing image. Quoted names and URLs are cut out before.
const PHRASES: &[(Cause, &[&str])] = &[
    (Cause::RateLimited, &["toomanyrequests", "too many requests", "pull rate limit"]),
    (
        Cause::NoPlatform,
        &["no match for platform in manifest", "no matching manifest for", "no image found in image index for architecture"],
    ),
    (
        Cause::CredentialRefused,
        &[
            "401 unauthorized",
            "403 forbidden",
            "unauthorized: ",
            "pull access denied",
            "authorization failed",
            "authentication required",
            "insufficient_scope",
            "no basic auth credentials",
            "access forbidden",
            "denied: ",
            "access to the resource is denied",
            "invalid username/password",
        ],
    ),
    (Cause::ImageNotFound, &["manifest unknown", "name unknown", "not found", "manifest_unknown", "name_unknown"]),
];

/// The failure of a pull that trying again does not help, once the kubelet has started to back off.
pub(super) fn fails_at_once(pod: &Pod, warnings: &[Warning]) -> Option<Failure> {
    let waiting = pod.waiting.as_ref()?;
    match waiting.reason.as_str() {
        "InvalidImageName" => Some(Failure::new(
            "invalid_image_name",
            format!("The cluster can't read the image's name: {}.", sentence(&waiting.message)),
            "Correct the image reference; then deploy again.",
        )),
        "ImagePullBackOff" => {
            let words = words(pod, warnings)?;
            let cause = cause(words);
            (!matches!(cause, Cause::RateLimited | Cause::Other)).then(|| failure(cause, words))
        }
        _ => None,
    }
}

/// The failure of a pull at the progress deadline, whatever its cause.
pub(super) fn at_deadline(pod: &Pod, warnings: &[Warning]) -> Option<Failure> {
    let words = words(pod, warnings).or_else(|| is_pulling(pod).then_some("the cluster gives no reason"))?;
    Some(failure(cause(words), words))
}

/// What a live page says of a pull that may still succeed.
pub(super) fn hint(pod: &Pod, warnings: &[Warning]) -> Option<String> {
    let words = words(pod, warnings)?;
    Some(match cause(words) {
        Cause::RateLimited => "the registry's rate limit is reached, the node tries again".into(),
        _ => format!("the node could not pull the image and tries again: {}", sentence(words)),
    })
}

fn failure(cause: Cause, words: &str) -> Failure {
    let words = sentence(words);
    match cause {
        Cause::CredentialRefused => Failure::new(
            "credential_refused",
            format!("The registry refused the credential when a node pulled the image: {words}."),
            "Check the registry's user name and password or token in Settings, that it may pull this repository, and that the repository exists; then deploy again.",
        ),
        Cause::ImageNotFound => Failure::new(
            "image_not_found",
            format!("The registry has no such image: {words}."),
            "Check repository and tag, and that the image was pushed; then deploy again.",
        ),
        Cause::RateLimited => Failure::new(
            "pull_rate_limited",
            format!("The registry's rate limit is reached, so no node could pull the image: {words}."),
            "Wait until the limit is lifted, or use a credential with a higher limit; then deploy again.",
        ),
        Cause::NoPlatform => no_platform(words),
        Cause::Other => Failure::new(
            "deadline",
            format!("No node could pull the image in time: {words}."),
            "Check that the cluster's nodes can reach the registry and trust its certificate; then deploy again.",
        ),
    }
}

/// The image was not built for the nodes' processors.
pub(super) fn no_platform(words: &str) -> Failure {
    Failure::new(
        "no_platform",
        format!("The image does not fit the platform of the cluster's nodes: {}.", sentence(words)),
        "Build and push the image for the nodes' platform, for example `docker buildx build --platform linux/amd64,linux/arm64 --push`; then deploy again.",
    )
}

fn is_pulling(pod: &Pod) -> bool {
    pod.waiting.as_ref().is_some_and(|waiting| matches!(waiting.reason.as_str(), "ErrImagePull" | "ImagePullBackOff"))
}

/// The words of the last pull error. Up to Kubernetes 1.30 the message of `ImagePullBackOff` has no cause: then the
/// pod's own events have it.
fn words<'a>(pod: &'a Pod, warnings: &'a [Warning]) -> Option<&'a str> {
    if !is_pulling(pod) {
        return None;
    }
    let message = pod.waiting.as_ref().map_or("", |waiting| waiting.message.as_str());
    let own = match message.strip_prefix("Back-off pulling image ") {
        Some(backoff) => backoff.split_once("\": ").map(|(_, words)| words),
        None => Some(message).filter(|message| !message.is_empty()),
    };
    own.or_else(|| pull_event(pod, warnings)).map(innermost)
}

fn pull_event<'a>(pod: &Pod, warnings: &'a [Warning]) -> Option<&'a str> {
    let of_pod = |warning: &&Warning| warning.object.strip_prefix("Pod/") == Some(&pod.name);
    let newest = warnings.iter().rev().filter(of_pod).find_map(|warning| warning.message.strip_prefix("Failed to pull image "))?;
    Some(newest.split_once("\": ").map_or(newest, |(_, words)| words))
}

/// Cuts what the layers above wrote in front: `rpc error: code = .. desc = failed to pull and unpack image "..": `.
fn innermost(mut words: &str) -> &str {
    for wrapper in ["ErrImagePull: ", "RegistryUnavailable: ", "SignatureValidationFailed: "] {
        words = words.strip_prefix(wrapper).unwrap_or(words);
    }
    words = words.split_once(" desc = ").map_or(words, |(_, inner)| inner);
    while words.starts_with("failed to ")
        && let Some((_, inner)) = words.split_once("\": ")
    {
        words = inner;
    }
    words
}

fn cause(words: &str) -> Cause {
    let plain = without_names(words).to_lowercase();
    PHRASES.iter().find(|(_, phrases)| phrases.iter().any(|phrase| plain.contains(phrase))).map_or(Cause::Other, |(cause, _)| *cause)
}

/// Without what is quoted and without URLs: a repository may be called `denied` or `not-found`.
fn without_names(words: &str) -> String {
    let unquoted: Vec<_> = words.split('"').step_by(2).collect();
    let is_url = |word: &&str| word.starts_with("http://") || word.starts_with("https://");
    // The space at the end lets `denied: ` match at the end of the words too.
    unquoted.join(" ").split_whitespace().filter(|word| !is_url(word)).flat_map(|word| [word, " "]).collect()
}
