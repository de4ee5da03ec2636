//! The form: one page for everything that a component needs. Its parts are drawn in files of their own.

use leptos::prelude::*;

use super::{identity::Said, inspection::Inspected, missing::Helpers, typed};
use crate::{
    domain::{components::Kind, registries::Registry},
    islands::KeepInAddress,
    web::{form::FormState, parts::ProblemSummary, paths, request::Request},
};

/// What the form is drawn from.
pub(super) struct Sheet<'a> {
    pub(super) request: &'a Request,
    pub(super) organization: &'a str,
    pub(super) project: &'a str,
    pub(super) kind: Kind,
    pub(super) form: &'a FormState,
    pub(super) registries: &'a [Registry],
    pub(super) helpers: Helpers,
}

impl Sheet<'_> {
    pub(super) fn view(&self, named: Said, inspected: Option<Inspected>) -> AnyView {
        let (identity, source) = (self.identity(named), self.source(inspected));
        let (settings, security) = (self.settings(), self.security());
        let carried = typed::of_other_types(self.form, self.kind)
            .map(|(name, value)| view! { <input type="hidden" name=name.to_owned() value=value.to_owned()/> })
            .collect_view();
        view! {
            <form method="get" action=paths::check_component(self.organization, self.project) class="stacked">
                // The first button is what Enter presses.
                <button class="visually-hidden" tabindex="-1" aria-hidden="true">"Check answers"</button>
                <KeepInAddress page=self.here()/>
                <ProblemSummary problems=self.form.problems.clone()/>
                <input type="hidden" id="field-type" name="type" value=self.kind.as_str()/>
                <input type="hidden" id="field-port_was" name="port_was" value=self.form.value("port_was").to_owned()/>
                {carried}
                {identity}
                {source}
                {settings}
                {security}
                <div class="actions">
                    <button class="button main">"Check answers"</button>
                    <a class="button quiet" href=paths::project(self.organization, self.project)>"Cancel"</a>
                    <a class="dim" href=paths::guide("create-a-component")>"How to create a component"</a>
                </div>
            </form>
        }
        .into_any()
    }

    /// The form's own page, for the buttons that come back to it.
    pub(super) fn here(&self) -> String {
        paths::new_component(self.organization, self.project)
    }

    /// What is typed, or what the form begins with.
    pub(super) fn or(&self, name: &str, default: &str) -> String {
        match self.form.value(name) {
            "" => default.to_owned(),
            value => value.to_owned(),
        }
    }
}
