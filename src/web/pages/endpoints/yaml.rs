//! The editor of the text of endpoints.

use leptos::prelude::*;

use super::{
    super::{page, segment, take_flash},
    address,
    findings::{findings, in_words, marked},
    framed, holds_from_the_next_deployment, service,
};
use crate::{
    domain::{
        Caller,
        endpoints::{self, Format, Reading, Severity},
        problem::Problems,
    },
    islands::YamlEditor,
    web::{
        form::FormState,
        pages::component::Subject,
        parts::{CodeArea, Diff, FileField, ProblemSummary},
        paths,
    },
};

pub(super) const FORM: &str = "endpoints_yaml";

pub(in crate::web::pages) fn edit() -> AnyView {
    let (project, component) = (segment("project"), segment("component"));
    page(|request| async move {
        let caller = request.caller()?;
        let subject = service(&request, &caller, &project, &component).await?;
        let flash = take_flash(&request).await;
        let came_back = flash.form.clone().filter(|form| form.form == FORM);
        let body = view! { {holds_from_the_next_deployment(&caller, &subject)}{form(&caller, &subject, came_back)} }.into_any();
        let format = endpoints::read(&subject.component.endpoints_yaml).format.unwrap_or(Format::Endpoints);
        let description = format!("The endpoints of {}, as a file: {}.", subject.component.display_name, format.as_str());
        let guide = view! { <a class="button quiet" href=paths::guide("endpoints-yaml")>"How to write it"</a> }.into_any();
        Ok(framed(subject, "Create/Update Endpoints".into(), description, flash, Some(guide), body).view(&request, Some(&caller)))
    })
}

fn form(caller: &Caller, subject: &Subject, came_back: Option<FormState>) -> AnyView {
    let component = &subject.component;
    let text = came_back.as_ref().map_or(component.endpoints_yaml.as_str(), |form| form.value("yaml")).to_owned();
    let reading = endpoints::read(&text);
    let (problem, summary) = refused(came_back.as_ref(), &reading);
    let stale = came_back.filter(|form| form.value("revision") != component.revision.to_string());
    let meanwhile = stale.map(|form| meanwhile(&component.endpoints_yaml, form.value("yaml")));
    let convertible = matches!(reading.format, Some(Format::Endpoints | Format::ComponentConfig)).then(|| {
        view! { <a class="button quiet" href=address(caller, subject, paths::convert_endpoints)>"Convert to component.yaml"</a> }
    });
    let help = "Reads endpoints.yaml, component-config.yaml and component.yaml. Ctrl+Space offers what can stand at the caret; Tab leaves the editor.";
    view! {
        <form method="post" action=paths::EDIT_ENDPOINTS enctype="multipart/form-data" class="yaml-form">
            <ProblemSummary problems=summary/>
            {meanwhile}
            {subject.hidden(caller)}
            // The present one, also where the form came back because it was stale: what is there now was seen.
            <input type="hidden" name="revision" value=component.revision.to_string()/>
            <YamlEditor check=paths::CHECK_ENDPOINTS.to_owned()>
                <CodeArea name="yaml" label="Endpoints" value=text.clone() problem=problem help=help marked=marked(&reading)/>
                {findings(&reading)}
            </YamlEditor>
            <FileField name="yaml_file" label="Or a file in its place (optional)" accept=".yaml,.yml"
                help="Its text is saved instead of the one above, if it has no errors."/>
            <div class="actions">
                <button class="button main">"Save"</button>
                <a class="button" href=address(caller, subject, paths::endpoints)>"Cancel"</a>
                {convertible}
            </div>
        </form>
    }
    .into_any()
}

/// What is said of a text that was not saved: its problems themselves stand below the editor.
fn refused(came_back: Option<&FormState>, reading: &Reading) -> (Option<String>, Problems) {
    let Some(form) = came_back.filter(|form| !form.problems.is_empty()) else { return (None, Problems::default()) };
    let errors = reading.problems.iter().filter(|finding| finding.severity == Severity::Error).count();
    if errors == 0 {
        return (form.problem("yaml"), form.problems.clone());
    }
    let text = format!("Nothing was saved: the text has {}. They are listed below it.", in_words(errors, "error"));
    (Some(text.clone()), Problems::one("yaml", "invalid_yaml", text))
}

fn meanwhile(saved: &str, typed: &str) -> AnyView {
    view! {
        <section class="meanwhile-text" aria-labelledby="meanwhile">
            <h2 id="meanwhile">"Saved meanwhile, and what you typed"</h2>
            <p class="dim">"Removed lines are as saved, added ones yours. Save again to put yours in their place."</p>
            <Diff before=saved.to_owned() after=typed.to_owned()/>
        </section>
    }
    .into_any()
}
