use super::*;
use crate::domain::{
    components::{SecurityProfile, Workload},
    deployments::{
        data_plane::{Place, Plan},
        image_id,
        rollout::{Failure, Verdict, judge},
    },
    endpoints::{Endpoint, EndpointKind, Visibility},
    images::ImageReference,
    schedule::{Concurrency, Schedule},
};

const TICK: Duration = Duration::from_millis(5);

fn release(tag: &str, deployment: u128) -> Release {
    let digest = "a".repeat(64);
    Release {
        place: Place {
            organization_id: Uuid::from_u128(1),
            project_id: Uuid::from_u128(2),
            environment_id: Uuid::from_u128(3),
            namespace: "slw-acme-shop-dev-00000001".into(),
        },
        component_id: Uuid::from_u128(4),
        deployment_id: Uuid::from_u128(deployment),
        registry_id: Uuid::from_u128(5),
        component_name: "greeter".into(),
        image: ImageReference::parse(&format!("registry.example.com/greeter:{tag}@sha256:{digest}")).unwrap(),
        endpoints: vec![Endpoint {
            name: "api".into(),
            display_name: None,
            port: 9090,
            kind: EndpointKind::Rest,
            visibilities: vec![Visibility::Project],
            context: Some("/".into()),
            schema_file_path: None,
        }],
        workload: Workload::Service,
        profile: SecurityProfile::Default,
        pull_secret: None,
        replicas: 1,
        project_name: "shop".into(),
        base_host: None,
        default_endpoint: None,
        takes_over: false,
        known_uids: BTreeMap::new(),
    }
}

/// Applies, then follows until the rollout is decided: the steps on the way, and the end.
async fn act_out(plane: &SimulatedDataPlane, release: &Release) -> (Vec<String>, Verdict) {
    plane.apply(release).await.unwrap();
    let mut steps = Vec::new();
    let mut seen = plane.observe(release).await;
    while let Some(snapshot) = seen.next().await {
        match judge(&snapshot) {
            Verdict::Moving { step } => steps.push(step),
            end => return (steps, end),
        }
    }
    panic!("the stream ended after {steps:?}");
}

async fn failure(tag: &str) -> Failure {
    match act_out(&SimulatedDataPlane::new(TICK), &release(tag, 10)).await.1 {
        Verdict::Failed(failure) => failure,
        other => panic!("{tag} ended as {other:?}"),
    }
}

#[test]
fn a_rollout_takes_four_ticks() {
    let verdicts: Vec<_> = (0..=4).map(|ticks| judge(&scene::at(&release("1.0", 10), ticks))).collect();
    let moving = |step: &str| Verdict::Moving { step: step.into() };
    let starting = moving("Starting pods, 0 of 1 ready");
    let checking = moving("Checking that pods stay ready, 0 of 1 available");
    assert_eq!(verdicts, [starting.clone(), starting, checking.clone(), checking, Verdict::Active]);
}

#[tokio::test]
async fn a_rollout_is_acted_out_in_time() {
    let started = Instant::now();
    let (steps, end) = act_out(&SimulatedDataPlane::new(TICK), &release("1.0", 10)).await;
    assert_eq!(end, Verdict::Active);
    assert!(started.elapsed() >= 4 * TICK && !steps.is_empty(), "{:?} {steps:?}", started.elapsed());
}

#[tokio::test]
async fn the_tag_acts_failures_out() {
    assert_eq!(failure("1.0-crash").await.code, "crash_loop");
    assert_eq!(failure("1.0-oom").await.code, "out_of_memory");
    let unready = failure("1.0-unready").await;
    assert_eq!(unready.code, "not_ready");
    assert!(unready.message.contains("9090"), "{}", unready.message);
}

#[tokio::test]
async fn a_failure_has_a_log_that_says_it_is_simulated() {
    let plane = SimulatedDataPlane::new(TICK);
    let crashing = release("1.0-crash", 10);
    let source = failure("1.0-crash").await.log_of.unwrap();
    let log = plane.last_log_lines(&crashing, &source.pod, source.previous).await.unwrap();
    assert!(log.lines().all(|line| line.starts_with("(simulated)")), "{log}");
    assert!(log.contains("code 1"), "{log}");
}

#[tokio::test]
async fn applying_again_changes_nothing_and_does_not_start_over() {
    let plane = SimulatedDataPlane::new(TICK);
    let first = plane.apply(&release("1.0", 10)).await.unwrap();
    assert!(first.iter().all(|object| object.changed), "{first:?}");
    act_out(&plane, &release("1.0", 10)).await;
    let again = plane.apply(&release("1.0", 10)).await.unwrap();
    assert!(again.iter().all(|object| !object.changed), "{again:?}");
    let snapshot = plane.observe(&release("1.0", 10)).await.next().await.unwrap();
    assert_eq!(judge(&snapshot), Verdict::Active);
}

