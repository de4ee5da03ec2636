//! Orders on what runs: each is a deployment of its own, of the release that it names.

use super::*;
use crate::domain::{
    components,
    deployments::{self, Action, Change, Order, data_plane::ApplyProblem},
    organizations::Environment,
    problem::Error,
    testing::{fields, ready},
};

impl Yard {
    async fn order_in(&self, environment: &Environment, order: Order) -> Result<Deployment> {
        self.shop.bed.clock.advance(1);
        deployments::order(self.shop.context(), &self.shop.caller, &self.shop.component, environment, order).await
    }

    async fn order(&self, order: Order) -> Result<Deployment> {
        self.order_in(&self.shop.development, order).await
    }

    /// Leads what is queued to its end, Active.
    async fn finish(&self, deployment: &Deployment) -> Deployment {
        let claim = self.claim().await;
        assert_eq!(claim.id, deployment.id);
        self.step_until(&claim, State::RollingOut).await;
        self.plane.shows([ready()]);
        assert_eq!(self.step(&claim).await, Step::Ended);
        self.shop.look(deployment.id).await
    }

    /// Leads what is queued to a rollout that fails.
    async fn fail(&self, deployment: &Deployment) -> Deployment {
        let claim = self.claim().await;
        assert_eq!(claim.id, deployment.id);
        self.step_until(&claim, State::RollingOut).await;
        let gave_up = crate::domain::deployments::data_plane::Snapshot {
            deadline_exceeded: Some("no progress".into()),
            observed: true,
            wanted: 1,
            ..Default::default()
        };
        self.plane.shows([gave_up]);
        assert_eq!(self.step(&claim).await, Step::Ended);
        self.shop.look(deployment.id).await
    }

    async fn newest(&self, environment: &Environment) -> Deployment {
        deployments::newest(self.shop.context(), &self.shop.component, environment.id).await.unwrap().unwrap()
    }

    async fn roll_back_automatically(&self) {
        self.sql("UPDATE components SET auto_rollback = (1 = 1)").await;
    }
}

fn refusal<T: std::fmt::Debug>(outcome: Result<T>) -> String {
    match outcome {
        Err(Error::Conflict { code: "not_permitted", message }) => message,
        other => panic!("the order was expected not to be permitted: {other:?}"),
    }
}

#[tokio::test]
async fn a_promotion_is_of_the_digest_that_runs_wherever_its_tag_points_by_now() {
    let yard = Yard::open().await;
    let source = yard.deploy_well("1.1").await;
    let yard = yard.knowing("1.1", OTHER_DIGEST);
    let promoted = yard.order_in(&yard.shop.production, Order::Promote { source: source.id }).await.unwrap();
    assert_eq!((promoted.action, promoted.source_id, promoted.environment_id), (Action::Promote, Some(source.id), yard.shop.production.id));
    let promoted = yard.finish(&promoted).await;
    assert_eq!((promoted.state, promoted.digest.as_deref()), (State::Active, Some(DIGEST)));
    assert!(promoted.resolved_at.is_some());
    let applied = yard.plane.applied();
    assert_eq!(applied[1].image.digest(), Some(DIGEST));
    assert_ne!(applied[1].place.namespace, applied[0].place.namespace);
    assert_eq!(yard.shop.look(source.id).await.state, State::Active, "each environment has its own");
}

#[tokio::test]
async fn a_promotion_is_of_what_was_seen_and_of_what_runs() {
    let yard = Yard::open().await;
    let production = &yard.shop.production;
    let nothing = yard.order_in(production, Order::Promote { source: Uuid::nil() }).await;
    assert_eq!(refusal(nothing), "Nothing runs here yet.");
    let first = yard.deploy_well("1.1").await;
    yard.deploy_well("1.2").await;
    let told = fields(yard.order_in(production, Order::Promote { source: first.id }).await);
    assert_eq!(told, [("source".into(), "changed_meanwhile".into())]);
    let told = refusal(yard.order(Order::Promote { source: first.id }).await);
    assert_eq!(told, "It is the first environment: deploy to it instead.");
}

