use std::sync::Arc;

use super::*;
use crate::{
    domain::{
        components::{Filter, get, list},
        deployments::{
            Change, State,
            data_plane::{ApplyProblem, ObjectName},
            deploy,
            worker::{Step, Worker},
        },
        pull_secrets::Keeper,
        registries,
        testing::{ScriptedDataPlane, Shop, fields, image, ready},
    },
    execute, fetch_all, fetch_one,
};

const DIGEST: &str = "sha256:0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a";

/// A shop whose greeter runs in Development.
struct Running {
    shop: Shop,
    plane: Arc<ScriptedDataPlane>,
    worker: Worker,
    remover: Remover,
}

impl Running {
    async fn begin() -> Self {
        let shop = Shop::open().await;
        let plane = Arc::new(ScriptedDataPlane::default());
        let worker = Worker::new(shop.context().clone(), plane.clone());
        let remover = Remover::new(shop.context().clone(), plane.clone());
        let running = Self { shop, plane, worker, remover };
        running.plane.shows([ready()]);
        running.has_image("1.1");
        running.shop.deploy("1.1").await;
        running.work_off().await;
        running
    }

    /// The registry will be asked for it once.
    fn has_image(&self, tag: &str) {
        self.shop.bed.registry.answers(&image(tag), Ok(DIGEST));
    }

    async fn work_off(&self) {
        while let Some(claim) = self.worker.claim().await.unwrap() {
            while self.worker.step(&claim).await.unwrap() == Step::Further {}
        }
    }

    async fn delete(&self) -> Deletion {
        self.shop.bed.clock.advance(1);
        let deletion = delete(self.shop.context(), &self.shop.caller, &self.shop.component, "greeter").await.unwrap();
        self.shop.bed.clock.advance(1);
        deletion
    }

    async fn removals(&self) -> Vec<Removal> {
        removals(self.shop.context(), &self.shop.caller, &self.shop.component).await.unwrap()
    }

    async fn is_gone(&self) -> bool {
        matches!(get(self.shop.context(), &self.shop.caller, &self.shop.project, "greeter").await, Err(Error::NotFound))
    }

    /// What waits is due now.
    async fn hurry(&self) {
        let mut tx = self.shop.context().db.begin().await.unwrap();
        execute!(tx, "UPDATE component_removals SET not_before = 0").unwrap();
        tx.commit().await.unwrap();
    }

    async fn audited(&self) -> Vec<(String, String)> {
        let sql = "SELECT actor, action FROM audit WHERE target_kind = 'component' ORDER BY id";
        fetch_all!(self.shop.context().db, (String, String), sql).unwrap()
    }

    async fn actions(&self) -> Vec<String> {
        self.audited().await.into_iter().map(|(_, action)| action).collect()
    }
}

fn unreachable() -> ApplyProblem {
    ApplyProblem::Unreachable("connection refused".into())
}

fn pod() -> ObjectName {
    ObjectName { kind: "Pod".into(), name: "greeter-1".into() }
}

#[tokio::test]
async fn a_component_that_never_ran_is_gone_at_once() {
    let shop = Shop::open().await;
    let deletion = delete(shop.context(), &shop.caller, &shop.component, " greeter ").await.unwrap();
    assert_eq!(deletion, Deletion::Gone);
    assert!(list(shop.context(), &shop.caller, &shop.project, &Filter::default(), None).await.unwrap().is_empty());
    registries::delete(shop.context(), &shop.caller, shop.registry.id).await.unwrap();
}

#[tokio::test]
async fn it_asks_for_the_name() {
    let shop = Shop::open().await;
    for typed in ["", "Greeter", "greeter-2"] {
        let told = fields(delete(shop.context(), &shop.caller, &shop.component, typed).await);
        assert_eq!(told, [("confirm".into(), "not_confirmed".into())], "{typed}");
    }
}

#[tokio::test]
async fn its_objects_go_first_then_its_rows_and_the_audit_log_stays() {
    let running = Running::begin().await;
    running.plane.removes(Ok(vec![pod()]));
    assert_eq!(running.delete().await, Deletion::UnderWay);
    assert_eq!(running.delete().await, Deletion::UnderWay, "a second time changes nothing");
    assert_eq!(running.removals().await[0].waits_for, None);

    assert!(running.remover.step().await.unwrap());
    let [removal] = running.removals().await.try_into().unwrap();
    assert_eq!(removal.waits_for.as_deref(), Some("Still there: Pod greeter-1."));
    assert_eq!((removal.environment_id, removal.is_stuck, removal.attempts), (running.shop.development.id, false, 1));
    assert!(!running.remover.step().await.unwrap(), "the next look is a second away");

    running.hurry().await;
    assert!(running.remover.step().await.unwrap());
    assert!(running.is_gone().await);
    let namespace = running.plane.removed()[0].0.clone();
    let removed = (namespace, running.shop.component.id);
    assert_eq!(running.plane.removed(), [removed.clone(), removed]);
    for table in ["SELECT COUNT(*) FROM deployments", "SELECT COUNT(*) FROM deployment_events", "SELECT COUNT(*) FROM cluster_objects"] {
        assert_eq!(fetch_one!(running.shop.context().db, (i64,), table).unwrap().0, 0, "{table}");
    }
    let person = running.shop.caller.email.clone();
    let expected = [
        (person.clone(), "component.create"),
        (person.clone(), "deployment.create"),
        (person, "component.delete"),
        ("system".to_owned(), "component.removed"),
    ];
    assert_eq!(running.audited().await, expected.map(|(actor, action)| (actor, action.to_owned())));
}

