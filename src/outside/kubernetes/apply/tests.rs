use k8s_openapi::api::{
    apps::v1::Deployment,
    batch::v1::{CronJob, Job},
};
use serde_json::{Value, json};
use uuid::Uuid;

use super::*;
use crate::{
    domain::{
        components::Workload,
        deployments::data_plane::DataPlane as _,
        endpoints::{Endpoint, EndpointKind, Visibility},
        routes::{GatewayName, PublicDomain},
    },
    outside::kubernetes::{
        fixtures::{endpoint, every_night, pull_secret, release, release_of},
        mock::{MockCluster, PROXY_ANSWERS},
    },
};

/// A cluster of today: it serves every kind that a release can have.
async fn of_today() -> MockCluster {
    let cluster = MockCluster::start().await;
    cluster.serves::<Service>(&[]).await;
    cluster.serves::<Deployment>(&[]).await;
    cluster.serves::<CronJob>(&[]).await;
    cluster.serves::<Secret>(&[]).await;
    cluster.serves::<NetworkPolicy>(&[]).await;
    cluster.serves::<Ingress>(&[]).await;
    cluster
}

/// The same with the Gateway API, and an entrance that uses it.
async fn with_gateway_api() -> (MockCluster, Entrance) {
    let cluster = of_today().await;
    cluster.has_gateway_api(&["httproutes", "grpcroutes"]).await;
    cluster.serves::<HttpRoute>(&[]).await;
    cluster.serves::<GrpcRoute>(&[]).await;
    let entrance = Entrance {
        domain: Some(PublicDomain { scheme: "https", host: "apps.example.com".into(), port: None }),
        gateway: Some(GatewayName { namespace: "edge".into(), name: "public".into() }),
        ingress_class: None,
    };
    (cluster, entrance)
}

/// A Service with Public endpoints.
fn public_release() -> Release {
    let public = |name: &str, port, kind| Endpoint { visibilities: vec![Visibility::Public], ..endpoint(name, port, kind) };
    let endpoints =
        vec![public("api", 8080, EndpointKind::Rest), public("rpc", 50051, EndpointKind::Grpc), public("voice", 9125, EndpointKind::Udp)];
    Release { endpoints, base_host: Some("development-acme.apps.example.com".into()), ..release() }
}

async fn apply_on(cluster: &MockCluster, release: &Release) -> Result<Vec<String>, ApplyProblem> {
    apply_behind(&Entrance::default(), cluster, release).await
}

async fn apply_behind(entrance: &Entrance, cluster: &MockCluster, release: &Release) -> Result<Vec<String>, ApplyProblem> {
    let capabilities = cluster.plane.capabilities().await?;
    let applied = apply(&cluster.plane.client, release, entrance, &capabilities).await?;
    Ok(applied.into_iter().map(|object| object.kind).collect())
}

/// What goes to the cluster at the same time arrives in any order.
fn sorted(mut paths: Vec<String>) -> Vec<String> {
    paths.sort();
    paths
}

fn listed(name: &str) -> Value {
    json!({ "name": name, "uid": format!("uid of {name}") })
}

#[tokio::test]
async fn a_scheduled_task_applies_its_cron_job() {
    let cluster = of_today().await;
    let release = release_of(every_night());
    assert_eq!(apply_on(&cluster, &release).await.unwrap(), ["Namespace", "CronJob"]);
    let [request] = cluster.asked("PATCH").await.try_into().unwrap();
    assert_eq!(request.url.path(), format!("/apis/batch/v1/namespaces/{}/cronjobs/greeter", release.place.namespace));
    assert!(request.url.query_pairs().any(|pair| pair == ("fieldManager".into(), "slipway".into())), "{}", request.url);
    assert_eq!(request.headers["content-type"], "application/apply-patch+yaml");
    let sent: Value = request.body_json().unwrap();
    assert_eq!(sent, serde_json::to_value(manifests::cron_job(&release)).unwrap());
    assert_eq!((&sent["spec"]["timeZone"], &sent["apiVersion"]), (&json!("Europe/Berlin"), &json!("batch/v1")));
}

