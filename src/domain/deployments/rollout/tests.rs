use super::*;
use crate::domain::{
    clock::Time,
    deployments::data_plane::{Exit, Reason, Warning},
};

const POD: &str = "greeter-6d5f8c7b9-x2x4z";

fn rolling(pod: Pod) -> Snapshot {
    Snapshot { observed: true, wanted: 1, updated: 1, pods: vec![Pod { name: POD.into(), ..pod }], ..Snapshot::default() }
}

fn waiting(reason: &str, message: &str) -> Pod {
    Pod { phase: "Pending".into(), waiting: Some(Reason { reason: reason.into(), message: message.into() }), ..Pod::default() }
}

fn crashed(restarts: u32, code: i32, reason: &str) -> Pod {
    let waiting = Some(Reason { reason: "CrashLoopBackOff".into(), message: "back-off 20s restarting failed container".into() });
    Pod {
        phase: "Running".into(),
        restarts,
        waiting,
        last_exit: Some(Exit { code, signal: None, reason: reason.into() }),
        ..Pod::default()
    }
}

fn event(reason: &str, message: &str) -> Warning {
    Warning { at: Time(1), object: format!("Pod/{POD}"), reason: reason.into(), message: message.into(), count: 1 }
}

fn late(snapshot: Snapshot) -> Snapshot {
    Snapshot { deadline_exceeded: Some("ReplicaSet \"greeter-6d5f8c7b9\" has timed out progressing.".into()), ..snapshot }
}

#[track_caller]
fn failure(snapshot: &Snapshot) -> Failure {
    match judge(snapshot) {
        Verdict::Failed(failure) => failure,
        other => panic!("expected a failure, got {other:?}"),
    }
}

#[track_caller]
fn step_of(snapshot: &Snapshot) -> String {
    match judge(snapshot) {
        Verdict::Moving { step } => step,
        other => panic!("expected a step, got {other:?}"),
    }
}

// --- completion

fn done() -> Snapshot {
    Snapshot { observed: true, wanted: 2, updated: 2, ready: 2, available: 2, ..Snapshot::default() }
}

#[test]
fn active_when_all_pods_are_new_and_available() {
    assert_eq!(judge(&done()), Verdict::Active);
}

#[test]
fn stopped_when_no_pod_is_wanted() {
    assert_eq!(judge(&Snapshot { observed: true, ..Snapshot::default() }), Verdict::Active);
}

#[test]
fn each_missing_part_has_its_step() {
    assert_eq!(step_of(&Snapshot { observed: false, ..done() }), "Waiting for the cluster to take up the deployment");
    assert_eq!(step_of(&Snapshot { ready: 1, available: 0, ..done() }), "Starting pods, 1 of 2 ready");
    assert_eq!(step_of(&Snapshot { updated: 1, ..done() }), "Starting pods, 2 of 2 ready");
    assert_eq!(step_of(&Snapshot { available: 1, ..done() }), "Checking that pods stay ready, 1 of 2 available");
    assert_eq!(step_of(&Snapshot { old: 1, ..done() }), "Stopping earlier pods, 1 left");
}

#[test]
fn a_finished_rollout_wins_over_old_trouble() {
    let snapshot = late(Snapshot { pods: vec![Pod { ready: true, ..crashed(5, 1, "Error") }], ..done() });
    assert_eq!(judge(&snapshot), Verdict::Active);
}

#[test]
fn a_deadline_of_the_release_before_does_not_count() {
    assert!(matches!(judge(&Snapshot { observed: false, ..late(rolling(Pod::default())) }), Verdict::Moving { .. }));
}

// --- pulling: (what the cluster writes, code)

