//! Against a real cluster, named by `SLIPWAY_TEST_KUBECONFIG`; skipped, saying so, without it.
//!
//!     export SLIPWAY_TEST_KUBECONFIG=$(end2end/cluster/cluster.sh up)
//!     end2end/cluster/cluster.sh push greeter:1 --port 8080
//!     end2end/cluster/cluster.sh push greeter-crash:1 --entrypoint 'echo no database; exit 3'

use std::{path::PathBuf, time::Duration};

use futures::StreamExt as _;
use k8s_openapi::api::core::v1::{Namespace, Secret, Service};
use kube::{
    Api,
    api::{DeleteParams, PostParams},
};
use uuid::Uuid;

use super::{
    KubernetesDataPlane,
    fixtures::{endpoint, image, place, plane_at, pull_secret, release},
};
use crate::{
    config::{Config, DataPlaneConfig, Egress},
    domain::{
        clock::{Clock as _, SystemClock, SystemEntropy, new_id},
        deployments::{
            data_plane::{AppliedObject, ApplyProblem, Conflict, DataPlane as _, Place, Plan, PlannedObject, Release},
            rollout::{Failure, Verdict, judge},
        },
        endpoints::EndpointKind,
    },
};

/// Longer than any rollout here takes; a test that needs it all has failed.
const PATIENCE: Duration = Duration::from_secs(180);
/// On the host and on the node: open, and with the login `tester` / `secret`.
const OPEN: &str = "127.0.0.1:15000";
const PRIVATE: &str = "127.0.0.1:15001";

/// A namespace of its own on the cluster, deleted by [`Stage::leave`].
struct Stage {
    plane: KubernetesDataPlane,
    namespace: String,
}

impl Stage {
    async fn enter(test: &str) -> Option<Self> {
        let Some(path) = std::env::var_os("SLIPWAY_TEST_KUBECONFIG") else {
            eprintln!("{test} is skipped: SLIPWAY_TEST_KUBECONFIG names no cluster");
            return None;
        };
        let mut config = Config::read(&|_| None).unwrap();
        config.data_plane = DataPlaneConfig::Kubeconfig(PathBuf::from(path));
        config.data_plane_egress = Egress::Any;
        let plane = KubernetesDataPlane::connect(&config).await.unwrap();
        let id = new_id(&SystemClock, &SystemEntropy).simple().to_string();
        Some(Self { plane, namespace: format!("slw-test-{test}-{}", &id[24..]) })
    }

    fn release(&self, reference: &str) -> Release {
        Release {
            place: place(&self.namespace),
            deployment_id: new_id(&SystemClock, &SystemEntropy),
            image: image(reference),
            endpoints: vec![endpoint("api", 8080, EndpointKind::Rest)],
            replicas: 1,
            project_name: "shop".into(),
            base_host: None,
            default_endpoint: None,
            takes_over: false,
            ..release()
        }
    }

    async fn outcome(&self, release: &Release) -> Verdict {
        self.plane.apply(release).await.unwrap();
        let judged = async {
            let mut seen = self.plane.observe(release).await;
            while let Some(snapshot) = seen.next().await {
                eprintln!("{}: {snapshot:?}", SystemClock.now().rfc3339());
                match judge(&snapshot) {
                    Verdict::Moving { step } => eprintln!("{step}"),
                    end => return end,
                }
            }
            panic!("the watch broke");
        };
        tokio::time::timeout(PATIENCE, judged).await.unwrap()
    }

    async fn failure(&self, release: &Release) -> Failure {
        match self.outcome(release).await {
            Verdict::Failed(failure) => failure,
            other => panic!("expected a failure, got {other:?}"),
        }
    }

    async fn leave(self) {
        let api: Api<Namespace> = Api::all(self.plane.client.clone());
        api.delete(&self.namespace, &DeleteParams::background()).await.unwrap();
    }
}

fn known(mut release: Release, applied: &[AppliedObject]) -> Release {
    release.known_uids = applied.iter().map(|object| (format!("{}/{}", object.kind, object.name), object.uid.clone())).collect();
    release
}

#[tokio::test]
async fn a_cluster_that_is_down_does_not_stop_the_start_and_says_so_later() {
    let plane = plane_at("http://127.0.0.1:1").await; // where nothing listens
    match plane.apply(&release()).await.unwrap_err() {
        ApplyProblem::Unreachable(words) => assert!(words.contains("refused"), "{words}"),
        other => panic!("{other:?}"),
    }
    assert!(plane.observe(&release()).await.next().await.is_none());
}

