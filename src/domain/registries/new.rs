//! A registry as a form sends it, and what it means: all problems at once. Knows no rows; what a change may leave empty
//! is told by the registry it is compared with.

use secrecy::{ExposeSecret as _, SecretString};

use super::{
    Authentication, Registry, Vendor, check_ca_certificates, check_host, check_login, client::Login, credential::Credential, docker_config,
    fields, is_blank,
};
use crate::domain::{
    clock::Time,
    images::canonical_host,
    problem::{Problem, Problems},
};

/// As typed.
#[derive(Clone, Debug, Default)]
pub struct NewRegistry {
    pub display_name: String,
    /// A word of [`Vendor`]; empty: told by the host.
    pub vendor: String,
    /// A word of [`Authentication`].
    pub authentication: String,
    /// Not asked for by a Docker config, which names its own.
    pub host: String,
    pub username: String,
    pub password: SecretString,
    /// JSON as `docker login` writes it, for [`Authentication::DockerConfig`].
    pub docker_config: SecretString,
    /// A date such as `2027-03-31`; empty if the credential does not end or nobody knows.
    pub expires_on: String,
    /// PEM; empty for none.
    pub ca_certificates: String,
    /// Repository from which a check tries to pull; empty for none.
    pub test_repository: String,
    /// Of a change: the [`Registry::revision`] that the form was filled from.
    pub revision: i64,
}

/// As understood.
#[derive(Clone, Debug)]
pub struct Registration {
    pub display_name: String,
    pub connection: Connection,
}

/// Where a registry is and how it is signed in to.
#[derive(Clone, Debug)]
pub struct Connection {
    pub vendor: Vendor,
    pub authentication: Authentication,
    /// Canonical host with port.
    pub host: String,
    /// The credential serves only repositories under it; no slash at either end.
    pub path_prefix: Option<String>,
    pub secret: Secret,
    /// When the credential ends: as the person said, or as the credential itself says.
    pub expires_at: Option<Time>,
    pub ca_certificates: Option<String>,
    pub test_repository: Option<String>,
}

/// What a form says about the credential.
#[derive(Clone, Debug)]
pub enum Secret {
    /// There is none.
    None,
    /// The stored password stays, for this user name.
    Keep {
        username: String,
    },
    New(Login),
}

impl Secret {
    pub fn username(&self) -> Option<&str> {
        match self {
            Self::None => None,
            Self::Keep { username } => Some(username),
            Self::New(login) => Some(&login.username),
        }
    }

    pub fn login(&self) -> Option<&Login> {
        match self {
            Self::New(login) => Some(login),
            Self::None | Self::Keep { .. } => None,
        }
    }
}

/// Host and credential, as one of the kinds of authentication gives them.
struct SignIn {
    vendor: Vendor,
    host: String,
    path_prefix: Option<String>,
    secret: Secret,
    /// As the credential itself says.
    expires_at: Option<Time>,
}

impl SignIn {
    /// When the credential ends: as it says itself or as was typed, whichever is earlier. A form brings the present end
    /// along: of a new secret that says nothing if it is over or was the old secret's own, and a login that can't live long
    /// ends no later than it did.
    fn end(&self, typed: Option<Time>, present: Option<Time>, now: Time) -> Option<Time> {
        match &self.secret {
            Secret::None => None,
            Secret::Keep { .. } if self.vendor.token_hours().is_some() => earlier(typed, present),
            Secret::Keep { .. } => typed,
            Secret::New(_) => {
                let says_something = |typed: &Time| Some(*typed) != present || (fields::is_whole_day(*typed) && *typed > now);
                earlier(typed.filter(says_something), self.expires_at)
            }
        }
    }
}

impl NewRegistry {
    /// Checks every field. `present` is the registry that this changes, if it does not make a new one.
    pub fn parse(self, present: Option<&Registry>, now: Time) -> Result<Registration, Problems> {
        let mut problems = Problems::default();
        let display_name = problems.keep(fields::display_name(&self.display_name));
        let connection = problems.keep_all(self.parse_connection(present, now));
        match (display_name, connection) {
            (Some(display_name), Some(connection)) => Ok(Registration { display_name, connection }),
            _ => Err(problems),
        }
    }