#[tokio::test]
async fn a_web_application_applies_its_service_and_its_deployment() {
    let cluster = of_today().await;
    let applied = apply_on(&cluster, &release_of(Workload::WebApplication { port: 3000 })).await.unwrap();
    assert_eq!(applied, ["Namespace", "NetworkPolicy", "Service", "Deployment"]);
    let sent = cluster.paths("PATCH").await;
    assert_eq!(sent.last().unwrap(), "deployments/greeter", "policy and Service are there before pods are: {sent:?}");
    assert_eq!(sorted(sent), ["deployments/greeter", "networkpolicies/greeter", "services/greeter"]);
}

#[tokio::test]
async fn a_manual_task_applies_its_pull_secret_alone() {
    let cluster = of_today().await;
    let release = Release { pull_secret: Some(pull_secret("registry.example.com", "hunter2")), ..release_of(Workload::ManualTask) };
    assert_eq!(apply_on(&cluster, &release).await.unwrap(), ["Namespace", "Secret"]);
    assert_eq!(cluster.paths("PATCH").await, ["secrets/slw-registry-00c0ffee"]);
}

#[tokio::test]
async fn a_cluster_without_cron_jobs_refuses_a_schedule_and_says_since_when_there_are_some() {
    let cluster = MockCluster::start().await;
    cluster.serves::<Job>(&[]).await;
    let refused = apply_on(&cluster, &release_of(every_night())).await.unwrap_err();
    let detail = "it does not serve batch/v1 CronJob, which Kubernetes has since 1.21, with time zones since 1.25";
    assert_eq!(refused, ApplyProblem::Refused { kind: "CronJob".into(), name: "greeter".into(), detail: detail.into() });
    assert_eq!(cluster.paths("DELETE").await, [""; 0]);
}

#[tokio::test]
async fn a_cluster_that_would_lose_the_time_zone_gets_no_schedule() {
    for minor in ["20", "21", "24+", "21-eks-4"] {
        let cluster = of_today().await;
        cluster.is_version(minor, 1).await;
        let refused = apply_on(&cluster, &release_of(every_night())).await.unwrap_err().to_string();
        assert!(refused.contains(&format!("it is Kubernetes 1.{minor}")) && refused.contains("since 1.25"), "{refused}");
        assert_eq!((cluster.asked("POST").await.len(), cluster.paths("PATCH").await.len()), (0, 0), "nothing is made before");
    }
    for minor in ["25", "29+", "25-eks-4", "odd", ""] {
        let cluster = of_today().await;
        cluster.is_version(minor, 1).await;
        assert_eq!(apply_on(&cluster, &release_of(every_night())).await.unwrap(), ["Namespace", "CronJob"], "{minor}");
    }
}

#[tokio::test]
async fn a_strangers_cron_job_of_the_same_name_is_not_applied_over() {
    let cluster = of_today().await;
    let theirs = json!({ "metadata": { "name": "greeter", "uid": "theirs" } });
    cluster.answers::<CronJob>("GET", 200, theirs).await;
    let refused = apply_on(&cluster, &release_of(every_night())).await.unwrap_err();
    assert_eq!(refused, ApplyProblem::NotOurs { kind: "CronJob".into(), name: "greeter".into() });
    assert_eq!(cluster.paths("PATCH").await, [""; 0]);
}

#[tokio::test]
async fn an_object_of_another_component_is_not_applied_over_and_said_to_be_one() {
    for (managed_by, is_ours) in [("slipway", true), ("somebody", false)] {
        let cluster = of_today().await;
        let labels = json!({ "app.kubernetes.io/managed-by": managed_by, "slipway.dev/component-id": Uuid::from_u128(77) });
        cluster.answers::<CronJob>("GET", 200, json!({ "metadata": { "name": "greeter", "uid": "theirs", "labels": labels } })).await;
        let refused = apply_on(&cluster, &release_of(every_night())).await.unwrap_err();
        let (kind, name) = ("CronJob".into(), "greeter".into());
        let expected = if is_ours { ApplyProblem::OfAnotherComponent { kind, name } } else { ApplyProblem::NotOurs { kind, name } };
        assert_eq!(refused, expected);
        assert_eq!(cluster.paths("PATCH").await, [""; 0]);
    }
}

