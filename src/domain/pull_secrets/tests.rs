//! The keeper, step by step against a scripted data plane, on both databases.

mod failures;
mod following;
mod races;
mod running;
mod uses;

use std::{sync::Arc, time::Duration};

use uuid::Uuid;

use super::*;
use crate::{
    domain::{
        components::{self, Component},
        deployments::{
            State,
            data_plane::ApplyProblem,
            worker::{Step, Worker},
        },
        organizations::Environment,
        registries::{self, NewRegistry, NewSecret},
        testing::{HOST, PASSWORD_AT_REGISTRY, ScriptedDataPlane, Shop, image, ready},
    },
    execute, fetch_all, fetch_one,
};

const DIGEST: &str = "sha256:aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa";

/// A shop, its data plane, and a keeper for both.
struct Yard {
    shop: Shop,
    plane: Arc<ScriptedDataPlane>,
    keeper: Keeper,
}

impl Yard {
    async fn open() -> Self {
        let shop = Shop::open().await;
        shop.bed.registry.answers(&image("1.1"), Ok(DIGEST));
        let plane = Arc::<ScriptedDataPlane>::default();
        let keeper = Keeper::new(shop.context().clone(), plane.clone());
        Self { shop, plane, keeper }
    }

    /// The greeter runs in Development.
    async fn with_a_use() -> Self {
        let yard = Self::open().await;
        yard.deploy(&yard.shop.component, &yard.shop.development).await;
        yard
    }

    /// Deploys until it is Active.
    async fn deploy(&self, component: &Component, environment: &Environment) -> Uuid {
        let deployment = self.shop.deploy_to(component, environment, "1.1").await;
        self.plane.shows([ready()]);
        self.work(deployment.id).await;
        deployment.id
    }

    /// Takes a queued deployment to its end.
    async fn work(&self, id: Uuid) {
        let worker = Worker::new(self.shop.context().clone(), self.plane.clone());
        let claim = worker.claim().await.unwrap().unwrap();
        assert_eq!(claim.id, id);
        while worker.step(&claim).await.unwrap() == Step::Further {}
    }

    /// The namespace of the web shop in an environment.
    async fn namespace(&self, environment: &Environment) -> String {
        let key = Key { registry_id: self.shop.registry.id, project_id: self.shop.project.id, environment_id: environment.id };
        store::namespace(&self.shop.context().db, key).await.unwrap().unwrap()
    }

    /// What lies in Development's namespace when this password does.
    async fn lying_with(&self, password: &str) -> Vec<String> {
        vec![format!("{}: {HOST} robot {password}", self.namespace(&self.shop.development).await)]
    }

    async fn rotate(&self, password: &str) {
        let new = NewSecret { password: password.into(), ..NewSecret::default() };
        registries::rotate(self.shop.context(), &self.shop.caller, self.shop.registry.id, new).await.unwrap();
    }

    /// Edit: another kind of authentication, with this password if it takes one.
    async fn make(&self, authentication: &str, password: &str) {
        let (context, caller, id) = (self.shop.context(), &self.shop.caller, self.shop.registry.id);
        let revision = registries::get(context, caller, id).await.unwrap().revision;
        let new = NewRegistry { authentication: authentication.into(), password: password.into(), revision, ..Shop::new_registry("Own") };
        registries::edit(context, caller, id, new).await.unwrap();
    }

    async fn sql(&self, statement: &'static str) {
        let mut tx = self.shop.context().db.begin().await.unwrap();
        execute!(tx, statement).unwrap();
        tx.commit().await.unwrap();
    }

    /// As if all waiting were over.
    async fn let_time_pass(&self) {
        self.sql("UPDATE pull_secrets SET not_before = 0").await;
    }

    /// Steps until nothing is due; how many there were.
    async fn keep(&self) -> usize {
        let mut steps = 0;
        while self.keeper.step().await.unwrap() {
            steps += 1;
            assert!(steps < 100, "it never comes to an end");
        }
        steps
    }

    async fn placed(&self) -> Vec<Placed> {
        of_registry(self.shop.context(), &self.shop.caller, self.shop.registry.id).await.unwrap()
    }

    async fn rows(&self) -> i64 {
        fetch_one!(self.shop.context().db, (i64,), "SELECT COUNT(*) FROM pull_secrets").unwrap().0
    }

    /// The greeter's deployments in Development end.
    async fn end_all(&self, state: &'static str) {
        let mut tx = self.shop.context().db.begin().await.unwrap();
        execute!(tx, "UPDATE deployments SET state = $1", state).unwrap();
        uses_ended(&mut tx, self.shop.project.id, self.shop.development.id).await.unwrap();
        tx.commit().await.unwrap();
    }

    /// Runs a step that is held up inside the data plane while `meanwhile` happens.
    async fn step_while(&self, meanwhile: impl Future<Output = ()>) {
        let gate = self.plane.secrets.hold();
        let meanwhile = async {
            eventually(|| self.plane.secrets.inside() == 1).await;
            meanwhile.await;
            gate.add_permits(1_000);
        };
        let (stepped, ()) = tokio::join!(self.keeper.step(), meanwhile);
        assert!(stepped.unwrap());
    }
}

/// Polls a condition for at most ten seconds.
async fn eventually(mut condition: impl FnMut() -> bool) {
    let polling = async {
        while !condition() {
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
    };
    tokio::time::timeout(Duration::from_secs(10), polling).await.expect("it comes true in time");
}

fn unreachable() -> ApplyProblem {
    ApplyProblem::Unreachable("connection refused".into())
}
