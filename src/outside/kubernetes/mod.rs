//! A real Kubernetes cluster as a data plane.
//!
//! Owns the client, its time limits and everything written to or read from the cluster. Decides nothing about
//! deployments: what is seen is handed to `domain::deployments::rollout`. Never touches an object without our labels.

mod apply;
mod capabilities;
mod errors;
#[cfg(test)]
mod fixtures;
mod logs;
mod manifests;
#[cfg(test)]
mod mock;
mod nodes;
mod not_found;
mod objects;
mod observe;
pub(in crate::outside) mod preview;
mod pull_secrets;
mod remove;
pub(in crate::outside) mod sent;
mod snapshot;
#[cfg(test)]
mod tests;
mod yaml;

use std::{path::Path, time::Duration};

use anyhow::Context as _;
use async_trait::async_trait;
use futures::stream::BoxStream;
use kube::{
    Client,
    config::{KubeConfigOptions, Kubeconfig},
};
use uuid::Uuid;

pub(super) use self::manifests::of as wanted;
use self::sent::Sent;
use crate::domain::routes::{Capabilities, Entrance};
use crate::{
    config::{Config, DataPlaneConfig, Egress},
    domain::deployments::data_plane::{
        AppliedObject, ApplyProblem, DataPlane, Manifest, NodePlatform, ObjectName, Place, PlannedObject, PullSecret, Release, SecretPlace,
        Snapshot,
    },
    outside::{egress, entrance::entrance},
};

/// The field manager of everything we write.
const MANAGER: &str = "slipway";
const CONNECT_LIMIT: Duration = Duration::from_secs(5);
/// For one call, from the first byte sent to the last one read.
const CALL_LIMIT: Duration = Duration::from_secs(15);
/// The server ends a watch after this long and it is opened again.
const WATCH_SECONDS: u32 = 30;
/// Silence on a connection that must be longer than a watch: past it the cluster hangs.
const SILENCE_LIMIT: Duration = Duration::from_secs(WATCH_SECONDS as u64 + 10);

/// One cluster. Cheap to clone.
#[derive(Clone)]
pub struct KubernetesDataPlane {
    client: Client,
    entrance: Entrance,
    capabilities: capabilities::Cache,
}

impl KubernetesDataPlane {
    /// Prepares a client for the cluster the configuration names. Makes no connection yet, so that the console
    /// starts while the cluster is down. `KUBECONFIG` and `~/.kube/config` are never read.
    pub async fn connect(config: &Config) -> anyhow::Result<Self> {
        let mut cluster = match &config.data_plane {
            DataPlaneConfig::Kubeconfig(path) => from_file(path).await?,
            DataPlaneConfig::InCluster => kube::Config::incluster()
                .context("SLIPWAY_DATA_PLANE is in-cluster, but this process does not run in a pod with a service account")?,
            DataPlaneConfig::Simulated => anyhow::bail!("SLIPWAY_DATA_PLANE is simulated: there is no cluster to connect to"),
        };
        check_address(&cluster.cluster_url, config.data_plane_egress).await?;
        cluster.connect_timeout = Some(CONNECT_LIMIT);
        cluster.write_timeout = Some(CALL_LIMIT);
        cluster.read_timeout = Some(SILENCE_LIMIT);
        // A second installation fails and changes nothing: the provider is then the one `main` installed.
        let _ = rustls::crypto::ring::default_provider().install_default();
        let client = Client::try_from(cluster).context("the cluster's address or certificates can't be used")?;
        Ok(Self { client, entrance: entrance(&config.entrance), capabilities: capabilities::Cache::default() })
    }
}

/// Refuses an address beyond SLIPWAY_DATA_PLANE_EGRESS. A name that does not resolve now is looked at by the first call.
async fn check_address(url: &http::Uri, egress: Egress) -> anyhow::Result<()> {
    let host = url.host().unwrap_or_default().trim_matches(['[', ']']).to_owned();
    let Ok(found) = tokio::time::timeout(CONNECT_LIMIT, tokio::net::lookup_host((host.as_str(), url.port_u16().unwrap_or(443)))).await
    else {
        return Ok(());
    };
    match found.into_iter().flatten().find(|address| !egress::allowed(address.ip(), egress)) {
        Some(address) => anyhow::bail!("the cluster's address {host} is {}, which SLIPWAY_DATA_PLANE_EGRESS does not allow", address.ip()),
        None => Ok(()),
    }
}

async fn from_file(path: &Path) -> anyhow::Result<kube::Config> {
    let refused = || format!("SLIPWAY_DATA_PLANE names the kubeconfig {path:?}, which can't be used");
    let kubeconfig = Kubeconfig::read_from(path).with_context(refused)?;
    kube::Config::from_custom_kubeconfig(kubeconfig, &KubeConfigOptions::default()).await.with_context(refused)
}

#[async_trait]
impl DataPlane for KubernetesDataPlane {
    fn is_simulated(&self) -> bool {
        false
    }

    fn entrance(&self) -> &Entrance {
        &self.entrance
    }

    async fn preview(&self, release: &Release) -> Result<Vec<PlannedObject>, ApplyProblem> {
        preview::preview(&self.client, release, &self.entrance, &self.capabilities().await?).await
    }

    async fn manifests(&self, release: &Release) -> Result<Vec<Manifest>, ApplyProblem> {
        Ok(sent::sent(release, &self.entrance, &self.capabilities().await?).iter().map(Sent::manifest).collect())
    }

    async fn capabilities(&self) -> Result<Capabilities, ApplyProblem> {
        self.capabilities.get(&self.client).await
    }

    async fn apply(&self, release: &Release) -> Result<Vec<AppliedObject>, ApplyProblem> {
        apply::apply(&self.client, release, &self.entrance, &self.capabilities().await?).await
    }

    async fn remove(&self, place: &Place, component_id: Uuid) -> Result<Vec<ObjectName>, ApplyProblem> {
        remove::remove(&self.client, place, component_id, &self.capabilities().await?).await
    }

    async fn node_platforms(&self) -> Result<Vec<NodePlatform>, ApplyProblem> {
        nodes::platforms(&self.client).await
    }

    async fn apply_pull_secret(&self, place: &SecretPlace, secret: &PullSecret) -> Result<AppliedObject, ApplyProblem> {
        pull_secrets::apply(&self.client, place, secret).await
    }

    async fn remove_pull_secret(&self, place: &SecretPlace) -> Result<(), ApplyProblem> {
        pull_secrets::remove(&self.client, place).await
    }

    async fn observe(&self, release: &Release) -> BoxStream<'static, Snapshot> {
        observe::observe(&self.client, release)
    }

    async fn last_log_lines(&self, release: &Release, pod: &str, previous: bool) -> Result<String, ApplyProblem> {
        logs::last_lines(&self.client, release, pod, previous).await
    }
}