#[tokio::test]
async fn what_stands_in_front_of_a_cluster_fails_no_release() {
    for body in PROXY_ANSWERS {
        for workload in [Workload::Service, every_night()] {
            let cluster = of_today().await;
            cluster.is_hidden_by(body).await;
            let refused = apply_on(&cluster, &release_of(workload)).await.unwrap_err();
            assert!(matches!(refused, ApplyProblem::Unreachable(_)), "{body}: {refused:?}");
            assert_eq!(cluster.asked("POST").await.len(), 0);
        }
    }
}

#[tokio::test]
async fn what_a_release_no_longer_contains_is_pruned() {
    let cluster = MockCluster::start().await;
    cluster.serves::<Service>(&[listed("greeter")]).await;
    cluster.serves::<Deployment>(&[]).await;
    cluster.serves::<Secret>(&[listed("slw-registry-greeter-00c0ffee")]).await;
    cluster.serves::<NetworkPolicy>(&[]).await;
    cluster.serves::<Ingress>(&[listed("greeter--old")]).await;
    cluster.has_gateway_api(&["httproutes", "grpcroutes"]).await;
    cluster.serves::<HttpRoute>(&[listed("greeter--api")]).await;
    cluster.serves::<GrpcRoute>(&[listed("greeter--rpc")]).await;
    apply_on(&cluster, &Release { endpoints: Vec::new(), ..release() }).await.unwrap();
    let pruned = [
        "grpcroutes/greeter--rpc",
        "httproutes/greeter--api",
        "ingresses/greeter--old",
        "secrets/slw-registry-greeter-00c0ffee",
        "services/greeter",
    ];
    assert_eq!(sorted(cluster.paths("DELETE").await), pruned);
    for request in cluster.asked("DELETE").await {
        let sent: Value = request.body_json().unwrap();
        let name = request.url.path_segments().unwrap().next_back().unwrap().to_owned();
        assert_eq!((&sent["preconditions"]["uid"], &sent["propagationPolicy"]), (&json!(format!("uid of {name}")), &json!("Background")));
    }
}

#[tokio::test]
async fn what_was_just_applied_is_not_pruned() {
    let cluster = MockCluster::start().await;
    let applied = json!({ "name": "greeter", "uid": "uid of Service" });
    cluster.serves::<Service>(&[applied, listed("left-behind")]).await;
    cluster.serves::<Deployment>(&[]).await;
    cluster.serves::<Secret>(&[]).await;
    cluster.serves::<NetworkPolicy>(&[]).await;
    apply_on(&cluster, &release()).await.unwrap();
    assert_eq!(cluster.paths("DELETE").await, ["services/left-behind"]);
}

#[tokio::test]
async fn what_is_public_gets_its_routes_and_is_told_in_a_fixed_order() {
    let (cluster, entrance) = with_gateway_api().await;
    let release = Release { pull_secret: Some(pull_secret("registry.example.com", "hunter2")), ..public_release() };
    let applied = apply_behind(&entrance, &cluster, &release).await.unwrap();
    let expected = ["Namespace", "Secret", "NetworkPolicy", "Service", "Service", "Deployment", "HTTPRoute", "GRPCRoute"];
    assert_eq!(applied, expected);
    let sent = cluster.paths("PATCH").await;
    let before_pods: Vec<_> = sent.iter().take_while(|path| *path != "deployments/greeter").cloned().collect();
    for needed in ["secrets/slw-registry-00c0ffee", "networkpolicies/greeter", "services/greeter", "services/greeter--voice"] {
        assert!(before_pods.iter().any(|path| path == needed), "{needed} comes before pods: {sent:?}");
    }
    let route = cluster.asked("PATCH").await.into_iter().find(|request| request.url.path().ends_with("/httproutes/greeter--api")).unwrap();
    assert!(route.url.path().starts_with("/apis/gateway.networking.k8s.io/v1/namespaces/"), "{}", route.url);
    let sent: Value = route.body_json().unwrap();
    assert_eq!((&sent["apiVersion"], &sent["kind"]), (&json!("gateway.networking.k8s.io/v1"), &json!("HTTPRoute")));
}

