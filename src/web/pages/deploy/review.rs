//! What an update would change against what is Active, before anybody presses Deploy. What rows tell is on the page at
//! once; what the registry and the data plane have to be asked for comes after it, or, without JavaScript, with it.

mod look;
mod settings;

use leptos::{prelude::*, server_fn::ServerFn as _};

use self::look::Look;
use super::{
    typed::Typed,
    update::{DeployImage, named, seen},
};
use crate::{
    domain::{
        Caller, Context,
        clock::Time,
        components::{self, Component, Kind},
        deployments::{self, Deployment, data_plane::Release},
        endpoints,
        images::ImageReference,
        organizations::{self, Environment, Project},
        problem::{Error, Problems},
        registries,
        schemas::{self, SchemaFile},
    },
    islands::Later,
    web::{
        answer::{keep, redirect_page},
        flash::Flash,
        form::FormState,
        pages::{
            frame::{Entry, Framed, Place},
            page, segment, take_flash,
        },
        parts::{Badge, CopyField, Diff, Highlighted, Moment, SimulatedNote, Tone},
        paths,
        request::Request,
    },
};

/// Asks the page to wait for the registry and the data plane.
const LOOK: &str = "look";

/// An update that is thought of.
struct Review {
    organization: String,
    project: Project,
    component: Component,
    environment: Environment,
    typed: Typed,
    /// What would be handed to the data plane, with the tag not yet resolved.
    release: Release,
    running: Option<Deployment>,
    newest: Option<Deployment>,
}

/// A review, or why the form has to come back.
type Reviewed = Result<Review, (Typed, Problems)>;

impl Review {
    async fn load(request: &Request, caller: &Caller, project: &str, component: &str) -> Result<Reviewed, Error> {
        let context = &request.app.context;
        let project = organizations::project(context, caller, project).await?;
        let component = components::get(context, caller, &project, component).await?;
        let environment = organizations::environments(context, caller).await?.into_iter().next().ok_or(Error::NotFound)?;
        let typed = Typed::of(request, &FormState::default(), &component);
        let change = match typed.change(&component) {
            Ok(change) => change,
            Err(problem) => return Ok(Err((typed, problem.into()))),
        };
        let domain = request.app.data_plane.entrance().domain.as_ref();
        let release = match deployments::release_of(context, caller, (&project, &component), &environment, domain, change).await {
            Ok(release) => release,
            Err(Error::Invalid(problems)) => return Ok(Err((typed, problems))),
            Err(error) => return Err(error),
        };
        let running = deployments::serving(context, &component, environment.id).await?;
        let newest = deployments::newest(context, &component, environment.id).await?;
        Ok(Ok(Self { organization: caller.organization_name.clone(), project, component, environment, typed, release, running, newest }))
    }
}

pub(in crate::web::pages) fn review() -> AnyView {
    let (project, component) = (segment("project"), segment("component"));
    page(|request| async move {
        let caller = request.caller()?;
        match Review::load(&request, &caller, &project, &component).await? {
            Ok(review) => shown(&request, &caller, review).await,
            Err((typed, problems)) => {
                keep(&request, Flash::form(typed.form(problems))).await;
                Ok(redirect_page(&paths::update_image(&caller.organization_name, &project, &component)))
            }
        }
    })
}

/// `GET /fragments/../review`: what only the registry and the data plane can tell.
pub(in crate::web) async fn fragment(
    request: &Request,
    caller: &Caller,
    project: &str,
    component: &str,
) -> Result<impl FnOnce() -> AnyView + use<>, Error> {
    let look = match Review::load(request, caller, project, component).await? {
        Ok(review) => Look::take(request, caller, &review).await?,
        Err((_, problems)) => return Err(problems.into()),
    };
    Ok(move || look.view())
}

async fn shown(request: &Request, caller: &Caller, review: Review) -> Result<AnyView, Error> {
    let context = &request.app.context;
    let flash = take_flash(request).await;
    let schemas = schema_changes(&review, context).await?;
    let registries = registry_change(&review, context, caller).await?;
    let looked = match scripts_run(request) && request.query(LOOK).is_none() {
        true => later(&review),
        false => Look::take(request, caller, &review).await?.view(),
    };
    let looked = view! { <div class="looked">{looked}</div> };
    let now = context.now();
    let body = view! {
        {request.app.simulated.then(|| view! { <SimulatedNote/> })}
        {image_card(&review, registries, now, request.time_zone())}
        {(review.component.kind() == Kind::Service).then(|| endpoints_card(&review, schemas))}
        {settings::card(&review.component, review.running.as_ref())}
        {looked}
        {deploy_form(&review)}
    };
    let description = match &review.running {
        Some(_) => format!("Against what is Active in {}. Nothing is changed until you press Deploy.", review.environment.display_name),
        None => format!("Nothing is Active in {} yet: all of it is new.", review.environment.display_name),
    };
    let framed = Framed {
        title: "What changes".into(),
        description,
        place: Place::Component(review.project, Box::new(review.component), Entry::Deploy),
        action: None,
        flash,
        body: body.into_any(),
    };
    Ok(framed.view(request, Some(caller)))
}

