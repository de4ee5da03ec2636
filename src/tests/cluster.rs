//! The main job on a real cluster, named by `SLIPWAY_TEST_KUBECONFIG` (script/test pushes the images that it runs);
//! left out, saying so, without one. Each test leaves a namespace of its own, which it deletes.

mod kinds;

use std::{path::PathBuf, process::Command, sync::Arc};

use axum::http::StatusCode;
use k8s_openapi::{
    NamespaceResourceScope,
    api::{
        apps::v1::Deployment,
        core::v1::{Namespace, Pod, Secret},
    },
};
use kube::{
    Api, Client, Config, Resource, ResourceExt as _,
    api::{DeleteParams, ListParams},
    config::{KubeConfigOptions, Kubeconfig},
};
use slipway::{
    config::{Config as SlipwayConfig, DataPlaneConfig},
    execute, fetch_one,
    outside::kubernetes::KubernetesDataPlane,
};

use crate::support::{Story, TestApp, deploy_tag, environment, eventually};

/// A story whose deployments go to the cluster.
struct OnCluster {
    story: Story,
    kubeconfig: String,
    plane: Arc<KubernetesDataPlane>,
}

impl OnCluster {
    /// With the open registry or the one behind a login; `None` where there is no cluster.
    async fn begin(private: bool) -> Option<Self> {
        let (kubeconfig, open, behind_login) = environment::cluster()?;
        let host = if private { behind_login } else { open };
        let app = TestApp::with_registries([host.to_owned()]).await;
        let mut config = SlipwayConfig::read(&|name| (name == "SLIPWAY_DATA_PLANE_EGRESS").then(|| "any".to_owned())).unwrap();
        config.data_plane = DataPlaneConfig::Kubeconfig(PathBuf::from(&kubeconfig));
        let plane = Arc::new(KubernetesDataPlane::connect(&config).await.unwrap());
        app.start_worker_on(plane.clone());
        Some(Self { story: Story::on(app, host.to_owned()).await, kubeconfig, plane })
    }

    async fn end(self) {
        let namespaces: Api<Namespace> = Api::all(self.client().await);
        namespaces.delete(&self.namespace().await, &DeleteParams::default()).await.unwrap();
    }

    async fn client(&self) -> Client {
        let kubeconfig = Kubeconfig::read_from(&self.kubeconfig).unwrap();
        Client::try_from(Config::from_custom_kubeconfig(kubeconfig, &KubeConfigOptions::default()).await.unwrap()).unwrap()
    }

    async fn namespace(&self) -> String {
        fetch_one!(self.story.app.context().db, (String,), "SELECT name FROM namespaces").unwrap().0
    }

    async fn api<K: Resource<DynamicType = (), Scope = NamespaceResourceScope>>(&self) -> Api<K> {
        Api::namespaced(self.client().await, &self.namespace().await)
    }

    /// Uid of the one pull secret, and the credential in it; `None` if there is none.
    async fn pull_secret(&self) -> Option<(String, String)> {
        let ours = ListParams::default().labels("slipway.dev/registry-id");
        let found = self.api::<Secret>().await.list(&ours).await.unwrap().items;
        assert!(found.len() < 2, "{} secrets", found.len());
        let secret = found.into_iter().next()?;
        let config: serde_json::Value = serde_json::from_slice(&secret.data.as_ref().unwrap()[".dockerconfigjson"].0).unwrap();
        let password = config["auths"][&self.story.host]["password"].as_str().unwrap().to_owned();
        Some((secret.uid().unwrap(), password))
    }

    /// What a rollout would change: the Deployment's generation, and its pods.
    async fn running(&self) -> (Option<i64>, Vec<String>) {
        let generation = self.api::<Deployment>().await.get("greeter").await.unwrap().metadata.generation;
        let pods = self.api::<Pod>().await.list(&ListParams::default()).await.unwrap();
        (generation, pods.into_iter().filter_map(|pod| pod.uid()).collect())
    }

