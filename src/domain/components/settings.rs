//! What of a component can be changed after it was made. Its name, its kind and its registry never are.

use serde_json::{Value, json};

use super::{
    Component, SecurityProfile, Workload,
    new::{check_description, check_port, choose_profile},
    record, store,
};
use crate::domain::{
    Caller, Context, audit,
    images::{ImageReference, covers, scope_name},
    organizations::check_display_name,
    problem::{Error, Problem, Problems, Result},
    registries::{self, Registry},
    schedule::Schedule,
};

/// As typed.
#[derive(Clone, Debug, Default)]
pub struct Settings {
    pub display_name: String,
    pub description: String,
    /// A repository besides the component's own that a pipeline may deploy; empty: none.
    pub webhook_repository: String,
    /// `default` or `restricted`.
    pub profile: String,
    /// Of a Web Application.
    pub port: String,
    /// Of a Scheduled Task.
    pub cron: String,
    pub time_zone: String,
    pub concurrency: String,
    /// After a failed deployment the release before it is applied again.
    pub auto_rollback: bool,
    /// [`Component::revision`] that the form was filled from.
    pub revision: i64,
}

/// As understood.
struct Parsed {
    display_name: String,
    description: String,
    webhook_repository: Option<String>,
    profile: SecurityProfile,
    workload: Workload,
}

/// Changes a component's settings. Its security profile and those of its kind hold from its next deployment.
pub async fn update(context: &Context, caller: &Caller, component: &Component, settings: Settings) -> Result<Component> {
    let registry = registries::get(context, caller, component.registry_id).await?;
    let (revision, auto_rollback) = (settings.revision, settings.auto_rollback);
    let parsed = settings.parse(component, &registry)?;
    let after = Component {
        display_name: parsed.display_name,
        description: parsed.description,
        webhook_repository: parsed.webhook_repository,
        profile: parsed.profile,
        workload: parsed.workload,
        auto_rollback,
        revision: component.revision.saturating_add(1),
        ..component.clone()
    };
    let mut tx = context.db.begin().await?;
    if store::update(&mut tx, revision, &after).await? == 0 {
        drop(tx);
        return Err(not_written(context, component).await?);
    }
    let detail = Value::Object(audit::differences(&facts(component), &facts(&after)));
    record(context, &mut tx, caller, "component.edit", &after, detail).await?;
    tx.commit().await?;
    Ok(after)
}

impl Settings {
    fn parse(self, component: &Component, registry: &Registry) -> Result<Parsed, Problems> {
        let mut problems = Problems::default();
        let display_name = problems.keep(check_display_name("display_name", &self.display_name));
        let description = problems.keep(check_description(&self.description));
        let repository = problems.keep(other_repository(&self.webhook_repository, component, registry));
        let workload = problems.keep_all(self.workload(&component.workload));
        let profile = problems.keep(choose_profile(&self.profile));
        match (display_name, description, repository, workload, profile) {
            (Some(display_name), Some(description), Some(webhook_repository), Some(workload), Some(profile)) => {
                Ok(Parsed { display_name, description, webhook_repository, profile, workload })
            }
            _ => Err(problems),
        }
    }
}

impl Settings {
    /// The same kind with the settings that were typed for it.
    fn workload(&self, present: &Workload) -> Result<Workload, Problems> {
        Ok(match present {
            Workload::WebApplication { .. } => Workload::WebApplication { port: check_port("port", &self.port)? },
            Workload::ScheduledTask(_) => Workload::ScheduledTask(Schedule::parse(&self.cron, &self.time_zone, &self.concurrency)?),
            Workload::Service | Workload::ManualTask => present.clone(),
        })
    }
}

