//! The main job on a real cluster, named by `SLIPWAY_TEST_KUBECONFIG` (script/test pushes the images that it runs);
//! left out, saying so, without one. Each test leaves a namespace of its own, which it deletes.

use std::{path::PathBuf, process::Command, sync::Arc};

use axum::http::StatusCode;
use k8s_openapi::api::core::v1::Namespace;
use kube::{
    Api, Client, Config,
    api::DeleteParams,
    config::{KubeConfigOptions, Kubeconfig},
};
use slipway::{
    config::{Config as SlipwayConfig, DataPlaneConfig},
    fetch_one,
    outside::kubernetes::KubernetesDataPlane,
};

use crate::support::{Story, TestApp, deploy_tag, environment};

/// A story whose deployments go to the cluster.
struct OnCluster {
    story: Story,
    kubeconfig: String,
}

impl OnCluster {
    /// With the open registry or the one behind a login; `None` where there is no cluster.
    async fn begin(private: bool) -> Option<Self> {
        let (kubeconfig, open, behind_login) = environment::cluster()?;
        let host = if private { behind_login } else { open };
        let app = TestApp::with_registries([host.to_owned()]).await;
        let mut config = SlipwayConfig::read(&|name| (name == "SLIPWAY_DATA_PLANE_EGRESS").then(|| "any".to_owned())).unwrap();
        config.data_plane = DataPlaneConfig::Kubeconfig(PathBuf::from(&kubeconfig));
        app.start_worker_on(Arc::new(KubernetesDataPlane::connect(&config).await.unwrap()));
        Some(Self { story: Story::on(app, host.to_owned()).await, kubeconfig })
    }

    async fn end(self) {
        let (namespace,) = fetch_one!(self.story.app.context().db, (String,), "SELECT name FROM namespaces").unwrap();
        let kubeconfig = Kubeconfig::read_from(&self.kubeconfig).unwrap();
        let config = Config::from_custom_kubeconfig(kubeconfig, &KubeConfigOptions::default()).await.unwrap();
        let namespaces: Api<Namespace> = Api::all(Client::try_from(config).unwrap());
        namespaces.delete(&namespace, &DeleteParams::default()).await.unwrap();
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