    /// Replace secret, as a person does it.
    async fn rotate(&mut self, password: &str) {
        let id = self.story.app.registry_id("Test Registry").await.to_string();
        let fields = [("organization", "acme"), ("registry", id.as_str()), ("password", password)];
        self.story.client.fetch("/do/replace_registry_secret", &fields).await.is(StatusCode::NO_CONTENT);
    }

    /// Edit, as a person does it: anyone may pull from now on.
    async fn make_public(&mut self) {
        let id = self.story.app.registry_id("Test Registry").await.to_string();
        let (host, revision) = (self.story.host.clone(), self.story.app.count("SELECT max(revision) FROM registries").await.to_string());
        let fields = [
            ("organization", "acme"),
            ("registry", id.as_str()),
            ("revision", revision.as_str()),
            ("display_name", "Test Registry"),
            ("authentication", "public"),
            ("host", host.as_str()),
        ];
        self.story.client.fetch("/do/edit_registry", &fields).await.is(StatusCode::NO_CONTENT);
    }

    async fn sql(&self, statement: &'static str) {
        let context = self.story.app.context();
        let mut tx = context.db.begin().await.unwrap();
        execute!(tx, statement).unwrap();
        tx.commit().await.unwrap();
        context.changes.signal();
    }
}

/// Puts an image into the cluster's registries.
fn push(image: &str, arguments: &[&str]) {
    let script = concat!(env!("CARGO_MANIFEST_DIR"), "/end2end/cluster/cluster.sh");
    let pushed = Command::new(script).arg("push").arg(image).args(arguments).output().unwrap();
    assert!(pushed.status.success(), "{}", String::from_utf8_lossy(&pushed.stderr));
}

#[tokio::test]
async fn a_private_image_becomes_active_and_a_newer_tag_replaces_it() {
    let Some(mut on) = OnCluster::begin(true).await else { return };
    push("acme/greeter:1.0", &["--port", "8080"]);
    push("acme/greeter:1.1", &["--port", "8080", "--label", "version=1.1"]);
    on.story.add_registry("basic", "secret").await;
    on.story.create().await;
    deploy_tag(&mut on.story.client, "1.0").await;
    on.story.ended().await.is(StatusCode::OK).shows("Active").shows("sha256:");
    deploy_tag(&mut on.story.client, "1.1").await;
    on.story.ended().await.shows("Active").shows("acme/greeter:1.1");
    assert_eq!(on.story.app.count("SELECT COUNT(*) FROM deployments WHERE state = 'active'").await, 1);
    assert_eq!(on.story.app.count("SELECT COUNT(*) FROM cluster_objects WHERE kind = 'Deployment'").await, 1);
    on.end().await;
}

#[tokio::test]
async fn a_wrong_credential_fails_and_says_that_the_registry_refused_it() {
    let Some(mut on) = OnCluster::begin(true).await else { return };
    push("acme/greeter:1.0", &["--port", "8080"]);
    on.story.add_registry("basic", "wrong").await;
    on.story.create().await;
    deploy_tag(&mut on.story.client, "1.0").await;
    on.story.ended().await.shows("Failed").shows("registry refused the credential");
}

#[tokio::test]
async fn a_crash_loop_fails_with_its_exit_code_and_last_log_lines() {
    let Some(mut on) = OnCluster::begin(false).await else { return };
    push("acme/greeter:1.0", &["--port", "8080"]);
    push("acme/greeter:broken", &["--entrypoint", "echo the database is not there; exit 3"]);
    on.story.add_registry("public", "").await;
    on.story.create().await;
    deploy_tag(&mut on.story.client, "broken").await;
    on.story.ended().await.shows("Failed").shows("exit code 3").shows("the database is not there");
    on.end().await;
}