/// `ErrImagePull` as kubelet and runtimes write it; the comment names the writer.
const PULL_ERRORS: &[(&str, &str)] = &[
    // containerd 1.6, token server
    (
        "rpc error: code = Unknown desc = failed to pull and unpack image \"127.0.0.1:15001/greeter:1\": failed to resolve reference \"127.0.0.1:15001/greeter:1\": failed to authorize: failed to fetch anonymous token: unexpected status: 401 Unauthorized",
        "credential_refused",
    ),
    // containerd 1.6 to a registry with basic auth, as seen on Kubernetes 1.20
    (
        "rpc error: code = Unknown desc = failed to pull and unpack image \"127.0.0.1:15001/greeter:1\": failed to resolve reference \"127.0.0.1:15001/greeter:1\": pulling from host 127.0.0.1:15001 failed with status code [manifests 1]: 401 Unauthorized",
        "credential_refused",
    ),
    // containerd 1.7, GHCR
    (
        "failed to pull and unpack image \"ghcr.io/acme/greeter:1\": failed to resolve reference \"ghcr.io/acme/greeter:1\": failed to authorize: failed to fetch oauth token: unexpected status from GET request to https://ghcr.io/token?scope=repository%3Aacme%2Fgreeter%3Apull&service=ghcr.io: 403 Forbidden",
        "credential_refused",
    ),
    // containerd, Docker Hub
    (
        "rpc error: code = Unknown desc = failed to pull and unpack image \"docker.io/acme/greeter:1\": failed to resolve reference \"docker.io/acme/greeter:1\": pull access denied, repository does not exist or may require authorization: server message: insufficient_scope: authorization failed",
        "credential_refused",
    ),
    // Docker (dockershim, until 1.23)
    (
        "rpc error: code = Unknown desc = Error response from daemon: pull access denied for acme/greeter, repository does not exist or may require 'docker login': denied: requested access to the resource is denied",
        "credential_refused",
    ),
    // CRI-O
    (
        "rpc error: code = Unknown desc = reading manifest 1 in quay.io/acme/greeter: unauthorized: access to the requested resource is not authorized",
        "credential_refused",
    ),
    // Artifact Registry
    (
        "rpc error: code = Unknown desc = reading manifest 1 in europe-docker.pkg.dev/acme/shop/greeter: denied: Permission \"artifactregistry.repositories.downloadArtifacts\" denied on resource",
        "credential_refused",
    ),
    // ECR without a credential helper
    (
        "rpc error: code = Unknown desc = Error response from daemon: Get \"https://1.dkr.ecr.eu-west-1.amazonaws.com/v2/x/manifests/1\": no basic auth credentials",
        "credential_refused",
    ),
    // containerd 1.6
    (
        "rpc error: code = NotFound desc = failed to pull and unpack image \"docker.io/library/nginx:nope\": failed to resolve reference \"docker.io/library/nginx:nope\": docker.io/library/nginx:nope: not found",
        "image_not_found",
    ),
    // CRI-O and Docker
    (
        "rpc error: code = Unknown desc = reading manifest nope in docker.io/library/nginx: manifest unknown: manifest unknown",
        "image_not_found",
    ),
    // a repository whose name is like an error
    (
        "rpc error: code = NotFound desc = failed to pull and unpack image \"r.example.com/unauthorized/denied:1\": failed to resolve reference \"r.example.com/unauthorized/denied:1\": r.example.com/unauthorized/denied:1: not found",
        "image_not_found",
    ),
    // containerd, only arm64 in the index
    (
        "rpc error: code = NotFound desc = failed to pull and unpack image \"docker.io/acme/greeter:1\": no match for platform in manifest: not found",
        "no_platform",
    ),
    // Docker
    ("rpc error: code = Unknown desc = no matching manifest for linux/amd64 in the manifest list entries", "no_platform"),
];

