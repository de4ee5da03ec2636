//! A cluster made of answers written beforehand, for what the test cluster can't be: one with CronJobs, one that is slow
//! to delete. A kind that no test put there is not served, in the words that Kubernetes has for it.

use k8s_openapi::{NamespaceResourceScope, api::core::v1::Namespace};
use kube::Resource;
use serde_json::{Value, json};
use wiremock::{
    Mock, MockServer, Request, ResponseTemplate,
    matchers::{any, method, path, path_regex, query_param_is_missing},
};

use super::{
    KubernetesDataPlane,
    fixtures::{plane_at, release},
    manifests,
};

pub(super) struct MockCluster {
    server: MockServer,
    pub(super) plane: KubernetesDataPlane,
}

impl MockCluster {
    /// Its namespace is there and ours.
    pub(super) async fn start() -> Self {
        let cluster = Self::without_namespace().await;
        cluster.namespace(json!(manifests::namespace_labels(&release().place))).await;
        cluster.is_version("33", 100).await;
        cluster
    }

    /// Kubernetes 1.`minor`; of several the one of the lowest priority counts.
    pub(super) async fn is_version(&self, minor: &str, priority: u8) {
        let words = ["gitVersion", "gitCommit", "gitTreeState", "buildDate", "goVersion", "compiler", "platform"];
        let mut version = json!({ "major": "1", "minor": minor });
        words.iter().for_each(|word| version[word] = "".into());
        let answer = ResponseTemplate::new(200).set_body_json(version);
        Mock::given(method("GET")).and(path("/version")).respond_with(answer).with_priority(priority).mount(&self.server).await;
    }

    pub(super) async fn without_namespace() -> Self {
        let server = MockServer::start().await;
        // As 1.20 answers for /apis/batch/v1/namespaces/default/cronjobs.
        let not_served = not_found("the server could not find the requested resource", json!({}));
        Mock::given(any()).respond_with(not_served).with_priority(u8::MAX).mount(&server).await;
        let name = release().place.namespace;
        let no_namespace = not_found(&format!("namespaces {name:?} not found"), json!({ "name": name, "kind": "namespaces" }));
        let at = Namespace::url_path(&(), None);
        Mock::given(path(format!("{at}/{name}"))).respond_with(no_namespace).with_priority(100).mount(&server).await;
        let plane = plane_at(&server.uri()).await;
        Self { server, plane }
    }

    /// The namespace, with these labels.
    pub(super) async fn namespace(&self, labels: Value) {
        let name = release().place.namespace;
        let found = json!({ "apiVersion": "v1", "kind": "Namespace", "metadata": { "name": name, "uid": "namespace", "labels": labels } });
        let at = format!("{}/{name}", Namespace::url_path(&(), None));
        Mock::given(method("GET")).and(path(at)).respond_with(ResponseTemplate::new(200).set_body_json(found)).mount(&self.server).await;
    }

    /// A kind is served, and a list of it tells these objects' metadata. One by its name is not found, and what is applied is made.
    pub(super) async fn serves<K: Resource<DynamicType = (), Scope = NamespaceResourceScope>>(&self, listed: &[Value]) {
        let at = url::<K>();
        let items: Vec<_> = listed.iter().map(|metadata| json!({ "metadata": metadata })).collect();
        let list = json!({ "apiVersion": K::api_version(&()), "kind": "PartialObjectMetadataList", "metadata": {}, "items": items });
        let one = format!("^{at}/[^/]+$");
        let missing = |request: &Request| {
            let name = request.url.path().rsplit('/').next().unwrap();
            not_found("not found", json!({ "name": name, "kind": K::plural(&()) }))
        };
        let made = json!({ "apiVersion": K::api_version(&()), "kind": K::kind(&()),
            "metadata": { "name": "greeter", "uid": format!("uid of {}", K::kind(&())), "resourceVersion": "1" } });
        let gone = json!({ "kind": "Status", "apiVersion": "v1", "metadata": {}, "status": "Success" });
        let answers = [
            Mock::given(method("GET")).and(path(at)).respond_with(ResponseTemplate::new(200).set_body_json(list)),
            Mock::given(method("GET")).and(path_regex(&one)).respond_with(missing),
            Mock::given(method("PATCH")).and(path_regex(&one)).respond_with(ResponseTemplate::new(200).set_body_json(made)),
            Mock::given(method("DELETE")).and(path_regex(&one)).respond_with(ResponseTemplate::new(200).set_body_json(gone)),
        ];
        for answer in answers {
            answer.mount(&self.server).await;
        }
    }

