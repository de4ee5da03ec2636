//! What a test of a connection found, step by step: from the report of one that went well, or from the code of its problem.

use crate::{
    domain::registries::client::{CheckReport, SignIn},
    islands::{Step, StepState, Tried},
};

/// What was tried.
pub(in crate::web) struct Attempt<'a> {
    /// Whether the host is one that is spoken to without TLS; `None` if the host stands in a Docker config.
    pub(in crate::web) plain_http: Option<bool>,
    pub(in crate::web) has_credential: bool,
    /// Repository from which it tried to pull.
    pub(in crate::web) repository: Option<&'a str>,
}

/// Code and sentence of what went wrong.
pub(in crate::web) struct Failure<'a> {
    pub(in crate::web) code: &'a str,
    pub(in crate::web) sentence: &'a str,
}

/// How a test ended, for a person.
pub(in crate::web) fn tried(attempt: &Attempt<'_>, found: Result<CheckReport, Failure<'_>>) -> Tried {
    // A report that tells of no pull is of a check without one.
    let pulled = found.as_ref().map_or(true, |report| report.may_pull);
    let attempt = &Attempt { repository: attempt.repository.filter(|_| pulled), ..*attempt };
    let (message, failed) = match &found {
        Ok(report) => (praise(report, attempt.has_credential), None),
        Err(failure) => (failure.sentence.to_owned(), Some(Stage::of(failure.code, attempt.repository.is_some()))),
    };
    let steps =
        stages(attempt.repository.is_some()).map(|stage| Step { label: stage.label(attempt), state: state(stage, failed) }).collect();
    Tried { works: failed.is_none(), message, steps }
}

/// What a test goes through, in this order.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Stage {
    Connect,
    Tls,
    Registry,
    SignIn,
    Pull,
}

fn stages(with_repository: bool) -> impl Iterator<Item = Stage> {
    [Stage::Connect, Stage::Tls, Stage::Registry, Stage::SignIn].into_iter().chain(with_repository.then_some(Stage::Pull))
}

impl Stage {
    /// Where a problem of this code shows. A limit is reached by the last thing that was asked for.
    fn of(code: &str, with_repository: bool) -> Self {
        match code {
            "host_not_found" | "egress_refused" | "connection_refused" | "timed_out" => Self::Connect,
            "tls" => Self::Tls,
            "credential_refused" | "credential_required" => Self::SignIn,
            "pull_denied" | "repository_not_found" | "image_not_found" | "rate_limited" if with_repository => Self::Pull,
            "pull_denied" | "rate_limited" => Self::SignIn,
            _ => Self::Registry,
        }
    }

    fn label(self, attempt: &Attempt<'_>) -> String {
        match self {
            Self::Connect => "Reach the host".into(),
            Self::Tls => match attempt.plain_http {
                Some(true) => "Speak without TLS, as this console may with this host".into(),
                Some(false) => "Trust its TLS certificate".into(),
                None => "Trust its TLS certificate, where it must have one".into(),
            },
            Self::Registry => "Find a container registry there".into(),
            Self::SignIn if attempt.has_credential => "Sign in with the credential".into(),
            Self::SignIn => "Come in without a credential".into(),
            Self::Pull => format!("Pull from {}", attempt.repository.unwrap_or_default()),
        }
    }
}

fn state(stage: Stage, failed: Option<Stage>) -> StepState {
    match failed {
        Some(failed) if stage == failed => StepState::Failed,
        Some(failed) if stage > failed => StepState::NotReached,
        _ => StepState::Done,
    }
}

fn praise(report: &CheckReport, has_credential: bool) -> String {
    let how = match report.sign_in {
        SignIn::Anonymous if has_credential => "the registry answers, and did not ask for the credential",
        SignIn::Anonymous => "the registry answers without a credential",
        SignIn::Password => "signed in with user name and password",
        SignIn::Token => "signed in with a token of the registry's token service",
    };
    let left = report.pulls.map(|pulls| format!(" {pulls}.")).unwrap_or_default();
    format!("The connection works: {how}.{left}")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::registries::client::PullAllowance;

    const PRIVATE: Attempt<'_> = Attempt { plain_http: Some(false), has_credential: true, repository: Some("acme/greeter") };

    fn states(attempt: &Attempt<'_>, code: &str) -> Vec<StepState> {
        tried(attempt, Err(Failure { code, sentence: "No." })).steps.into_iter().map(|step| step.state).collect()
    }

    #[test]
    fn what_comes_after_a_failed_step_was_not_reached() {
        use StepState::{Done, Failed, NotReached};
        assert_eq!(states(&PRIVATE, "host_not_found"), [Failed, NotReached, NotReached, NotReached, NotReached]);
        assert_eq!(states(&PRIVATE, "tls"), [Done, Failed, NotReached, NotReached, NotReached]);
        assert_eq!(states(&PRIVATE, "not_a_registry"), [Done, Done, Failed, NotReached, NotReached]);
        assert_eq!(states(&PRIVATE, "credential_refused"), [Done, Done, Done, Failed, NotReached]);
        assert_eq!(states(&PRIVATE, "rate_limited"), [Done, Done, Done, Done, Failed]);
        let without_repository = Attempt { repository: None, ..PRIVATE };
        assert_eq!(states(&without_repository, "rate_limited"), [Done, Done, Done, Failed]);
    }

    #[test]
    fn every_problem_fails_one_step() {
        for code in [
            "connection_refused",
            "timed_out",
            "egress_refused",
            "pull_denied",
            "credential_required",
            "repository_not_found",
            "unexpected",
            "a_code_of_tomorrow",
        ] {
            assert_eq!(states(&PRIVATE, code).iter().filter(|state| **state == StepState::Failed).count(), 1, "{code}");
        }
    }

    #[test]
    fn a_good_test_says_how_it_signed_in_and_what_is_left() {
        let pulls = Some(PullAllowance { remaining: 76, limit: Some(100), window_seconds: Some(21_600) });
        let found = tried(&PRIVATE, Ok(CheckReport { sign_in: SignIn::Token, may_pull: true, pulls }));
        assert!(found.works && found.steps.iter().all(|step| step.state == StepState::Done));
        let wanted = "The connection works: signed in with a token of the registry's token service. 76 of 100 pulls in 6 hours left.";
        assert_eq!(found.message, wanted);
        assert_eq!(found.steps[4].label, "Pull from acme/greeter");
        let found = tried(&PRIVATE, Ok(CheckReport { sign_in: SignIn::Anonymous, may_pull: true, pulls: None }));
        assert!(found.message.contains("did not ask for the credential"), "a wrong one would not be noticed");
        let found = tried(&PRIVATE, Ok(CheckReport { sign_in: SignIn::Token, may_pull: false, pulls: None }));
        assert_eq!(found.steps.len(), 4, "what was not tried is not shown as done");
    }
}