/// `base.js` has left its cookie. Where scripts were turned off since, the link in the place of the answer still asks.
fn scripts_run(request: &Request) -> bool {
    request.cookie("tz").is_some()
}

fn later(review: &Review) -> AnyView {
    let Review { organization, project, component, .. } = review;
    let fragment = paths::with_query(&paths::fragments::review(organization, &project.name, &component.name), review.typed.fields());
    let here = paths::review_update(organization, &project.name, &component.name);
    let ask = paths::with_query(&here, review.typed.fields().into_iter().chain([(LOOK, "now")]));
    view! {
        <Later fragment=fragment asking="Asking the registry and the data plane…".to_owned()>
            <p class="dim">"Digest and Kubernetes objects have not been asked for yet. "<a href=ask>"Ask the registry and the data plane"</a></p>
        </Later>
    }
    .into_any()
}

fn image_card(review: &Review, registries: Option<(String, String)>, now: Time, zone: jiff::tz::TimeZone) -> AnyView {
    let image = &review.release.image;
    let runs = review.running.as_ref().map(|running| {
        let digest =
            running.digest.clone().map(|digest| view! { <dt>"Its digest"</dt><dd><CopyField value=digest label="digest that runs"/></dd> });
        view! {
            <dt>"Runs now"</dt><dd class="mono break">{running.image.familiar()}</dd>
            {digest}
            <dt>"Deployed by"</dt><dd class="wrap">{running.created_by.clone()}", "<Moment time=running.created_at now=now zone=zone/></dd>
        }
    });
    let registries = registries.map(|(before, after)| view! { <dt>"Registry"</dt><dd class="wrap">{from_to(before, after)}</dd> });
    view! {
        <article class="card narrow" aria-labelledby="image">
            <header><h2 id="image">"Image"</h2>{word(review.running.as_ref().map(|running| !is_same(&running.image, image)))}</header>
            <section>
                <dl class="facts">
                    {runs}
                    <dt>"To deploy"</dt><dd class="mono break"><b>{image.familiar()}</b></dd>
                    {registries}
                </dl>
            </section>
        </article>
    }
    .into_any()
}

/// The same name and tag, or, where digests are known by both, the same digest.
fn is_same(one: &ImageReference, other: &ImageReference) -> bool {
    one.same_repository(other) && one.tag() == other.tag() && (other.digest().is_none() || one.digest() == other.digest())
}

/// Display names of the registries, where the image is to come from another one.
async fn registry_change(review: &Review, context: &Context, caller: &Caller) -> Result<Option<(String, String)>, Error> {
    let Some(before) = review.running.as_ref().map(|running| running.registry_id) else { return Ok(None) };
    if before == review.release.registry_id {
        return Ok(None);
    }
    let before = registries::get(context, caller, before).await?.display_name;
    Ok(Some((before, registries::get(context, caller, review.release.registry_id).await?.display_name)))
}

/// One sentence for each schema file that is not what it was.
async fn schema_changes(review: &Review, context: &Context) -> Result<Vec<String>, Error> {
    let after = schemas::list(context, &review.component).await?;
    let before = match &review.running {
        Some(running) => schemas::of_deployment(context, running.organization_id, running.id).await?,
        None => Vec::new(),
    };
    Ok(compare(&before, &after))
}

fn compare(before: &[SchemaFile], after: &[SchemaFile]) -> Vec<String> {
    let find = |files: &[SchemaFile], name: &str| files.iter().find(|file| file.file_name == name).map(|file| file.sha256.clone());
    let come = after.iter().filter_map(|file| match find(before, &file.file_name) {
        None => Some(format!("{} is added ({}).", file.file_name, file.summary)),
        Some(sha256) if sha256 != file.sha256 => Some(format!("{} is another one now ({}).", file.file_name, file.summary)),
        Some(_) => None,
    });
    let go = before.iter().filter(|file| find(after, &file.file_name).is_none());
    come.chain(go.map(|file| format!("{} is removed.", file.file_name))).collect()
}

