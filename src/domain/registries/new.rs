//! A registry as a form sends it, and what it means: all problems at once.

use secrecy::{ExposeSecret as _, SecretString};

use super::{Authentication, Vendor, client::Login, docker_config, is_blank};
use crate::domain::{
    clock::Time,
    images::canonical_host,
    problem::{Problem, Problems},
};

/// As typed.
#[derive(Clone, Debug, Default)]
pub struct NewRegistry {
    pub display_name: String,
    /// A word of [`Vendor`].
    pub vendor: String,
    /// A word of [`Authentication`].
    pub authentication: String,
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
}

/// As understood.
#[derive(Clone, Debug)]
pub struct Registration {
    pub display_name: String,
    pub vendor: Vendor,
    pub authentication: Authentication,
    /// Canonical host with port.
    pub host: String,
    /// The credential serves only repositories under it; no slash at either end.
    pub path_prefix: Option<String>,
    pub login: Option<Login>,
    /// When the credential ends: as the person said, or as the credential itself says.
    pub expires_at: Option<Time>,
    pub ca_certificates: Option<String>,
    pub test_repository: Option<String>,
}

impl NewRegistry {
    /// Checks every field.
    pub fn parse(self) -> Result<Registration, Problems> {
        let mut problems = Problems::default();
        let display_name = problems.keep(check_display_name(&self.display_name));
        let authentication = problems.keep(check_authentication(&self.authentication));
        let expires_at = problems.keep(super::life::expires_at(&self.expires_on));
        let host_of = |text: &str| canonical_host(text).map_err(|problem| Problem { field: "host".into(), ..problem });
        let (host, login) = match authentication {
            Some(Authentication::DockerConfig) => match problems.keep(docker_config::parse(self.docker_config.expose_secret())) {
                Some(config) => (Some(config.host), Some(config.login)),
                None => (None, None),
            },
            Some(Authentication::Basic) => {
                (problems.keep(host_of(&self.host)), problems.keep_all(check_login(self.username, self.password)))
            }
            _ => (problems.keep(host_of(&self.host)), None),
        };
        let some = |text: String| Some(text.trim().to_owned()).filter(|text| !text.is_empty());
        match (display_name, authentication, host, expires_at) {
            (Some(display_name), Some(authentication), Some(host), Some(expires_at)) if problems.is_empty() => Ok(Registration {
                display_name,
                vendor: Vendor::try_from(self.vendor).unwrap_or(Vendor::Other),
                authentication,
                host,
                path_prefix: None,
                login,
                expires_at,
                ca_certificates: some(self.ca_certificates),
                test_repository: some(self.test_repository),
            }),
            _ => Err(problems),
        }
    }

    /// Whether the host is not the person's to say.
    pub(super) fn docker_config_names_host(&self) -> bool {
        self.authentication == Authentication::DockerConfig.as_str()
    }
}

fn check_display_name(text: &str) -> Result<String, Problem> {
    let name = text.trim();
    match name.chars().count() {
        0 => Err(Problem::new("display_name", "required", "Give the registry a name that people will recognize.")),
        1..=60 if !name.chars().any(char::is_control) => Ok(name.to_owned()),
        1..=60 => Err(Problem::new(
            "display_name",
            "invalid",
            "The name has characters that can't be shown; use letters, digits and punctuation.",
        )),
        count => Err(Problem::new("display_name", "too_long", format!("The name has {count} characters; at most 60 are allowed."))),
    }
}

fn check_authentication(text: &str) -> Result<Authentication, Problem> {
    Authentication::try_from(text.trim().to_owned()).map_err(|_| Problem::new("authentication", "required", "Choose Public or Basic."))
}

fn check_login(username: String, password: SecretString) -> Result<Login, Problems> {
    let mut problems = Problems::default();
    let username = username.trim().to_owned();
    if username.is_empty() {
        problems.add("username", "required", "Enter the user name that the registry knows.");
    } else if username.contains(':') {
        problems.add("username", "invalid", "A user name can't contain a colon: registries separate it from the password by one.");
    } else if username.len() > 255 {
        problems.add("username", "too_long", "The user name is longer than 255 bytes.");
    }
    if is_blank(&password) {
        problems.add("password", "required", "Enter the password or access token.");
    }
    if problems.is_empty() { Ok(Login { username, password }) } else { Err(problems) }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fields(new: NewRegistry) -> Vec<String> {
        new.parse().unwrap_err().0.into_iter().map(|problem| problem.field.into_owned()).collect()
    }

    #[test]
    fn all_problems_come_at_once() {
        assert_eq!(fields(NewRegistry::default()), ["display_name", "authentication", "host"]);
        let basic = NewRegistry { authentication: "basic".into(), host: "ghcr.io/acme".into(), ..NewRegistry::default() };
        assert_eq!(fields(basic), ["display_name", "host", "username", "password"]);
    }

    #[test]
    fn docker_hub_has_one_host() {
        let hub = NewRegistry {
            display_name: "Hub".into(),
            authentication: "public".into(),
            host: "https://registry.hub.docker.com/".into(),
            ..NewRegistry::default()
        };
        let hub = hub.parse().unwrap();
        assert_eq!(hub.host, "docker.io");
        assert!(hub.login.is_none());
    }

    #[test]
    fn a_public_registry_keeps_no_login() {
        let typed = NewRegistry {
            display_name: "Open".into(),
            authentication: "public".into(),
            host: "quay.io".into(),
            username: "left over".into(),
            password: "secret".into(),
            ..NewRegistry::default()
        };
        assert!(typed.parse().unwrap().login.is_none());
    }
}
