//! kill -9 at any moment of a deployment, start again: it ends, once.

use std::{
    io::{BufRead as _, BufReader},
    path::Path,
    process::{Child, Command, Stdio},
    sync::Arc,
};

use slipway::{
    config::Egress,
    domain::{
        Context, Origin,
        clock::{SystemClock, SystemEntropy},
        components::{self, FirstEndpoint, NewComponent},
        db::Db,
        deployments::{self, Change, changes::Changes},
        organizations::{self, NewInstallation},
        people,
        registries::{self, NewRegistry, TagCache},
        vault::Vault,
    },
    fetch_one,
    outside::registry_client::OciRegistryClient,
};

use crate::support::{EMAIL, FakeRegistry, PASSWORD, eventually};

#[tokio::test]
async fn killed_as_it_starts() {
    killed_when(|_| true).await;
}

#[tokio::test]
async fn killed_while_resolving() {
    killed_when(|state| state != "queued").await;
}

#[tokio::test]
async fn killed_while_applying() {
    killed_when(|state| !matches!(state, "queued" | "resolving")).await;
}

#[tokio::test]
async fn killed_while_rolling_out() {
    killed_when(|state| state == "rolling_out").await;
}

async fn killed_when(is_time: impl Fn(&str) -> bool) {
    let (folder, registry) = (tempfile::tempdir().unwrap(), FakeRegistry::start().await);
    let context = open(folder.path()).await;
    queue_a_deployment(&context, &registry.host()).await;
    let server = Server::start(folder.path(), &registry.host());
    eventually("the moment to kill", async || is_time(&state(&context).await).then_some(())).await;
    drop(server); // SIGKILL
    let at = state(&context).await;
    assert_ne!(at, "active", "it was over before it was killed");

    let _server = Server::start(folder.path(), &registry.host());
    let ended = async || matches!(state(&context).await.as_str(), "active" | "failed").then_some(());
    eventually("the deployment to end", ended).await;
    for (sql, what) in [
        ("SELECT COUNT(*) FROM deployments WHERE state = 'active'", "active"),
        ("SELECT COUNT(*) FROM deployments", "deployments"),
        ("SELECT COUNT(*) FROM audit WHERE action = 'deployment.create'", "audit rows"),
        ("SELECT COUNT(*) FROM deployment_events WHERE message LIKE 'Active:%'", "events of the end"),
    ] {
        assert_eq!(fetch_one!(context.db, (i64,), sql).unwrap().0, 1, "{what}, killed while {at}");
    }
}

async fn state(context: &Context) -> String {
    fetch_one!(context.db, (String,), "SELECT state FROM deployments").unwrap().0
}

/// The data folder as the program itself opens it.
async fn open(folder: &Path) -> Context {
    let db = Db::open(&format!("sqlite:{}", folder.join("slipway.db").display())).await.unwrap();
    db.migrate().await.unwrap();
    let context = Context {
        db,
        clock: Arc::new(SystemClock),
        entropy: Arc::new(SystemEntropy),
        vault: Arc::new(Vault::open(&folder.join("master.key"), true, &SystemEntropy).unwrap()),
        registry_client: Arc::new(OciRegistryClient::new(Egress::Any, Default::default()).unwrap()),
        tag_cache: TagCache::default(),
        changes: Changes::default(),
    };
    organizations::check_master_key(&context).await.unwrap();
    context
}

async fn queue_a_deployment(context: &Context, host: &str) {
    let new = NewInstallation { email: EMAIL.into(), password: PASSWORD.into(), organization: "Acme".into(), project: "Web Shop".into() };
    let person = organizations::setup(context, new, &Origin::default()).await.unwrap();
    let caller = people::caller(context, person.id, "acme", Origin::default()).await.unwrap();
    let new = NewRegistry { display_name: "Fake".into(), authentication: "public".into(), host: host.into(), ..NewRegistry::default() };
    let registry = registries::add(context, &caller, new).await.unwrap();
    let project = organizations::project(context, &caller, "web-shop").await.unwrap();
    let new = NewComponent {
        kind: "service".into(),
        display_name: "Greeter".into(),
        registry: registry.id.to_string(),
        image: format!("{host}/acme/greeter:1.0"),
        endpoint: FirstEndpoint {
            name: "default".into(),
            port: "8080".into(),
            kind: "REST".into(),
            context: "/".into(),
            visibility: "Project".into(),
        },
        ..NewComponent::default()
    };
    let component = components::create(context, &caller, &project, new).await.unwrap();
    let environment = organizations::environment(context, &caller, "development").await.unwrap();
    deployments::deploy(context, &caller, &component, &environment, Change::Tag("1.0".into())).await.unwrap();
}

/// `slipway serve` on a data folder; killed when dropped.
struct Server(Child);

impl Server {
    /// Comes back when it has said that it serves.
    fn start(folder: &Path, registry: &str) -> Self {
        let mut child = Command::new(env!("CARGO_BIN_EXE_slipway"))
            .arg("serve")
            .env_clear()
            .env("LEPTOS_SITE_ADDR", "127.0.0.1:0")
            .env("SLIPWAY_DATA_DIR", folder)
            .env("SLIPWAY_EGRESS", "any")
            .env("SLIPWAY_PLAIN_HTTP_REGISTRIES", registry)
            .env("RUST_LOG", "warn")
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let mut line = String::new();
        BufReader::new(child.stdout.as_mut().unwrap()).read_line(&mut line).unwrap();
        assert!(line.starts_with("Slipway is at http://127.0.0.1:"), "{line:?}");
        Self(child)
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.0.kill().unwrap();
        self.0.wait().unwrap();
    }
}
