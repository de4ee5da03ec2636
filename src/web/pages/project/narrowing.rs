//! What the Component Listing is narrowed to, as its address says it: a form that works by GET, and links that keep it.

use leptos::prelude::*;

use crate::{
    domain::components::{Filter, Kind, StatusFilter},
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
    /// From `q`, `type` and `status`; a word that is none of the choices narrows nothing.
    pub(super) fn of(request: &Request) -> Self {
        let word = |name| request.query(name).unwrap_or_default();
        let search = word("q").trim().to_owned();
        Self { filter: Filter { search, kind: Kind::try_from(word("type")).ok(), status: StatusFilter::try_from(word("status")).ok() } }
    }

    /// Everything is shown.
    pub(super) fn is_none(&self) -> bool {
        self.filter == Filter::default()
    }

    /// The address of the page after a name, or of the first one.
    pub(super) fn page(&self, base: &str, after: Option<&str>) -> String {
        let fields =
            [("q", self.filter.search.as_str()), ("type", self.kind()), ("status", self.status()), ("after", after.unwrap_or_default())];
        let mut said = fields.into_iter().filter(|(_, value)| !value.is_empty()).peekable();
        if said.peek().is_none() { base.to_owned() } else { paths::with_query(base, said) }
    }

    fn kind(&self) -> &'static str {
        self.filter.kind.map(Kind::as_str).unwrap_or_default()
    }

    fn status(&self) -> &'static str {
        self.filter.status.map(StatusFilter::as_str).unwrap_or_default()
    }

    pub(super) fn form(&self, base: &str) -> AnyView {
        let kinds = choices("All types", Kind::ALL.map(|kind| (kind.as_str(), kind.label())));
        let statuses = choices("Any status", StatusFilter::ALL.map(|status| (status.as_str(), status.label())));
        let clear = (!self.is_none()).then(|| view! { <a class="button quiet" href=base.to_owned()>"Clear filters"</a> });
        view! {
            <form method="get" action=base.to_owned() class="narrowing" role="search" aria-label="Components">
                <TextField name="q" label="Search" kind="search" value=self.filter.search.clone()/>
                <SelectField name="type" label="Type" options=kinds value=self.kind()/>
                <SelectField name="status" label="Status" options=statuses value=self.status()/>
                <div class="buttons"><button class="button">"Filter"</button>{clear}</div>
            </form>
        }
        .into_any()
    }
}

/// All of them first, which is the empty word.
fn choices(all: &'static str, words: impl IntoIterator<Item = (&'static str, &'static str)>) -> Vec<SelectOption> {
    let option = |(value, label): (&'static str, &'static str)| SelectOption { value: value.to_owned(), label: label.to_owned() };
    [("", all)].into_iter().chain(words).map(option).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_page_keeps_what_it_is_narrowed_to() {
        let all = Narrowing { filter: Filter::default() };
        assert_eq!(all.page("/p", None), "/p");
        assert_eq!(all.page("/p", Some("web")), "/p?after=web");
        let filter = Filter { search: "a & b".into(), kind: Some(Kind::ManualTask), status: Some(StatusFilter::NotDeployed) };
        let some = Narrowing { filter };
        assert_eq!(some.page("/p", None), "/p?q=a+%26+b&type=manual_task&status=not_deployed");
        assert_eq!(some.page("/p", Some("web")), "/p?q=a+%26+b&type=manual_task&status=not_deployed&after=web");
    }
}