/// A repository at the component's registry, other than its own.
fn other_repository(typed: &str, component: &Component, registry: &Registry) -> Result<Option<String>, Problem> {
    let refused = |code: &'static str, message: String| Err(Problem::new("webhook_repository", code, message));
    if typed.trim().is_empty() {
        return Ok(None);
    }
    let image = ImageReference::parse_noted(typed).map(|(image, _)| image);
    let image = image.map_err(|problem| Problem { field: "webhook_repository".into(), ..problem })?;
    if !covers(&registry.host, registry.path_prefix.as_deref(), &image) {
        let served = scope_name(&registry.host, registry.path_prefix.as_deref());
        return refused(
            "other_host",
            format!("{} is not within the component's registry {}, which serves {served}.", image.name(), registry.display_name),
        );
    }
    if names_a_version(typed) {
        return refused("has_tag", format!("Name the repository alone, without tag or digest: {}.", image.name()));
    }
    if image.same_repository(&component.image) {
        return refused("own_repository", format!("{} is the component's own repository, which is allowed already.", image.name()));
    }
    Ok(Some(image.name()))
}

/// Whether the last part of what was typed has a tag or a digest.
fn names_a_version(typed: &str) -> bool {
    typed.trim().rsplit('/').next().is_some_and(|last| last.contains([':', '@']))
}

fn facts(component: &Component) -> Value {
    json!({
        "display_name": component.display_name,
        "description": component.description,
        "webhook_repository": component.webhook_repository,
        "profile": component.profile.as_str(),
        "auto_rollback": component.auto_rollback,
        "workload": component.workload,
    })
}

/// Why a row was not written: it changed meanwhile, is being deleted, or has gone.
pub(super) async fn not_written(context: &Context, component: &Component) -> Result<Error> {
    let present = store::get(&context.db, component.organization_id, component.id).await?.ok_or(Error::NotFound)?;
    if present.deletion_asked_at.is_some() {
        return Ok(being_deleted(&present));
    }
    Ok(Error::Conflict {
        code: "changed_meanwhile",
        message: format!(
            "Somebody else changed {} meanwhile. The page shows it as it is now; what you typed is kept in the form.",
            present.display_name
        ),
    })
}

