//! The life of a credential: when it ends, what a form changes of a registry, and what replaces its secret.

use jiff::{civil::Date, tz::TimeZone};
use secrecy::SecretString;
use serde_json::json;
use uuid::Uuid;

use super::{NewRegistry, Registration, Registry, client::Login, get, is_blank, record, store};
use crate::domain::{
    Caller, Context,
    clock::Time,
    problem::{Problem, Problems, Result},
};

/// How long before its end a credential is warned about: two weeks.
const WARNING_SECONDS: i64 = 14 * 86_400;

/// How far off the end of a credential is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Expiry {
    /// It has ended.
    Ended,
    /// It ends within two weeks.
    Soon {
        seconds: i64,
    },
    Later,
}

impl Registry {
    /// `None` if nobody knows of an end.
    pub fn expiry(&self, now: Time) -> Option<Expiry> {
        let left = self.expires_at?.seconds_since(now) as i64;
        Some(match left {
            ..=0 => Expiry::Ended,
            1..=WARNING_SECONDS => Expiry::Soon { seconds: left },
            _ => Expiry::Later,
        })
    }

    /// The day on which the credential ends, as a date field has it; empty if nobody knows of one.
    pub fn expires_on(&self) -> String {
        self.expires_at.map(|time| time.timestamp().strftime("%Y-%m-%d").to_string()).unwrap_or_default()
    }
}

/// A new secret for a registry, as typed.
#[derive(Clone, Debug, Default)]
pub struct NewSecret {
    /// Empty: the present one.
    pub username: String,
    pub password: SecretString,
    pub docker_config: SecretString,
    pub expires_on: String,
}

/// Changes a registry. A blank secret keeps the present one, unless the host changes.
pub async fn edit(context: &Context, caller: &Caller, id: Uuid, new: NewRegistry) -> Result<Registry> {
    caller.must_be_admin()?;
    let present = get(context, caller, id).await?;
    let keeps = new.authentication == present.authentication.as_str() && is_blank(&new.password) && is_blank(&new.docker_config);
    let registration = if keeps { kept(new, &present)? } else { new.parse()? };
    write(context, caller, &present, &registration, "registry.edit").await
}

/// What a form without a secret changes.
fn kept(new: NewRegistry, present: &Registry) -> Result<Registration, Problems> {
    let username = Some(new.username.trim().to_owned()).filter(|name| !name.is_empty()).or_else(|| present.username.clone());
    let authentication = if present.authentication.has_credential() { "public".into() } else { new.authentication.clone() };
    let host = if new.docker_config_names_host() { present.host.clone() } else { new.host.clone() };
    let registration = NewRegistry { authentication, host, ..new }.parse()?;
    if present.authentication.has_credential() && registration.host != present.host {
        let message = format!("The host changes to {}, so the password or token must be entered again.", registration.host);
        return Err(Problems::one("password", "required", message));
    }
    let login = username.filter(|_| present.authentication.has_credential()).map(|username| Login { username, password: "".into() });
    Ok(Registration { authentication: present.authentication, login, path_prefix: present.path_prefix.clone(), ..registration })
}

/// Replaces the secret of a registry; kind and host stay.
pub async fn rotate(context: &Context, caller: &Caller, id: Uuid, new: NewSecret) -> Result<Registry> {
    caller.must_be_admin()?;
    let present = get(context, caller, id).await?;
    let username = if new.username.trim().is_empty() { present.username.clone().unwrap_or_default() } else { new.username };
    let typed = NewRegistry {
        display_name: present.display_name.clone(),
        vendor: present.vendor.as_str().into(),
        authentication: present.authentication.as_str().into(),
        host: present.host.clone(),
        username,
        password: new.password,
        docker_config: new.docker_config,
        expires_on: new.expires_on,
        ca_certificates: present.ca_certificates.clone().unwrap_or_default(),
        test_repository: present.test_repository.clone().unwrap_or_default(),
    };
    let registration = typed.parse()?;
    if registration.host != present.host {
        let message =
            format!("This Docker config is for {}, but the registry is {}. Add another registry for it.", registration.host, present.host);
        return Err(Problems::one("docker_config", "other_host", message).into());
    }
    write(context, caller, &present, &registration, "registry.rotate").await
}

async fn write(
    context: &Context,
    caller: &Caller,
    present: &Registry,
    registration: &Registration,
    action: &'static str,
) -> Result<Registry> {
    let secret = registration.login.as_ref().filter(|login| !is_blank(&login.password));
    let sealed = match secret {
        Some(login) => Some(context.vault.seal(&*context.entropy, caller.organization_id, present.id, &login.password)?),
        None => None,
    };
    let mut tx = context.db.begin().await?;
    let changed_by = sealed.as_ref().map(|_| (caller.email.as_str(), context.now()));
    store::update(&mut tx, present, registration, sealed, changed_by).await?;
    record(context, &mut tx, caller, action, present, json!({ "host": registration.host })).await?;
    tx.commit().await?;
    get(context, caller, present.id).await
}

/// The first moment of a day, in UTC.
pub(super) fn expires_at(text: &str) -> Result<Option<Time>, Problem> {
    if text.trim().is_empty() {
        return Ok(None);
    }
    let moment = text.trim().parse::<Date>().ok().and_then(|date| date.to_zoned(TimeZone::UTC).ok());
    moment.map(|zoned| Some(Time(zoned.timestamp().as_microsecond()))).ok_or_else(|| {
        Problem::new("expires_on", "invalid", "Write the date on which the credential ends as year-month-day, such as 2027-03-31.")
    })
}
