//! What the cluster's errors mean for a person. Never lets through what we sent: secrets stay out of messages.

use std::{error::Error as _, time::Duration};

use kube::core::Status;

use super::{
    CALL_LIMIT,
    not_found::{is_not_served, names_nothing, where_served},
};
use crate::domain::deployments::data_plane::{ApplyProblem, Conflict};

/// The object a call was about.
#[derive(Clone, Copy, Debug)]
pub(super) struct About<'a> {
    pub(super) kind: &'a str,
    pub(super) name: &'a str,
}

impl About<'_> {
    pub(super) fn not_ours(self) -> ApplyProblem {
        ApplyProblem::NotOurs { kind: self.kind.into(), name: self.name.into() }
    }

    pub(super) fn of_another_component(self) -> ApplyProblem {
        ApplyProblem::OfAnotherComponent { kind: self.kind.into(), name: self.name.into() }
    }

    pub(super) fn refused(self, detail: String) -> ApplyProblem {
        ApplyProblem::Refused { kind: self.kind.into(), name: self.name.into(), detail }
    }
}

/// Runs a call with the time limit of all calls.
pub(super) async fn limited<T>(about: About<'_>, call: impl Future<Output = kube::Result<T>>) -> Result<T, ApplyProblem> {
    limited_to(CALL_LIMIT, about, call).await
}

async fn limited_to<T>(limit: Duration, about: About<'_>, call: impl Future<Output = kube::Result<T>>) -> Result<T, ApplyProblem> {
    match tokio::time::timeout(limit, call).await {
        Ok(result) => result.map_err(|error| problem(about, &error)),
        Err(_) => Err(ApplyProblem::Unreachable(format!("it did not answer within {} seconds", limit.as_secs()))),
    }
}

/// The problem that an error of the client stands for.
pub(super) fn problem(about: About<'_>, error: &kube::Error) -> ApplyProblem {
    match error {
        kube::Error::Api(status) => refusal(about, status),
        // Could quote what was answered, which for a Secret is the secret.
        kube::Error::SerdeError(_) => ApplyProblem::Unreachable("its answer could not be read; is it a Kubernetes API?".into()),
        other => ApplyProblem::Unreachable(root_cause(other)),
    }
}

fn refusal(about: About<'_>, status: &Status) -> ApplyProblem {
    match status.code {
        404 if is_not_served(status, about.kind) => {
            about.refused(format!("it does not serve {}", where_served(about.kind).unwrap_or(about.kind)))
        }
        // Also JSON that is no status, which reads as one without a code.
        0 | 404 if names_nothing(status) => {
            ApplyProblem::Unreachable("what answers at its address is no Kubernetes API, or stands in front of one".into())
        }
        // Said with 500, but a field that the cluster's version does not know does not pass.
        500 if status.message.contains("field not declared in schema") => {
            about.refused(format!("its version does not know a field. It says: {}", status.message))
        }
        409 if !conflicts(status).is_empty() => {
            ApplyProblem::FieldConflict { kind: about.kind.into(), name: about.name.into(), detail: conflicts(status).join("; ") }
        }
        429 | 500.. => ApplyProblem::Unreachable(format!("it answered {} {}", status.code, status.reason)),
        401 => about.refused("the data plane's own credential is not accepted (401 Unauthorized)".into()),
        // Validation and admission may quote a value they refuse.
        _ if about.kind == "Secret" => about.refused(format!("{} {}", status.code, status.reason)),
        _ => about.refused(status.message.clone()),
    }
}

/// `conflict with "kubectl-edit" using apps/v1 at .spec.replicas`, one for each field.
fn conflicts(status: &Status) -> Vec<String> {
    let causes = status.details.iter().flat_map(|details| &details.causes);
    causes.filter(|cause| cause.reason == "FieldManagerConflict").map(|cause| format!("{} at {}", cause.message, cause.field)).collect()
}

/// The fields that other managers own, where that is why the cluster refused.
pub(super) fn field_conflicts(status: &Status) -> Vec<Conflict> {
    let causes = status.details.iter().flat_map(|details| &details.causes);
    let conflicts = causes.filter(|cause| cause.reason == "FieldManagerConflict");
    conflicts.map(|cause| Conflict { manager: manager(&cause.message), field: cause.field.clone() }).collect()
}

/// Out of `conflict with "kubectl-edit" using apps/v1`, the name; all of a message in other words.
fn manager(message: &str) -> String {
    let name = message.strip_prefix("conflict with \"").and_then(|rest| rest.split_once('"'));
    name.map_or(message, |(name, _)| name).to_owned()
}

/// The innermost error: `Connection refused (os error 111)` says more than the layers around it.
fn root_cause(error: &kube::Error) -> String {
    let mut cause = error.source();
    let mut words = error.to_string();
    while let Some(inner) = cause {
        words = inner.to_string();
        cause = inner.source();
    }
    words
}

#[cfg(test)]
mod tests {
    use kube::core::response::{StatusCause, StatusDetails};

    use super::*;

    const ABOUT: About<'static> = About { kind: "Deployment", name: "greeter" };