    /// Checks what a connection needs: all but the name. Fields that the kind of authentication does not have count as empty.
    pub fn parse_connection(self, present: Option<&Registry>, now: Time) -> Result<Connection, Problems> {
        let mut problems = Problems::default();
        let vendor = problems.keep(fields::vendor(&self.vendor));
        let authentication = problems.keep(fields::authentication(&self.authentication));
        let sign_in = match (vendor, authentication) {
            (Some(vendor), Some(authentication)) => problems.keep_all(self.sign_in(vendor, authentication, present, now)),
            _ => {
                problems.keep(host(&self.host));
                None
            }
        };
        let present_end = present.and_then(|present| present.expires_at);
        let ends =
            problems.keep(fields::expires_on(text_of(authentication, &self.expires_on, Authentication::has_credential), present_end, now));
        let looked_into = |kind: Authentication| !kind.is_by_nodes();
        let ca_certificates = problems.keep(check_ca_certificates(text_of(authentication, &self.ca_certificates, looked_into)));
        let served = sign_in.as_ref().map(|sign_in| (sign_in.host.as_str(), sign_in.path_prefix.as_deref()));
        let test_repository = problems.keep(fields::test_repository(text_of(authentication, &self.test_repository, looked_into), served));
        if let (Some(sign_in), Some(ca_certificates)) = (&sign_in, &ca_certificates) {
            problems.keep(refuse_other_issuers(sign_in, ca_certificates.as_deref(), present));
        }
        match (authentication, sign_in, ends, ca_certificates, test_repository) {
            (Some(authentication), Some(sign_in), Some(ends), Some(ca_certificates), Some(test_repository)) if problems.is_empty() => {
                Ok(Connection {
                    vendor: sign_in.vendor,
                    authentication,
                    expires_at: sign_in.end(ends, present_end, now),
                    host: sign_in.host,
                    path_prefix: sign_in.path_prefix,
                    secret: sign_in.secret,
                    ca_certificates,
                    test_repository,
                })
            }
            _ => Err(problems),
        }
    }

    fn sign_in(
        &self,
        vendor: Option<Vendor>,
        authentication: Authentication,
        present: Option<&Registry>,
        now: Time,
    ) -> Result<SignIn, Problems> {
        match authentication {
            Authentication::Public | Authentication::VendorSpecific => {
                let (vendor, host) = vendors_host(vendor, &self.host, present)?;
                Ok(SignIn { vendor, host, path_prefix: None, secret: Secret::None, expires_at: None })
            }
            Authentication::Basic => self.basic(vendor, present, now),
            Authentication::DockerConfig => self.docker_config(vendor, present, now),
        }
    }

    fn basic(&self, vendor: Option<Vendor>, present: Option<&Registry>, now: Time) -> Result<SignIn, Problems> {
        let mut problems = Problems::default();
        let place = problems.keep(vendors_host(vendor, &self.host, present));
        let kept = present.filter(|present| present.authentication == Authentication::Basic && is_blank(&self.password));
        let login = match (kept, &place) {
            (Some(present), Some((_, host))) if present.host == *host => problems.keep_all(keep(&self.username, present)),
            (Some(_), Some((_, host))) => {
                let message = format!("The host changes to {host}, so the password or token must be entered again.");
                problems.add("password", "required", message);
                None
            }
            (_, place) => {
                let (vendor, host) = place.as_ref().map_or((Vendor::Other, "the registry"), |(vendor, host)| (*vendor, host));
                problems.keep_all(check_login(vendor, host, &self.username, &self.password, now)).map(new_secret)
            }
        };
        match (place, login) {
            (Some((vendor, host)), Some((secret, expires_at))) => Ok(SignIn { vendor, host, path_prefix: None, secret, expires_at }),
            _ => Err(problems),
        }
    }