/// What only the deadline decides.
const PASSING_PULL_ERRORS: &[(&str, &str)] = &[
    (
        "rpc error: code = Unknown desc = failed to pull and unpack image \"docker.io/library/nginx:1\": failed to copy: httpReadSeeker: failed open: unexpected status code https://registry-1.docker.io/v2/library/nginx/manifests/sha256:ab: 429 Too Many Requests - Server message: toomanyrequests: You have reached your unauthenticated pull rate limit.",
        "pull_rate_limited",
    ),
    (
        "rpc error: code = Unknown desc = failed to pull and unpack image \"r.example.com/greeter:1\": failed to resolve reference \"r.example.com/greeter:1\": failed to do request: Head \"https://r.example.com/v2/greeter/manifests/1\": dial tcp: lookup r.example.com: no such host",
        "deadline",
    ),
    (
        "failed to pull and unpack image \"r.example.com/not-found:1\": failed to extract layer sha256:ab: mkdir /var/lib/containerd/x: permission denied",
        "deadline",
    ),
    (
        "rpc error: code = Unknown desc = failed to pull and unpack image \"r.example.com/greeter:1\": failed to resolve reference \"r.example.com/greeter:1\": failed to do request: Head \"https://r.example.com/v2/greeter/manifests/1\": tls: failed to verify certificate: x509: certificate signed by unknown authority",
        "deadline",
    ),
];

/// The three ways in which the cause reaches us once the kubelet backs off.
fn backing_off(error: &str) -> [Snapshot; 3] {
    let image = "Back-off pulling image \"r.example.com/greeter:1\"";
    let old = rolling(waiting("ImagePullBackOff", image));
    let of_event =
        |text: String| Snapshot { warnings: vec![event("Failed", &text), event("Failed", "Error: ImagePullBackOff")], ..old.clone() };
    [
        // until 1.30: the cause only in the events
        of_event(format!("Failed to pull image \"r.example.com/greeter:1\": {error}")),
        // the event of an earlier kubelet is followed by the backing-off one
        Snapshot {
            warnings: [
                of_event(format!("Failed to pull image \"r.example.com/greeter:1\": {error}")).warnings,
                vec![event("BackOff", image)],
            ]
            .concat(),
            ..old.clone()
        },
        // from 1.31
        rolling(waiting("ImagePullBackOff", &format!("{image}: ErrImagePull: {error}"))),
    ]
}

#[test]
fn a_pull_that_can_not_succeed_fails_at_the_second_attempt() {
    for (error, code) in PULL_ERRORS {
        assert!(matches!(judge(&rolling(waiting("ErrImagePull", error))), Verdict::Moving { .. }), "first attempt: {error}");
        for snapshot in backing_off(error) {
            assert_eq!(failure(&snapshot).code, *code, "{error}");
        }
    }
}

#[test]
fn a_pull_that_may_succeed_waits_for_the_deadline() {
    for (error, code) in PASSING_PULL_ERRORS {
        for snapshot in backing_off(error) {
            assert!(matches!(judge(&snapshot), Verdict::Moving { .. }), "{error}");
            assert_eq!(failure(&late(snapshot)).code, *code, "{error}");
        }
    }
}

#[test]
fn a_refused_credential_is_said_in_these_words() {
    let found = failure(&backing_off(PULL_ERRORS[0].0)[0]);
    assert_eq!(
        found.message,
        "The registry refused the credential when a node pulled the image: failed to authorize: failed to fetch anonymous token: unexpected status: 401 Unauthorized."
    );
    assert!(found.next.contains("password"), "{}", found.next);
}

#[test]
fn a_pull_error_of_another_pod_is_not_taken() {
    let other = Warning { object: "Pod/other-1".into(), ..event("Failed", "Failed to pull image \"x\": 401 Unauthorized") };
    let snapshot = Snapshot { warnings: vec![other], ..rolling(waiting("ImagePullBackOff", "Back-off pulling image \"x\"")) };
    assert!(matches!(judge(&snapshot), Verdict::Moving { .. }));
}

#[test]
fn a_rate_limit_is_shown_while_it_may_pass() {
    let step = step_of(&backing_off(PASSING_PULL_ERRORS[0].0)[0]);
    assert_eq!(step, "Starting pods, 0 of 1 ready; the registry's rate limit is reached, the node tries again");
}

#[test]
fn an_invalid_image_name_fails_at_once() {
    let message = "Failed to apply default image tag \"r.example.com/A B\": couldn't parse image reference \"r.example.com/A B\": invalid reference format";
    assert_eq!(failure(&rolling(waiting("InvalidImageName", message))).code, "invalid_image_name");
}