fn endpoints_card(review: &Review, schemas: Vec<String>) -> AnyView {
    let after = review.component.endpoints_yaml.clone();
    let before = review.running.as_ref().map(|running| running.endpoints_yaml.clone());
    let changed = before.as_ref().map(|before| *before != after || !schemas.is_empty());
    let text = match before {
        Some(before) if before == after => view! { <p class="dim">"The file stays as it is."</p> }.into_any(),
        Some(before) => view! { <Diff before=before after=after/> }.into_any(),
        None => view! { <Highlighted text=after/> }.into_any(),
    };
    let wrong = (!endpoints::read(&review.component.endpoints_yaml).is_ok()).then(|| {
        let editor = paths::edit_endpoints(&review.organization, &review.project.name, &review.component.name);
        view! { <p class="note bad">"The file has problems, so Deploy would be refused. "<a href=editor>"Correct the endpoints"</a></p> }
    });
    let files = schemas.into_iter().map(|change| view! { <li class="break">{change}</li> }).collect_view();
    view! {
        <article class="card narrow" aria-labelledby="endpoints">
            <header><h2 id="endpoints">"Endpoints"</h2>{word(changed)}</header>
            <section class="reviewed">{wrong}{text}<ul class="stops">{files}</ul></section>
        </article>
    }
    .into_any()
}

/// Whether something changes; `None`: there was nothing before.
fn word(changed: Option<bool>) -> AnyView {
    match changed {
        None => view! { <Badge tone=Tone::Good>"New"</Badge> }.into_any(),
        Some(true) => view! { <Badge tone=Tone::Warn>"Changes"</Badge> }.into_any(),
        Some(false) => view! { <Badge tone=Tone::Neutral>"Stays"</Badge> }.into_any(),
    }
}

fn from_to(before: String, after: String) -> AnyView {
    view! { <span class="visually-hidden">"from "</span><del>{before}</del>" to "<ins>{after}</ins> }.into_any()
}

fn deploy_form(review: &Review) -> AnyView {
    let Review { organization, project, component, .. } = review;
    let hidden = |(name, value): (&'static str, &str)| view! { <input type="hidden" name=name value=value.to_owned()/> };
    let fields = review.typed.fields().map(hidden).into_iter().collect_view();
    let back = paths::with_query(&paths::update_image(organization, &project.name, &component.name), review.typed.fields());
    let going = component.deletion_asked_at.is_some();
    let deploy = match going {
        true => view! { <p class="dim">"The component is being deleted: nothing more of it can be deployed."</p> }.into_any(),
        false => view! { <button class="button main">"Deploy"</button> }.into_any(),
    };
    view! {
        <form method="post" action=DeployImage::PATH class="review-foot">
            {named(organization, project, component)}
            {seen(review.newest.as_ref())}
            {fields}
            {deploy}
            <a class="button" href=back>"Change something"</a>
            <a class="button quiet" href=paths::deploy(organization, &project.name, &component.name)>"Cancel"</a>
        </form>
    }
    .into_any()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::schemas::SchemaKind;

    fn file(file_name: &str, sha256: &str) -> SchemaFile {
        SchemaFile {
            file_name: file_name.into(),
            kind: SchemaKind::OpenApi,
            summary: "OpenAPI 3.1, 12 paths".into(),
            bytes: 1,
            sha256: sha256.into(),
            uploaded: None,
        }
    }

    #[test]
    fn schema_files_that_come_go_or_differ_are_named() {
        let (before, after) = ([file("a", "1"), file("b", "2"), file("c", "3")], [file("a", "1"), file("b", "9"), file("d", "3")]);
        let expected = ["b is another one now (OpenAPI 3.1, 12 paths).", "d is added (OpenAPI 3.1, 12 paths).", "c is removed."];
        assert_eq!(compare(&before, &after), expected);
        assert!(compare(&before, &before).is_empty());
    }

    #[test]
    fn a_tag_stays_and_another_tag_repository_or_digest_does_not() {
        let image = |text: &str| ImageReference::parse(text).unwrap();
        let digest = |digit: &str| format!("greeter:1@sha256:{}", digit.repeat(64));
        assert!(is_same(&image("greeter:1"), &image("greeter:1")));
        assert!(!is_same(&image("greeter:1"), &image("greeter:2")));
        assert!(!is_same(&image("greeter:1"), &image("acme/greeter:1")));
        assert!(is_same(&image(&digest("a")), &image("greeter:1")), "what the tag stands for now is not known here");
        assert!(!is_same(&image(&digest("a")), &image(&digest("b"))));
    }
}