#[tokio::test]
async fn a_stop_leaves_no_replica_and_a_start_brings_the_same_release_back() {
    let yard = Yard::open().await;
    assert_eq!(refusal(yard.order(Order::Stop).await), "Nothing runs here yet.");
    let running = yard.deploy_well("1.1").await;
    assert_eq!(refusal(yard.order(Order::Start).await), "It is not stopped.");
    let stop = yard.order(Order::Stop).await.unwrap();
    let stop = yard.finish(&stop).await;
    assert_eq!((stop.state, stop.replicas, stop.action), (State::Active, 0, Action::Stop));
    assert_eq!(yard.shop.look(running.id).await.state, State::Stopped);
    assert_eq!(yard.plane.applied()[1].replicas, 0);
    assert_eq!(yard.shop.told(&stop).await.last().unwrap(), "info: Stopped: no pod is left");
    assert_eq!(refusal(yard.order(Order::Stop).await), "It is stopped already.");

    let start = yard.order(Order::Start).await.unwrap();
    let start = yard.finish(&start).await;
    assert_eq!((start.state, start.replicas, start.digest.as_deref()), (State::Active, 1, Some(DIGEST)));
    assert_eq!(yard.shop.look(stop.id).await.state, State::Replaced);
}

#[tokio::test]
async fn a_rollback_takes_everything_of_an_earlier_deployment_with_its_reason() {
    let yard = Yard::open().await;
    let first = yard.deploy_well("1.1").await;
    yard.sql("UPDATE components SET endpoints_yaml = replace(endpoints_yaml, '8080', '9090')").await;
    yard.deploy_well("1.2").await;
    let back = yard.order(Order::RollBack { to: first.id, reason: " slow ".into() }).await.unwrap();
    assert_eq!((back.action, back.source_id, back.reason.as_deref()), (Action::RollBack, Some(first.id), Some("slow")));
    let back = yard.finish(&back).await;
    assert_eq!((back.digest, back.endpoints_yaml), (first.digest, first.endpoints_yaml));
    assert_eq!(yard.plane.applied()[2].endpoints[0].port, 8080);
}

#[tokio::test]
async fn a_rollback_goes_to_a_deployment_of_its_environment_that_had_an_image() {
    let yard = Yard::open().await;
    let first = yard.deploy_well("1.1").await;
    let elsewhere = yard.order_in(&yard.shop.production, Order::Promote { source: first.id }).await.unwrap();
    yard.finish(&elsewhere).await;
    let never = yard.shop.deploy("1.3").await;
    for to in [elsewhere.id, never.id, Uuid::nil()] {
        let told = fields(yard.order(Order::RollBack { to, reason: String::new() }).await);
        assert_eq!(told, [("to".into(), "required".into())]);
    }
    let told = fields(yard.order(Order::RollBack { to: first.id, reason: "x".repeat(501) }).await);
    assert_eq!(told, [("reason".into(), "too_long".into())]);
}

#[tokio::test]
async fn what_is_cancelled_before_it_reaches_the_data_plane_is_all_there_is_to_it() {
    let yard = Yard::open().await;
    yard.deploy_well("1.1").await;
    let (next, claim) = yard.deploy_until("1.2", State::Resolving).await;
    let restored = deployments::cancel(yard.shop.context(), &yard.shop.caller, &yard.shop.component, next.id).await.unwrap();
    assert!(restored.is_none());
    let next = yard.shop.look(next.id).await;
    assert_eq!((next.state, next.problem_code.as_deref()), (State::Cancelled, Some("cancelled")));
    assert_eq!(yard.step(&claim).await, Step::Ended);
    let again = deployments::cancel(yard.shop.context(), &yard.shop.caller, &yard.shop.component, next.id).await;
    assert_eq!(refusal(again), "It has ended already.");
}

