//! An organization with something to deploy: a registry with a credential and a component from an image in it.

use uuid::Uuid;

use super::TestBed;
use crate::domain::{
    Caller, Context,
    components::{self, Component, FirstEndpoint, NewComponent},
    deployments::{self, Change, Deployment},
    organizations::{self, Environment, Project},
    problem::Error,
    registries::{self, NewRegistry, Registry},
};

pub(crate) const HOST: &str = "registry.example.com";
pub(crate) const PASSWORD_AT_REGISTRY: &str = "robot's secret";

/// `acme` with the project `web-shop` and its component `greeter`.
pub(crate) struct Shop {
    pub(crate) bed: TestBed,
    pub(crate) caller: Caller,
    pub(crate) project: Project,
    pub(crate) development: Environment,
    pub(crate) production: Environment,
    pub(crate) registry: Registry,
    pub(crate) component: Component,
}

impl Shop {
    pub(crate) async fn open() -> Self {
        let (bed, caller) = TestBed::with_caller().await;
        let context = &bed.context;
        let project = organizations::project(context, &caller, "web-shop").await.unwrap();
        let [development, production] = organizations::environments(context, &caller).await.unwrap().try_into().unwrap();
        let registry = registries::add(context, &caller, Self::new_registry("Own")).await.unwrap();
        let component = components::create(context, &caller, &project, Self::new_component(&registry, "Greeter")).await.unwrap();
        bed.clock.advance(1);
        Self { bed, caller, project, development, production, registry, component }
    }

    /// A registry at [`HOST`] for the user `robot`, as typed.
    pub(crate) fn new_registry(display_name: &str) -> NewRegistry {
        NewRegistry {
            display_name: display_name.into(),
            authentication: "basic".into(),
            host: HOST.into(),
            username: "robot".into(),
            password: PASSWORD_AT_REGISTRY.into(),
            ..NewRegistry::default()
        }
    }

    /// A component of `acme/greeter:1.0` in the registry, as typed.
    pub(crate) fn new_component(registry: &Registry, display_name: &str) -> NewComponent {
        let endpoint = FirstEndpoint { port: "8080".into(), kind: "REST".into(), visibility: "Public".into(), ..FirstEndpoint::default() };
        NewComponent {
            kind: "service".into(),
            display_name: display_name.into(),
            registry: registry.id.to_string(),
            image: image("1.0"),
            endpoint,
            ..NewComponent::default()
        }
    }

    pub(crate) fn context(&self) -> &Context {
        &self.bed.context
    }

    /// Deploys a tag of the greeter to Development, a second after whatever was before.
    pub(crate) async fn deploy(&self, tag: &str) -> Deployment {
        self.deploy_to(&self.component, &self.development, tag).await
    }

    pub(crate) async fn deploy_to(&self, component: &Component, environment: &Environment, tag: &str) -> Deployment {
        self.bed.clock.advance(1);
        deployments::deploy(self.context(), &self.caller, component, environment, Change::Tag(tag.into())).await.unwrap()
    }

    /// The deployment as it stands.
    pub(crate) async fn look(&self, id: Uuid) -> Deployment {
        deployments::get(self.context(), &self.component, id).await.unwrap()
    }

    /// What happened to a deployment: `info: Queued`.
    pub(crate) async fn told(&self, deployment: &Deployment) -> Vec<String> {
        let events = deployments::events(self.context(), deployment).await.unwrap();
        events.into_iter().map(|event| format!("{}: {}", event.level, event.message)).collect()
    }
}

/// The greeter's image at a tag.
pub(crate) fn image(tag: &str) -> String {
    format!("{HOST}/acme/greeter:{tag}")
}

/// Field and code of every problem with an input; fails the test that was not refused for its input.
pub(crate) fn fields<T: std::fmt::Debug>(outcome: Result<T, Error>) -> Vec<(String, String)> {
    match outcome {
        Err(Error::Invalid(problems)) => {
            problems.0.into_iter().map(|problem| (problem.field.into_owned(), problem.code.into_owned())).collect()
        }
        other => panic!("the input was expected to be refused: {other:?}"),
    }
}
