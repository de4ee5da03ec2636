//! The keeper, step by step against a scripted data plane, on both databases.

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
        organizations::{Environment, Project},
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

    /// As the verb that rotates will write it: a new password, and one more version.
    async fn rotate(&self, password: &str) {
        let (context, id) = (self.shop.context(), self.shop.registry.id);
        let sealed = context.vault.seal(&*context.entropy, self.shop.caller.organization_id, id, &password.into()).unwrap();
        let mut tx = context.db.begin().await.unwrap();
        const ROTATE: &str = "UPDATE registries SET sealed_password = $1, credential_version = credential_version + 1 WHERE id = $2";
        execute!(tx, ROTATE, sealed, id).unwrap();
        tx.commit().await.unwrap();
        context.changes.signal();
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

#[tokio::test]
async fn a_release_leaves_a_row_that_says_what_lies_there() {
    let yard = Yard::with_a_use().await;
    assert_eq!(yard.plane.secrets.lying(), yard.lying_with(PASSWORD_AT_REGISTRY).await);
    let placed = Placed {
        project: "Web Shop".into(),
        environment: "Development".into(),
        namespace: yard.namespace(&yard.shop.development).await,
        applied_at: Some(yard.shop.context().now()),
        problem: None,
        in_step: true,
    };
    assert_eq!(yard.placed().await, [placed]);
    assert_eq!(yard.keep().await, 0, "nothing is due");
    const KEPT_IN: &str = "SELECT not_before - now FROM pull_secrets, database_clock";
    let (kept_in,) = fetch_one!(yard.shop.context().db, (i64,), KEPT_IN).unwrap();
    assert!((595..720).contains(&(kept_in / Time::SECOND)), "{kept_in}");
    assert_eq!(fetch_all!(yard.shop.context().db, (String,), "SELECT uid FROM cluster_objects WHERE kind = 'Secret'").unwrap(), []);
}

#[tokio::test]
async fn another_organization_sees_nothing() {
    let yard = Yard::with_a_use().await;
    let other = yard.shop.bed.other_organization(&yard.shop.caller).await;
    assert_eq!(of_registry(yard.shop.context(), &other, yard.shop.registry.id).await.unwrap(), []);
    assert!(matches!(credential(yard.shop.context(), other.organization_id, yard.shop.registry.id).await, Err(Error::NotFound)));
}

#[tokio::test]
async fn a_new_credential_comes_into_every_namespace_without_a_deployment() {
    let yard = Yard::with_a_use().await;
    yard.deploy(&yard.shop.component, &yard.shop.production).await;
    let releases = yard.plane.applied().len();
    yard.shop.bed.clock.advance(60);
    yard.rotate("new").await;
    assert!(yard.placed().await.iter().all(|placed| !placed.in_step));
    assert_eq!(yard.keep().await, 2);
    let mut expected = yard.lying_with("new").await;
    expected.push(format!("{}: {HOST} robot new", yard.namespace(&yard.shop.production).await));
    assert_eq!(yard.plane.secrets.lying(), expected);
    let now = Some(yard.shop.context().now());
    assert!(yard.placed().await.iter().all(|placed| placed.in_step && placed.applied_at == now));
    assert_eq!(yard.plane.applied().len(), releases, "no release was applied");
}

#[tokio::test]
async fn a_key_with_a_path_serves_only_what_lies_under_it() {
    let yard = Yard::with_a_use().await;
    yard.sql("UPDATE registries SET path_prefix = 'acme', credential_version = 2 WHERE display_name = 'Own'").await;
    yard.keep().await;
    let namespace = yard.namespace(&yard.shop.development).await;
    assert_eq!(yard.plane.secrets.lying(), [format!("{namespace}: {HOST}/acme robot {PASSWORD_AT_REGISTRY}")]);
}

#[tokio::test]
async fn what_somebody_deleted_comes_back() {
    let yard = Yard::with_a_use().await;
    let brought_at = yard.placed().await[0].applied_at;
    yard.shop.bed.clock.advance(600);
    yard.let_time_pass().await;
    assert_eq!(yard.keep().await, 1);
    assert_eq!(yard.placed().await[0].applied_at, brought_at, "nothing was missing");

    yard.plane.secrets.lose();
    yard.let_time_pass().await;
    assert_eq!(yard.keep().await, 1);
    assert_eq!(yard.plane.secrets.lying(), yard.lying_with(PASSWORD_AT_REGISTRY).await);
    assert_eq!(yard.placed().await[0].applied_at, Some(yard.shop.context().now()));
    let (uid,) = fetch_one!(yard.shop.context().db, (String,), "SELECT uid FROM pull_secrets").unwrap();
    assert_eq!(uid, "uid 1", "the row knows the new object");
}

#[tokio::test]
async fn a_secret_is_kept_as_long_as_anything_uses_it() {
    for state in State::ALL {
        let yard = Yard::with_a_use().await;
        yard.plane.secrets.calls();
        yard.end_all(state.as_str()).await;
        yard.let_time_pass().await;
        yard.keep().await;
        let is_used = state.is_open() || matches!(state, State::Active | State::Stopped);
        assert_eq!((yard.plane.secrets.lying().len(), yard.rows().await), if is_used { (1, 1) } else { (0, 0) }, "{state:?}");
        let what = if is_used { "apply" } else { "remove" };
        assert_eq!(yard.plane.secrets.calls(), [format!("{what} {}", yard.namespace(&yard.shop.development).await)], "{state:?}");
    }
}

#[tokio::test]
async fn the_end_of_the_last_use_is_heard_at_once_and_any_other_is_not() {
    let yard = Yard::with_a_use().await;
    let new = Shop::new_component(&yard.shop.registry, "Second");
    let second = components::create(yard.shop.context(), &yard.shop.caller, &yard.shop.project, new).await.unwrap();
    yard.deploy(&second, &yard.shop.development).await;
    assert_eq!((yard.rows().await, yard.keep().await), (1, 0), "both share it");
    // A deployment from elsewhere takes the place of the first, then of the second.
    yard.sql("INSERT INTO registries (id, organization_id, display_name, display_name_key, authentication, host, created_by, created_at)
        SELECT organization_id, organization_id, 'Open', 'open', 'public', host, created_by, created_at FROM registries WHERE display_name = 'Own'")
    .await;
    for (component, steps) in [(&yard.shop.component, 0), (&second, 1)] {
        let deployment = yard.shop.deploy_to(component, &yard.shop.development, "1.1").await;
        yard.sql("UPDATE deployments SET registry_id = organization_id WHERE state = 'queued'").await;
        yard.plane.shows([ready()]);
        yard.work(deployment.id).await;
        assert_eq!(yard.keep().await, steps, "{}", component.name);
    }
    assert_eq!((yard.plane.secrets.lying().len(), yard.rows().await), (0, 0));
}

#[tokio::test]
async fn a_use_that_begins_during_the_removal_gets_its_secret_back() {
    let yard = Yard::with_a_use().await;
    yard.end_all("replaced").await;
    yard.step_while(async { drop(yard.shop.deploy("1.1").await) }).await;
    assert_eq!((yard.plane.secrets.lying().len(), yard.rows().await), (0, 1), "removed, and known to be missing");
    assert_eq!(yard.keep().await, 1);
    assert_eq!(yard.plane.secrets.lying(), yard.lying_with(PASSWORD_AT_REGISTRY).await);
}

#[tokio::test]
async fn a_release_that_is_applied_during_the_removal_gets_its_secret_back() {
    let yard = Yard::with_a_use().await;
    yard.end_all("replaced").await;
    yard.step_while(async { drop(yard.deploy(&yard.shop.component, &yard.shop.development).await) }).await;
    assert_eq!(yard.plane.secrets.lying().len(), 0);
    assert_eq!(yard.keep().await, 1);
    assert_eq!(yard.plane.secrets.lying(), yard.lying_with(PASSWORD_AT_REGISTRY).await);
}

#[tokio::test]
async fn a_credential_that_changes_while_it_is_applied_stays_due() {
    let yard = Yard::with_a_use().await;
    yard.rotate("second").await;
    yard.step_while(yard.rotate("third")).await;
    assert_eq!(yard.plane.secrets.lying(), yard.lying_with("second").await);
    assert!(!yard.placed().await[0].in_step);
    assert_eq!(yard.keep().await, 1);
    assert_eq!(yard.plane.secrets.lying(), yard.lying_with("third").await);
    assert!(yard.placed().await[0].in_step);
}

#[tokio::test]
async fn who_applied_at_the_same_time_as_another_has_it_looked_at_again() {
    let yard = Yard::with_a_use().await;
    yard.rotate("second").await;
    // The keeper has read the second password; a release brings the third before it is done.
    yard.step_while(async {
        yard.rotate("third").await;
        yard.deploy(&yard.shop.component, &yard.shop.development).await;
    })
    .await;
    assert_eq!(yard.plane.secrets.lying(), yard.lying_with("second").await, "the older one came last");
    assert_eq!(yard.keep().await, 1);
    assert_eq!(yard.plane.secrets.lying(), yard.lying_with("third").await);
    assert_eq!(yard.keep().await, 0);
}

#[tokio::test]
async fn a_failure_is_shown_and_tried_again_later_and_later() {
    let yard = Yard::with_a_use().await;
    yard.let_time_pass().await;
    const WAIT: &str = "SELECT not_before - now FROM pull_secrets, database_clock";
    for seconds in [1, 2, 4, 8, 16, 32, 64, 128, 256, 300, 300] {
        yard.plane.secrets.refuse(unreachable());
        assert_eq!(yard.keep().await, 1, "the next try waits");
        let (wait,) = fetch_one!(yard.shop.context().db, (i64,), WAIT).unwrap();
        assert!(((seconds - 1) * Time::SECOND..=seconds * Time::SECOND).contains(&wait), "{seconds}: {wait}");
        assert_eq!(yard.placed().await[0].problem.as_deref(), Some("The data plane can't be reached: connection refused"));
        yard.let_time_pass().await;
    }
    assert_eq!(yard.keep().await, 1);
    assert_eq!(yard.placed().await[0].problem, None);
}

#[tokio::test]
async fn a_new_credential_does_not_hurry_what_fails() {
    let yard = Yard::with_a_use().await;
    yard.rotate("new").await;
    yard.plane.secrets.refuse(unreachable());
    assert_eq!(yard.keep().await, 1);
    yard.rotate("newer").await;
    assert_eq!(yard.keep().await, 0);
    yard.let_time_pass().await;
    assert_eq!(yard.keep().await, 1);
    assert_eq!(yard.plane.secrets.lying(), yard.lying_with("newer").await);
}

#[tokio::test]
async fn a_removal_that_fails_is_tried_again() {
    let yard = Yard::with_a_use().await;
    yard.end_all("replaced").await;
    yard.plane.secrets.refuse(unreachable());
    assert_eq!(yard.keep().await, 1);
    assert_eq!((yard.plane.secrets.lying().len(), yard.rows().await), (1, 1));
    yard.let_time_pass().await;
    assert_eq!(yard.keep().await, 1);
    assert_eq!((yard.plane.secrets.lying().len(), yard.rows().await), (0, 0));
}

#[tokio::test]
async fn an_error_of_our_own_is_noted_without_its_cause() {
    let yard = Yard::with_a_use().await;
    let mut tx = yard.shop.context().db.begin().await.unwrap();
    const SPOIL: &str = "UPDATE registries SET credential_version = 2, sealed_password = $1 WHERE id = $2";
    execute!(tx, SPOIL, vec![0_u8; 8], yard.shop.registry.id).unwrap();
    tx.commit().await.unwrap();
    assert_eq!(yard.keep().await, 1);
    assert_eq!(yard.placed().await[0].problem.as_deref(), Some("Something went wrong on our side; the console's log says what."));
}

#[tokio::test]
async fn a_registry_without_credential_has_no_secret_until_it_has_one_again() {
    for authentication in ["public", "vendor_specific"] {
        let yard = Yard::with_a_use().await;
        let mut tx = yard.shop.context().db.begin().await.unwrap();
        const GIVE_UP: &str = "UPDATE registries SET authentication = $1, username = NULL, sealed_password = NULL, credential_version = 2
            WHERE display_name = 'Own'";
        execute!(tx, GIVE_UP, authentication).unwrap();
        tx.commit().await.unwrap();
        assert_eq!(yard.keep().await, 1);
        assert_eq!(yard.plane.secrets.lying(), [""; 0]);
        assert_eq!(yard.placed().await, [], "nothing lies there, and nothing has to");
        yard.let_time_pass().await;
        yard.keep().await;

        yard.sql("UPDATE registries SET authentication = 'basic', username = 'robot' WHERE display_name = 'Own'").await;
        yard.rotate("back").await;
        assert_eq!(yard.keep().await, 1);
        assert_eq!(yard.plane.secrets.lying(), yard.lying_with("back").await, "the pods still list it");
    }
}

#[tokio::test]
async fn a_claimed_row_is_nobody_elses_until_its_lease_runs_out() {
    let yard = Yard::with_a_use().await;
    yard.let_time_pass().await;
    let claim = yard.keeper.claim().await.unwrap().unwrap();
    assert_eq!(yard.keep().await, 0);
    yard.sql("UPDATE pull_secrets SET lease_until = 1").await;
    assert_eq!(yard.keep().await, 1);

    yard.rotate("new").await;
    yard.keeper.keep(&claim).await;
    assert_eq!(yard.keep().await, 1, "who comes late has it looked at again");
    yard.let_time_pass().await;
    yard.keeper.claim().await.unwrap().unwrap();
    yard.keeper.break_leases().await.unwrap();
    assert_eq!(yard.keep().await, 1);
}

#[tokio::test]
async fn a_release_that_is_not_applied_leaves_its_row_to_the_keeper() {
    let yard = Yard::open().await;
    yard.plane.refuses(ApplyProblem::NotOurs { kind: "Service".into(), name: "greeter".into() });
    let deployment = yard.shop.deploy("1.1").await;
    yard.work(deployment.id).await;
    assert_eq!(yard.shop.look(deployment.id).await.state, State::Failed);
    assert_eq!((yard.rows().await, yard.keep().await, yard.rows().await), (1, 1, 0), "nothing uses it");
}

/// So many more projects, where the greeter's deployment of Development is repeated.
async fn repeat_in_projects(yard: &Yard, count: usize) {
    let context = yard.shop.context();
    const PROJECT: &str = "INSERT INTO projects (id, organization_id, name, display_name, created_at) VALUES ($1, $2, $3, $3, 0)";
    const NAMESPACE: &str = "INSERT INTO namespaces (organization_id, project_id, environment_id, name) VALUES ($1, $2, $3, $4)";
    const DEPLOYMENT: &str = "INSERT INTO deployments (id, organization_id, project_id, component_id, environment_id, registry_id, image,
        endpoints_yaml, state, created_by, created_at, attempts, not_before, lease_until)
        SELECT $1, organization_id, $1, component_id, environment_id, registry_id, image, endpoints_yaml, state, created_by,
        created_at, attempts, not_before, lease_until FROM deployments WHERE project_id = $2";
    const SECRET: &str = "INSERT INTO pull_secrets
        (organization_id, registry_id, project_id, environment_id, applied_version, attempts, not_before, lease_until)
        VALUES ($1, $2, $3, $4, 0, 0, 0, 0)";
    let (organization, environment, registry) = (yard.shop.caller.organization_id, yard.shop.development.id, yard.shop.registry.id);
    let mut tx = context.db.begin().await.unwrap();
    for number in 0..count {
        let project = context.new_id();
        execute!(tx, PROJECT, project, organization, format!("project-{number:03}")).unwrap();
        execute!(tx, NAMESPACE, organization, project, environment, format!("slw-{number:03}")).unwrap();
        execute!(tx, DEPLOYMENT, project, yard.shop.project.id).unwrap();
        execute!(tx, SECRET, organization, registry, project, environment).unwrap();
    }
    tx.commit().await.unwrap();
}

#[tokio::test]
async fn many_go_a_few_at_a_time_and_those_that_fail_hold_up_no_other() {
    let yard = Yard::with_a_use().await;
    repeat_in_projects(&yard, 40).await;
    for number in 0..10 {
        yard.plane.secrets.refuse_always_in(&format!("slw-{number:03}"));
    }
    let gate = yard.plane.secrets.hold();
    let shutdown = tokio_util::sync::CancellationToken::new();
    let running = tokio::spawn(yard.keeper.clone().run(shutdown.clone()));
    eventually(|| yard.plane.secrets.inside() == 8).await;
    gate.add_permits(10_000);
    eventually(|| yard.plane.secrets.lying().len() == 31).await;
    assert_eq!(yard.plane.secrets.most_inside(), 8);

    yard.rotate("new").await;
    eventually(|| yard.plane.secrets.lying().iter().filter(|lying| lying.ends_with(" new")).count() == 31).await;
    shutdown.cancel();
    tokio::time::timeout(Duration::from_secs(10), running).await.expect("it stops in time").unwrap();
    let placed = yard.placed().await;
    assert_eq!((placed.len(), placed.iter().filter(|placed| placed.problem.is_some()).count()), (41, 10));
}

#[tokio::test]
async fn a_stop_hands_leases_back() {
    let yard = Yard::with_a_use().await;
    yard.rotate("new").await;
    let _never = yard.plane.secrets.hold();
    let shutdown = tokio_util::sync::CancellationToken::new();
    let running = tokio::spawn(yard.keeper.clone().run(shutdown.clone()));
    eventually(|| yard.plane.secrets.inside() == 1).await;
    assert!(yard.keeper.claim().await.unwrap().is_none());
    shutdown.cancel();
    tokio::time::timeout(Duration::from_secs(10), running).await.expect("it stops in time").unwrap();
    assert!(yard.keeper.claim().await.unwrap().is_some());
}
