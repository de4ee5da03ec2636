//! Where the image comes from: Docker Hub or another registry, the image, and what there is to know of it.

use leptos::prelude::*;

use super::{
    super::tags,
    form::Sheet,
    image::image_preview,
    inspection::{ANSWER_ID, Inspected},
    missing,
    typed::{ELSEWHERE, HUB},
};
use crate::{
    domain::{
        images::{ImageReference, is_docker_hub},
        registries::Registry,
    },
    islands::{Inspection, Preview, TagPicker},
    web::{
        parts::{SelectField, SelectOption, TextField},
        paths,
    },
};

impl Sheet<'_> {
    pub(super) fn source(&self, inspected: Option<Inspected>) -> AnyView {
        let (image, problem) = (self.form.value("image").to_owned(), self.form.problem("image"));
        let said = problem.is_none().then(|| image_preview(&image));
        let organization = self.organization;
        // Without JavaScript one lands at the answer.
        let answer = format!("{}#{ANSWER_ID}", self.here());
        let to_tags = tags::button(paths::new_component_tags(organization, self.project));
        let inspected = inspected.map(|inspected| inspected.view(self.request));
        view! {
            <article class="card narrow">
                <header><h2>"Source"</h2></header>
                <section>
                    {self.tabs()}
                    <div class="for-source of-docker_hub">{self.choice(HUB, "hub_registry", "Docker Hub registry")}</div>
                    <div class="for-source of-registry">{self.choice(ELSEWHERE, "registry", "Registry")}</div>
                    <div class="previewed">
                        <TextField name="image" label="Image URL" value=image problem=problem required=true mono=true autocomplete="on" help="[container-registry-host]/[repository-name]/[image-name]:[tag]"/>
                        <Preview fragment=paths::fragments::image(organization) fields=vec!["image".to_owned()]>{said}</Preview>
                    </div>
                    <TagPicker field="image".to_owned() fragment=paths::fragments::tags(organization)>{to_tags}</TagPicker>
                    <Inspection fragment=paths::fragments::inspection(organization)>
                        <button class="button" formaction=answer name="inspect" value="1" formnovalidate=true>"Inspect"</button>
                        <div data-inspected="" id=ANSWER_ID tabindex="-1">{inspected}</div>
                    </Inspection>
                </section>
            </article>
        }
        .into_any()
    }

    /// Two radio buttons that look like tabs: the stylesheet shows what belongs to the chosen one.
    fn tabs(&self) -> AnyView {
        let chosen = self.chosen_source();
        let tab = |source: &'static str, id: &'static str, label: &'static str| {
            view! {
                <span class="radio-tab">
                    <input type="radio" id=id name="source" value=source checked=source == chosen/>
                    <label for=id>{label}</label>
                </span>
            }
        };
        view! {
            <fieldset class="radio-tabs">
                <legend class="visually-hidden">"Source"</legend>
                {tab(HUB, "field-source", "Docker Hub")}
                {tab(ELSEWHERE, "field-source-registry", "Container Registry")}
            </fieldset>
        }
        .into_any()
    }

    /// As typed; else that of the image; else one that has a registry.
    fn chosen_source(&self) -> &'static str {
        match self.form.value("source") {
            HUB => return HUB,
            ELSEWHERE => return ELSEWHERE,
            _ => {}
        }
        let is_hub = match ImageReference::parse_noted(self.form.value("image")) {
            Ok((image, _)) => is_docker_hub(image.host()),
            Err(_) => self.registries.iter().any(|registry| is_docker_hub(&registry.host)),
        };
        if is_hub { HUB } else { ELSEWHERE }
    }

    /// The organization's registries of a source, or the way to have one.
    fn choice(&self, source: &'static str, field: &'static str, label: &'static str) -> AnyView {
        let fits = |registry: &&Registry| is_docker_hub(&registry.host) == (source == HUB);
        let options: Vec<_> = self.registries.iter().filter(fits).map(option).collect();
        let problem = self.form.problem(field);
        let Some(first) = options.first().map(|option| option.value.clone()) else {
            return missing::of_source(source, field, self.here(), problem, &self.helpers);
        };
        view! { <SelectField name=field label=label options=options value=self.or(field, &first) problem=problem/> }.into_any()
    }
}

fn option(registry: &Registry) -> SelectOption {
    SelectOption { value: registry.id.to_string(), label: format!("{} ({})", registry.display_name, registry.host) }
}
