//! What only the registry and the data plane can tell of an update: the digest that its tag stands for, and the Kubernetes
//! objects by a dry run. Both within [`PATIENCE`]; what can't be told forbids nothing.

use leptos::prelude::*;

use super::Review;
use crate::{
    domain::{
        Caller,
        deployments::data_plane::{ApplyProblem, Conflict, Plan, PlannedObject},
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
        let running = review.running.as_ref().map(|running| (&running.image, running.digest.as_deref()));
        let (digest, about) = match resolved {
            Ok(digest) => (Some(digest.clone()), verdict(running, &release.image, &digest)),
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
            Ok(objects) if objects.is_empty() => None,
            Ok(objects) => Some(view! { <ul class="planned">{objects.into_iter().map(object).collect_view()}</ul> }.into_any()),
            Err(note) => Some(paragraph(note)),
        };
        view! {
            <p class="dim" data-sentence="">{said}</p>
            <article class="card narrow" aria-labelledby="objects">
                <header><h2 id="objects">"Kubernetes objects"</h2></header>
                <section class="reviewed">{digest}{paragraph(self.about)}</section>
                {objects.map(|objects| view! { <section>{objects}</section> })}
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

/// What the digest means beside what runs, of which the nodes may have told no digest.
fn verdict(running: Option<(&ImageReference, Option<&str>)>, image: &ImageReference, digest: &str) -> Note {
    let Some((running, now)) = running else { return calm("The first image of this component here.") };
    let same_tag = running.same_repository(image) && running.tag() == image.tag();
    match now {
        Some(now) if now == digest => calm("The same digest as what runs: the image itself does not change."),
        Some(_) if same_tag && image.tag().is_some() => {
            let tag = image.tag().unwrap_or_default();
            warning(format!("The tag {tag} has moved since: it stands for another image than the one that runs."))
        }
        Some(_) => calm("Another image than the one that runs."),
        None => calm("The digest of what runs is not known, so the two can't be compared."),
    }
}

/// Why there is no dry run. What the cluster refuses now it would refuse at Deploy too.
fn refused(problem: &ApplyProblem) -> Note {
    let said = problem.to_string();
    let said = said.trim_end_matches('.');
    match problem {
        ApplyProblem::Unreachable(_) => calm(format!("{said}. Deploy works all the same: it goes on when the data plane answers.")),
        ApplyProblem::FieldConflict { .. } | ApplyProblem::Refused { .. } => {
            Note { class: "note bad", text: format!("{said}. Deploy would end with this too.") }
        }
        _ => Note { class: "note bad", text: format!("{said}.") },
    }
}

/// `Kubernetes objects: 1 made, 2 changed, 3 kept.`
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

#[cfg(test)]
mod tests {
    use super::*;

    fn image(text: &str) -> ImageReference {
        ImageReference::parse(text).unwrap()
    }

    #[test]
    fn a_tag_that_moved_is_told_from_another_image() {
        let now = image("acme/greeter:1");
        let said = |running, of: &str, digest: &str| verdict(running, &image(of), digest).text;
        let runs = |digest| Some((&now, digest));
        assert!(said(runs(Some("sha256:a")), "acme/greeter:1", "sha256:b").starts_with("The tag 1 has moved since"));
        assert!(said(runs(Some("sha256:a")), "acme/greeter:2", "sha256:b").starts_with("Another image"));
        assert!(said(runs(Some("sha256:a")), "acme/other:1", "sha256:b").starts_with("Another image"));
        assert!(said(runs(Some("sha256:a")), "acme/greeter:2", "sha256:a").starts_with("The same digest"));
        assert!(said(runs(None), "acme/greeter:1", "sha256:a").contains("is not known"));
        assert!(said(None, "acme/greeter:1", "sha256:a").starts_with("The first image"));
    }

    fn planned(plan: Plan, name: &str) -> PlannedObject {
        PlannedObject {
            kind: "Service".into(),
            name: name.into(),
            plan,
            before: None,
            after: Some("kind: <b>\n".into()),
            conflicts: Vec::new(),
        }
    }

    #[test]
    fn objects_are_counted_by_what_happens_to_them() {
        let objects = [planned(Plan::Keep, "a"), planned(Plan::Create, "b"), planned(Plan::Keep, "c"), planned(Plan::Delete, "d")];
        assert_eq!(summary(&objects), "Kubernetes objects: 1 made, 1 deleted, 2 kept.");
        assert_eq!(summary(&[]), "No Kubernetes object changes.");
    }

    #[test]
    fn a_conflict_names_manager_and_field_and_the_clusters_words_are_text() {
        let conflicts = vec![Conflict { manager: "<script>".into(), field: ".spec.replicas".into() }];
        let html = Owner::new().with(|| object(PlannedObject { conflicts, ..planned(Plan::Change, "<img>") }).to_html());
        assert!(html.contains("&lt;script&gt;") && html.contains(".spec.replicas") && html.contains("Deploy stops there"), "{html}");
        assert!(!html.contains("<script>") && !html.contains("<img>") && !html.contains("<b>\n"), "{html}");
        let quiet = Owner::new().with(|| object(planned(Plan::Keep, "a")).to_html());
        assert!(quiet.contains("Keep") && !quiet.contains("Another manager"), "{quiet}");
    }

    #[test]
    fn a_cluster_that_is_away_is_no_reason_not_to_deploy_and_a_refusal_is_one() {
        assert!(refused(&ApplyProblem::Unreachable("no route".into())).text.ends_with("it goes on when the data plane answers."));
        let refusal = ApplyProblem::Refused { kind: "Service".into(), name: "a".into(), detail: "exceeded quota".into() };
        assert!(refused(&refusal).text.contains("exceeded quota") && refused(&refusal).class.contains("bad"));
    }
}
