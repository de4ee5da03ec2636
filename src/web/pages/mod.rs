//! The pages: one file each, view and actions together. A page reads through domain verbs and never waits on a registry or a
//! data plane, but for panels that were asked to (at most 3 s).

pub(in crate::web) mod component;
pub(in crate::web) mod create;
pub mod deploy;
pub(in crate::web) mod deployments;
pub(in crate::web) mod endpoints;
mod first_steps;
mod frame;
mod guide;
mod kinds;
mod not_found;
mod organization;
mod project;
pub mod registries;
mod setup;
mod shell;
mod sign_in;
pub(in crate::web) mod tags;

use std::{future::Future, time::Duration};

use leptos::prelude::*;
use leptos_router::{
    SsrMode,
    components::{Route, Router, Routes},
    path,
};

pub use self::shell::shell;
use super::{
    answer::{code, log, sentence, status},
    flash::{self, Flash},
    request::Request,
};
use crate::domain::problem::{Error, entry};

/// How long a page waits for a registry when it was asked to.
const PATIENCE: Duration = Duration::from_secs(3);

/// All pages and their addresses.
#[component]
pub fn Console() -> impl IntoView {
    view! {
        <Router>
            <Routes fallback=not_found::not_found>
                <Route path=path!("/") view=organization::home ssr=SsrMode::Async/>
                <Route path=path!("/setup") view=setup::setup ssr=SsrMode::Async/>
                <Route path=path!("/sign-in") view=sign_in::sign_in ssr=SsrMode::Async/>
                <Route path=path!("/guide") view=guide::index ssr=SsrMode::Async/>
                <Route path=path!("/guide/:page") view=guide::page ssr=SsrMode::Async/>
                <Route path=path!("/organizations/:organization") view=organization::overview ssr=SsrMode::Async/>
                <Route path=path!("/organizations/:organization/settings/credentials/registries") view=registries::list ssr=SsrMode::Async/>
                <Route path=path!("/organizations/:organization/settings/credentials/registries/new") view=registries::new ssr=SsrMode::Async/>
                <Route path=path!("/organizations/:organization/settings/credentials/registries/:registry") view=registries::show ssr=SsrMode::Async/>
                <Route path=path!("/organizations/:organization/settings/credentials/registries/:registry/edit") view=registries::edit ssr=SsrMode::Async/>
                <Route path=path!("/organizations/:organization/settings/credentials/registries/:registry/secret") view=registries::secret ssr=SsrMode::Async/>
                <Route path=path!("/organizations/:organization/projects/:project") view=project::listing ssr=SsrMode::Async/>
                <Route path=path!("/organizations/:organization/projects/:project/components/new") view=create::new ssr=SsrMode::Async/>
                <Route path=path!("/organizations/:organization/projects/:project/components/new/check") view=create::check ssr=SsrMode::Async/>
                <Route path=path!("/organizations/:organization/projects/:project/components/new/tags") view=tags::for_new_component ssr=SsrMode::Async/>
                <Route path=path!("/organizations/:organization/projects/:project/components/:component") view=component::overview ssr=SsrMode::Async/>
                <Route path=path!("/organizations/:organization/projects/:project/components/:component/settings") view=component::settings ssr=SsrMode::Async/>
                <Route path=path!("/organizations/:organization/projects/:project/components/:component/settings/delete") view=component::delete ssr=SsrMode::Async/>
                <Route path=path!("/organizations/:organization/projects/:project/components/:component/settings/forget") view=component::forget ssr=SsrMode::Async/>
                <Route path=path!("/organizations/:organization/projects/:project/components/:component/deploy") view=deploy::show ssr=SsrMode::Async/>
                <Route path=path!("/organizations/:organization/projects/:project/components/:component/deploy/update") view=deploy::update ssr=SsrMode::Async/>
                <Route path=path!("/organizations/:organization/projects/:project/components/:component/deploy/environments/:environment/promote") view=deploy::promote ssr=SsrMode::Async/>
                <Route path=path!("/organizations/:organization/projects/:project/components/:component/deploy/environments/:environment/roll-back") view=deploy::roll_back ssr=SsrMode::Async/>
                <Route path=path!("/organizations/:organization/projects/:project/components/:component/deploy/environments/:environment/stop") view=deploy::stop ssr=SsrMode::Async/>
                <Route path=path!("/organizations/:organization/projects/:project/components/:component/deploy/environments/:environment/cancel") view=deploy::cancel ssr=SsrMode::Async/>
                <Route path=path!("/organizations/:organization/projects/:project/components/:component/deploy/update/review") view=deploy::review::review ssr=SsrMode::Async/>
                <Route path=path!("/organizations/:organization/projects/:project/components/:component/deploy/tags") view=tags::for_deploy ssr=SsrMode::Async/>
                <Route path=path!("/organizations/:organization/projects/:project/components/:component/deploy/endpoints") view=endpoints::list ssr=SsrMode::Async/>
                <Route path=path!("/organizations/:organization/projects/:project/components/:component/deploy/endpoints/new") view=endpoints::new ssr=SsrMode::Async/>
                <Route path=path!("/organizations/:organization/projects/:project/components/:component/deploy/endpoints/edit") view=endpoints::edit ssr=SsrMode::Async/>
                <Route path=path!("/organizations/:organization/projects/:project/components/:component/deploy/endpoints/convert") view=endpoints::convert ssr=SsrMode::Async/>
                <Route path=path!("/organizations/:organization/projects/:project/components/:component/deploy/endpoints/by-name/:endpoint") view=endpoints::show ssr=SsrMode::Async/>
                <Route path=path!("/organizations/:organization/projects/:project/components/:component/deploy/endpoints/by-name/:endpoint/delete") view=endpoints::delete ssr=SsrMode::Async/>
                <Route path=path!("/organizations/:organization/projects/:project/components/:component/deployments") view=deployments::history ssr=SsrMode::Async/>
                <Route path=path!("/organizations/:organization/projects/:project/components/:component/deployments/:deployment") view=deployments::show ssr=SsrMode::Async/>
            </Routes>
        </Router>
    }
}

