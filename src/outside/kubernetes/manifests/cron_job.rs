//! The CronJob of a Scheduled Task.

use k8s_openapi::{
    api::{
        batch::v1::{CronJob, CronJobSpec, JobSpec, JobTemplateSpec},
        core::v1::PodSpec,
    },
    apimachinery::pkg::apis::meta::v1::ObjectMeta,
};

use super::{
    labels, metadata,
    pod::{pod, template},
};
use crate::domain::{components::Workload, deployments::data_plane::Release, schedule::Schedule};

/// Ended Jobs that stay, with their pods and logs: of those that went well, and of those that failed.
const KEPT: i32 = 3;

/// The CronJob; none of any other kind.
pub(in super::super) fn cron_job(release: &Release) -> Option<CronJob> {
    let Workload::ScheduledTask(Schedule { cron, time_zone, concurrency }) = &release.workload else { return None };
    let spec = CronJobSpec {
        schedule: cron.clone(),
        // Written even where it is UTC: without it the cluster's own zone would count.
        time_zone: Some(time_zone.clone()),
        concurrency_policy: Some(concurrency.as_str().into()),
        // Written also where it is not: an apply is to undo what a hand did.
        suspend: Some(release.replicas == 0),
        successful_jobs_history_limit: Some(KEPT),
        failed_jobs_history_limit: Some(KEPT),
        // The cluster keeps the schedule: this console may be down. When the cluster itself was down, the run that was
        // missed last is made up once: late is better for a nightly job than not at all.
        starting_deadline_seconds: None,
        job_template: JobTemplateSpec {
            metadata: Some(ObjectMeta { labels: Some(labels::object_labels(release)), ..ObjectMeta::default() }),
            spec: Some(job(release)),
        },
        ..CronJobSpec::default()
    };
    Some(CronJob { metadata: metadata(release, release.component_name.clone()), spec: Some(spec), ..CronJob::default() })
}

/// One run is one pod: a program that failed is not started again behind anybody's back, as it may not be made for it.
fn job(release: &Release) -> JobSpec {
    let pod = PodSpec { restart_policy: Some("Never".into()), ..pod(release) };
    JobSpec { backoff_limit: Some(0), template: template(release, pod), ..JobSpec::default() }
}
