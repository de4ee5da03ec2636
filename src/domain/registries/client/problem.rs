//! Why a registry did not answer as wished, each with its code and its sentence. Holds no secret: what stands here is
//! stored in rows and shown on pages.

use super::{PullAllowance, in_words};

/// Why a registry did not answer as wished.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum RegistryProblem {
    HostNotFound {
        host: String,
    },
    /// The egress rules forbid the address; names the address and the setting that would allow it.
    EgressRefused {
        host: String,
        setting: &'static str,
    },
    ConnectionRefused {
        host: String,
    },
    /// `reason` is the end of a sentence, or a sentence's end and another without its full stop.
    Tls {
        host: String,
        reason: String,
    },
    NotARegistry {
        host: String,
    },
    /// No credential was given, and the registry lets nobody in without one.
    CredentialRequired {
        host: String,
    },
    CredentialRefused {
        host: String,
    },
    /// The credential is right (or none was given) but pulling from this repository is not allowed.
    PullDenied {
        repository: String,
    },
    /// No such repository as far as this caller may know; `host/repository`.
    RepositoryNotFound {
        repository: String,
    },
    /// No such repository, tag or digest.
    ImageNotFound {
        image: String,
    },
    /// Seconds until the registry wants to be asked again and what it still allows, where it said so.
    RateLimited {
        retry_after: Option<u64>,
        pulls: Option<PullAllowance>,
    },
    /// The registry has no list of tags, or does not give it to this credential, which may pull all the same.
    NoTagList {
        host: String,
    },
    TimedOut {
        host: String,
    },
    /// Anything else, in one sentence without secrets.
    Unexpected {
        host: String,
        detail: String,
    },
}

impl RegistryProblem {
    /// Stable word for rows and JSON.
    pub fn code(&self) -> &'static str {
        match self {
            Self::HostNotFound { .. } => "host_not_found",
            Self::EgressRefused { .. } => "egress_refused",
            Self::ConnectionRefused { .. } => "connection_refused",
            Self::Tls { .. } => "tls",
            Self::NotARegistry { .. } => "not_a_registry",
            Self::CredentialRequired { .. } => "credential_required",
            Self::CredentialRefused { .. } => "credential_refused",
            Self::PullDenied { .. } => "pull_denied",
            Self::RepositoryNotFound { .. } => "repository_not_found",
            Self::ImageNotFound { .. } => "image_not_found",
            Self::RateLimited { .. } => "rate_limited",
            Self::NoTagList { .. } => "no_tag_list",
            Self::TimedOut { .. } => "timed_out",
            Self::Unexpected { .. } => "unexpected",
        }
    }

    /// For a person: what happened and, where it is known, what to do.
    pub fn sentence(&self) -> String {
        match self {
            Self::HostNotFound { host } => format!("The host {host} does not resolve. Check its spelling."),
            Self::EgressRefused { host, setting } if setting.contains('=') => {
                format!("This console may not connect to {host}: its address is not public. An operator can allow it with {setting}.")
            }
            Self::EgressRefused { host, setting } => {
                format!("This console never connects to {host}: no value of {setting} allows its address. Use another host.")
            }
            Self::ConnectionRefused { host } => format!("Nothing accepts connections at {host}. Check host and port."),
            Self::Tls { host, reason } => format!("The TLS connection to {host} failed: {reason}."),
            Self::NotARegistry { host } => {
                format!(
                    "{host} answers, but it is not a container registry. Check host and port; a registry's web pages are often elsewhere."
                )
            }
            Self::CredentialRequired { host } => {
                format!("{host} lets nobody in without a credential. Choose an authentication other than Public, and give one.")
            }
            Self::CredentialRefused { host } => {
                format!("The registry refused the credential for {host}. Check user name and password or token.")
            }
            Self::PullDenied { repository } => format!(
                "The registry does not allow pulling from {repository}. Check that the repository exists and that the credential may read it."
            ),
            Self::RepositoryNotFound { repository } => format!(
                "The registry has no repository {repository}, or keeps it hidden. Check its spelling, and that the credential may read it."
            ),
            Self::ImageNotFound { image } => format!("The registry has no {image}. Check repository and tag."),
            Self::RateLimited { retry_after, pulls } => rate_limited(*retry_after, *pulls),
            Self::NoTagList { host } => format!("{host} does not list its tags to this credential. Type the tag."),
            Self::TimedOut { host } => {
                format!("{host} did not answer in time. Try again; if it stays, look for a firewall between this console and the registry.")
            }
            Self::Unexpected { host, detail } => format!("{host} answered unexpectedly: {detail}."),
        }
    }

    /// Whether asking again later can help.
    pub fn may_pass(&self) -> bool {
        matches!(
            self,
            Self::RateLimited { .. }
                | Self::TimedOut { .. }
                | Self::ConnectionRefused { .. }
                | Self::Unexpected { .. }
                | Self::HostNotFound { .. }
        )
    }
}

fn rate_limited(retry_after: Option<u64>, pulls: Option<PullAllowance>) -> String {
    let left = pulls.map(|pulls| format!(": {pulls}")).unwrap_or_default();
    let wait = retry_after.map_or_else(|| "Try again later".to_owned(), |seconds| format!("Wait {}", in_words(seconds)));
    format!("The registry's rate limit is reached{left}. {wait}, or sign in with an account that may pull more.")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pulls(limit: Option<u32>, window_seconds: Option<u32>) -> Option<PullAllowance> {
        Some(PullAllowance { remaining: 0, limit, window_seconds })
    }

    #[test]
    fn a_rate_limit_says_what_is_left_and_how_long_to_wait() {
        let table = [
            (None, None, "The registry's rate limit is reached. Try again later, or sign in with an account that may pull more."),
            (
                Some(17),
                pulls(Some(100), Some(21_600)),
                "The registry's rate limit is reached: 0 of 100 pulls in 6 hours left. Wait 17 seconds, or sign in with an account that may pull more.",
            ),
            (
                Some(3_601),
                pulls(None, Some(86_400)),
                "The registry's rate limit is reached: 0 pulls in 24 hours left. Wait 61 minutes, or sign in with an account that may pull more.",
            ),
            (
                Some(1),
                pulls(None, None),
                "The registry's rate limit is reached: 0 pulls left. Wait 1 second, or sign in with an account that may pull more.",
            ),
        ];
        for (retry_after, pulls, sentence) in table {
            assert_eq!(RegistryProblem::RateLimited { retry_after, pulls }.sentence(), sentence);
        }
    }

    #[test]
    fn times_are_said_in_the_largest_unit_that_fits() {
        let table = [(0, "0 seconds"), (1, "1 second"), (119, "119 seconds"), (120, "2 minutes"), (121, "3 minutes"), (3_600, "1 hour")];
        for (seconds, words) in table {
            assert_eq!(in_words(seconds), words);
        }
    }
}
