//! The life of a credential: when it ends, and what replaces it.

use secrecy::{ExposeSecret as _, SecretString};

use super::{
    Authentication, Registry, Secret, check_login,
    credential::Credential,
    docker_config, fields, is_blank,
    new::{Read, read_docker_config},
};
use crate::domain::{
    clock::Time,
    problem::{Problem, Problems},
};

/// How long before its end a credential is warned about: two weeks.
pub(super) const WARNING_SECONDS: i64 = 14 * 86_400;

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

    /// Whether the credential ends with a day that somebody typed; else at the very moment that it names itself.
    pub fn ends_with_a_day(&self) -> bool {
        self.expires_at.is_some_and(fields::is_whole_day)
    }

    /// The day on which the credential ends, as a date field has it; empty if nobody knows of one.
    pub fn expires_on(&self) -> String {
        self.expires_at.map(fields::day).unwrap_or_default()
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

/// As understood.
#[derive(Clone, Debug)]
pub struct Replacement {
    pub secret: Secret,
    pub path_prefix: Option<String>,
    pub expires_at: Option<Time>,
}

impl NewSecret {
    /// Checks the secret for the registry it is to serve: the kind and the host stay what they are.
    pub fn parse(self, registry: &Registry, now: Time) -> Result<Replacement, Problems> {
        let mut problems = Problems::default();
        let ends = problems.keep(fields::expires_on(&self.expires_on, None, now));
        let found = match registry.authentication {
            Authentication::Basic => problems.keep_all(self.basic(registry, now)).map(|credential| (None, credential)),
            Authentication::DockerConfig => problems.keep_all(self.docker_config(registry, now)),
            Authentication::Public | Authentication::VendorSpecific => {
                problems.add("", "no_credential", format!("{} has no secret that could be replaced.", registry.display_name));
                None
            }
        };
        match (ends, found) {
            (Some(ends), Some((path_prefix, credential))) => Ok(Replacement {
                secret: Secret::New(credential.login),
                path_prefix,
                expires_at: ends.into_iter().chain(credential.expires_at).min(),
            }),
            _ => Err(problems),
        }
    }

    fn basic(&self, registry: &Registry, now: Time) -> Result<Credential, Problems> {
        let username = match self.username.trim() {
            "" => registry.username.as_deref().unwrap_or_default(),
            typed => typed,
        };
        check_login(registry.vendor, &registry.host, username, &self.password, now)
    }

    fn docker_config(&self, registry: &Registry, now: Time) -> Result<(Option<String>, Credential), Problems> {
        if is_blank(&self.docker_config) {
            return Err(Problem::new("docker_config", "required", "Paste the new Docker config, or choose its file.").into());
        }
        let host = docker_config::parse(self.docker_config.expose_secret())?.host;
        if host != registry.host {
            let message = format!("This Docker config is for {host}, but the registry is {}. Add another registry for it.", registry.host);
            return Err(Problem::new("docker_config", "other_host", message).into());
        }
        let Read { path_prefix, credential, .. } = read_docker_config(None, &self.docker_config, Some(registry), now)?;
        Ok((path_prefix, credential))
    }
}
