//! The form of one endpoint, new or as it is in the text.

use leptos::prelude::*;

use super::{
    super::{page, segment, take_flash},
    address, by_slug, framed, holds_from_the_next_deployment,
    public::Public,
    schema_files, service, typed,
};
use crate::{
    domain::{
        Caller,
        endpoints::{self, Endpoint, EndpointKind, Format, Visibility},
        problem::{Error, Result},
        schemas::{self, SchemaFile},
    },
    web::{
        flash::{Flash, Notice, Tone},
        form::FormState,
        pages::component::Subject,
        parts::{ProblemSummary, SelectField, SelectOption, TextField},
        paths,
        request::Request,
    },
};

pub(in crate::web::pages) fn new() -> AnyView {
    let (project, component) = (segment("project"), segment("component"));
    page(|request| async move {
        let caller = request.caller()?;
        let subject = service(&request, &caller, &project, &component).await?;
        let files = schemas::list(&request.app.context, &subject.component).await?;
        let mut flash = take_flash(&request).await;
        let form = match came_back(&flash) {
            Some(form) => form,
            None => from_file(&request, &subject, &files, &mut flash).await?,
        };
        let fields = Fields { form, meanwhile: None, files, public: Public::load(&request).await? };
        let body = fields.view(&caller, &subject, "Add endpoint");
        let description = "A port of the program, what it speaks there, and who can reach it.".to_owned();
        Ok(framed(subject, "Add endpoint".into(), description, flash, None, body).view(&request, Some(&caller)))
    })
}

pub(in crate::web::pages) fn show() -> AnyView {
    let (project, component, slug) = (segment("project"), segment("component"), segment("endpoint"));
    page(|request| async move {
        let caller = request.caller()?;
        let subject = service(&request, &caller, &project, &component).await?;
        let endpoint = by_slug(&subject, &slug)?;
        let flash = take_flash(&request).await;
        let body = match endpoints::editable(&subject.component.endpoints_yaml, &endpoint.name) {
            Err(reason) => read_only(&caller, &subject, &endpoint, reason),
            Ok(()) => {
                let files = schemas::list(&request.app.context, &subject.component).await?;
                let saved = typed::filled(&endpoint, &endpoint.name, subject.component.revision);
                let form = came_back(&flash).filter(|form| form.value("was") == endpoint.name);
                let (form, meanwhile) = form.map_or((saved.clone(), None), |form| (form, Some(saved)));
                let fields = Fields { form, meanwhile, files, public: Public::load(&request).await? };
                view! { {holds_from_the_next_deployment(&caller, &subject)}{fields.view(&caller, &subject, "Update")} }.into_any()
            }
        };
        let description = format!("An endpoint of {}.", subject.component.display_name);
        Ok(framed(subject, endpoint.name, description, flash, None, body).view(&request, Some(&caller)))
    })
}

fn came_back(flash: &Flash) -> Option<FormState> {
    flash.form.clone().filter(|form| form.form == typed::FORM)
}

/// What the schema file describes that the address names; an empty form where it names none.
async fn from_file(request: &Request, subject: &Subject, files: &[SchemaFile], flash: &mut Flash) -> Result<FormState> {
    let revision = subject.component.revision;
    let Some(name) = request.query("from") else { return Ok(typed::blank(revision)) };
    let file = files.iter().find(|file| file.file_name == name).ok_or(Error::NotFound)?;
    let content = schemas::content(&request.app.context, subject.component.organization_id, &file.sha256).await?;
    // A file of 10 MiB takes a while to read.
    let described = tokio::task::spawn_blocking(move || schemas::endpoint_of(&name, &content)).await.map_err(anyhow::Error::new)?;
    Ok(match described {
        Ok(endpoint) => typed::filled(&endpoint, "", revision),
        Err(reason) => {
            flash.notice = Some(Notice { tone: Tone::Warning, text: reason });
            typed::blank(revision)
        }
    })
}

