//! What only the registry and the data plane can tell of an update: the digest that its tag stands for, and the Kubernetes
//! objects by a dry run. Both within [`PATIENCE`]; what can't be told forbids nothing.

use leptos::prelude::*;

use super::Review;
use crate::{
    domain::{
        Caller,
        deployments::{
            Deployment,
            data_plane::{ApplyProblem, Conflict, Plan, PlannedObject},
        },
        images::ImageReference,
        problem::Error,
        registries::{self, BY_THE_NODES},
    },
    web::{
        pages::PATIENCE,
        parts::{Badge, CopyField, Diff, Highlighted, Tone},
        request::Request,
    },
};

/// What was found out; a sentence where something could not be.
pub(super) struct Look {
    digest: Option<String>,
    about: Note,
    objects: Result<Vec<PlannedObject>, Note>,
}

/// A sentence and how it feels.
#[derive(Debug, PartialEq, Eq)]
struct Note {
    class: &'static str,
    text: String,
}

fn calm(text: impl Into<String>) -> Note {
    Note { class: "note", text: text.into() }
}

fn warning(text: impl Into<String>) -> Note {
    Note { class: "note warn", text: text.into() }
}

impl Look {
    pub(super) async fn take(request: &Request, caller: &Caller, review: &Review) -> Result<Self, Error> {
        let until = tokio::time::Instant::now() + PATIENCE;
        let resolved = match tokio::time::timeout_at(until, resolve(request, caller, review)).await {
            Ok(resolved) => resolved?,
            Err(_) => Err(warning("The registry did not answer within 3 seconds. Deploy asks it again.")),
        };
        let mut release = review.release.clone();
        if let Ok(digest) = &resolved {
            release.image = release.image.with_digest(digest)?;
        }
        let objects = match tokio::time::timeout_at(until, request.app.data_plane.preview(&release)).await {
            Ok(planned) => planned.map_err(|problem| refused(&problem)),
            Err(_) => Err(calm("The data plane did not answer within 3 seconds. Deploy works all the same.")),
        };
        let (digest, about) = match resolved {
            Ok(digest) => (Some(digest.clone()), verdict(review.running.as_ref(), &release.image, &digest)),
            Err(note) => (None, note),
        };
        Ok(Self { digest, about, objects })
    }

    pub(super) fn view(self) -> AnyView {
        let said = match &self.objects {
            Ok(objects) => summary(objects),
            Err(_) => "The Kubernetes objects can't be told.".into(),
        };
        let digest = self
            .digest
            .map(|digest| view! { <dl class="facts"><dt>"Digest"</dt><dd><CopyField value=digest label="digest to deploy"/></dd></dl> });
        let objects = match self.objects {
            Ok(objects) => view! { <ul class="planned">{objects.into_iter().map(object).collect_view()}</ul> }.into_any(),
            Err(note) => paragraph(note),
        };
        view! {
            <p class="dim" data-sentence="">{said}</p>
            <article class="card narrow" aria-labelledby="objects">
                <header><h2 id="objects">"Kubernetes objects"</h2></header>
                <section class="reviewed">{digest}{paragraph(self.about)}</section>
                <section>{objects}</section>
            </article>
        }
        .into_any()
    }
}

fn paragraph(note: Note) -> AnyView {
    view! { <p class=note.class>{note.text}</p> }.into_any()
}

/// The digest of the image, or why it is not known. The outer error is ours.
async fn resolve(request: &Request, caller: &Caller, review: &Review) -> Result<Result<String, Note>, Error> {
    let (context, image) = (&request.app.context, &review.release.image);
    if let Some(digest) = image.digest() {
        return Ok(Ok(digest.to_owned()));
    }
    let registry = registries::get(context, caller, review.release.registry_id).await?;
    if registry.authentication.is_by_nodes() {
        return Ok(Err(calm(format!("{BY_THE_NODES} The tag is applied as it is, and the nodes resolve it."))));
    }
    let access = registries::access(context, caller.organization_id, registry.id).await?;
    let resolved = context.registry_client.resolve(&access, image).await;
    Ok(resolved.map_err(|problem| warning(format!("{} Deploy would end with this too.", problem.sentence()))))
}

