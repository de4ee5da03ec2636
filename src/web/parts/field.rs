//! Form fields: label above, help below, the problem beside it and tied to it for screen readers.

use leptos::prelude::*;

use crate::domain::problem::Problems;

/// Ids that a field's input is described by.
pub(super) fn described_by(name: &str, help: Option<&String>, problem: Option<&String>) -> Option<String> {
    let help = help.filter(|text| !text.is_empty());
    let ids: Vec<String> =
        [problem.map(|_| format!("problem-{name}")), help.map(|_| format!("help-{name}"))].into_iter().flatten().collect();
    (!ids.is_empty()).then(|| ids.join(" "))
}

pub(super) fn around(name: &str, label: String, help: Option<String>, problem: Option<String>, input: AnyView) -> AnyView {
    let class = if problem.is_some() { "field wrong" } else { "field" };
    view! {
        <div class=class>
            <label for=format!("field-{name}")>{label}</label>
            {input}
            {problem.map(|text| view! { <p class="problem" id=format!("problem-{name}")>{text}</p> })}
            {help.filter(|text| !text.is_empty()).map(|text| view! { <p class="help" id=format!("help-{name}")>{text}</p> })}
        </div>
    }
    .into_any()
}

/// A one-line text field with its label, help and problem.
#[component]
pub fn TextField(
    #[prop(into)] name: String,
    #[prop(into)] label: String,
    #[prop(into)] value: String,
    #[prop(default = None)] problem: Option<String>,
    #[prop(optional, into)] help: Option<String>,
    #[prop(default = "text")] kind: &'static str,
    #[prop(default = "off")] autocomplete: &'static str,
    #[prop(optional)] inputmode: Option<&'static str>,
    #[prop(optional, into)] placeholder: Option<String>,
    /// Id of a `<datalist>` with what is usual.
    #[prop(optional)]
    list: Option<&'static str>,
    #[prop(optional)] required: bool,
    #[prop(optional)] mono: bool,
) -> impl IntoView {
    let class = if mono { "input mono" } else { "input" };
    let described = described_by(&name, help.as_ref(), problem.as_ref());
    let input = view! {
        <input
            class=class id=format!("field-{name}") name=name.clone() type=kind value=value autocomplete=autocomplete inputmode=inputmode
            placeholder=placeholder list=list aria-required=required.then_some("true")
            aria-invalid=problem.is_some().then_some("true") aria-describedby=described spellcheck="false" autocapitalize="none"
        />
    };
    around(&name, label, help, problem, input.into_any())
}

/// Never carries a value: secrets are not sent back.
#[component]
pub fn PasswordField(
    #[prop(into)] name: String,
    #[prop(into)] label: String,
    #[prop(default = None)] problem: Option<String>,
    #[prop(optional, into)] help: Option<String>,
    autocomplete: &'static str,
) -> impl IntoView {
    let described = described_by(&name, help.as_ref(), problem.as_ref());
    let input = view! {
        <input
            class="input" id=format!("field-{name}") name=name.clone() type="password" autocomplete=autocomplete
            aria-invalid=problem.is_some().then_some("true") aria-describedby=described
        />
    };
    around(&name, label, help, problem, input.into_any())
}

/// A file, read as text and sent with its form, whose `enctype` must be `multipart/form-data`.
#[component]
pub fn FileField(
    #[prop(into)] name: String,
    #[prop(into)] label: String,
    #[prop(default = None)] problem: Option<String>,
    #[prop(optional, into)] help: Option<String>,
    /// Endings and kinds that the browser offers first.
    accept: &'static str,
    /// Several can be chosen.
    #[prop(optional)]
    multiple: bool,
) -> impl IntoView {
    let described = described_by(&name, help.as_ref(), problem.as_ref());
    let input = view! {
        <input
            class="input file" id=format!("field-{name}") name=name.clone() type="file" accept=accept multiple=multiple
            aria-invalid=problem.is_some().then_some("true") aria-describedby=described
        />
    };
    around(&name, label, help, problem, input.into_any())
}

/// A choice of a [`SelectField`].
pub struct SelectOption {
    pub value: String,
    pub label: String,
}

/// A choice from a list, with its label, help and problem.
#[component]
pub fn SelectField(
    #[prop(into)] name: String,
    #[prop(into)] label: String,
    options: Vec<SelectOption>,
    #[prop(into)] value: String,
    #[prop(default = None)] problem: Option<String>,
    #[prop(optional, into)] help: Option<String>,
) -> impl IntoView {
    let described = described_by(&name, help.as_ref(), problem.as_ref());
    let options = options
        .into_iter()
        .map(|option| {
            let selected = option.value == value;
            view! { <option value=option.value selected=selected>{option.label}</option> }
        })
        .collect_view();
    let input = view! {
        <select class="input" id=format!("field-{name}") name=name.clone() aria-invalid=problem.is_some().then_some("true") aria-describedby=described>
            {options}
        </select>
    };
    around(&name, label, help, problem, input.into_any())
}

/// A choice of [`RadioCards`].
pub struct Choice {
    pub value: String,
    pub label: String,
    pub help: String,
}

/// One of a few, each with a sentence. `recommended` is the value of the one to take.
#[component]
pub fn RadioCards(
    #[prop(into)] name: String,
    #[prop(into)] label: String,
    choices: Vec<Choice>,
    #[prop(into)] value: String,
    #[prop(default = None)] problem: Option<String>,
    #[prop(optional_no_strip)] recommended: Option<&'static str>,
) -> impl IntoView {
    let class = if problem.is_some() { "field choice wrong" } else { "field choice" };
    let described = described_by(&name, None, problem.as_ref());
    let cards = choices
        .into_iter()
        .enumerate()
        .map(|(index, choice)| {
            let id = if index == 0 { format!("field-{name}") } else { format!("field-{name}-{}", choice.value) };
            let mark = (recommended == Some(choice.value.as_str())).then(|| view! { " "<span class="badge plain mark-badge">"Recommended"</span> });
            let (help_id, checked) = (format!("help-{name}-{}", choice.value), choice.value == value);
            view! {
                <div class="card-choice">
                    <input type="radio" id=id.clone() name=name.clone() value=choice.value checked=checked aria-describedby=help_id.clone()/>
                    <label for=id>{choice.label}{mark}</label>
                    <small id=help_id>{choice.help}</small>
                </div>
            }
        })
        .collect_view();
    view! {
        <fieldset class=class aria-describedby=described>
            <legend>{label}</legend>
            {cards}
            {problem.map(|text| view! { <p class="problem" id=format!("problem-{name}")>{text}</p> })}
        </fieldset>
    }
}

/// All problems of a form, each a link to its field; takes the focus.
#[component]
pub fn ProblemSummary(problems: Problems) -> impl IntoView {
    if problems.is_empty() {
        return None;
    }
    let rows = problems
        .0
        .into_iter()
        .map(|problem| {
            if problem.field.is_empty() {
                view! { <li>{problem.message}</li> }.into_any()
            } else {
                view! { <li><a href=format!("#field-{}", problem.field)>{problem.message}</a></li> }.into_any()
            }
        })
        .collect_view();
    Some(view! {
        <div class="note bad summary" role="alert" tabindex="-1" data-focus="">
            <p><b>"There is a problem"</b></p>
            <ul>{rows}</ul>
        </div>
    })
}
