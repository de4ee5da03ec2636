//! Asks whether an endpoint is to be deleted, and deletes it.

use leptos::{prelude::*, server_fn::ServerFn as _};

use super::{
    super::{page, registries::caller_in, segment, take_flash},
    address, by_slug, framed, present, refused, service,
};
use crate::{
    domain::{
        components::{self, EndpointFile},
        endpoints::{self, Visibility},
        problem::Error,
    },
    islands::refusal::Refusal,
    web::{
        answer::{Done, answer},
        form::FormState,
        parts::ProblemSummary,
        paths,
        request::Request,
    },
};

const FORM: &str = "delete_endpoint";

pub(in crate::web::pages) fn delete() -> AnyView {
    let (project, component, slug) = (segment("project"), segment("component"), segment("endpoint"));
    page(|request| async move {
        let caller = request.caller()?;
        let subject = service(&request, &caller, &project, &component).await?;
        let endpoint = by_slug(&subject, &slug)?;
        let flash = take_flash(&request).await;
        let form = flash.form.clone().filter(|form| form.form == FORM).unwrap_or_default();
        let who = match endpoint.widest_visibility() {
            Visibility::Project => "components of the project",
            Visibility::Organization => "the organization's projects",
            Visibility::Public => "everybody",
        };
        let body = view! {
            <article class="card narrow" aria-label="Delete the endpoint">
                <section class="stacked">
                    <p>
                        "From the next deployment "<b class="break">{endpoint.name.clone()}</b>" (port "<span class="mono">{endpoint.port}</span>
                        ") no longer answers; now it is for "{who}". What runs at present stays as it is."
                    </p>
                    <form method="post" action=RemoveEndpoint::PATH>
                        <ProblemSummary problems=form.problems.clone()/>
                        {subject.hidden(&caller)}
                        <input type="hidden" name="endpoint" value=endpoint.name.clone()/>
                        <input type="hidden" name="revision" value=subject.component.revision.to_string()/>
                        <div class="actions">
                            <button class="button danger">"Delete endpoint"</button>
                            <a class="button" href=address(&caller, &subject, paths::endpoints)>"Cancel"</a>
                        </div>
                    </form>
                </section>
            </article>
        }
        .into_any();
        let title = format!("Delete {}", endpoint.name);
        let description = format!("An endpoint of {}.", subject.component.display_name);
        Ok(framed(subject, title, description, flash, None, body).view(&request, Some(&caller)))
    })
}

#[server(prefix = "/do", endpoint = "remove_endpoint")]
pub async fn remove_endpoint(
    #[server(default)] organization: String,
    #[server(default)] project: String,
    #[server(default)] component: String,
    #[server(default)] endpoint: String,
    #[server(default)] revision: String,
) -> Result<(), Refusal> {
    let list = paths::endpoints(&organization, &project, &component);
    let mut back = list.clone();
    let outcome: Result<Done, Error> = async {
        let request = Request::current()?;
        let caller = caller_in(&request, &organization).await?;
        let subject = service(&request, &caller, &project, &component).await?;
        let text = &subject.component.endpoints_yaml;
        if !present(&subject).iter().any(|present| present.name == endpoint) {
            return Err(Error::NotFound);
        }
        back = paths::delete_endpoint(&organization, &project, &component, &endpoints::slug(&endpoint));
        let file = EndpointFile {
            text: endpoints::remove(text, &endpoint).map_err(refused)?,
            default_endpoint: String::new(),
            revision: revision.trim().parse().unwrap_or_default(),
        };
        components::save_endpoints(&request.app.context, &caller, &subject.component, file).await?;
        Ok(Done { path: list, notice: format!("{endpoint} was deleted. It answers until the next deployment.") })
    }
    .await;
    answer(outcome, FormState::typed(FORM, [("endpoint", &endpoint)]), &back).await
}