/// What only the YAML can change, with the reason.
fn read_only(caller: &Caller, subject: &Subject, endpoint: &Endpoint, reason: String) -> AnyView {
    let visibilities = endpoint.visibilities.iter().map(|visibility| visibility.as_str()).collect::<Vec<_>>().join(", ");
    let or_none = |text: &Option<String>| text.clone().unwrap_or_else(|| "none".into());
    view! {
        <article class="card narrow" aria-label="The endpoint">
            <section class="stacked">
                <p class="note warn">{reason}</p>
                <dl class="facts roomy">
                    <dt>"Port"</dt><dd class="mono">{endpoint.port}</dd>
                    <dt>"Type"</dt><dd>{endpoint.kind.as_str()}</dd>
                    <dt>"Context"</dt><dd class="mono break">{or_none(&endpoint.context)}</dd>
                    <dt>"Visibility"</dt><dd class="wrap">{visibilities}</dd>
                    <dt>"Schema file"</dt><dd class="mono break">{or_none(&endpoint.schema_file_path)}</dd>
                </dl>
                <div class="buttons">
                    <a class="button main" href=address(caller, subject, paths::edit_endpoints)>"Edit in YAML"</a>
                    <a class="button" href=address(caller, subject, paths::endpoints)>"Back to the list"</a>
                </div>
            </section>
        </article>
    }
    .into_any()
}

/// The form, and what its choices come from.
struct Fields {
    form: FormState,
    /// As saved, where the form came back.
    meanwhile: Option<FormState>,
    files: Vec<SchemaFile>,
    public: Public,
}

impl Fields {
    fn view(&self, caller: &Caller, subject: &Subject, verb: &'static str) -> AnyView {
        let form = &self.form;
        let several = endpoints::read(&subject.component.endpoints_yaml).format == Some(Format::Component);
        view! {
            <article class="card narrow" aria-label="The endpoint">
                <section class="stacked">
                    <form method="post" action=paths::SAVE_ENDPOINT class="endpoint-form">
                        <ProblemSummary problems=form.problems.clone()/>
                        {subject.hidden(caller)}
                        <input type="hidden" name="was" value=form.value("was").to_owned()/>
                        // The present one, also where the form came back because it was stale: what is there now was seen.
                        <input type="hidden" name="revision" value=subject.component.revision.to_string()/>
                        <TextField name="name" label="Name" value=form.value("name") problem=form.problem("name") required=true
                            help="Unique in the component. Addresses are made of it."/>
                        {self.beside("name")}
                        <TextField name="display_name" label="Display name (optional)" value=form.value("display_name") problem=form.problem("display_name")/>
                        {self.beside("display_name")}
                        <div class="field-row">
                            <TextField name="port" label="Port" value=form.value("port") problem=form.problem("port") required=true mono=true inputmode="numeric"
                                help="Where the program listens."/>
                            <SelectField name="type" label="Type" options=types() value=form.value("type") problem=form.problem("type")/>
                        </div>
                        {self.beside("port")}{self.beside("type")}
                        <div class="for-context">
                            <TextField name="context" label="Context" value=form.value("context") problem=form.problem("context") mono=true
                                help="The path below which the program answers, for example /greeting."/>
                            {self.beside("context")}
                        </div>
                        <SelectField name="schema" label="Schema file" options=self.schemas() value=form.value("schema") problem=form.problem("schema")
                            help="Without one the endpoint takes every path below its context."/>
                        {self.beside("schema")}
                        {self.visibility(several)}
                        {self.beside("visibility")}
                        <div class="actions">
                            <button class="button main">{verb}</button>
                            <a class="button" href=address(caller, subject, paths::endpoints)>"Cancel"</a>
                            <a class="button quiet" href=address(caller, subject, paths::edit_endpoints)>"Edit in YAML"</a>
                        </div>
                    </form>
                </section>
            </article>
        }
        .into_any()
    }

    /// Where somebody else saved meanwhile, what is there now stands beside what was typed.
    fn beside(&self, field: &str) -> Option<AnyView> {
        let saved = self.meanwhile.as_ref().filter(|saved| saved.value("revision") != self.form.value("revision"))?;
        let words = |form: &FormState| form.all(field).collect::<Vec<_>>().join(", ");
        let now = Some(words(saved)).filter(|now| *now != words(&self.form))?;
        let now = if now.is_empty() { "empty".to_owned() } else { now };
        Some(view! { <p class="note warn meanwhile">"As saved meanwhile: "<b class="break">{now}</b></p> }.into_any())
    }