#[tokio::test]
async fn the_pull_secret_goes_with_its_last_user_and_then_the_registry_can() {
    let running = Running::begin().await;
    assert_eq!(running.plane.secrets.lying().len(), 1);
    running.delete().await;
    assert!(running.remover.step().await.unwrap());
    let keeper = Keeper::new(running.shop.context().clone(), running.plane.clone());
    while keeper.step().await.unwrap() {}
    assert_eq!(running.plane.secrets.lying(), Vec::<String>::new());
    registries::delete(running.shop.context(), &running.shop.caller, running.shop.registry.id).await.unwrap();
}

#[tokio::test]
async fn what_is_being_deployed_is_cancelled_and_nothing_more_can_be() {
    let running = Running::begin().await;
    running.has_image("1.1");
    let queued = running.shop.deploy("1.2").await;
    let rolling = running.shop.deploy_to(&running.shop.component, &running.shop.production, "1.1").await;
    let claim = loop {
        // Both are due: the one for Production is taken to its rollout, and held there.
        let claim = running.worker.claim().await.unwrap().unwrap();
        if claim.id == rolling.id {
            break claim;
        }
    };
    for _ in 0..3 {
        assert_eq!(running.worker.step(&claim).await.unwrap(), Step::Further);
    }
    running.delete().await;
    assert_eq!(
        (running.shop.look(queued.id).await.state, running.shop.look(rolling.id).await.state),
        (State::Superseded, State::Cancelled)
    );
    let refused =
        deploy(running.shop.context(), &running.shop.caller, &running.shop.component, &running.shop.development, Change::Tag("1.3".into()))
            .await;
    assert!(matches!(refused, Err(Error::Conflict { code: "being_deleted", .. })), "{refused:?}");

    running.hurry().await;
    while running.remover.step().await.unwrap() {}
    assert_eq!(running.removals().await.len(), 2, "a worker may still be at both: the removal comes after its leases");
    let mut tx = running.shop.context().db.begin().await.unwrap();
    execute!(tx, "UPDATE deployments SET lease_until = 0").unwrap();
    tx.commit().await.unwrap();
    while running.remover.step().await.unwrap() {}
    assert!(running.is_gone().await);
}

#[tokio::test]
async fn without_the_cluster_it_waits_and_an_admin_may_forget_it() {
    let running = Running::begin().await;
    running.plane.removes(Err(unreachable()));
    running.delete().await;
    let (context, admin) = (running.shop.context(), &running.shop.caller);
    let too_early = forget(context, admin, &running.shop.component, "greeter").await;
    assert!(matches!(too_early, Err(Error::Conflict { code: "not_stuck", .. })), "{too_early:?}");

    assert!(running.remover.step().await.unwrap());
    let [removal] = running.removals().await.try_into().unwrap();
    assert_eq!(removal.waits_for.as_deref(), Some("The data plane can't be reached: connection refused."));
    assert!(removal.is_stuck);
    let left: Vec<_> = left_behind(context, admin, &running.shop.component).await.unwrap();
    let kinds: Vec<_> = left.iter().map(|object| object.kind.as_str()).collect();
    assert_eq!(kinds, ["Deployment", "Secret", "Service"]);
    assert!(left.iter().all(|object| object.namespace.starts_with("slw-acme-web-shop-developm")), "{left:?}");

    let developer = Caller { role: crate::domain::people::Role::Developer, ..admin.clone() };
    assert!(matches!(forget(context, &developer, &running.shop.component, "greeter").await, Err(Error::Forbidden)));
    assert_eq!(fields(forget(context, admin, &running.shop.component, "no").await), [("confirm".into(), "not_confirmed".into())]);
    forget(context, admin, &running.shop.component, "greeter").await.unwrap();
    assert!(running.is_gone().await);
    assert_eq!(running.actions().await.last().map(String::as_str), Some("component.forget"));
    let (detail,) = fetch_one!(context.db, (String,), "SELECT CAST(detail AS TEXT) FROM audit WHERE action = 'component.forget'").unwrap();
    assert!(detail.contains("Deployment greeter in slw-acme"), "{detail}");
    assert_eq!(fetch_one!(context.db, (i64,), "SELECT COUNT(*) FROM pull_secrets").unwrap().0, 0);
    registries::delete(context, admin, running.shop.registry.id).await.unwrap();
    assert!(!running.remover.step().await.unwrap());
}

#[tokio::test]
async fn objects_that_never_end_count_as_stuck_after_a_while() {
    let running = Running::begin().await;
    running.delete().await;
    let mut tx = running.shop.context().db.begin().await.unwrap();
    execute!(tx, "UPDATE component_removals SET looks = 60").unwrap();
    tx.commit().await.unwrap();
    running.plane.removes(Ok(vec![pod()]));
    assert!(running.remover.step().await.unwrap());
    assert!(running.removals().await[0].is_stuck);
}