#[tokio::test]
async fn what_is_cancelled_while_it_rolls_out_is_undone_by_what_ran_before() {
    for state in [State::Applying, State::RollingOut] {
        let yard = Yard::open().await;
        let running = yard.deploy_well("1.1").await;
        let (next, claim) = yard.deploy_until("1.2", state).await;
        let restored = deployments::cancel(yard.shop.context(), &yard.shop.caller, &yard.shop.component, next.id).await.unwrap().unwrap();
        assert_eq!((restored.action, restored.source_id), (Action::Restore, Some(running.id)));
        assert!(yard.nothing_to_claim().await, "what was cancelled may still be at the data plane");
        assert_eq!(yard.step(&claim).await, Step::Ended);
        yard.worker.hand_back(&claim).await;
        let restored = yard.finish(&restored).await;
        assert_eq!((restored.state, restored.digest.as_deref()), (State::Active, Some(DIGEST)));
        assert_eq!(yard.plane.applied().last().unwrap().image.digest(), Some(DIGEST));
    }
}

#[tokio::test]
async fn a_failed_deployment_is_rolled_back_once_where_that_is_wanted() {
    let yard = Yard::open().await;
    let running = yard.deploy_well("1.1").await;
    yard.roll_back_automatically().await;
    let failed = yard.shop.deploy("1.2").await;
    let failed = yard.fail(&failed).await;
    assert_eq!(failed.state, State::Failed);
    let back = yard.newest(&yard.shop.development).await;
    assert_eq!((back.action, back.source_id, back.created_by.as_str()), (Action::AutoRollBack, Some(running.id), "system"));
    let back = yard.fail(&back).await;
    assert_eq!(back.state, State::Failed);
    assert!(yard.nothing_to_claim().await, "what fails again is left to people");
    assert_eq!(yard.newest(&yard.shop.development).await.id, back.id);
}

#[tokio::test]
async fn nothing_is_rolled_back_where_it_is_not_wanted_or_nothing_ran_or_nothing_was_applied() {
    let yard = Yard::open().await;
    yard.roll_back_automatically().await;
    let first = yard.shop.deploy("1.1").await;
    yard.fail(&first).await;
    assert!(yard.nothing_to_claim().await, "nothing ran before");
    yard.deploy_well("1.1").await;
    let refused = yard.shop.deploy("1.2").await;
    yard.plane.refuses(ApplyProblem::Refused { kind: "Deployment".into(), name: "greeter".into(), detail: "no".into() });
    let claim = yard.claim().await;
    yard.step_until(&claim, State::Applying).await;
    assert_eq!(yard.step(&claim).await, Step::Ended);
    assert_eq!(yard.shop.look(refused.id).await.state, State::Failed);
    assert!(yard.nothing_to_claim().await, "nothing of it was applied");
    yard.sql("UPDATE components SET auto_rollback = (1 = 0)").await;
    let failed = yard.shop.deploy("1.2").await;
    yard.fail(&failed).await;
    assert!(yard.nothing_to_claim().await);
}

#[tokio::test]
async fn fields_are_taken_over_by_the_same_release_with_force_and_only_after_a_conflict() {
    let yard = Yard::open().await;
    yard.deploy_well("1.1").await;
    assert_eq!(refusal(yard.order(Order::TakeOver).await), "No other manager owns fields of what was deployed last.");
    let detail = "conflict with \"kubectl-edit\" at .spec.replicas".to_owned();
    yard.plane.refuses(ApplyProblem::FieldConflict { kind: "Deployment".into(), name: "greeter".into(), detail });
    let refused = yard.shop.deploy("1.2").await;
    let claim = yard.claim().await;
    yard.step_until(&claim, State::Applying).await;
    assert_eq!(yard.step(&claim).await, Step::Ended);
    assert_eq!(yard.shop.look(refused.id).await.problem_code.as_deref(), Some("field_conflict"));
    let taken = yard.order(Order::TakeOver).await.unwrap();
    let taken = yard.finish(&taken).await;
    assert_eq!((taken.state, taken.digest.as_deref()), (State::Active, Some(OTHER_DIGEST)));
    let forced: Vec<bool> = yard.plane.applied().iter().map(|release| release.takes_over).collect();
    assert_eq!(forced, [false, false, true]);
}