#[tokio::test]
async fn without_the_gateway_api_its_kinds_are_not_asked_for() {
    let (_, entrance) = with_gateway_api().await;
    let cluster = of_today().await;
    let applied = apply_behind(&entrance, &cluster, &public_release()).await.unwrap();
    assert_eq!(applied, ["Namespace", "NetworkPolicy", "Service", "Service", "Deployment", "Ingress"]);
    assert!(cluster.paths("GET").await.iter().all(|path| !path.starts_with("httproutes") && !path.starts_with("grpcroutes")));
}

#[tokio::test]
async fn of_several_problems_the_first_in_order_is_told() {
    let words = |kind: &str| {
        json!({ "kind": "Status", "apiVersion": "v1", "metadata": {}, "status": "Failure", "reason": "Forbidden", "code": 403,
            "message": format!("no {kind}") })
    };
    for _ in 0..5 {
        let cluster = of_today().await;
        cluster.answers::<Service>("PATCH", 403, words("Service")).await;
        cluster.answers::<NetworkPolicy>("PATCH", 403, words("NetworkPolicy")).await;
        let refused = apply_on(&cluster, &release()).await.unwrap_err();
        let expected = ApplyProblem::Refused { kind: "NetworkPolicy".into(), name: "greeter".into(), detail: "no NetworkPolicy".into() };
        assert_eq!(refused, expected);
        assert!(cluster.paths("PATCH").await.iter().all(|path| !path.starts_with("deployments")), "no pod is made");
    }
}

#[tokio::test]
async fn only_an_order_to_take_over_is_forced() {
    for takes_over in [false, true] {
        let cluster = of_today().await;
        let secret = Some(pull_secret("registry.example.com", "hunter2"));
        apply_on(&cluster, &Release { takes_over, pull_secret: secret, ..release() }).await.unwrap();
        let sent = cluster.asked("PATCH").await;
        assert_eq!(sent.len(), 4);
        for request in sent {
            let is_forced = request.url.query_pairs().any(|pair| pair == ("force".into(), "true".into()));
            assert_eq!(is_forced, takes_over, "{}", request.url);
        }
    }
}

#[tokio::test]
async fn an_ingress_that_the_cluster_is_too_old_for_is_refused_with_its_version() {
    let cluster = MockCluster::start().await;
    cluster.serves::<Service>(&[]).await;
    cluster.serves::<Deployment>(&[]).await;
    cluster.serves::<NetworkPolicy>(&[]).await;
    cluster.serves::<Secret>(&[]).await;
    let (_, entrance) = with_gateway_api().await;
    let refused = apply_behind(&entrance, &cluster, &public_release()).await.unwrap_err().to_string();
    assert!(refused.contains("since 1.19"), "{refused}");
    apply_on(&cluster, &release()).await.expect("what needs none is applied, and none is pruned");
}

#[tokio::test]
async fn a_strangers_route_of_the_same_name_is_not_applied_over() {
    let (cluster, entrance) = with_gateway_api().await;
    cluster.answers::<HttpRoute>("GET", 200, json!({ "metadata": { "name": "greeter--api", "uid": "theirs" } })).await;
    let refused = apply_behind(&entrance, &cluster, &public_release()).await.unwrap_err();
    assert_eq!(refused, ApplyProblem::NotOurs { kind: "HTTPRoute".into(), name: "greeter--api".into() });
    assert!(cluster.paths("PATCH").await.iter().all(|path| !path.starts_with("httproutes")));
    assert_eq!(cluster.paths("DELETE").await, [""; 0]);
}
