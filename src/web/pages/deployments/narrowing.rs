//! What a history is narrowed to, as its address says it: a form that works by GET, and links that keep it.

use leptos::prelude::*;
use uuid::Uuid;

use crate::{
    domain::{
        deployments::{Action, Filter, StateFilter},
        organizations::Environment,
    },
    web::{
        parts::{SelectField, SelectOption, TextField},
        paths,
        request::Request,
    },
};

pub(super) struct Narrowing {
    pub(super) filter: Filter,
}

impl Narrowing {
    /// From `environment`, `state`, `action` and `by`; a word that is none of the choices narrows nothing.
    pub(super) fn of(request: &Request, environments: &[Environment]) -> Self {
        let word = |name| request.query(name).unwrap_or_default();
        let environment = word("environment");
        let is_known = environments.iter().any(|known| known.name == environment);
        Self {
            filter: Filter {
                environment: if is_known { environment } else { String::new() },
                state: StateFilter::try_from(word("state")).ok(),
                action: Action::try_from(word("action")).ok(),
                by: word("by").trim().to_owned(),
            },
        }
    }

    /// Everything is shown.
    pub(super) fn is_none(&self) -> bool {
        self.filter == Filter::default()
    }

    /// The address of the page before a deployment, or of the first one.
    pub(super) fn page(&self, base: &str, before: Option<Uuid>) -> String {
        let before = before.map(|id| id.to_string()).unwrap_or_default();
        let [environment, state, action, by] = self.words();
        let fields = [("environment", environment), ("state", state), ("action", action), ("by", by), ("before", before.as_str())];
        let mut said = fields.into_iter().filter(|(_, value)| !value.is_empty()).peekable();
        if said.peek().is_none() { base.to_owned() } else { paths::with_query(base, said) }
    }

    fn words(&self) -> [&str; 4] {
        let state = self.filter.state.map(StateFilter::as_str).unwrap_or_default();
        let action = self.filter.action.map(Action::as_str).unwrap_or_default();
        [&self.filter.environment, state, action, &self.filter.by]
    }

    pub(super) fn form(&self, base: &str, environments: &[Environment]) -> AnyView {
        let [environment, state, action, by] = self.words();
        let names = environments.iter().map(|known| (known.name.as_str(), known.display_name.as_str()));
        let states = StateFilter::ALL.map(|state| (state.as_str(), state.label()));
        let actions = Action::ALL.map(|action| (action.as_str(), action.label()));
        let clear = (!self.is_none()).then(|| view! { <a class="button quiet" href=base.to_owned()>"Clear filters"</a> });
        view! {
            <form method="get" action=base.to_owned() class="narrowing of-history" role="search" aria-label="Deployments">
                <SelectField name="environment" label="Environment" options=choices("All environments", names) value=environment/>
                <SelectField name="state" label="State" options=choices("Any state", states) value=state/>
                <SelectField name="action" label="Action" options=choices("Any action", actions) value=action/>
                <TextField name="by" label="By" value=by placeholder="Part of an e-mail address"/>
                <div class="buttons"><button class="button">"Filter"</button>{clear}</div>
            </form>
        }
        .into_any()
    }
}

/// All of them first, which is the empty word.
fn choices<'a>(all: &'a str, words: impl IntoIterator<Item = (&'a str, &'a str)>) -> Vec<SelectOption> {
    let option = |(value, label): (&str, &str)| SelectOption { value: value.to_owned(), label: label.to_owned() };
    [("", all)].into_iter().chain(words).map(option).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_page_keeps_what_it_is_narrowed_to() {
        let all = Narrowing { filter: Filter::default() };
        assert_eq!(all.page("/d", None), "/d");
        assert_eq!(all.page("/d", Some(Uuid::nil())), "/d?before=00000000-0000-0000-0000-000000000000");
        let filter = Filter {
            environment: "production".into(),
            state: Some(StateFilter::Failed),
            action: Some(Action::RollBack),
            by: "a & b".into(),
        };
        assert_eq!(Narrowing { filter }.page("/d", None), "/d?environment=production&state=failed&action=roll_back&by=a+%26+b");
    }
}