/// Renders a page when its body has read what it needs; an error becomes a page with its status.
fn page<F, Fut>(body: F) -> AnyView
where
    F: FnOnce(Request) -> Fut,
    Fut: Future<Output = Result<AnyView, Error>> + Send + 'static,
{
    let response = use_context::<leptos_axum::ResponseOptions>();
    let started = Request::current().map(|request| (request.clone(), body(request)));
    Suspend::new(async move {
        let (request, rendered) = match started {
            Ok((request, body)) => (Some(request), body.await),
            Err(error) => (None, Err(error)),
        };
        rendered.unwrap_or_else(|error| {
            log(&error);
            if let Some(response) = response {
                response.set_status(status(&error));
            }
            error_view(request.as_ref(), &error)
        })
    })
    .into_any()
}

fn error_view(request: Option<&Request>, error: &Error) -> AnyView {
    let id = request.map(Request::request_id).unwrap_or_default();
    let (sentence, next) = (sentence(error), entry(code(error)).next);
    frame::centred(
        sentence,
        view! {
            <p>{next}</p>
            <p><a class="button" href="/">"Go to the start"</a></p>
            <p class="dim mono">"Request " {id}</p>
        }
        .into_any(),
    )
}

/// What the last write left for this page: taken once.
async fn take_flash(request: &Request) -> Flash {
    let taken = match request.session() {
        Ok(session) => flash::take(&request.app.context, &session).await,
        Err(error) => Err(error),
    };
    taken.unwrap_or_else(|error| {
        tracing::error!(%error, "a flash could not be read");
        Flash::default()
    })
}

/// A segment of the path, by its name in the route.
fn segment(name: &str) -> String {
    leptos_router::hooks::use_params_map().read_untracked().get(name).unwrap_or_default()
}