    fn api(code: u16, reason: &str, message: &str) -> kube::Error {
        kube::Error::Api(Status::failure(message, reason).with_code(code).boxed())
    }

    #[test]
    fn names_the_other_manager_of_each_field() {
        let cause = |field: &str| StatusCause {
            reason: "FieldManagerConflict".into(),
            message: "conflict with \"kubectl-edit\" using apps/v1".into(),
            field: field.into(),
        };
        let causes = vec![cause(".spec.replicas"), cause(".spec.paused")];
        let details = StatusDetails {
            name: String::new(),
            group: String::new(),
            kind: String::new(),
            uid: String::new(),
            causes,
            retry_after_seconds: 0,
        };
        let status = Status::failure("Apply failed with 2 conflicts", "Conflict").with_code(409).with_details(details);
        let found = problem(ABOUT, &kube::Error::Api(status.boxed()));
        let detail =
            "conflict with \"kubectl-edit\" using apps/v1 at .spec.replicas; conflict with \"kubectl-edit\" using apps/v1 at .spec.paused";
        assert_eq!(found, ApplyProblem::FieldConflict { kind: "Deployment".into(), name: "greeter".into(), detail: detail.into() });
    }

    #[test]
    fn quota_and_admission_speak_in_the_clusters_words() {
        let words = "admission webhook \"policy.example.com\" denied the request: images must be signed";
        assert_eq!(problem(ABOUT, &api(403, "Forbidden", words)), ABOUT.refused(words.into()));
    }

    #[test]
    fn a_kind_that_is_not_served_is_told_apart_from_an_object_that_is_not_there() {
        let about = About { kind: "CronJob", name: "report" };
        let sentence = "The cluster refused CronJob report: it does not serve batch/v1 CronJob, which Kubernetes has since 1.21, \
            with time zones since 1.25";
        let details = |name: &str| {
            let details = serde_json::json!({ "name": name, "group": "batch", "kind": "cronjobs" });
            serde_json::from_value::<StatusDetails>(details).unwrap()
        };
        let answer = |message: &str| Status::failure(message, "NotFound").with_code(404);
        // As 1.20 answers within the group that it has, and for one that it has not: text that the client makes a status of.
        let within_the_group = answer("the server could not find the requested resource").with_details(details(""));
        let without = Status::failure("404 page not found", "Failed to parse error data").with_code(404);
        for status in [&within_the_group, &without] {
            assert_eq!(problem(about, &kube::Error::Api(status.clone().boxed())).to_string(), sentence);
        }
        // Every cluster has Deployments, so that this can't come from one.
        for status in [&within_the_group, &without] {
            assert!(matches!(problem(ABOUT, &kube::Error::Api(status.clone().boxed())), ApplyProblem::Unreachable(_)));
        }
        let named = answer("namespaces \"slw-acme\" not found").with_details(details("slw-acme"));
        let found = problem(about, &kube::Error::Api(named.boxed()));
        assert_eq!(found, about.refused("namespaces \"slw-acme\" not found".into()));
    }

    #[test]
    fn what_stands_in_front_of_the_cluster_does_not_speak_for_it() {
        let page = Status::failure("<html><body><h1>404 Not Found</h1></body></html>", "Failed to parse error data").with_code(404);
        let json = serde_json::from_str::<Status>("{\"message\": \"no Route matched with those values\"}").unwrap();
        let sentence = "The data plane can't be reached: what answers at its address is no Kubernetes API, or stands in front of one";
        for (kind, status) in [("CronJob", &page), ("Namespace", &page), ("CronJob", &json), ("Secret", &json)] {
            let about = About { kind, name: "report" };
            assert_eq!(problem(about, &kube::Error::Api(status.clone().boxed())).to_string(), sentence, "{kind}");
        }
    }

    #[test]
    fn a_field_that_the_version_does_not_know_is_not_tried_again() {
        let words = "failed to create typed patch object: .spec.timeZone: field not declared in schema";
        let found = problem(ABOUT, &api(500, "", words));
        assert!(matches!(&found, ApplyProblem::Refused { detail, .. } if detail.ends_with(words)), "{found:?}");
    }

    #[test]
    fn a_refused_secret_is_not_quoted() {
        let about = About { kind: "Secret", name: "slw-registry-greeter-00000000" };
        let found = problem(about, &api(422, "Invalid", "data[.dockerconfigjson]: Invalid value: \"hunter2\""));
        assert!(!found.to_string().contains("hunter2"), "{found}");
        assert!(found.to_string().contains("422 Invalid"), "{found}");
    }

    #[test]
    fn an_overloaded_cluster_is_worth_trying_again() {
        for code in [429, 500, 503, 504] {
            assert!(matches!(problem(ABOUT, &api(code, "ServiceUnavailable", "")), ApplyProblem::Unreachable(_)), "{code}");
        }
    }

    #[tokio::test]
    async fn a_call_that_hangs_ends_in_time() {
        let found = limited_to(Duration::from_millis(1), ABOUT, std::future::pending::<kube::Result<()>>()).await;
        assert!(matches!(&found, Err(ApplyProblem::Unreachable(words)) if words.contains("did not answer within")), "{found:?}");
    }
}
