use super::*;
use crate::outside::kubernetes::{
    fixtures::{pull_secret, release},
    mock::{MockCluster, PROXY_ANSWERS},
};

#[tokio::test]
async fn a_secret_that_the_cluster_does_not_have_is_removed_already() {
    let cluster = MockCluster::start().await;
    cluster.serves::<Secret>(&[]).await;
    remove(&cluster.plane.client, &release().secret_place()).await.unwrap();
    assert_eq!(cluster.paths("DELETE").await, [""; 0]);
}

#[tokio::test]
async fn a_namespace_that_the_cluster_does_not_have_gets_no_secret() {
    let cluster = MockCluster::without_namespace().await;
    let at = release().secret_place();
    let refused = apply(&cluster.plane.client, &at, &pull_secret("registry.example.com", "hunter2")).await.unwrap_err();
    assert_eq!(refused, ApplyProblem::NoNamespace { namespace: at.place.namespace });
}

#[tokio::test]
async fn what_stands_in_front_of_a_cluster_does_not_speak_for_it() {
    for body in PROXY_ANSWERS {
        let cluster = MockCluster::start().await;
        cluster.serves::<Secret>(&[]).await;
        cluster.is_hidden_by(body).await;
        let at = release().secret_place();
        let removed = remove(&cluster.plane.client, &at).await.unwrap_err();
        let applied = apply(&cluster.plane.client, &at, &pull_secret("registry.example.com", "hunter2")).await.unwrap_err();
        assert!(matches!(removed, ApplyProblem::Unreachable(_)), "{body}: {removed:?}");
        assert_eq!(applied, removed);
    }
}
