//! A registry that needs no other program: it has every tag of every repository, all the same image.

use serde_json::json;
use sha2::{Digest as _, Sha256};
use wiremock::{
    Mock, MockServer, ResponseTemplate,
    matchers::{method, path, path_regex},
};

const MANIFEST: &str = "application/vnd.oci.image.manifest.v1+json";

pub(crate) struct FakeRegistry(MockServer);

impl FakeRegistry {
    pub(crate) async fn start() -> Self {
        let server = MockServer::start().await;
        let config = json!({ "architecture": "amd64", "os": "linux", "created": "2024-01-02T03:04:05Z", "config": { "ExposedPorts": { "8080/tcp": {} }, "User": "10014" },
            "rootfs": { "type": "layers", "diff_ids": [] } })
        .to_string();
        let manifest = json!({ "schemaVersion": 2, "mediaType": MANIFEST, "layers": [],
            "config": { "mediaType": "application/vnd.oci.image.config.v1+json", "digest": digest(&config), "size": config.len() } })
        .to_string();
        let answer = ResponseTemplate::new(200)
            .insert_header("docker-content-digest", digest(&manifest).as_str())
            .set_body_raw(manifest.clone(), MANIFEST);
        let answers = [
            ("GET", "^/v2/.+/manifests/[^/]+$", answer.clone()),
            ("HEAD", "^/v2/.+/manifests/[^/]+$", answer),
            ("GET", "^/v2/.+/blobs/[^/]+$", ResponseTemplate::new(200).set_body_raw(config, "application/octet-stream")),
            ("GET", "^/v2/.+/tags/list$", ResponseTemplate::new(200).set_body_json(json!({ "name": "x", "tags": ["1.0", "1.1"] }))),
        ];
        for (verb, pattern, answer) in answers {
            Mock::given(method(verb)).and(path_regex(pattern)).respond_with(answer).mount(&server).await;
        }
        Mock::given(method("GET")).and(path("/v2/")).respond_with(ResponseTemplate::new(200).set_body_string("{}")).mount(&server).await;
        Self(server)
    }

    /// `127.0.0.1:port`
    pub(crate) fn host(&self) -> String {
        self.0.address().to_string()
    }

    /// How often it was asked so far.
    pub(crate) async fn requests(&self) -> usize {
        self.0.received_requests().await.map_or(0, |requests| requests.len())
    }
}

fn digest(text: &str) -> String {
    format!("sha256:{}", hex::encode(Sha256::digest(text)))
}