// --- configuration

#[test]
fn a_missing_secret_fails_at_once() {
    let found = failure(&rolling(waiting("CreateContainerConfigError", "secret \"greeter-env\" not found")));
    assert_eq!(found.code, "container_config");
    assert_eq!(found.message, "The container can't be made from its configuration: secret \"greeter-env\" not found.");
}

#[test]
fn a_root_image_in_a_restricted_pod_is_told_what_to_do() {
    let message = "container has runAsNonRoot and image will run as root (pod: \"greeter_ns(1)\", container: greeter)";
    let found = failure(&rolling(waiting("CreateContainerConfigError", message)));
    assert_eq!(found.code, "container_config");
    let told = "The security profile Restricted does not let the image run: it runs as root. The cluster says: container has runAsNonRoot";
    assert!(found.message.starts_with(told), "{}", found.message);
    assert!(found.next.contains("numeric USER") && found.next.contains("profile Default"), "{}", found.next);
}

#[test]
fn an_image_whose_user_is_a_name_in_a_restricted_pod_is_told_that_it_has_to_be_a_number() {
    let message = "container has runAsNonRoot and image has non-numeric user (node), cannot verify user is non-root (pod: \"greeter_ns(1)\", container: greeter)";
    let found = failure(&rolling(waiting("CreateContainerConfigError", message)));
    assert!(found.message.contains("can't tell that its user is not root"), "{}", found.message);
    assert!(found.message.contains("non-numeric user (node)") && found.next.contains("numeric USER"), "{found:?}");
}

#[test]
fn a_kubelet_whose_cache_is_not_filled_yet_may_go_on() {
    let message = "failed to sync secret cache: timed out waiting for the condition";
    assert!(matches!(judge(&rolling(waiting("CreateContainerConfigError", message))), Verdict::Moving { .. }));
}

// --- crashes

#[test]
fn the_third_restart_fails() {
    assert_eq!(step_of(&rolling(crashed(2, 1, "Error"))), "Starting pods, 0 of 1 ready; a container was restarted twice");
    let found = failure(&rolling(crashed(3, 1, "Error")));
    assert_eq!((found.code, found.message.as_str()), ("crash_loop", "The container ended with exit code 1; it was restarted 3 times."));
    assert_eq!(found.log_of, Some(LogSource { pod: POD.into(), previous: true }));
}

#[test]
fn a_signal_is_named() {
    for (code, words) in
        [(139, "SIGSEGV"), (143, "SIGTERM"), (137, "SIGKILL"), (134, "SIGABRT"), (127, "command not found"), (126, "can't be executed")]
    {
        let message = failure(&rolling(crashed(3, code, "Error"))).message;
        assert!(message.contains(words) && message.contains(&code.to_string()), "{message}");
    }
}

#[test]
fn a_program_that_ends_well_is_told_to_keep_running() {
    let message = failure(&rolling(crashed(3, 0, "Completed"))).message;
    assert!(message.contains("exit code 0") && message.contains("must keep running"), "{message}");
}

#[test]
fn out_of_memory_names_the_limit() {
    let found = failure(&rolling(crashed(3, 137, "OOMKilled")));
    assert_eq!(found.code, "out_of_memory");
    assert!(found.message.contains("512 MiB"), "{}", found.message);
}

#[test]
fn a_missing_program_is_quoted_from_the_events() {
    let error = "Error: failed to create containerd task: failed to create shim task: OCI runtime create failed: exec: \"/nope\": stat /nope: no such file or directory: unknown";
    let snapshot = Snapshot {
        warnings: vec![event("Failed", error), event("BackOff", "Back-off restarting failed container")],
        ..rolling(crashed(3, 128, "StartError"))
    };
    let message = failure(&snapshot).message;
    assert!(message.contains("could not be started") && message.contains("stat /nope: no such file or directory"), "{message}");
}

