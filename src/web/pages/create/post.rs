//! `POST /do/create_component`: a plain handler, as no island calls it.

use axum::response::Response;

use super::{
    super::registries::caller_in,
    typed::{self, FIELDS, FORM},
};
use crate::{
    domain::{components, organizations, problem::Error},
    web::{
        answer::{Done, respond},
        form::{FormData, FormState},
        paths,
        request::Request,
    },
};

/// As much as goes into the address that a form comes back to; the flash has all of it.
const MAX_ADDRESS: usize = 16 * 1024;

pub(in crate::web) async fn create_component(request: Request, form: FormData) -> Response {
    let (organization, project) = (form.text("organization"), form.text("project"));
    let typed = FormState::typed(FORM, FIELDS.into_iter().filter(|name| form.has(name)).map(|name| (name, form.text(name))));
    let outcome = async {
        let caller = caller_in(&request, organization).await?;
        let context = &request.app.context;
        let project = organizations::project(context, &caller, project).await?;
        let created = components::create(context, &caller, &project, typed::new_component(&typed)).await;
        let component = created.map_err(|error| match error {
            Error::Invalid(problems) => Error::Invalid(typed::by_fields(problems, &typed)),
            other => other,
        })?;
        let notice = format!("{} was created. Deploy it when you are ready.", component.display_name);
        Ok(Done { path: paths::deploy(organization, &project.name, &component.name), notice })
    }
    .await;
    let back = Some(typed::form_page(organization, project, &typed)).filter(|address| address.len() <= MAX_ADDRESS);
    let back = back.unwrap_or_else(|| paths::new_component(organization, project));
    respond(&request, outcome, typed, &back).await
}