#[tokio::test]
async fn a_release_becomes_active_and_applying_again_changes_nothing() {
    let Some(stage) = Stage::enter("active").await else { return };
    let release = stage.release(&format!("{OPEN}/greeter:1"));
    let first = stage.plane.apply(&release).await.unwrap();
    assert!(first.iter().all(|object| object.changed), "{first:?}");
    assert_eq!(stage.outcome(&release).await, Verdict::Active);
    let again = stage.plane.apply(&known(release.clone(), &first)).await.unwrap();
    assert!(again.iter().all(|object| !object.changed), "{again:?}");

    let next = Release { deployment_id: Uuid::from_u128(99), endpoints: Vec::new(), ..known(release, &first) };
    assert_eq!(stage.outcome(&next).await, Verdict::Active);
    let services: Api<Service> = Api::namespaced(stage.plane.client.clone(), &stage.namespace);
    assert!(services.get_opt("greeter").await.unwrap().is_none(), "a Service without endpoints is pruned");
    stage.leave().await;
}

#[tokio::test]
async fn a_wrong_credential_is_refused_and_the_right_one_works() {
    let Some(stage) = Stage::enter("credential").await else { return };
    // By tag, so that the node asks the registry each time, also for an image that it has.
    let mut release = stage.release(&format!("{PRIVATE}/greeter:1"));
    release.pull_secret = Some(pull_secret(PRIVATE, "wrong"));
    let failure = stage.failure(&release).await;
    assert_eq!(failure.code, "credential_refused");
    assert!(failure.message.contains("The registry refused the credential"), "{}", failure.message);
    release.pull_secret = Some(pull_secret(PRIVATE, "secret"));
    release.deployment_id = Uuid::from_u128(99);
    assert_eq!(stage.outcome(&release).await, Verdict::Active);
    stage.leave().await;
}

#[tokio::test]
async fn a_corrected_credential_reaches_pods_that_wait_for_it() {
    let Some(stage) = Stage::enter("corrected").await else { return };
    let release = Release { pull_secret: Some(pull_secret(PRIVATE, "wrong")), ..stage.release(&format!("{PRIVATE}/greeter:1")) };
    assert_eq!(stage.failure(&release).await.code, "credential_refused");
    stage.plane.apply_pull_secret(&release.secret_place(), &pull_secret(PRIVATE, "secret")).await.unwrap();
    let recovers = async {
        let mut seen = stage.plane.observe(&release).await;
        loop {
            match seen.next().await {
                Some(snapshot) if judge(&snapshot) == Verdict::Active => return,
                Some(_) => {}
                None => seen = stage.plane.observe(&release).await, // the watch broke
            }
        }
    };
    tokio::time::timeout(PATIENCE, recovers).await.expect("the kubelet tries again with the new credential");
    stage.leave().await;
}

#[tokio::test]
async fn a_missing_tag_is_not_found() {
    let Some(stage) = Stage::enter("missing").await else { return };
    assert_eq!(stage.failure(&stage.release(&format!("{OPEN}/greeter:nope"))).await.code, "image_not_found");
    stage.leave().await;
}

#[tokio::test]
async fn a_crash_loop_gives_exit_code_and_log() {
    let Some(stage) = Stage::enter("crash").await else { return };
    let release = stage.release(&format!("{OPEN}/greeter-crash:1"));
    let failure = stage.failure(&release).await;
    assert_eq!(failure.code, "crash_loop");
    assert!(failure.message.contains("exit code 3"), "{}", failure.message);
    let source = failure.log_of.unwrap();
    let log = stage.plane.last_log_lines(&release, &source.pod, source.previous).await.unwrap();
    assert!(log.contains("no database"), "{log}");
    stage.leave().await;
}