#[tokio::test]
async fn each_image_is_a_previous_one_once_and_what_runs_is_marked() {
    let yard = Yard::open().await;
    yard.deploy_well("1.1").await;
    let second = yard.deploy_well("1.2").await;
    let again = yard.deploy_well("1.1").await;
    let images = deployments::previous_images(yard.shop.context(), &yard.shop.component).await.unwrap();
    let seen: Vec<_> = images.iter().map(|image| (image.deployment_id, image.digest.as_str(), image.runs)).collect();
    assert_eq!(seen, [(again.id, DIGEST, true), (second.id, OTHER_DIGEST, false)]);
    let yard = yard.knowing("1.2", DIGEST);
    let change = Change::Previous(second.id);
    let previous = deployments::deploy(yard.shop.context(), &yard.shop.caller, &yard.shop.component, &yard.shop.development, change);
    let previous = previous.await.unwrap();
    let previous = yard.finish(&previous).await;
    assert_eq!(previous.digest.as_deref(), Some(OTHER_DIGEST), "by its digest, though the tag moved");
    let unknown = Change::Previous(Uuid::nil());
    let told = deployments::deploy(yard.shop.context(), &yard.shop.caller, &yard.shop.component, &yard.shop.development, unknown).await;
    assert_eq!(fields(told), [("previous".into(), "required".into())]);
}

#[tokio::test]
async fn both_are_told_when_a_newer_deployment_takes_the_place_of_one_on_its_way() {
    let yard = Yard::open().await;
    let first = yard.shop.deploy("1.1").await;
    let second = yard.shop.deploy("1.2").await;
    let overtaken = deployments::overtaken(yard.shop.context(), &second).await.unwrap();
    assert_eq!(overtaken.iter().map(|old| old.id).collect::<Vec<_>>(), [first.id]);
    assert!(deployments::overtaken(yard.shop.context(), &first).await.unwrap().is_empty());
    let who = &yard.shop.caller.email;
    let sentence = format!("A newer deployment ({} by {who}) took its place before this one became active.", image("1.2"));
    assert_eq!(yard.shop.told(&first).await.last().unwrap(), &format!("warning: {sentence}"));
    assert_eq!(yard.shop.look(first.id).await.problem_message, Some(sentence));
}

#[tokio::test]
async fn the_objects_of_a_deployment_are_kept_as_they_were_sent() {
    let yard = Yard::open().await;
    let deployment = yard.deploy_well("1.1").await;
    let kept = deployments::objects(yard.shop.context(), &deployment).await.unwrap();
    let kinds: Vec<_> = kept.iter().map(|object| object.kind.as_str()).collect();
    assert!(kinds.contains(&"Deployment") && kept.iter().all(|object| object.manifest == format!("kind: {}\n", object.kind)), "{kinds:?}");
}

#[tokio::test]
async fn a_component_with_many_orders_keeps_no_other_waiting() {
    let yard = Yard::open().await;
    let other =
        components::create(yard.shop.context(), &yard.shop.caller, &yard.shop.project, Shop::new_component(&yard.shop.registry, "Other"));
    let other = other.await.unwrap();
    let first = yard.shop.deploy("1.1").await;
    let second = yard.shop.deploy_to(&yard.shop.component, &yard.shop.production, "1.1").await;
    let last = yard.shop.deploy_to(&other, &yard.shop.development, "1.1").await;
    yard.sql("UPDATE deployments SET not_before = 0").await;
    let claimed = [yard.claim().await.id, yard.claim().await.id, yard.claim().await.id];
    assert_eq!(claimed, [first.id, last.id, second.id]);
}
