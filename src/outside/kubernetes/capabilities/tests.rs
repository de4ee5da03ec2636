use serde_json::{Value, json};

use super::*;
use crate::outside::kubernetes::mock::{MockCluster, PROXY_ANSWERS};

async fn seen(cluster: &MockCluster) -> Capabilities {
    discover(&cluster.plane.client).await.unwrap()
}

fn set(namespace: &str, name: &str) -> Value {
    json!({ "name": name, "namespace": namespace, "uid": "u" })
}

#[tokio::test]
async fn a_cluster_without_the_gateway_api_is_known_by_its_version_alone() {
    let cluster = MockCluster::start().await;
    cluster.is_version("21-eks-4", 1).await;
    assert_eq!(seen(&cluster).await, Capabilities { version: "1.21".into(), ..Capabilities::default() });
}

#[tokio::test]
async fn the_routes_of_the_gateway_api_are_found_one_by_one() {
    for (served, expected) in
        [(&["httproutes", "httproutes/status", "gateways"][..], (true, false)), (&["grpcroutes", "httproutes"], (true, true))]
    {
        let cluster = MockCluster::start().await;
        cluster.has_gateway_api(served).await;
        let seen = seen(&cluster).await;
        assert_eq!((seen.http_route, seen.grpc_route), expected, "{served:?}");
    }
}

#[tokio::test]
async fn a_known_enforcer_counts_only_where_its_maker_puts_it() {
    let enforces = |sets: Vec<Value>| async move {
        let cluster = MockCluster::start().await;
        cluster.has_daemon_sets(&sets).await;
        seen(&cluster).await.enforces_network_policies
    };
    assert_eq!(enforces(vec![set("kube-system", "kube-proxy"), set("calico-system", "calico-node")]).await, Some(true));
    assert_eq!(enforces(vec![set("somebody", "calico-node"), set("kube-system", "kube-flannel-ds")]).await, None);
    assert_eq!(enforces(Vec::new()).await, None);
}

#[tokio::test]
async fn what_stands_in_front_of_a_cluster_does_not_say_what_it_offers() {
    let cluster = MockCluster::start().await;
    cluster.is_hidden_by(PROXY_ANSWERS[1]).await;
    assert!(matches!(discover(&cluster.plane.client).await, Err(ApplyProblem::Unreachable(_))));
}

#[tokio::test]
async fn it_is_asked_for_once_in_a_while() {
    let cluster = MockCluster::start().await;
    let cache = Cache::default();
    let (first, second) = tokio::join!(cache.get(&cluster.plane.client), cache.get(&cluster.plane.client));
    assert_eq!(first.unwrap(), second.unwrap());
    cluster.has_gateway_api(&["httproutes"]).await;
    assert!(!cache.clone().get(&cluster.plane.client).await.unwrap().http_route, "it is not asked again so soon");
    assert_eq!(cluster.asked("GET").await.iter().filter(|request| request.url.path() == "/version").count(), 1);
}