#[tokio::test]
async fn an_outage_does_not_count_as_looks() {
    let running = Running::begin().await;
    running.delete().await;
    for _ in 0..70 {
        running.plane.removes(Err(unreachable()));
        assert!(running.remover.step().await.unwrap());
        running.hurry().await;
    }
    assert!(running.removals().await[0].is_stuck);
    running.plane.removes(Ok(vec![pod()]));
    assert!(running.remover.step().await.unwrap());
    assert!(!running.removals().await[0].is_stuck, "its pods may take their time");
}

#[tokio::test]
async fn what_was_seen_last_is_what_stays() {
    let running = Running::begin().await;
    running.delete().await;
    running.plane.removes(Ok(vec![pod()]));
    assert!(running.remover.step().await.unwrap());
    running.hurry().await;
    running.plane.removes(Err(unreachable()));
    assert!(running.remover.step().await.unwrap());
    let left = left_behind(running.shop.context(), &running.shop.caller, &running.shop.component).await.unwrap();
    let names: Vec<_> = left.iter().map(|object| format!("{}/{}", object.kind, object.name)).collect();
    assert_eq!(names[0], "Pod/greeter-1", "its Deployment is gone: {names:?}");
    assert_eq!((names.len(), names[1].starts_with("Secret/slw-registry-")), (2, true), "{names:?}");
}

#[tokio::test]
async fn forgetting_one_environment_leaves_the_secrets_of_the_others_to_the_keeper() {
    let running = Running::begin().await;
    running.plane.shows([ready()]);
    running.has_image("1.1");
    running.shop.deploy_to(&running.shop.component, &running.shop.production, "1.1").await;
    running.work_off().await;
    running.delete().await;
    assert!(running.remover.step().await.unwrap());
    running.plane.removes(Err(unreachable()));
    assert!(running.remover.step().await.unwrap());
    let [stuck] = running.removals().await.try_into().unwrap();
    forget(running.shop.context(), &running.shop.caller, &running.shop.component, "greeter").await.unwrap();
    let rows = fetch_all!(running.shop.context().db, (uuid::Uuid,), "SELECT environment_id FROM pull_secrets").unwrap();
    assert!(rows.len() == 1 && rows[0].0 != stuck.environment_id, "{rows:?}");
    let keeper = Keeper::new(running.shop.context().clone(), running.plane.clone());
    while keeper.step().await.unwrap() {}
    assert_eq!(running.plane.secrets.lying().len(), 1, "only what could not be reached stays");
}

#[tokio::test]
async fn a_worker_that_lets_go_is_given_a_moment_for_what_it_sent_last() {
    let running = Running::begin().await;
    running.has_image("1.2");
    running.shop.deploy("1.2").await;
    let claim = running.worker.claim().await.unwrap().unwrap();
    running.delete().await;
    running.worker.hand_back(&claim).await;
    assert!(!running.remover.step().await.unwrap(), "two seconds");
    running.hurry().await;
    assert!(running.remover.step().await.unwrap());
    assert!(running.is_gone().await);
}

#[tokio::test]
async fn another_component_keeps_what_it_shares() {
    let running = Running::begin().await;
    let new = Shop::new_component(&running.shop.registry, "Second");
    let second = crate::domain::components::create(running.shop.context(), &running.shop.caller, &running.shop.project, new).await.unwrap();
    running.plane.shows([ready()]);
    running.has_image("1.1");
    running.shop.deploy_to(&second, &running.shop.development, "1.1").await;
    running.work_off().await;
    running.plane.removes(Err(unreachable()));
    running.delete().await;
    assert!(running.remover.step().await.unwrap());
    let left = left_behind(running.shop.context(), &running.shop.caller, &running.shop.component).await.unwrap();
    assert!(left.iter().all(|object| object.kind != "Secret"), "the second one still pulls with it: {left:?}");
    running.hurry().await;
    while running.remover.step().await.unwrap() {}
    assert!(running.is_gone().await);
    let [second] = list(running.shop.context(), &running.shop.caller, &running.shop.project, &Filter::default(), None)
        .await
        .unwrap()
        .try_into()
        .unwrap();
    assert_eq!((second.name.as_str(), second.statuses.len()), ("second", 1));
    assert_eq!(running.plane.secrets.lying().len(), 1);
}

#[tokio::test]
async fn strangers_see_nothing_of_it() {
    let running = Running::begin().await;
    running.delete().await;
    let other = running.shop.bed.other_organization(&running.shop.caller).await;
    let context = running.shop.context();
    assert!(removals(context, &other, &running.shop.component).await.unwrap().is_empty());
    assert!(left_behind(context, &other, &running.shop.component).await.unwrap().is_empty());
    assert!(matches!(forget(context, &other, &running.shop.component, "greeter").await, Err(Error::NotFound)));
    assert!(matches!(delete(context, &other, &running.shop.component, "greeter").await, Err(Error::NotFound)));
}