    fn docker_config(&self, vendor: Option<Vendor>, present: Option<&Registry>, now: Time) -> Result<SignIn, Problems> {
        let kept = present.filter(|present| present.authentication == Authentication::DockerConfig && is_blank(&self.docker_config));
        if let Some(present) = kept {
            return Ok(SignIn {
                vendor: present.vendor,
                host: present.host.clone(),
                path_prefix: present.path_prefix.clone(),
                secret: Secret::Keep { username: present.username.clone().unwrap_or_default() },
                expires_at: None,
            });
        }
        let Read { vendor, host, path_prefix, credential } = read_docker_config(vendor, &self.docker_config, present, now)?;
        let (secret, expires_at) = new_secret(credential);
        Ok(SignIn { vendor, host, path_prefix, secret, expires_at })
    }
}

/// What a Docker config says.
pub(super) struct Read {
    pub(super) vendor: Vendor,
    pub(super) host: String,
    pub(super) path_prefix: Option<String>,
    pub(super) credential: Credential,
}

/// Reads a Docker config; every problem stands at its field.
pub(super) fn read_docker_config(
    vendor: Option<Vendor>,
    text: &SecretString,
    present: Option<&Registry>,
    now: Time,
) -> Result<Read, Problems> {
    let at_field = |problem: Problem| Problem { field: "docker_config".into(), ..problem };
    let config = docker_config::parse(text.expose_secret())?;
    let vendor = vendor_of(vendor, &config.host, present).map_err(at_field)?;
    let Login { username, password } = &config.login;
    let credential = check_login(vendor, &config.host, username, password, now)
        .map_err(|problems| Problems(problems.0.into_iter().map(at_field).collect()))?;
    Ok(Read { vendor, host: config.host, path_prefix: config.path_prefix, credential })
}

/// The text of a field, empty if the kind of authentication has no such field.
fn text_of(authentication: Option<Authentication>, text: &str, has_it: fn(Authentication) -> bool) -> &str {
    if authentication.is_none_or(has_it) { text } else { "" }
}

fn host(text: &str) -> Result<String, Problem> {
    canonical_host(text).map_err(|problem| Problem { field: "host".into(), ..problem })
}

fn vendors_host(vendor: Option<Vendor>, text: &str, present: Option<&Registry>) -> Result<(Vendor, String), Problem> {
    let host = host(text)?;
    vendor_of(vendor, &host, present).map(|vendor| (vendor, host))
}

/// The vendor that was chosen, if the host fits it; none chosen, the host tells. A registry keeps a host that it has.
fn vendor_of(chosen: Option<Vendor>, host: &str, present: Option<&Registry>) -> Result<Vendor, Problem> {
    if let Some(present) = present.filter(|present| present.host == host) {
        return Ok(Vendor::of_host(host).unwrap_or(present.vendor));
    }
    let vendor = chosen.or_else(|| Vendor::of_host(host)).unwrap_or(Vendor::Other);
    check_host(vendor, host).map(|()| vendor)
}

/// Who may say which issuers are trusted could read a stored password on its way: with other issuers it is entered again.
fn refuse_other_issuers(sign_in: &SignIn, issuers: Option<&str>, present: Option<&Registry>) -> Result<(), Problem> {
    let keeps = matches!(sign_in.secret, Secret::Keep { .. });
    let Some(present) = present.filter(|present| keeps && issuers.is_some() && present.ca_certificates.as_deref() != issuers) else {
        return Ok(());
    };
    let field = if present.authentication == Authentication::DockerConfig { "docker_config" } else { "password" };
    Err(Problem::new(field, "required", "Other certificates are to be trusted, so the secret must be entered again."))
}

/// The stored password for the user name that is typed.
fn keep(username: &str, present: &Registry) -> Result<(Secret, Option<Time>), Problems> {
    let username = match username.trim() {
        "" => present.username.clone().unwrap_or_default(),
        typed => fields::username(typed)?,
    };
    Ok((Secret::Keep { username }, None))
}

fn new_secret(credential: Credential) -> (Secret, Option<Time>) {
    (Secret::New(credential.login), credential.expires_at)
}

fn earlier(one: Option<Time>, other: Option<Time>) -> Option<Time> {
    one.into_iter().chain(other).min()
}

#[cfg(test)]
mod tests;