#[tokio::test]
async fn a_later_deployment_takes_the_place() {
    let plane = SimulatedDataPlane::new(TICK);
    let first = plane.apply(&release("1.0", 10)).await.unwrap();
    act_out(&plane, &release("1.0", 10)).await;
    let second = plane.apply(&release("1.1", 11)).await.unwrap();
    let uids = |objects: &[AppliedObject]| objects.iter().map(|object| object.uid.clone()).collect::<Vec<_>>();
    assert_eq!(uids(&first), uids(&second));
    let earlier = plane.observe(&release("1.0", 10)).await.next().await.unwrap();
    assert!(!earlier.observed);
    assert_eq!(act_out(&plane, &release("1.1", 11)).await.1, Verdict::Active);
}

#[tokio::test]
async fn what_a_restart_forgot_is_made_again() {
    let mut seen = SimulatedDataPlane::new(TICK).observe(&release("1.0", 10)).await;
    while let Some(snapshot) = seen.next().await {
        if judge(&snapshot) == Verdict::Active {
            return;
        }
    }
    panic!("the stream ended");
}

#[tokio::test]
async fn a_pull_secret_is_there_until_it_is_removed() {
    let plane = SimulatedDataPlane::new(TICK);
    let secret = PullSecret { version: 1, auth_key: "registry.example.com".into(), username: "robot".into(), password: "x".into() };
    let private = Release { pull_secret: Some(secret.clone()), ..release("1.0", 10) };
    let at = private.secret_place();
    let of_release = plane.apply(&private).await.unwrap().pop().unwrap();
    assert_eq!((of_release.kind.as_str(), of_release.name.as_str(), of_release.changed), ("Secret", at.name().as_str(), true));
    let again = plane.apply_pull_secret(&at, &secret).await.unwrap();
    assert_eq!((again.uid, again.changed), (of_release.uid, false));
    plane.remove_pull_secret(&at).await.unwrap();
    assert!(plane.apply_pull_secret(&at, &secret).await.unwrap().changed);
}

#[test]
fn no_digest_is_made_up_for_a_tag() {
    let by_digest = release("1.0", 10);
    let by_tag = Release { image: ImageReference::parse("registry.example.com/greeter:1.0").unwrap(), ..release("1.0", 10) };
    let pulled = |release: &Release| image_id::pulled(&scene::at(release, 4), &release.image);
    assert_eq!(pulled(&by_digest).as_deref(), by_digest.image.digest());
    assert_eq!(pulled(&by_tag), None);
}

fn kinds(applied: &[AppliedObject]) -> Vec<&str> {
    applied.iter().map(|object| object.kind.as_str()).collect()
}

fn every_night() -> Workload {
    Workload::ScheduledTask(Schedule { cron: "0 3 * * *".into(), time_zone: "UTC".into(), concurrency: Concurrency::Forbid })
}

#[tokio::test]
async fn each_kind_has_its_objects() {
    let expected: [(Workload, &[&str]); 3] = [
        (Workload::WebApplication { port: 3000 }, &["Namespace", "NetworkPolicy", "Service", "Deployment"]),
        (every_night(), &["Namespace", "CronJob"]),
        (Workload::ManualTask, &["Namespace"]),
    ];
    for (workload, objects) in expected {
        let plane = SimulatedDataPlane::new(TICK);
        let release = Release { workload, endpoints: Vec::new(), ..release("1.0", 10) };
        assert_eq!(kinds(&plane.apply(&release).await.unwrap()), objects, "{:?}", release.workload);
    }
}

#[tokio::test]
async fn a_web_application_is_acted_out_on_its_port() {
    let web = |tag: &str| Release { workload: Workload::WebApplication { port: 3000 }, endpoints: Vec::new(), ..release(tag, 10) };
    assert_eq!(act_out(&SimulatedDataPlane::new(TICK), &web("1.0")).await.1, Verdict::Active);
    match act_out(&SimulatedDataPlane::new(TICK), &web("1.0-unready")).await.1 {
        Verdict::Failed(failure) => assert!(failure.message.contains(":3000"), "{}", failure.message),
        other => panic!("{other:?}"),
    }
}

