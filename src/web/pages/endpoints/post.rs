//! Plain handlers: the form of an endpoint, whose visibility comes several times, and the editor's text, which may be a file.

use axum::response::{IntoResponse as _, Response};

use super::{
    super::registries::caller_in,
    findings::{completions, findings},
    present,
    public::Public,
    refused, service,
    typed::{self, FIELDS},
    yaml,
};
use crate::{
    domain::{
        Caller,
        components::{self, EndpointFile},
        endpoints,
        problem::{Error, Problems, Result},
        schemas,
    },
    web::{
        answer::{Done, error_response, respond},
        form::{FormData, FormState},
        fragments::html,
        pages::component::Subject,
        paths,
        request::Request,
    },
};

/// `POST /do/save_endpoint`: an endpoint of the form, new or in the place of the one that it was.
pub(in crate::web) async fn save_endpoint(request: Request, form: FormData) -> Response {
    let (organization, project, component) = subject_of(&form);
    let values = FIELDS.into_iter().flat_map(|name| form.all(name).map(move |value| (name, value)));
    let typed = FormState::typed(typed::FORM, values);
    let was = form.text("was");
    let mut back = match was {
        "" => paths::new_endpoint(organization, project, component),
        was => paths::endpoint(organization, project, component, &endpoints::slug(was)),
    };
    let outcome = async {
        let caller = caller_in(&request, organization).await?;
        let subject = service(&request, &caller, project, component).await?;
        if !was.is_empty() && !present(&subject).iter().any(|endpoint| endpoint.name == was) {
            back = paths::endpoints(organization, project, component); // its page is gone with it
        }
        let name = save(&request, &caller, &subject, &typed).await?;
        let notice = format!("{name} was saved. It holds from the next deployment.");
        Ok(Done { path: paths::endpoints(organization, project, component), notice })
    }
    .await;
    respond(&request, outcome, typed, &back).await
}

/// Gives the endpoint's name.
async fn save(request: &Request, caller: &Caller, subject: &Subject, form: &FormState) -> Result<String> {
    let (component, was) = (&subject.component, form.value("was"));
    let revision = form.value("revision").parse().unwrap_or_default();
    let mut others = present(subject);
    others.retain(|endpoint| endpoint.name != was);
    let endpoint = typed::parse(form, &others, &Public::load(request).await?)?;
    let text = match was {
        // What was typed is about another text: saving the present one again is refused, in the verb's words.
        _ if revision != component.revision => component.endpoints_yaml.clone(),
        "" => endpoints::add(&component.endpoints_yaml, &endpoint).map_err(refused)?,
        was => endpoints::set(&component.endpoints_yaml, was, &endpoint).map_err(refused)?,
    };
    typed::check(&text)?;
    let was_default = !was.is_empty() && component.default_endpoint.as_deref() == Some(was) && revision == component.revision;
    let default_endpoint = if was_default { endpoint.name.clone() } else { String::new() };
    components::save_endpoints(&request.app.context, caller, component, EndpointFile { text, default_endpoint, revision }).await?;
    Ok(endpoint.name)
}

/// `POST /do/edit_endpoints`: the editor's text, or that of a file in its place.
pub(in crate::web) async fn edit_endpoints(request: Request, form: FormData) -> Response {
    let (organization, project, component) = subject_of(&form);
    let (text, file) = (form.exact("yaml"), form.exact("yaml_file"));
    // Browsers send line breaks of a text area as CRLF.
    let text = if file.trim().is_empty() { text.replace("\r\n", "\n") } else { file.to_owned() };
    let typed = FormState::typed(yaml::FORM, [("yaml", text.as_str()), ("revision", form.text("revision"))]);
    let outcome = async {
        let caller = caller_in(&request, organization).await?;
        let subject = service(&request, &caller, project, component).await?;
        if text.len() > endpoints::MAX_BYTES {
            return Err(Problems::one("yaml", "too_large", "The text is larger than 1 MiB. Shorten it.").into());
        }
        let file = EndpointFile {
            text: text.clone(),
            default_endpoint: String::new(),
            revision: form.text("revision").parse().unwrap_or_default(),
        };
        let saved = components::save_endpoints(&request.app.context, &caller, &subject.component, file).await?;
        let notice = format!("The endpoints of {} were saved. They hold from the next deployment.", saved.display_name);
        Ok(Done { path: paths::endpoints(organization, project, component), notice })
    }
    .await;
    respond(&request, outcome, typed, &paths::edit_endpoints(organization, project, component)).await
}

/// `POST /do/check_endpoints`: what is wrong with a text, and what could stand at its caret. Writes nothing.
pub(in crate::web) async fn check_endpoints(request: Request, form: FormData) -> Response {
    let (organization, project, component) = subject_of(&form);
    let number = |name: &str| form.text(name).parse::<usize>().unwrap_or(1).max(1);
    let (text, line, column) = (form.exact("yaml"), number("line"), number("column"));
    let names = async {
        let caller = caller_in(&request, organization).await?;
        let subject = service(&request, &caller, project, component).await?;
        let files = schemas::list(&request.app.context, &subject.component).await?;
        Ok::<_, Error>(files.into_iter().map(|file| file.file_name).collect::<Vec<_>>())
    };
    match names.await {
        Ok(names) => {
            let reading = endpoints::read(text);
            // Nothing is offered in a text that is refused for its size.
            let (replaces, offered) =
                if text.len() > endpoints::MAX_BYTES { Default::default() } else { endpoints::complete(text, line, column, &names) };
            html(move || leptos::prelude::IntoAny::into_any((findings(&reading), completions(replaces, offered))))
        }
        Err(error) => error_response(&error).into_response(),
    }
}

fn subject_of(form: &FormData) -> (&str, &str, &str) {
    (form.text("organization"), form.text("project"), form.text("component"))
}
