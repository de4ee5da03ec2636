//! Containers that start and end again: exit codes and signals in words, memory limits, programs that can't be run.

use super::{Failure, MAX_RESTARTS, MEMORY_LIMIT_MIB, pull, sentence, times};
use crate::domain::deployments::data_plane::{Exit, Pod, Warning};

/// Linux signals by number, with what they usually mean.
const SIGNALS: &[(i32, &str, &str)] = &[
    (1, "SIGHUP", "hang-up"),
    (2, "SIGINT", "interrupted"),
    (3, "SIGQUIT", "quit"),
    (4, "SIGILL", "illegal instruction"),
    (6, "SIGABRT", "aborted by itself"),
    (7, "SIGBUS", "bad memory access"),
    (8, "SIGFPE", "arithmetic error"),
    (9, "SIGKILL", "killed"),
    (11, "SIGSEGV", "bad memory access"),
    (13, "SIGPIPE", "broken pipe"),
    (15, "SIGTERM", "asked to stop"),
];

/// A new pod that was restarted [`MAX_RESTARTS`] times.
pub(super) fn fails_at_once(pod: &Pod, warnings: &[Warning]) -> Option<Failure> {
    (pod.restarts >= MAX_RESTARTS).then(|| failure(pod, warnings))
}

/// A pod that crashed, but not often enough before the progress deadline.
pub(super) fn at_deadline(pod: &Pod, warnings: &[Warning]) -> Option<Failure> {
    (pod.restarts > 0 || pod.last_exit.is_some()).then(|| failure(pod, warnings))
}

fn failure(pod: &Pod, warnings: &[Warning]) -> Failure {
    let start_error = start_error(pod, warnings);
    if let Some(words) = start_error.filter(|words| words.contains("exec format error")) {
        return pull::no_platform(words);
    }
    let exit = pod.last_exit.clone().unwrap_or_default();
    let restarted = if pod.restarts == 0 { "was not restarted yet".to_owned() } else { format!("was restarted {}", times(pod.restarts)) };
    let failure = match start_error {
        Some(words) => Failure::new(
            "crash_loop",
            format!("The container could not be started and {restarted}: {}.", sentence(words)),
            "Check the image's ENTRYPOINT and CMD: the program must exist in the image and be executable; then deploy again.",
        ),
        None if exit.reason == "OOMKilled" => Failure::new(
            "out_of_memory",
            format!(
                "The container was killed because it used more memory than its limit of {MEMORY_LIMIT_MIB} MiB ({}); it {restarted}.",
                exit_words(&exit)
            ),
            format!(
                "Make the program use less than {MEMORY_LIMIT_MIB} MiB (many runtimes have a setting for their heap); then deploy again."
            ),
        ),
        None if exit.code == 0 && pod.last_exit.is_some() => Failure::new(
            "crash_loop",
            format!("The container ended by itself with exit code 0; it {restarted}. A Service must keep running."),
            "Let the image's command run in the foreground, or make this component a task; then deploy again.",
        ),
        None => Failure::new(
            "crash_loop",
            format!("The container ended with {}; it {restarted}.", exit_words(&exit)),
            "Read the last lines of its log below, correct the program or its settings, and deploy again.",
        ),
    };
    failure.with_log(pod, pod.restarts > 0)
}

/// The runtime's words when the program could not be run at all. They stand in the waiting message for a moment, then
/// only in the pod's events (`Error: failed to create containerd task: ..`).
fn start_error<'a>(pod: &'a Pod, warnings: &'a [Warning]) -> Option<&'a str> {
    let waiting = pod.waiting.as_ref().filter(|waiting| matches!(waiting.reason.as_str(), "RunContainerError" | "StartError"));
    if let Some(waiting) = waiting {
        return Some(&waiting.message);
    }
    let never_ran = pod.last_exit.as_ref().is_some_and(|exit| matches!(exit.reason.as_str(), "StartError" | "ContainerCannotRun"));
    let of_pod = |warning: &&Warning| never_ran && warning.object.strip_prefix("Pod/") == Some(&pod.name);
    warnings.iter().rev().filter(of_pod).find_map(|warning| warning.message.strip_prefix("Error: "))
}

/// `exit code 139 (SIGSEGV, bad memory access)`. A shell or runtime reports a signal as 128 + its number.
fn exit_words(exit: &Exit) -> String {
    let number = exit.signal.filter(|signal| *signal > 0).unwrap_or(exit.code - 128);
    match SIGNALS.iter().find(|(signal, ..)| *signal == number) {
        Some((_, name, meaning)) => format!("exit code {} ({name}, {meaning})", exit.code),
        None if exit.code == 127 => "exit code 127 (command not found)".into(),
        None if exit.code == 126 => "exit code 126 (command can't be executed)".into(),
        None => format!("exit code {}", exit.code),
    }
}
