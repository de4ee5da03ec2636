//! The last lines of a container's log. Keeps nothing and never follows a log.

use futures::AsyncReadExt as _;
use k8s_openapi::api::core::v1::Pod;
use kube::{Api, Client, api::LogParams};

use super::{
    errors::{About, limited},
    manifests,
};
use crate::domain::deployments::data_plane::{ApplyProblem, Release};

const LINES: i64 = 200;
const BYTES: usize = 64 * 1024;
/// Read at most: the cluster's own byte limit cuts at the end, where the interesting lines are.
const READ_BYTES: u64 = 4 * 1024 * 1024;

/// At most 200 lines and 64 KiB. Where the previous run has no log any more (the node keeps only the newest of the
/// ended containers), the present run's is read: it has just ended in the same way or is about to.
pub(super) async fn last_lines(client: &Client, release: &Release, pod: &str, previous: bool) -> Result<String, ApplyProblem> {
    let api: Api<Pod> = Api::namespaced(client.clone(), &release.place.namespace);
    let about = About { kind: "Pod", name: pod };
    if previous {
        match limited(about, read(&api, release, pod, true)).await {
            Ok(log) if log.is_empty() => {}
            Err(ApplyProblem::Refused { .. }) => {}
            result => return result,
        }
    }
    limited(about, read(&api, release, pod, false)).await
}

async fn read(api: &Api<Pod>, release: &Release, pod: &str, previous: bool) -> kube::Result<String> {
    let wanted =
        LogParams { container: Some(manifests::container_name(release)), previous, tail_lines: Some(LINES), ..LogParams::default() };
    let mut bytes = Vec::new();
    api.log_stream(pod, &wanted).await?.take(READ_BYTES).read_to_end(&mut bytes).await.map_err(kube::Error::ReadEvents)?;
    Ok(if is_lost(&bytes) { String::new() } else { tail(&bytes) })
}

/// The kubelet answers 200 and this sentence when the container was removed.
fn is_lost(answer: &[u8]) -> bool {
    answer.starts_with(b"unable to retrieve container logs for ")
}

/// The last [`BYTES`], from the beginning of a line where there is one. Bytes that are not UTF-8 become U+FFFD.
fn tail(bytes: &[u8]) -> String {
    let mut cut = bytes.len().saturating_sub(BYTES);
    if cut > 0 {
        cut += bytes[cut..].iter().position(|byte| *byte == b'\n').map_or(0, |end| end + 1);
    }
    String::from_utf8_lossy(&bytes[cut..]).into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_short_log_is_whole() {
        assert_eq!(tail(b"one\ntwo\n"), "one\ntwo\n");
        assert_eq!(tail(b"caf\xe9"), "caf\u{fffd}");
    }

    #[test]
    fn a_removed_container_has_no_log() {
        assert!(is_lost(
            b"unable to retrieve container logs for containerd://f5b36b12d129abbdcc821a1c76e0efcb92ad314d5a06322a1a198fcc54cd4090"
        ));
        assert!(!is_lost(b"starting\n"));
    }

    #[test]
    fn a_long_log_keeps_its_last_whole_lines() {
        let log: String = (0..5_000).map(|line| format!("line {line:>20}\n")).collect();
        let kept = tail(log.as_bytes());
        assert!(kept.len() <= BYTES && kept.len() > BYTES - 64, "{}", kept.len());
        assert!(kept.starts_with("line ") && kept.ends_with("4999\n"));
    }
}