    /// The Gateway API is there, with these resources.
    pub(super) async fn has_gateway_api(&self, plurals: &[&str]) {
        let resource = |name: &&str| json!({ "name": name, "singularName": "", "namespaced": true, "kind": "Any", "verbs": ["list"] });
        let group = "gateway.networking.k8s.io/v1";
        let resources: Vec<_> = plurals.iter().map(resource).collect();
        let list = json!({ "kind": "APIResourceList", "apiVersion": "v1", "groupVersion": group, "resources": resources });
        let at = path(format!("/apis/{group}"));
        Mock::given(method("GET")).and(at).respond_with(ResponseTemplate::new(200).set_body_json(list)).mount(&self.server).await;
    }

    /// DaemonSets of all namespaces.
    pub(super) async fn has_daemon_sets(&self, listed: &[Value]) {
        let items: Vec<_> = listed.iter().map(|metadata| json!({ "metadata": metadata })).collect();
        let list = json!({ "apiVersion": "apps/v1", "kind": "PartialObjectMetadataList", "metadata": {}, "items": items });
        let at = path("/apis/apps/v1/daemonsets");
        Mock::given(method("GET")).and(at).respond_with(ResponseTemplate::new(200).set_body_json(list)).mount(&self.server).await;
    }

    /// From now on something stands in front of the cluster that answers every address with a 404 of its own.
    pub(super) async fn is_hidden_by(&self, body: &str) {
        let answer = ResponseTemplate::new(404).set_body_string(body);
        Mock::given(any()).respond_with(answer).with_priority(1).mount(&self.server).await;
    }

    /// Every call of a method on a kind ends like this from now on.
    pub(super) async fn answers<K: Resource<DynamicType = (), Scope = NamespaceResourceScope>>(
        &self,
        verb: &str,
        status: u16,
        body: Value,
    ) {
        let answer = ResponseTemplate::new(status).set_body_json(body);
        let at = format!("^{}/[^/]+$", url::<K>());
        Mock::given(method(verb)).and(path_regex(at)).respond_with(answer).with_priority(1).mount(&self.server).await;
    }

    /// An apply of a kind is refused with this status until it is forced.
    pub(super) async fn conflicts<K: Resource<DynamicType = (), Scope = NamespaceResourceScope>>(&self, status: Value) {
        let answer = ResponseTemplate::new(409).set_body_json(status);
        let at = format!("^{}/[^/]+$", url::<K>());
        let not_forced = Mock::given(method("PATCH")).and(path_regex(at)).and(query_param_is_missing("force"));
        not_forced.respond_with(answer).with_priority(1).mount(&self.server).await;
    }

    /// A kind is served, and a list of it tells these whole objects.
    pub(super) async fn lists<K: Resource<DynamicType = (), Scope = NamespaceResourceScope>>(&self, items: &[Value]) {
        let list = json!({ "apiVersion": K::api_version(&()), "kind": format!("{}List", K::kind(&())), "metadata": {}, "items": items });
        let answer = ResponseTemplate::new(200).set_body_json(list);
        Mock::given(method("GET")).and(path(url::<K>())).respond_with(answer).with_priority(1).mount(&self.server).await;
    }

    /// What was asked with a method, in order.
    pub(super) async fn asked(&self, verb: &str) -> Vec<Request> {
        let mut requests = self.server.received_requests().await.unwrap();
        requests.retain(|request| request.method.as_str() == verb);
        requests
    }

    /// The paths of what was asked with a method within the namespace: `cronjobs/greeter`, in order.
    pub(super) async fn paths(&self, verb: &str) -> Vec<String> {
        let within = format!("/namespaces/{}/", release().place.namespace);
        let asked = self.asked(verb).await;
        asked.iter().filter_map(|request| request.url.path().split_once(&within)).map(|(_, path)| path.to_owned()).collect()
    }
}

/// As a load balancer without a backend answers, and as web servers do.
pub(super) const PROXY_ANSWERS: [&str; 3] =
    ["404 page not found\n", "<html><body><h1>404 Not Found</h1></body></html>", "{\"message\": \"no Route matched with those values\"}"];

fn url<K: Resource<DynamicType = (), Scope = NamespaceResourceScope>>() -> String {
    K::url_path(&(), Some(&release().place.namespace))
}

fn not_found(message: &str, details: Value) -> ResponseTemplate {
    let status = json!({ "kind": "Status", "apiVersion": "v1", "metadata": {}, "status": "Failure", "message": message,
        "reason": "NotFound", "details": details, "code": 404 });
    ResponseTemplate::new(404).set_body_json(status)
}