    /// The path that the text has stays as it is written, be its file there or not.
    fn schemas(&self) -> Vec<SelectOption> {
        let option = |value: &str, label: String| SelectOption { value: value.to_owned(), label };
        let present = self.form.value("schema");
        let file = schema_files::named(&self.files, present);
        let mut options = vec![option("", "None".into())];
        if !present.is_empty() && file.is_none() {
            options.push(option(present, format!("{present} (not uploaded)")));
        }
        options.extend(self.files.iter().map(|other| {
            let value = if file == Some(other) { present } else { &other.file_name };
            option(value, format!("{value}: {}", other.summary))
        }));
        options
    }

    /// One of three, or (`component.yaml`) any of them.
    fn visibility(&self, several: bool) -> AnyView {
        let problem = self.form.problem("visibility");
        let (class, described) = match problem {
            Some(_) => ("field choice wrong", Some("problem-visibility")),
            None => ("field choice", None),
        };
        let mut cards: Vec<_> = Visibility::ALL.into_iter().map(|visibility| self.card(visibility, several)).collect();
        if let Some(reason) = self.public.refusal(EndpointKind::Grpc) {
            cards.push(refused_card(reason, several));
        }
        view! {
            <fieldset class=class aria-describedby=described>
                <legend>"Network Visibility"</legend>
                {cards}
                {problem.map(|text| view! { <p class="problem" id="problem-visibility">{text}</p> })}
            </fieldset>
        }
        .into_any()
    }

    fn card(&self, visibility: Visibility, several: bool) -> AnyView {
        let word = visibility.as_str();
        let id = if visibility == Visibility::Project { "field-visibility".to_owned() } else { format!("field-visibility-{word}") };
        let refused = visibility == Visibility::Public && self.public.refusal(EndpointKind::Grpc).is_some();
        let class = if refused { "card-choice not-for-grpc" } else { "card-choice" };
        let kind = if several { "checkbox" } else { "radio" };
        let (checked, help) = (self.form.all("visibility").any(|chosen| chosen == word), format!("help-visibility-{word}"));
        view! {
            <div class=class>
                <input type=kind id=id.clone() name="visibility" value=word checked=checked aria-describedby=help.clone()/>
                <label for=id>{word}</label>
                <small id=help>{meaning(visibility)}{self.no_way_in(visibility)}</small>
            </div>
        }
        .into_any()
    }

    fn no_way_in(&self, visibility: Visibility) -> Option<String> {
        let kind = self.form.value("type").parse::<EndpointKind>().ok().filter(|_| visibility == Visibility::Public)?;
        self.public.obstacle(kind).map(|reason| format!(" As {} now: {reason}", kind.as_str()))
    }
}

/// In the place of Public while the type is GRPC: there, but not to be chosen.
fn refused_card(reason: &'static str, several: bool) -> AnyView {
    let kind = if several { "checkbox" } else { "radio" };
    view! {
        <div class="card-choice refused for-grpc">
            <input type=kind id="field-visibility-refused" value="Public" disabled=true aria-describedby="help-visibility-refused"/>
            <label for="field-visibility-refused">"Public"</label>
            <small id="help-visibility-refused">{reason}</small>
        </div>
    }
    .into_any()
}

fn meaning(visibility: Visibility) -> &'static str {
    match visibility {
        Visibility::Project => "Only components of the same project and environment.",
        Visibility::Organization => "Every project of the organization, in the same environment.",
        Visibility::Public => {
            "Everybody who reaches the data plane's entrance. Slipway does not authenticate callers of Public endpoints: the program has to."
        }
    }
}

fn types() -> Vec<SelectOption> {
    EndpointKind::ALL.map(|kind| SelectOption { value: kind.as_str().into(), label: kind.as_str().into() }).into()
}