#[tokio::test]
async fn what_others_made_is_not_touched() {
    let Some(stage) = Stage::enter("foreign").await else { return };
    let release = stage.release(&format!("{OPEN}/greeter:1"));
    stage.plane.apply(&Release { component_name: "other".into(), component_id: Uuid::from_u128(77), ..release.clone() }).await.unwrap();
    let taken = Release { component_name: "other".into(), ..release.clone() };
    let refused = stage.plane.apply(&taken).await.unwrap_err();
    assert_eq!(refused, ApplyProblem::OfAnotherComponent { kind: "NetworkPolicy".into(), name: "other".into() });

    let stranger = Release { place: Place { organization_id: Uuid::from_u128(55), ..release.place.clone() }, ..release };
    let refused = stage.plane.apply(&stranger).await.unwrap_err();
    assert_eq!(refused, ApplyProblem::NotOurs { kind: "Namespace".into(), name: stage.namespace.clone() });
    let secret = stage.plane.apply_pull_secret(&stranger.secret_place(), &pull_secret(PRIVATE, "secret")).await.unwrap_err();
    assert_eq!(secret, refused, "a stranger's namespace gets no credential");
    stage.leave().await;
}

#[tokio::test]
async fn a_field_that_another_manager_owns_is_a_conflict_that_names_it() {
    use kube::api::{Patch, PatchParams};
    let Some(stage) = Stage::enter("conflict").await else { return };
    let release = stage.release(&format!("{OPEN}/greeter:1"));
    stage.plane.apply(&release).await.unwrap();
    let api: Api<k8s_openapi::api::apps::v1::Deployment> = Api::namespaced(stage.plane.client.clone(), &stage.namespace);
    let scaled = serde_json::json!({ "apiVersion": "apps/v1", "kind": "Deployment", "spec": { "replicas": 0 } });
    api.patch("greeter", &PatchParams::apply("someone-else").force(), &Patch::Apply(scaled)).await.unwrap();
    match stage.plane.apply(&release).await.unwrap_err() {
        ApplyProblem::FieldConflict { detail, .. } => {
            assert!(detail.contains("someone-else") && detail.contains(".spec.replicas"), "{detail}")
        }
        other => panic!("{other:?}"),
    }
    stage.leave().await;
}

impl Stage {
    fn secrets(&self) -> Api<Secret> {
        Api::namespaced(self.plane.client.clone(), &self.namespace)
    }
}

#[tokio::test]
async fn a_pull_secret_is_brought_repaired_and_removed() {
    let Some(stage) = Stage::enter("secret").await else { return };
    let mut at = stage.release(&format!("{PRIVATE}/greeter:1")).secret_place();
    let secret = pull_secret(PRIVATE, "secret");
    let none = stage.plane.apply_pull_secret(&at, &secret).await.unwrap_err();
    assert_eq!(none, ApplyProblem::NoNamespace { namespace: stage.namespace.clone() });
    stage.plane.remove_pull_secret(&at).await.unwrap();

    stage.plane.apply(&stage.release(&format!("{OPEN}/greeter:1"))).await.unwrap();
    let first = stage.plane.apply_pull_secret(&at, &secret).await.unwrap();
    assert!(first.changed);
    at.known_uid = Some(first.uid.clone());
    assert_eq!(stage.plane.apply_pull_secret(&at, &secret).await.unwrap(), AppliedObject { changed: false, ..first.clone() });
    let rotated = stage.plane.apply_pull_secret(&at, &pull_secret(PRIVATE, "another")).await.unwrap();
    assert_eq!(rotated, first, "the same object, changed");

    stage.secrets().delete(&at.name(), &DeleteParams::default()).await.unwrap();
    let again = stage.plane.apply_pull_secret(&at, &secret).await.unwrap();
    assert!(again.changed && again.uid != first.uid);
    stage.plane.remove_pull_secret(&at).await.unwrap();
    assert!(stage.secrets().get_opt(&at.name()).await.unwrap().is_none());
    stage.plane.remove_pull_secret(&at).await.unwrap();
    stage.leave().await;
}

#[tokio::test]
async fn a_strangers_secret_of_the_same_name_is_not_touched() {
    let Some(stage) = Stage::enter("stranger").await else { return };
    let release = stage.release(&format!("{OPEN}/greeter:1"));
    stage.plane.apply(&release).await.unwrap();
    let at = release.secret_place();
    let mut theirs = super::manifests::pull_secret(&at, &pull_secret(PRIVATE, "theirs"));
    theirs.metadata.labels = None;
    let theirs = stage.secrets().create(&PostParams::default(), &theirs).await.unwrap();
    let refused = stage.plane.apply_pull_secret(&at, &pull_secret(PRIVATE, "secret")).await.unwrap_err();
    assert_eq!(refused, ApplyProblem::NotOurs { kind: "Secret".into(), name: at.name() });
    stage.plane.remove_pull_secret(&at).await.unwrap();
    let now = stage.secrets().get(&at.name()).await.unwrap();
    assert_eq!((now.metadata.uid, now.data), (theirs.metadata.uid, theirs.data));
    stage.leave().await;
}