#[tokio::test]
async fn a_removed_component_leaves_nothing_and_others_stay() {
    let plane = SimulatedDataPlane::new(TICK);
    let (removed, other) = (release("1.0", 10), Release { component_id: Uuid::from_u128(40), ..release("1.0", 11) });
    plane.apply(&removed).await.unwrap();
    plane.apply(&other).await.unwrap();
    act_out(&plane, &other).await;
    assert_eq!(plane.remove(&removed.place, removed.component_id).await.unwrap(), []);
    let again = plane.apply(&removed).await.unwrap();
    assert!(again.iter().all(|object| object.changed), "it is made anew: {again:?}");
    let still = plane.apply(&other).await.unwrap();
    assert!(still.iter().all(|object| !object.changed), "{still:?}");
    assert_eq!(judge(&plane.observe(&other).await.next().await.unwrap()), Verdict::Active);
}

#[tokio::test]
async fn a_public_endpoint_has_the_route_that_a_cluster_would_have() {
    let configured = config::Entrance {
        domain: Some(config::PublicDomain { is_tls: true, host: "apps.example.com".into(), port: None }),
        gateway: Some(("edge".into(), "public".into())),
        ingress_class: None,
    };
    let plane = SimulatedDataPlane::new(TICK).behind(&configured);
    let mut public = release("1.0", 10);
    public.endpoints[0].visibilities = vec![Visibility::Public];
    public.base_host = Some("development-acme.apps.example.com".into());
    let first = plane.apply(&public).await.unwrap();
    assert_eq!(kinds(&first), ["Namespace", "NetworkPolicy", "Service", "Deployment", "HTTPRoute"]);
    let uids: BTreeSet<_> = first.iter().map(|object| &object.uid).collect();
    assert_eq!(uids.len(), first.len(), "each object has a uid of its own");
    assert_eq!(kinds(&plane.apply(&release("1.1", 11)).await.unwrap()), ["Namespace", "NetworkPolicy", "Service", "Deployment"]);
}

async fn plans(plane: &SimulatedDataPlane, release: &Release) -> Vec<(String, Plan)> {
    plane.preview(release).await.unwrap().into_iter().map(|object| (object.kind, object.plan)).collect()
}

fn each(plan: &[(&str, Plan)]) -> Vec<(String, Plan)> {
    plan.iter().map(|(kind, plan)| ((*kind).to_owned(), *plan)).collect()
}

#[tokio::test]
async fn a_preview_tells_what_an_apply_would_change_and_changes_nothing() {
    let plane = SimulatedDataPlane::new(TICK);
    let secret = PullSecret { version: 1, auth_key: "registry.example.com".into(), username: "robot".into(), password: "x".into() };
    let first = Release { pull_secret: Some(secret), ..release("1.0", 10) };
    let of_all = |plan| each(&["Namespace", "Secret", "NetworkPolicy", "Service", "Deployment"].map(|kind| (kind, plan)));
    let all_new = of_all(Plan::Create);
    assert_eq!(plans(&plane, &first).await, all_new);
    assert_eq!(plans(&plane, &first).await, all_new, "a preview makes nothing");
    plane.apply(&first).await.unwrap();
    let (kept, changed) = (Plan::Keep, Plan::Change);
    let same = Release { deployment_id: Uuid::from_u128(11), ..first.clone() };
    assert_eq!(plans(&plane, &same).await, of_all(kept));
    let next = Release { replicas: 3, endpoints: Vec::new(), ..same };
    let expected = [("Namespace", kept), ("Secret", kept), ("NetworkPolicy", changed), ("Deployment", changed), ("Service", Plan::Delete)];
    assert_eq!(plans(&plane, &next).await, each(&expected));
}

#[tokio::test]
async fn the_manifests_are_those_that_a_cluster_would_get_and_hold_no_credential() {
    let secret = PullSecret { version: 1, auth_key: "registry.example.com".into(), username: "robot".into(), password: "hunter2".into() };
    let private = Release { pull_secret: Some(secret), ..release("1.0", 10) };
    let manifests = SimulatedDataPlane::new(TICK).manifests(&private).await.unwrap();
    let kinds: Vec<_> = manifests.iter().map(|manifest| manifest.kind.as_str()).collect();
    assert_eq!(kinds, ["Namespace", "Secret", "NetworkPolicy", "Service", "Deployment"]);
    let all: String = manifests.iter().map(|manifest| manifest.yaml.as_str()).collect();
    assert!(!all.contains("hunter2") && !all.contains("dockerconfigjson:") && all.contains("# data: not shown"), "{all}");
    assert!(all.matches("namespace: slw-acme-shop-dev-00000001").count() == 4, "{all}");
}