#[test]
fn a_program_for_another_processor_is_no_platform() {
    let error = "failed to create containerd task: OCI runtime create failed: exec /app: exec format error: unknown";
    let pod = Pod { waiting: Some(Reason { reason: "RunContainerError".into(), message: error.into() }), ..crashed(3, 128, "StartError") };
    assert_eq!(failure(&rolling(pod)).code, "no_platform");
}

// --- the deadline

#[test]
fn a_failing_readiness_probe_is_quoted() {
    let running = Pod { phase: "Running".into(), ..Pod::default() };
    let probe = event("Unhealthy", "Readiness probe failed: dial tcp 10.244.0.7:8080: connect: connection refused");
    let snapshot = Snapshot { warnings: vec![probe], ..rolling(running) };
    assert!(matches!(judge(&snapshot), Verdict::Moving { .. }));
    let found = failure(&late(snapshot));
    assert_eq!(found.code, "not_ready");
    assert!(found.message.ends_with("seconds: dial tcp 10.244.0.7:8080: connect: connection refused."), "{}", found.message);
    assert_eq!(found.log_of, Some(LogSource { pod: POD.into(), previous: false }));
}

#[test]
fn an_unschedulable_pod_names_the_resource() {
    let words =
        "0/3 nodes are available: 1 node(s) had untolerated taint {node-role.kubernetes.io/control-plane: }, 2 Insufficient memory.";
    let snapshot = rolling(Pod { phase: "Pending".into(), unschedulable: Some(words.into()), ..Pod::default() });
    assert_eq!(step_of(&snapshot), "Starting pods, 0 of 1 ready; no node has room yet");
    let found = failure(&late(snapshot));
    assert_eq!(found.code, "unschedulable");
    assert!(found.message.starts_with("No node has enough memory left for the pod: 0/3 nodes"), "{}", found.message);
}

#[test]
fn a_quota_is_quoted() {
    let words = "pods \"greeter-6d5f8c7b9-abcde\" is forbidden: exceeded quota: compute, requested: limits.memory=512Mi, used: limits.memory=2Gi, limited: limits.memory=2Gi";
    let warning = Warning { object: "Deployment/greeter".into(), ..event("FailedCreate", words) };
    let snapshot = Snapshot { pods: Vec::new(), updated: 0, warnings: vec![warning], ..rolling(Pod::default()) };
    let found = failure(&late(snapshot));
    assert_eq!(found.code, "quota");
    assert!(found.message.contains("limited: limits.memory=2Gi"), "{}", found.message);
}

#[test]
fn an_admission_policy_is_quoted() {
    let words = "pods \"greeter-1\" is forbidden: violates PodSecurity \"restricted:latest\": runAsNonRoot != true";
    let warning = Warning { object: "Deployment/greeter".into(), ..event("FailedCreate", words) };
    let found = failure(&late(Snapshot { pods: Vec::new(), updated: 0, warnings: vec![warning], ..rolling(Pod::default()) }));
    assert!(found.message.contains("violates PodSecurity"), "{}", found.message);
}

#[test]
fn a_container_without_a_command_waits_for_the_deadline() {
    let pod = waiting("CreateContainerError", "failed to generate container \"1\" spec: failed to generate spec: no command specified");
    assert!(matches!(judge(&rolling(pod.clone())), Verdict::Moving { .. }));
    assert_eq!(failure(&late(rolling(pod))).code, "container_config");
}

#[test]
fn a_mount_that_fails_is_quoted() {
    let warning = event("FailedMount", "MountVolume.SetUp failed for volume \"tls\" : secret \"tls\" not found");
    let found = failure(&late(Snapshot { warnings: vec![warning], ..rolling(waiting("ContainerCreating", "")) }));
    assert_eq!(found.code, "deadline");
    assert!(found.message.contains("MountVolume.SetUp failed"), "{}", found.message);
}

#[test]
fn without_any_reason_the_controller_has_the_word() {
    let found = failure(&late(Snapshot { pods: Vec::new(), ..rolling(Pod::default()) }));
    assert_eq!(found.code, "deadline");
    assert!(found.message.contains("has timed out progressing"), "{}", found.message);
}