#[tokio::test]
async fn a_pull_secret_follows_the_credential_and_nothing_is_rolled_out_for_it() {
    let Some(mut on) = OnCluster::begin(true).await else { return };
    push("acme/greeter:1.0", &["--port", "8080"]);
    on.story.add_registry("basic", "secret").await;
    on.story.create().await;
    deploy_tag(&mut on.story.client, "1.0").await;
    on.story.ended().await.shows("Active");
    let running = on.running().await;
    let (uid, password) = on.pull_secret().await.unwrap();
    assert_eq!((password.as_str(), running.1.len()), ("secret", 1));

    on.rotate("new secret").await;
    let rotated = Some((uid.clone(), "new secret".to_owned()));
    eventually("the new credential", async || (on.pull_secret().await == rotated).then_some(())).await;

    let name = on.api::<Secret>().await.list(&ListParams::default().labels("slipway.dev/registry-id")).await.unwrap().items[0].name_any();
    on.api::<Secret>().await.delete(&name, &DeleteParams::default()).await.unwrap();
    on.sql("UPDATE pull_secrets SET not_before = 0").await;
    let again = eventually("the deleted secret", async || on.pull_secret().await).await;
    assert!(again.0 != uid && again.1 == "new secret", "{again:?}");

    on.make_public().await;
    eventually("the end of the secret", async || on.pull_secret().await.is_none().then_some(())).await;
    assert_eq!(on.running().await, running, "the same Deployment and the same pods all the while");
    on.end().await;
}

#[tokio::test]
async fn the_last_use_takes_its_pull_secret_away() {
    let Some(mut on) = OnCluster::begin(true).await else { return };
    push("acme/greeter:1.0", &["--port", "8080"]);
    on.story.add_registry("basic", "secret").await;
    on.story.create().await;
    deploy_tag(&mut on.story.client, "1.0").await;
    on.story.ended().await.shows("Active");
    assert!(on.pull_secret().await.is_some());
    // No verb ends a deployment without another one yet.
    on.sql("UPDATE deployments SET state = 'replaced'").await;
    on.sql("UPDATE pull_secrets SET not_before = 0").await;
    eventually("the end of the secret", async || on.pull_secret().await.is_none().then_some(())).await;
    eventually("the end of its row", async || (on.story.app.count("SELECT COUNT(*) FROM pull_secrets").await == 0).then_some(())).await;
    on.end().await;
}

#[tokio::test]
async fn of_a_registry_that_only_nodes_reach_the_digest_is_what_they_pulled() {
    let Some(mut on) = OnCluster::begin(false).await else { return };
    // An image of its own: of one that lies in both registries, the node may name the other.
    push("acme/greeter:by-nodes", &["--port", "8080", "--label", "pulled=by-nodes"]);
    on.story.add_registry("vendor_specific", "").await;
    on.story.create().await;
    deploy_tag(&mut on.story.client, "by-nodes").await;
    on.story.ended().await.shows("Active").shows("sha256:").shows("nodes resolve the tag");
    let db = &on.story.app.context().db;
    let (digest,) = fetch_one!(db, (String,), "SELECT digest FROM deployments").unwrap();
    assert_eq!(digest, pushed_digest(&on.story.host, "by-nodes").await);
    assert!(on.pull_secret().await.is_none());
    let container = on.api::<Deployment>().await.get("greeter").await.unwrap().spec.unwrap().template.spec.unwrap().containers.remove(0);
    assert_eq!(container.image_pull_policy.as_deref(), Some("Always"));
    assert_eq!(container.image, Some(format!("{}/acme/greeter:by-nodes", on.story.host)));
    on.end().await;
}

/// As the registry itself says it.
async fn pushed_digest(host: &str, tag: &str) -> String {
    let url = format!("http://{host}/v2/acme/greeter/manifests/{tag}");
    let accept = "application/vnd.oci.image.manifest.v1+json";
    let answer = reqwest::Client::new().head(url).header("accept", accept).send().await.unwrap();
    answer.headers()["docker-content-digest"].to_str().unwrap().to_owned()
}
