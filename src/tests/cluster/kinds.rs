//! The kinds of component on a real cluster, the pods of both security profiles, and a component's removal.

use std::time::Duration;

use k8s_openapi::api::{
    apps::v1::ReplicaSet,
    batch::v1::CronJob,
    core::v1::{ConfigMap, Service},
};
use kube::api::PostParams;
use slipway::domain::{
    components::Component,
    deployments::{
        State,
        data_plane::{DataPlane as _, Place},
    },
};

use super::*;
use crate::support::{
    eventually_within,
    kinds::{manual_task, web_application, yearly},
};

/// The kubelet of the test cluster takes ten seconds and more to give a pod up.
const PATIENCE: Duration = Duration::from_secs(60);

impl OnCluster {
    /// Where the component's objects are.
    async fn place(&self, component: &Component) -> Place {
        let Component { organization_id, project_id, .. } = *component;
        let (environment_id, namespace) = (self.story.development().await.id, self.namespace().await);
        Place { organization_id, project_id, environment_id, namespace }
    }

    /// Names of what the namespace holds of a kind.
    async fn names<K>(&self) -> Vec<String>
    where
        K: Resource<DynamicType = (), Scope = NamespaceResourceScope> + Clone + std::fmt::Debug + serde::de::DeserializeOwned,
    {
        let found = self.api::<K>().await.list_metadata(&ListParams::default()).await.unwrap().items;
        found.into_iter().map(|object| object.name_any()).collect()
    }

    async fn serves_cron_jobs(&self) -> bool {
        let served = self.client().await.list_api_group_resources("batch/v1").await.unwrap().resources;
        served.iter().any(|resource| resource.kind == "CronJob")
    }

    /// Somebody's own objects in the namespace, one of them of a kind that we make too. Their uids.
    async fn strangers(&self) -> (Option<String>, Option<String>) {
        let map = serde_json::json!({ "metadata": { "name": "theirs" }, "data": { "key": "value" } });
        let labels = serde_json::json!({ "app": "theirs" });
        let container = serde_json::json!({ "name": "theirs", "image": format!("{}/acme/greeter:1.0", self.story.host) });
        let deployment = serde_json::json!({ "metadata": { "name": "theirs" }, "spec": { "replicas": 0, "selector": { "matchLabels": labels },
            "template": { "metadata": { "labels": labels }, "spec": { "containers": [container] } } } });
        let map: ConfigMap = serde_json::from_value(map).unwrap();
        let deployment: Deployment = serde_json::from_value(deployment).unwrap();
        let map = self.api().await.create(&PostParams::default(), &map).await.unwrap();
        (map.uid(), self.api().await.create(&PostParams::default(), &deployment).await.unwrap().uid())
    }
}

#[tokio::test]
async fn a_web_application_becomes_active_and_is_removed_whole() {
    let Some(mut on) = OnCluster::begin(true).await else { return };
    push("acme/greeter:1.0", &["--port", "8080"]);
    on.story.add_registry("basic", "secret").await;
    let component = on.story.create_of("Report", web_application("")).await;
    let active = on.story.deploy_of(&component, "1.0").await;
    assert_eq!((active.state, active.problem_message), (State::Active, None));
    assert_eq!((on.names::<Deployment>().await, on.names::<Service>().await), (vec!["report".into()], vec!["report".into()]));
    let theirs = on.strangers().await;

    let (place, plane) = (on.place(&component).await, on.plane.clone());
    let left = plane.remove(&place, component.id).await.unwrap();
    assert!(left.iter().any(|object| object.kind == "Pod" || object.kind == "Deployment"), "pods take their time: {left:?}");
    let nothing_left = async || plane.remove(&place, component.id).await.unwrap().is_empty().then_some(());
    eventually_within(PATIENCE, "the removal", nothing_left).await;
    assert_eq!((on.names::<Service>().await, on.names::<Pod>().await), (vec![], vec![]));
    assert!(!on.names::<ReplicaSet>().await.iter().any(|name| name.starts_with("report")));
    assert_eq!(on.names::<Deployment>().await, ["theirs"]);
    let map = on.api::<ConfigMap>().await.get("theirs").await.unwrap().uid();
    assert_eq!((map, on.api::<Deployment>().await.get("theirs").await.unwrap().uid()), theirs);
    assert!(on.pull_secret().await.is_some(), "the registry's, which no component owns");
    on.end().await;
}

