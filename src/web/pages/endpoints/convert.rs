//! Converts the text of endpoints to `component.yaml`, after a look at what changes.

use leptos::{prelude::*, server_fn::ServerFn as _};

use super::{
    super::{page, registries::caller_in, segment, take_flash},
    address, framed, refused, service,
};
use crate::{
    domain::{
        Caller,
        components::{self, EndpointFile},
        endpoints::{self, Conversion},
        problem::Error,
    },
    islands::refusal::Refusal,
    web::{
        answer::{Done, answer},
        form::FormState,
        pages::component::Subject,
        parts::{Diff, ProblemSummary},
        paths,
        request::Request,
    },
};

const FORM: &str = "convert_endpoints";

pub(in crate::web::pages) fn convert() -> AnyView {
    let (project, component) = (segment("project"), segment("component"));
    page(|request| async move {
        let caller = request.caller()?;
        let subject = service(&request, &caller, &project, &component).await?;
        let flash = take_flash(&request).await;
        let form = flash.form.clone().filter(|form| form.form == FORM).unwrap_or_default();
        let body = match endpoints::convert(&subject.component.endpoints_yaml) {
            Ok(conversion) => proposal(&caller, &subject, conversion, &form),
            Err(reason) => nothing(&caller, &subject, reason),
        };
        let description = "One file for endpoints, dependencies and configurations.".to_owned();
        Ok(framed(subject, "Convert to component.yaml".into(), description, flash, None, body).view(&request, Some(&caller)))
    })
}

fn proposal(caller: &Caller, subject: &Subject, conversion: Conversion, form: &FormState) -> AnyView {
    let dropped = (!conversion.dropped.is_empty()).then(|| {
        let rows = conversion.dropped.into_iter().map(|(line, words)| {
            view! { <li>"Line "{line}": "<span class="mono break">{words}</span></li> }
        });
        view! {
            <section aria-labelledby="dropped" class="dropped">
                <h2 id="dropped">"Comments that have no place in it"</h2>
                <ul class="stops">{rows.collect_view()}</ul>
            </section>
        }
    });
    view! {
        <form method="post" action=ConvertEndpoints::PATH>
            <ProblemSummary problems=form.problems.clone()/>
            {subject.hidden(caller)}
            <input type="hidden" name="revision" value=subject.component.revision.to_string()/>
            <Diff before=subject.component.endpoints_yaml.clone() after=conversion.text/>
            {dropped}
            <div class="actions">
                <button class="button main">"Convert"</button>
                <a class="button" href=address(caller, subject, paths::edit_endpoints)>"Cancel"</a>
            </div>
        </form>
    }
    .into_any()
}

fn nothing(caller: &Caller, subject: &Subject, reason: String) -> AnyView {
    view! {
        <p class="note warn">{reason}</p>
        <div class="actions"><a class="button" href=address(caller, subject, paths::edit_endpoints)>"Back to the editor"</a></div>
    }
    .into_any()
}

#[server(prefix = "/do", endpoint = "convert_endpoints")]
pub async fn convert_endpoints(
    #[server(default)] organization: String,
    #[server(default)] project: String,
    #[server(default)] component: String,
    #[server(default)] revision: String,
) -> Result<(), Refusal> {
    let back = paths::convert_endpoints(&organization, &project, &component);
    let outcome: Result<Done, Error> = async {
        let request = Request::current()?;
        let caller = caller_in(&request, &organization).await?;
        let subject = service(&request, &caller, &project, &component).await?;
        let conversion = endpoints::convert(&subject.component.endpoints_yaml).map_err(refused)?;
        let file =
            EndpointFile { text: conversion.text, default_endpoint: String::new(), revision: revision.trim().parse().unwrap_or_default() };
        components::save_endpoints(&request.app.context, &caller, &subject.component, file).await?;
        let path = paths::edit_endpoints(&organization, &project, &component);
        Ok(Done { path, notice: "The endpoints are a component.yaml now.".into() })
    }
    .await;
    answer(outcome, FormState::typed(FORM, [("revision", &revision)]), &back).await
}
