//! The platforms of a cluster's nodes, by the labels that every kubelet gives its node. Reads metadata only; a cordoned
//! node counts too, for it comes back.

use std::collections::BTreeMap;

use k8s_openapi::api::core::v1::Node;
use kube::{Api, Client, api::ListParams};

use super::errors::{About, limited};
use crate::domain::deployments::data_plane::{ApplyProblem, NodePlatform};

const PAGE: u32 = 500;
/// Kubernetes itself is made for 5,000 nodes; a list that goes on for ever is cut.
const MAX_PAGES: usize = 40;

/// The labels of today, and those of clusters from before 1.14.
const OS: [&str; 2] = ["kubernetes.io/os", "beta.kubernetes.io/os"];
const ARCHITECTURE: [&str; 2] = ["kubernetes.io/arch", "beta.kubernetes.io/arch"];

type Labels = BTreeMap<String, String>;

/// Each platform once. A node without the labels is left out.
pub(super) async fn platforms(client: &Client) -> Result<Vec<NodePlatform>, ApplyProblem> {
    let api: Api<Node> = Api::all(client.clone());
    let about = About { kind: "the list of", name: "nodes" };
    let mut counts = BTreeMap::new();
    let mut page = ListParams::default().limit(PAGE);
    for _ in 0..MAX_PAGES {
        let list = limited(about, api.list_metadata(&page)).await?;
        for platform in list.items.iter().filter_map(|node| platform(node.metadata.labels.as_ref()?)) {
            *counts.entry(platform).or_insert(0) += 1;
        }
        match list.metadata.continue_.filter(|token| !token.is_empty()) {
            Some(token) => page = page.continue_token(&token),
            None => break,
        }
    }
    Ok(counts.into_iter().map(|((os, architecture), nodes)| NodePlatform { os, architecture, nodes }).collect())
}

fn platform(labels: &Labels) -> Option<(String, String)> {
    let first = |keys: [&str; 2]| keys.into_iter().find_map(|key| labels.get(key)).cloned();
    Some((first(OS)?, first(ARCHITECTURE)?))
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};
    use wiremock::{
        Mock, MockServer, ResponseTemplate,
        matchers::{method, path, query_param, query_param_is_missing},
    };

    use super::*;

    async fn cluster() -> (MockServer, Client) {
        let _ = rustls::crypto::ring::default_provider().install_default();
        let server = MockServer::start().await;
        let config = kube::Config::new(server.uri().parse().unwrap());
        (server, Client::try_from(config).unwrap())
    }

    fn node(name: &str, labels: &Value) -> Value {
        json!({ "apiVersion": "meta.k8s.io/v1", "kind": "PartialObjectMetadata", "metadata": { "name": name, "labels": labels } })
    }

    fn list(items: &[Value], next: &str) -> ResponseTemplate {
        ResponseTemplate::new(200).set_body_json(json!({
            "apiVersion": "meta.k8s.io/v1", "kind": "PartialObjectMetadataList", "metadata": { "resourceVersion": "1", "continue": next }, "items": items,
        }))
    }

    #[tokio::test]
    async fn nodes_of_every_page_are_counted_by_platform() {
        let (server, client) = cluster().await;
        let new = |architecture: &str| json!({ "kubernetes.io/os": "linux", "kubernetes.io/arch": architecture, "beta.kubernetes.io/arch": "old" });
        let old = json!({ "beta.kubernetes.io/os": "linux", "beta.kubernetes.io/arch": "arm64" });
        let nodes = || Mock::given(method("GET")).and(path("/api/v1/nodes")).and(query_param("limit", "500"));
        let first = [node("a", &new("arm64")), node("b", &new("amd64")), node("c", &json!({ "kubernetes.io/os": "linux" }))];
        nodes().and(query_param_is_missing("continue")).respond_with(list(&first, "more")).expect(1).mount(&server).await;
        let second = [node("d", &old), node("e", &Value::Null)];
        nodes().and(query_param("continue", "more")).respond_with(list(&second, "")).expect(1).mount(&server).await;
        let linux = |architecture: &str, nodes| NodePlatform { os: "linux".into(), architecture: architecture.into(), nodes };
        assert_eq!(platforms(&client).await, Ok(vec![linux("amd64", 1), linux("arm64", 2)]));
        let asked = server.received_requests().await.unwrap();
        let accept = asked[0].headers["accept"].to_str().unwrap();
        assert!(accept.contains("PartialObjectMetadataList"), "only metadata travels: {accept}");
    }

    #[tokio::test]
    async fn a_list_that_goes_on_for_ever_is_cut() {
        let (server, client) = cluster().await;
        Mock::given(path("/api/v1/nodes")).respond_with(list(&[], "more")).mount(&server).await;
        assert_eq!(platforms(&client).await, Ok(Vec::new()));
        assert_eq!(server.received_requests().await.unwrap().len(), MAX_PAGES);
    }

    #[tokio::test]
    async fn who_may_not_list_nodes_is_told_so() {
        let (server, client) = cluster().await;
        let words = "nodes is forbidden: User \"slipway\" cannot list resource \"nodes\" in API group \"\" at the cluster scope";
        let status =
            json!({ "kind": "Status", "apiVersion": "v1", "status": "Failure", "reason": "Forbidden", "code": 403, "message": words });
        Mock::given(path("/api/v1/nodes")).respond_with(ResponseTemplate::new(403).set_body_json(status)).mount(&server).await;
        let problem = platforms(&client).await.unwrap_err();
        assert_eq!(problem.to_string(), format!("The cluster refused the list of nodes: {words}"));
    }
}