#[tokio::test]
async fn the_secret_that_an_earlier_version_made_for_a_component_goes_with_its_next_release() {
    let Some(stage) = Stage::enter("earlier").await else { return };
    let mut release = stage.release(&format!("{PRIVATE}/greeter:1"));
    stage.plane.apply(&release).await.unwrap();
    release.pull_secret = Some(pull_secret(PRIVATE, "secret"));
    let mut old = super::manifests::pull_secret(&release.secret_place(), &pull_secret(PRIVATE, "secret"));
    old.metadata.name = Some("slw-registry-greeter-00c0ffee".into());
    old.metadata.labels = Some(super::manifests::object_labels(&release));
    stage.secrets().create(&PostParams::default(), &old).await.unwrap();
    stage.plane.apply(&release).await.unwrap();
    let names = stage.secrets().list_metadata(&Default::default()).await.unwrap().items.into_iter().filter_map(|found| found.metadata.name);
    let ours: Vec<_> = names.filter(|name| name.starts_with("slw-")).collect();
    assert_eq!(ours, [release.secret_place().name()]);
    stage.leave().await;
}

impl Stage {
    async fn planned(&self, release: &Release, kind: &str) -> PlannedObject {
        let planned = self.plane.preview(release).await.unwrap();
        planned.into_iter().find(|object| object.kind == kind).unwrap_or_else(|| panic!("no {kind}"))
    }
}

#[tokio::test]
async fn a_preview_tells_what_an_apply_would_change_and_changes_nothing() {
    use kube::api::{Patch, PatchParams};
    let Some(stage) = Stage::enter("preview").await else { return };
    let release = stage.release(&format!("{OPEN}/greeter:1"));
    let new = stage.plane.preview(&release).await.unwrap();
    assert!(new.iter().all(|object| object.plan == Plan::Create), "{new:?}");
    let namespaces: Api<Namespace> = Api::all(stage.plane.client.clone());
    assert!(namespaces.get_opt(&stage.namespace).await.unwrap().is_none(), "a preview makes nothing");

    stage.plane.apply(&release).await.unwrap();
    let again = Release { deployment_id: new_id(&SystemClock, &SystemEntropy), ..release.clone() };
    for kind in ["Namespace", "Service", "Deployment"] {
        let kept = stage.planned(&again, kind).await;
        assert_eq!(kept.plan, Plan::Keep, "{}\n{}", kept.before.unwrap_or_default(), kept.after.unwrap_or_default());
    }
    let changed = stage.planned(&Release { replicas: 3, ..again.clone() }, "Deployment").await;
    assert!(changed.plan == Plan::Change && changed.after.unwrap().contains("  replicas: 3\n"));
    let gone = stage.planned(&Release { endpoints: Vec::new(), ..again.clone() }, "Service").await;
    assert!(gone.plan == Plan::Delete && gone.after.is_none());

    let api: Api<k8s_openapi::api::apps::v1::Deployment> = Api::namespaced(stage.plane.client.clone(), &stage.namespace);
    let scaled = serde_json::json!({ "apiVersion": "apps/v1", "kind": "Deployment", "spec": { "replicas": 0 } });
    api.patch("greeter", &PatchParams::apply("someone-else").force(), &Patch::Apply(scaled)).await.unwrap();
    let conflict = stage.planned(&again, "Deployment").await;
    assert_eq!(conflict.conflicts, [Conflict { manager: "someone-else".into(), field: ".spec.replicas".into() }]);
    assert!(conflict.plan == Plan::Change && conflict.after.unwrap().contains("  replicas: 1\n"), "as if it were taken over");
    let taken = stage.planned(&Release { takes_over: true, ..again }, "Deployment").await;
    assert_eq!((taken.plan, taken.conflicts), (Plan::Change, vec![]));
    assert_eq!(api.get("greeter").await.unwrap().spec.unwrap().replicas, Some(0), "a preview changes nothing");
    stage.leave().await;
}
