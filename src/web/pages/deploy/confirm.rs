//! The panels that ask before an order is given: what it changes or ends, and the button that gives it.

use leptos::{prelude::*, server_fn::ServerFn as _};
use uuid::Uuid;

use super::{
    Pipeline, changes,
    environment::Card,
    orders::{CancelDeployment, FORM, PromoteRelease, RollBackRelease, StopRelease},
    stage,
};
use crate::{
    domain::{
        components::Kind,
        deployments::{self, Deployment, Filter, StateFilter, Verb},
        organizations::Environment,
        problem::Error,
    },
    web::{
        form::FormState,
        parts::{Badge, Moment, Panel, ProblemSummary, TextArea},
        paths,
        request::Request,
    },
};

/// What a person is asked about.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Asked {
    Promote,
    RollBack,
    Stop,
    Cancel,
}

impl Asked {
    fn verb(self) -> Verb {
        match self {
            Self::Promote => Verb::Promote,
            Self::RollBack => Verb::RollBack,
            Self::Stop => Verb::Stop,
            Self::Cancel => Verb::Cancel,
        }
    }
}

/// An order's form: what it says, and its button.
struct Order {
    action: &'static str,
    /// Hidden fields beside those that name the environment.
    fields: Vec<(&'static str, String)>,
    body: AnyView,
    button: String,
    is_destructive: bool,
}

/// The panel over the Deploy page; [`Error::NotFound`] if there is no such environment, or nothing of the kind to ask about.
pub(super) async fn panel(
    request: &Request,
    pipeline: &Pipeline,
    asked: Asked,
    environment: &str,
    form: FormState,
) -> Result<Panel, Error> {
    let form = &if form.form == FORM { form } else { FormState::default() };
    let index = pipeline.cards.iter().position(|card| card.standing.environment.name == environment).ok_or(Error::NotFound)?;
    let card = &pipeline.cards[index];
    let title = title(pipeline, index, asked)?;
    let close = paths::deploy(&pipeline.organization, &pipeline.project.name, &pipeline.component.name);
    let content = match pipeline.buttons(index).permitted(asked.verb()) {
        Err(reason) => not_now(reason, &close),
        Ok(()) => match asked {
            Asked::Promote => order_form(pipeline, card, promote(pipeline, index)?, &close, form),
            Asked::Stop => order_form(pipeline, card, stop(card), &close, form),
            Asked::Cancel => order_form(pipeline, card, cancel(card)?, &close, form),
            Asked::RollBack => match request.query("to") {
                Some(to) => order_form(pipeline, card, roll_back(request, pipeline, card, &to, form).await?, &close, form),
                None => choose(request, pipeline, card, &close, form).await?,
            },
        },
    };
    Ok(Panel { title, close, roomy: true, content })
}

fn title(pipeline: &Pipeline, index: usize, asked: Asked) -> Result<String, Error> {
    let name = &pipeline.cards[index].standing.environment.display_name;
    Ok(match asked {
        Asked::Promote => format!("Promote to {}", next(pipeline, index)?.standing.environment.display_name),
        Asked::RollBack => format!("Roll {name} back"),
        Asked::Stop => format!("Stop {} in {name}", pipeline.component.display_name),
        Asked::Cancel => format!("Cancel the deployment to {name}"),
    })
}

fn next(pipeline: &Pipeline, index: usize) -> Result<&Card, Error> {
    pipeline.cards.get(index + 1).ok_or(Error::NotFound)
}

fn not_now(reason: &'static str, close: &str) -> AnyView {
    view! {
        <div class="panel-body"><p class="note warn">{reason}</p></div>
        <footer><a class="button" href=close.to_owned() data-esc="">"Close"</a></footer>
    }
    .into_any()
}

fn order_form(pipeline: &Pipeline, card: &Card, order: Order, close: &str, form: &FormState) -> AnyView {
    let class = if order.is_destructive { "button danger" } else { "button main" };
    let fields = order.fields.into_iter().map(|(name, value)| view! { <input type="hidden" name=name value=value/> }).collect_view();
    view! {
        <form method="post" action=order.action class="panel-form">
            <div class="panel-body">
                <ProblemSummary problems=form.problems.clone()/>
                <input type="hidden" name="organization" value=pipeline.organization.clone()/>
                <input type="hidden" name="project" value=pipeline.project.name.clone()/>
                <input type="hidden" name="component" value=pipeline.component.name.clone()/>
                <input type="hidden" name="environment" value=card.standing.environment.name.clone()/>
                {fields}
                {order.body}
            </div>
            <footer><a class="button" href=close.to_owned() data-esc="">"Back"</a><button class=class>{order.button}</button></footer>
        </form>
    }
    .into_any()
}

/// The form names the release that was shown: if another one runs by then, the order is refused and the panel shows that one.
fn promote(pipeline: &Pipeline, index: usize) -> Result<Order, Error> {
    let from = &pipeline.cards[index].standing;
    let to = &next(pipeline, index)?.standing;
    let source = from.current.as_ref().ok_or(Error::NotFound)?;
    let (here, there) = (&from.environment.display_name, &to.environment.display_name);
    let body = view! {
        <p>{format!("{there} gets what runs in {here}: the same image by its digest, the same endpoints and settings.")}</p>
        <h3 id="field-source" tabindex="-1">"What changes in "{there.clone()}</h3>
        {changes::view(to.current.as_ref(), source)}
        {on_its_way(to.newest.as_ref())}
    };
    Ok(Order {
        action: PromoteRelease::PATH,
        fields: vec![("source", source.id.to_string())],
        body: body.into_any(),
        button: format!("Promote to {there}"),
        is_destructive: false,
    })
}

/// What a new deployment takes the place of before it is Active.
fn on_its_way(newest: Option<&Deployment>) -> Option<AnyView> {
    let open = newest.filter(|newest| newest.state.is_open())?;
    let text = format!("{} is on its way there; this takes its place.", open.image.familiar());
    Some(view! { <p class="note warn break">{text}</p> }.into_any())
}

async fn roll_back(request: &Request, pipeline: &Pipeline, card: &Card, to: &str, form: &FormState) -> Result<Order, Error> {
    let id = Uuid::parse_str(to).map_err(|_| Error::NotFound)?;
    let target = deployments::get(&request.app.context, &pipeline.component, id).await?;
    let body = view! {
        <p>
            "Everything of the deployment that "{target.created_by.clone()}" ordered ("
            <Moment time=target.created_at now=pipeline.now zone=pipeline.zone.clone()/>") is deployed again: image, endpoints and settings."
        </p>
        <h3 id="field-to" tabindex="-1">"What changes in "{card.standing.environment.display_name.clone()}</h3>
        {changes::view(card.standing.current.as_ref(), &target)}
        {on_its_way(card.standing.newest.as_ref())}
        <TextArea name="reason" label="Reason (optional)" value=form.value("reason") problem=form.problem("reason") maxlength="500"
            help="Stands in the history, for who asks later. At most 500 characters."/>
    };
    Ok(Order {
        action: RollBackRelease::PATH,
        fields: vec![("to", id.to_string())],
        body: body.into_any(),
        button: "Roll back".into(),
        is_destructive: false,
    })
}

/// Releases of the environment that were Active once, newest first.
async fn choose(request: &Request, pipeline: &Pipeline, card: &Card, close: &str, form: &FormState) -> Result<AnyView, Error> {
    let environment = &card.standing.environment;
    let rows = earlier(request, pipeline, environment).await?;
    let here = paths::order(&pipeline.organization, &pipeline.project.name, &pipeline.component.name, &environment.name, "roll-back");
    let is_empty = rows.is_empty();
    let rows = rows.into_iter().map(|row| choice(pipeline, &row, &here)).collect_view();
    let history = paths::deployments(&pipeline.organization, &pipeline.project.name, &pipeline.component.name);
    let history = paths::with_query(&history, [("environment", &environment.name)]);
    Ok(view! {
        <div class="panel-body" id="field-to" tabindex="-1">
            <ProblemSummary problems=form.problems.clone()/>
            {match is_empty {
                true => view! { <p>"Nothing else ran here before. A deployment of the history can be gone back to from its page."</p> }.into_any(),
                false => view! { <p>"Which one? These ran here before."</p><ul class="rows">{rows}</ul> }.into_any(),
            }}
            <p><a href=history>"History"</a></p>
        </div>
        <footer><a class="button" href=close.to_owned() data-esc="">"Back"</a></footer>
    }
    .into_any())
}

async fn earlier(request: &Request, pipeline: &Pipeline, environment: &Environment) -> Result<Vec<Deployment>, Error> {
    let mut rows = Vec::new();
    for state in [StateFilter::Replaced, StateFilter::Stopped] {
        let filter = Filter { environment: environment.name.clone(), state: Some(state), ..Filter::default() };
        rows.extend(deployments::filtered(&request.app.context, &pipeline.component, &filter, None).await?);
    }
    // A stop is nothing to go back to.
    rows.retain(|row| row.replicas > 0 && row.is_repeatable());
    rows.sort_by_key(|row| std::cmp::Reverse(row.id));
    rows.truncate(deployments::PAGE);
    Ok(rows)
}

fn choice(pipeline: &Pipeline, row: &Deployment, here: &str) -> AnyView {
    let (tone, word) = stage(row);
    let href = paths::with_query(here, [("to", row.id.to_string())]);
    view! {
        <li>
            <a class="mono" href=href>{row.image.familiar()}</a>
            <Badge tone=tone>{word}</Badge>
            <small><Moment time=row.created_at now=pipeline.now zone=pipeline.zone.clone()/></small>
        </li>
    }
    .into_any()
}

fn stop(card: &Card) -> Order {
    let kind = card.standing.current.as_ref().map_or(Kind::Service, |current| current.workload.kind());
    let body = view! {
        <p>{ends(kind)}</p>
        {card.invoke.list().map(|list| view! { <p>"These addresses stop answering:"</p>{list} })}
        <p class="dim">"Image, endpoints and settings are kept. Start undoes it."</p>
    };
    Order {
        action: StopRelease::PATH,
        fields: Vec::new(),
        body: body.into_any(),
        button: format!("Stop in {}", card.standing.environment.display_name),
        is_destructive: true,
    }
}

/// What a stop ends.
fn ends(kind: Kind) -> &'static str {
    match kind {
        Kind::Service | Kind::WebApplication => "All its pods end. Routes stay, and find nobody behind them.",
        Kind::ScheduledTask => "Its schedule is suspended: no new run begins. A run that is under way goes on to its end.",
        Kind::ManualTask => "It can no longer be run.",
    }
}

fn cancel(card: &Card) -> Result<Order, Error> {
    let newest = card.standing.newest.as_ref().ok_or(Error::NotFound)?;
    let image = newest.image.familiar();
    let undone = match &card.standing.current {
        Some(current) => format!("What of it has reached the data plane is undone: {} is applied again.", current.image.familiar()),
        None => "Nothing ran here before, so what of it has reached the data plane stays until the next deployment.".to_owned(),
    };
    let body = view! { <p class="break">{format!("Slipway stops following {image}.")}</p><p class="break">{undone}</p> };
    Ok(Order {
        action: CancelDeployment::PATH,
        fields: vec![("deployment", newest.id.to_string())],
        body: body.into_any(),
        button: "Cancel the deployment".into(),
        is_destructive: true,
    })
}