/// Nothing more can be done with a component that is going away.
pub fn being_deleted(component: &Component) -> Error {
    Error::Conflict {
        code: "being_deleted",
        message: format!("{} is being deleted. Create another component in its place.", component.display_name),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        domain::{
            components::{NewComponent, create, delete, get},
            testing::{HOST, Shop, fields},
        },
        fetch_one,
    };

    fn typed(component: &Component) -> Settings {
        Settings {
            display_name: component.display_name.clone(),
            profile: component.profile.as_str().into(),
            revision: component.revision,
            ..Settings::default()
        }
    }

    #[tokio::test]
    async fn settings_change_all_but_the_name_and_are_told_in_the_audit_log() {
        let shop = Shop::open().await;
        let settings = Settings {
            display_name: " Welcome ".into(),
            description: "Greets.".into(),
            webhook_repository: format!("https://{HOST}/acme/greeter-next"),
            profile: "restricted".into(),
            auto_rollback: true,
            revision: 1,
            ..Settings::default()
        };
        update(shop.context(), &shop.caller, &shop.component, settings).await.unwrap();
        let now = get(shop.context(), &shop.caller, &shop.project, "greeter").await.unwrap();
        assert_eq!((now.display_name.as_str(), now.description.as_str(), now.revision), ("Welcome", "Greets.", 2));
        assert!(now.auto_rollback);
        assert_eq!((now.webhook_repository, now.profile), (Some(format!("{HOST}/acme/greeter-next")), SecurityProfile::Restricted));
        let audited = "SELECT CAST(detail AS TEXT) FROM audit WHERE action = 'component.edit'";
        let (detail,) = fetch_one!(shop.context().db, (String,), audited).unwrap();
        let detail: Value = serde_json::from_str(&detail).unwrap();
        assert_eq!(detail["display_name"], json!({ "before": "Greeter", "after": "Welcome" }));
        assert_eq!(detail["profile"], json!({ "before": "default", "after": "restricted" }));
        assert_eq!(detail["auto_rollback"], json!({ "before": false, "after": true }));
        let deployed =
            shop.deploy_to(&get(shop.context(), &shop.caller, &shop.project, "greeter").await.unwrap(), &shop.development, "2").await;
        assert_eq!(deployed.profile, SecurityProfile::Restricted, "the next deployment has it");
    }

    #[tokio::test]
    async fn all_problems_come_at_once() {
        let shop = Shop::open().await;
        let settings = Settings {
            description: "x".repeat(1001),
            webhook_repository: "ghcr.io/acme/greeter".into(),
            profile: "root".into(),
            ..typed(&shop.component)
        };
        let told = fields(update(shop.context(), &shop.caller, &shop.component, Settings { display_name: "x".into(), ..settings }).await);
        let told: Vec<_> = told.iter().map(|(field, code)| (field.as_str(), code.as_str())).collect();
        let expected = [
            ("display_name", "display_name_length"),
            ("description", "too_long"),
            ("webhook_repository", "other_host"),
            ("profile", "required"),
        ];
        assert_eq!(told, expected);
    }

    #[tokio::test]
    async fn settings_of_its_kind_change_and_the_kind_does_not() {
        let shop = Shop::open().await;
        let new = NewComponent {
            kind: "scheduled_task".into(),
            cron: "0 3 * * *".into(),
            ..Shop::new_component(&shop.registry, "Nightly report")
        };
        let report = create(shop.context(), &shop.caller, &shop.project, new).await.unwrap();
        let wrong = Settings { port: "80".into(), cron: "0 25 * * *".into(), time_zone: "Nowhere".into(), ..typed(&report) };
        let told = fields(update(shop.context(), &shop.caller, &report, wrong).await);
        assert_eq!(told.iter().map(|(field, _)| field.as_str()).collect::<Vec<_>>(), ["cron", "time_zone"]);
        let right = Settings { cron: "@hourly".into(), time_zone: "Europe/Berlin".into(), concurrency: "Replace".into(), ..typed(&report) };
        let after = update(shop.context(), &shop.caller, &report, right).await.unwrap();
        let Workload::ScheduledTask(schedule) = &after.workload else { panic!("{after:?}") };
        assert_eq!((schedule.cron.as_str(), schedule.time_zone.as_str()), ("@hourly", "Europe/Berlin"));
        assert_eq!(get(shop.context(), &shop.caller, &shop.project, "nightly-report").await.unwrap().workload, after.workload);
    }

    #[tokio::test]
    async fn another_repository_is_named_without_a_version_and_is_not_its_own() {
        let shop = Shop::open().await;
        let code = async |repository: String| {
            let settings = Settings { webhook_repository: repository, ..typed(&shop.component) };
            fields(update(shop.context(), &shop.caller, &shop.component, settings).await)[0].1.clone()
        };
        assert_eq!(code(format!("{HOST}/acme/other:1")).await, "has_tag");
        assert_eq!(code(format!("{HOST}/acme/other@sha256:{}", "a".repeat(64))).await, "has_tag");
        assert_eq!(code(format!("{HOST}/acme/greeter")).await, "own_repository");
    }

    #[tokio::test]
    async fn of_two_who_change_it_at_once_the_second_is_told() {
        let shop = Shop::open().await;
        update(shop.context(), &shop.caller, &shop.component, typed(&shop.component)).await.unwrap();
        let second = update(shop.context(), &shop.caller, &shop.component, typed(&shop.component)).await;
        assert!(matches!(second, Err(Error::Conflict { code: "changed_meanwhile", .. })), "{second:?}");
        shop.deploy("1.1").await;
        delete(shop.context(), &shop.caller, &shop.component, "greeter").await.unwrap();
        let late = update(shop.context(), &shop.caller, &shop.component, Settings { revision: 2, ..typed(&shop.component) }).await;
        assert!(matches!(late, Err(Error::Conflict { code: "being_deleted", .. })), "{late:?}");
    }
}
