//! Tasks: Active once what they need is in place. There is no rollout, so none is followed.

use super::*;
use crate::domain::{
    components::{self, Kind, NewComponent, Workload},
    deployments::data_plane::ApplyProblem,
};

impl Yard {
    /// Its component is a task, of the greeter's image.
    async fn of_task(kind: Kind) -> Self {
        let mut yard = Self::open().await;
        let shop = &yard.shop;
        let typed = NewComponent {
            kind: kind.as_str().into(),
            cron: "0 3 * * *".into(),
            time_zone: "Europe/Berlin".into(),
            ..Shop::new_component(&shop.registry, "Report")
        };
        yard.shop.component = components::create(shop.context(), &shop.caller, &shop.project, typed).await.unwrap();
        yard
    }

    /// Deploys a tag to the end, and nobody observes anything.
    async fn deploy_task(&self, tag: &str) -> Deployment {
        let (deployment, claim) = self.deploy_until(tag, State::RollingOut).await;
        assert_eq!(self.step(&claim).await, Step::Ended);
        assert_eq!(self.plane.observers(), 0);
        self.shop.look(deployment.id).await
    }

    async fn known_objects(&self) -> Vec<String> {
        let rows = fetch_all!(self.shop.context().db, (String, String), "SELECT kind, name FROM cluster_objects ORDER BY kind").unwrap();
        rows.into_iter().map(|(kind, name)| format!("{kind}/{name}")).collect()
    }
}

#[tokio::test]
async fn a_scheduled_task_is_active_once_its_schedule_is_in_place() {
    let yard = Yard::of_task(Kind::ScheduledTask).await;
    let active = yard.deploy_task("1.1").await;
    assert_eq!((active.state, active.digest.as_deref(), active.snapshot.is_none()), (State::Active, Some(DIGEST), true));
    assert!(active.applied_at < active.ended_at);
    let told = yard.shop.told(&active).await;
    assert_eq!(told[told.len() - 2..], ["info: Applied to the data plane", "info: Active: the schedule is in place"]);
    assert_eq!(yard.known_objects().await, ["CronJob/report"]);
    assert_eq!(yard.lease(active.id).await, (None, 0));

    let applied = yard.plane.applied();
    let Workload::ScheduledTask(schedule) = &applied[0].workload else { panic!("{applied:?}") };
    assert_eq!((schedule.cron.as_str(), schedule.time_zone.as_str()), ("0 3 * * *", "Europe/Berlin"));
    assert!(applied[0].endpoints.is_empty());
}

#[tokio::test]
async fn a_manual_task_is_active_once_it_could_be_run() {
    let yard = Yard::of_task(Kind::ManualTask).await;
    let active = yard.deploy_task("1.1").await;
    assert_eq!(active.state, State::Active);
    assert_eq!(yard.shop.told(&active).await.last().unwrap(), "info: Active: ready to be run");
    assert_eq!(yard.known_objects().await, [""; 0]);
    assert_eq!(yard.plane.secrets.lying().len(), 1, "its runs will pull with the credential");
}

#[tokio::test]
async fn a_newer_release_of_a_task_replaces_the_one_before() {
    for kind in [Kind::ScheduledTask, Kind::ManualTask] {
        let yard = Yard::of_task(kind).await;
        let [first, second] = [yard.deploy_task("1.1").await, yard.deploy_task("1.2").await];
        assert_eq!((yard.shop.look(first.id).await.state, second.state), (State::Replaced, State::Active), "{kind:?}");
    }
}

#[tokio::test]
async fn a_schedule_that_the_cluster_can_not_keep_fails_in_its_words() {
    let yard = Yard::of_task(Kind::ScheduledTask).await;
    let serving = yard.deploy_task("1.1").await;
    let refused =
        ApplyProblem::Refused { kind: "CronJob".into(), name: "report".into(), detail: "it does not serve batch/v1 CronJob".into() };
    yard.plane.refuses(refused.clone());
    let (deployment, claim) = yard.deploy_until("1.2", State::Applying).await;
    assert_eq!(yard.step(&claim).await, Step::Ended);
    let failed = yard.shop.look(deployment.id).await;
    assert_eq!((failed.state, failed.problem_code.as_deref()), (State::Failed, Some("apply_refused")));
    assert_eq!(failed.problem_message, Some(refused.to_string()));
    assert_eq!(yard.shop.look(serving.id).await.state, State::Active);
}

#[tokio::test]
async fn a_process_that_dies_once_a_task_is_applied_leaves_the_end_to_the_next_one() {
    for kind in [Kind::ScheduledTask, Kind::ManualTask] {
        let yard = Yard::of_task(kind).await;
        let (deployment, _claim_of_the_dead) = yard.deploy_until("1.1", State::RollingOut).await;
        yard.let_leases_run_out().await;
        let claim = yard.claim().await;
        assert_eq!(yard.step(&claim).await, Step::Ended);
        assert_eq!(yard.shop.look(deployment.id).await.state, State::Active);
        let told = yard.shop.told(&deployment).await;
        assert_eq!(told.iter().filter(|event| event.starts_with("info: Active")).count(), 1, "{told:?}");
        assert_eq!((yard.plane.applied().len(), yard.plane.observers()), (1, 0), "{kind:?}");
    }
}
