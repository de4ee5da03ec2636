//! Components of any kind, made and deployed by the domain's own verbs: for tests of what becomes of them.

use slipway::{
    domain::{
        Caller, Origin,
        components::{self, Component, NewComponent},
        deployments::{self, Change, Deployment},
        organizations::{self, Environment},
        people,
    },
    fetch_one,
};
use uuid::Uuid;

use super::{Story, eventually_within, story::PATIENCE};

impl Story {
    /// The admin, in `acme`.
    pub(crate) async fn caller(&self) -> Caller {
        let context = self.app.context();
        let (person,) = fetch_one!(context.db, (Uuid,), "SELECT id FROM people ORDER BY id LIMIT 1").unwrap();
        people::caller(context, person, "acme", Origin::default()).await.unwrap()
    }

    pub(crate) async fn development(&self) -> Environment {
        organizations::environment(self.app.context(), &self.caller().await, "development").await.unwrap()
    }

    /// A component of the greeter's image, of a kind and with the settings that were typed.
    pub(crate) async fn create_of(&self, display_name: &str, typed: NewComponent) -> Component {
        let (context, caller) = (self.app.context(), self.caller().await);
        let project = organizations::project(context, &caller, "web-shop").await.unwrap();
        let new = NewComponent {
            display_name: display_name.into(),
            registry: self.app.registry_id("Test Registry").await.to_string(),
            image: format!("{}/acme/greeter:1.0", self.host),
            ..typed
        };
        components::create(context, &caller, &project, new).await.unwrap()
    }

    /// A deployment to Development as it ended.
    pub(crate) async fn deploy_of(&self, component: &Component, tag: &str) -> Deployment {
        let (context, caller) = (self.app.context(), self.caller().await);
        let change = Change::Tag(tag.into());
        let queued = deployments::deploy(context, &caller, component, &self.development().await, change).await.unwrap();
        let ended = async || {
            let now = deployments::get(context, component, queued.id).await.unwrap();
            (!now.state.is_open()).then_some(now)
        };
        eventually_within(PATIENCE, "the deployment to end", ended).await
    }

    /// What was told last of a deployment.
    pub(crate) async fn last_event(&self, deployment: &Deployment) -> String {
        deployments::events(self.app.context(), deployment).await.unwrap().pop().unwrap().message
    }
}

/// A Scheduled Task that never falls due while tests run, as typed.
pub(crate) fn yearly() -> NewComponent {
    NewComponent {
        kind: "scheduled_task".into(),
        cron: "0 3 1 1 *".into(),
        time_zone: "Europe/Berlin".into(),
        concurrency: "Forbid".into(),
        ..NewComponent::default()
    }
}

/// A Web Application on port 8080, as typed.
pub(crate) fn web_application(profile: &str) -> NewComponent {
    NewComponent { kind: "web_application".into(), port: "8080".into(), profile: profile.into(), ..NewComponent::default() }
}

pub(crate) fn manual_task() -> NewComponent {
    NewComponent { kind: "manual_task".into(), ..NewComponent::default() }
}