#[tokio::test]
async fn a_restricted_pod_runs_an_image_with_a_numeric_user_and_never_one_with_root() {
    let Some(mut on) = OnCluster::begin(false).await else { return };
    push("acme/greeter:numeric", &["--port", "8080", "--user", "10014"]);
    push("acme/greeter:root", &["--port", "8080"]);
    push("acme/greeter:named", &["--port", "8080", "--user", "nobody"]);
    on.story.add_registry("public", "").await;
    let component = on.story.create_of("Report", web_application("restricted")).await;
    let active = on.story.deploy_of(&component, "numeric").await;
    assert_eq!((active.state, active.problem_message), (State::Active, None));

    let root = on.story.deploy_of(&component, "root").await;
    assert_eq!((root.state, root.problem_code.as_deref()), (State::Failed, Some("container_config")));
    let said = root.problem_message.unwrap();
    assert!(said.starts_with("The security profile Restricted does not let the image run: it runs as root."), "{said}");
    assert!(root.problem_next.unwrap().contains("numeric USER"));
    let named = on.story.deploy_of(&component, "named").await;
    let said = named.problem_message.unwrap();
    assert!(said.contains("can't tell that its user is not root") && said.contains("nobody"), "{said}");
    on.end().await;
}

#[tokio::test]
async fn a_manual_task_is_active_with_its_pull_secret_and_without_pods() {
    let Some(mut on) = OnCluster::begin(true).await else { return };
    push("acme/greeter:1.0", &["--port", "8080"]);
    on.story.add_registry("basic", "secret").await;
    let component = on.story.create_of("Report", manual_task()).await;
    let active = on.story.deploy_of(&component, "1.0").await;
    assert_eq!((active.state, active.problem_message.as_deref()), (State::Active, None));
    assert_eq!(on.story.last_event(&active).await, "Active: ready to be run");
    assert_eq!(on.pull_secret().await.map(|(_, password)| password).as_deref(), Some("secret"));
    assert_eq!((on.names::<Pod>().await, on.names::<Deployment>().await), (vec![], vec![]));
    on.end().await;
}

#[tokio::test]
async fn a_scheduled_task_is_active_with_its_cron_job_or_says_that_the_cluster_has_none() {
    let Some(mut on) = OnCluster::begin(false).await else { return };
    push("acme/greeter:1.0", &["--port", "8080"]);
    on.story.add_registry("public", "").await;
    let component = on.story.create_of("Report", yearly()).await;
    let ended = on.story.deploy_of(&component, "1.0").await;
    if on.serves_cron_jobs().await {
        assert_eq!((ended.state, ended.problem_message.as_deref()), (State::Active, None));
        let spec = on.api::<CronJob>().await.get("report").await.unwrap().spec.unwrap();
        assert_eq!((spec.schedule.as_str(), spec.time_zone.as_deref()), ("0 3 1 1 *", Some("Europe/Berlin")));
        on.end().await;
    } else {
        assert_eq!((ended.state, ended.problem_code.as_deref()), (State::Failed, Some("apply_refused")));
        let said = ended.problem_message.unwrap();
        assert!(said.contains("refused CronJob report") && said.contains("since 1.25"), "{said}");
        let namespaces: Api<Namespace> = Api::all(on.client().await);
        assert!(namespaces.get_opt(&on.namespace().await).await.unwrap().is_none(), "nothing is made for what is refused");
    }
}
