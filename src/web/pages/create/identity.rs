//! Who the component will be: display name, name, description; and whether the name can be had.

use leptos::prelude::*;
use serde::Deserialize;

use super::form::Sheet;
use crate::{
    domain::{
        Caller, Context,
        components::{self, NewComponent},
        organizations::{self, Project, check_display_name, suggest_name},
        problem::Result,
    },
    islands::Preview,
    web::{
        form::FormState,
        parts::{TextArea, TextField},
        paths,
    },
};

/// The names as typed.
#[derive(Default, Deserialize)]
#[serde(default)]
pub(in crate::web) struct Wanted {
    display_name: String,
    /// Empty: the one that the display name suggests.
    name: String,
}

impl Wanted {
    pub(super) fn of(form: &FormState) -> Self {
        Self { display_name: form.value("display_name").to_owned(), name: form.value("name").to_owned() }
    }
}

/// What there is to say of the names.
pub(super) struct Said {
    /// What an empty name would become.
    pub(super) suggested: String,
    /// `Err`: why the name can't be had.
    sentence: Option<Result<String, String>>,
}

impl Said {
    pub(super) async fn find(context: &Context, caller: &Caller, project: &Project, wanted: &Wanted) -> Result<Self> {
        let new = NewComponent { display_name: wanted.display_name.clone(), name: wanted.name.clone(), ..NewComponent::default() };
        let is_typed = !wanted.name.trim().is_empty();
        // A display name that can't be one suggests nothing worth telling.
        let says_something = is_typed || check_display_name("display_name", &wanted.display_name).is_ok();
        let sentence = match new.wanted_name().filter(|_| says_something) {
            Some(name) if !components::name_is_free(context, caller, project, &name).await? => {
                Some(Err(format!("The project already has a component named {name}.")))
            }
            Some(name) if is_typed => Some(Ok(format!("{name} is free."))),
            Some(name) => Some(Ok(format!("It will be {name}, which is free."))),
            None if is_typed => components::check_name(&wanted.name).err().map(|problem| Err(problem.message)),
            None => None,
        };
        Ok(Self { suggested: suggest_name(&wanted.display_name), sentence })
    }

    fn view(self) -> AnyView {
        let said = self.sentence.map(|sentence| match sentence {
            Ok(text) => view! { <p class="dim">{text}</p> }.into_any(),
            Err(text) => view! { <p class="problem">{text}</p> }.into_any(),
        });
        view! { <div data-field="name" data-placeholder=self.suggested>{said}</div> }.into_any()
    }
}

/// `GET /fragments/../component-name`
pub(in crate::web) async fn name_preview(
    context: &Context,
    caller: &Caller,
    project: &str,
    wanted: &Wanted,
) -> Result<impl FnOnce() -> AnyView + use<>> {
    let project = organizations::project(context, caller, project).await?;
    let said = Said::find(context, caller, &project, wanted).await?;
    Ok(move || said.view())
}

impl Sheet<'_> {
    pub(super) fn identity(&self, named: Said) -> AnyView {
        let (value, problem) = (|name: &str| self.form.value(name).to_owned(), |name: &str| self.form.problem(name));
        let placeholder = named.suggested.clone();
        let watched = vec!["display_name".to_owned(), "name".to_owned()];
        let fragment = paths::fragments::component_name(self.organization, self.project);
        // Beside the field stands already what is wrong with it.
        let said = problem("name").is_none().then(|| named.view());
        let kind = self.kind.label();
        view! {
            <article class="card narrow">
                <header>
                    <h2>"Identity"</h2>
                    <span class="badge plain">{kind}</span>
                    <button class="link" formaction=self.here() name="change_type" value="1" formnovalidate=true>"Change type"</button>
                </header>
                <section>
                    <TextField name="display_name" label="Display name" value=value("display_name") problem=problem("display_name") required=true autocomplete="on" help="3 to 60 letters, digits, spaces, - or _; starts with a letter."/>
                    <div class="previewed">
                        <TextField name="name" label="Name" value=value("name") problem=problem("name") mono=true autocomplete="on" placeholder=placeholder help="Part of addresses and Kubernetes names: it never changes afterwards. Left empty, it is made from the display name."/>
                        <Preview fragment=fragment fields=watched>{said}</Preview>
                    </div>
                    <TextArea name="description" label="Description" value=value("description") problem=problem("description") autocomplete="on" maxlength="4000" help="Optional; at most 1,000 characters."/>
                </section>
            </article>
        }
        .into_any()
    }
}