/// What the digest means beside what runs.
fn verdict(running: Option<&Deployment>, image: &ImageReference, digest: &str) -> Note {
    let Some(running) = running else { return calm("The first image of this component here.") };
    let same_tag = running.image.same_repository(image) && running.image.tag() == image.tag();
    match running.digest.as_deref() {
        Some(now) if now == digest => calm("The same digest as what runs: the image itself does not change."),
        Some(_) if same_tag => {
            let tag = image.tag().unwrap_or_default();
            warning(format!("The tag {tag} has moved since: it stands for another image than the one that runs."))
        }
        Some(_) => calm("Another image than the one that runs."),
        None => calm("The digest of what runs is not known, so the two can't be compared."),
    }
}

/// Why there is no dry run. What the cluster refuses now it would refuse at Deploy too.
fn refused(problem: &ApplyProblem) -> Note {
    match problem {
        ApplyProblem::Unreachable(_) => calm(format!("{problem}. Deploy works all the same: it goes on when the data plane answers.")),
        ApplyProblem::FieldConflict { .. } | ApplyProblem::Refused { .. } => {
            Note { class: "note bad", text: format!("{problem}. Deploy would end with this too.") }
        }
        _ => Note { class: "note bad", text: problem.to_string() },
    }
}

/// `1 object is made, 2 change, 3 stay.`
fn summary(objects: &[PlannedObject]) -> String {
    let count = |plan| objects.iter().filter(|object| object.plan == plan).count();
    let parts = [(Plan::Create, "made"), (Plan::Change, "changed"), (Plan::Delete, "deleted"), (Plan::Keep, "kept")];
    let said: Vec<_> = parts.into_iter().map(|(plan, word)| (count(plan), word)).filter(|(count, _)| *count > 0).collect();
    match said.is_empty() {
        true => "No Kubernetes object changes.".into(),
        false => {
            format!("Kubernetes objects: {}.", said.iter().map(|(count, word)| format!("{count} {word}")).collect::<Vec<_>>().join(", "))
        }
    }
}

fn object(object: PlannedObject) -> AnyView {
    let (tone, word) = match object.plan {
        Plan::Create => (Tone::Good, "Create"),
        Plan::Change => (Tone::Warn, "Change"),
        Plan::Keep => (Tone::Neutral, "Keep"),
        Plan::Delete => (Tone::Bad, "Delete"),
    };
    let conflicts = conflicts(object.conflicts);
    let text = match (object.before, object.after) {
        (Some(before), Some(after)) if before != after => view! { <Diff before=before after=after/> }.into_any(),
        (_, Some(text)) | (Some(text), None) => view! { <Highlighted text=text/> }.into_any(),
        (None, None) => ().into_any(),
    };
    view! {
        <li>
            <details>
                <summary><span class="mono break">{object.kind}"/"{object.name}</span><Badge tone=tone>{word}</Badge></summary>
                {text}
            </details>
            {conflicts}
        </li>
    }
    .into_any()
}

/// Who owns which fields, and what that means.
fn conflicts(conflicts: Vec<Conflict>) -> Option<AnyView> {
    if conflicts.is_empty() {
        return None;
    }
    let rows = conflicts
        .into_iter()
        .map(|conflict| view! { <li class="break"><b>{conflict.manager}</b>" owns "<code>{conflict.field}</code></li> })
        .collect_view();
    Some(
        view! {
            <div class="note warn">
                <p><b>"Another manager owns fields of it"</b></p>
                <ul class="stops">{rows}</ul>
                <p>"Deploy stops there and takes nothing. Take the change back with that tool first; or deploy, and then choose \
                    to take the fields over on the environment's card."</p>
            </div>
        }
        .into_any(),
    )
}
