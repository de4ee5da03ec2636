//! What is said of one file, schedule or name: as lines for people, and as JSON in the contract's words.

use std::{
    borrow::Cow,
    io::{self, Write},
};

use serde::Serialize;

use crate::domain::{
    endpoints::{Endpoint, Finding, Format, Severity},
    problem::Problem,
};

/// Exit code: all is ok.
pub(super) const OK: i32 = 0;
/// Exit code: there are errors (or warnings that count as such).
pub(super) const FINDINGS: i32 = 1;
/// Exit code: a file can't be read.
pub(super) const UNREADABLE: i32 = 2;

pub(super) struct Report<'a> {
    pub(super) of: Of<'a>,
    pub(super) remarks: Vec<Remark>,
    pub(super) code: i32,
}

/// What was looked at, and what it means; `None` if it is wrong.
pub(super) enum Of<'a> {
    File { name: &'a str, format: Option<Format>, endpoints: Vec<Endpoint> },
    Schedule(Option<ScheduleMeans>),
    Name(Option<NameMeans>),
}

#[derive(Serialize)]
pub(super) struct ScheduleMeans {
    pub(super) cron: String,
    pub(super) time_zone: String,
    pub(super) words: String,
    /// RFC 3339.
    pub(super) next_runs: Vec<String>,
    /// The same by the clocks of the zone.
    #[serde(skip)]
    pub(super) local_runs: Vec<String>,
}

#[derive(Serialize)]
pub(super) struct NameMeans {
    pub(super) display_name: String,
    /// What is suggested for it.
    pub(super) name: String,
}

#[derive(Serialize)]
pub(super) struct Remark {
    severity: Severity,
    code: Cow<'static, str>,
    path: String,
    line: usize,
    column: usize,
    message: String,
    /// There is a text that line and column point into; else they are 1, so that all remarks look alike.
    #[serde(skip)]
    in_text: bool,
}

impl Remark {
    /// An error that is nowhere in a text.
    pub(super) fn error(path: impl Into<String>, code: impl Into<Cow<'static, str>>, message: String) -> Self {
        Self { severity: Severity::Error, code: code.into(), path: path.into(), line: 1, column: 1, message, in_text: false }
    }

    /// A warning that is nowhere in a text.
    pub(super) fn warning(path: &str, code: &'static str, message: &str) -> Self {
        Self { severity: Severity::Warning, ..Self::error(path, code, message.to_owned()) }
    }
}

impl From<Finding> for Remark {
    fn from(Finding { severity, code, path, line, column, message }: Finding) -> Self {
        Self { severity, code: code.into(), path, line, column, message, in_text: true }
    }
}

impl From<Problem> for Remark {
    fn from(Problem { field, code, message }: Problem) -> Self {
        Self::error(field, code, message)
    }
}

impl<'a> Report<'a> {
    pub(super) fn new(of: Of<'a>, remarks: Vec<Remark>, strict: bool) -> Self {
        let has = |severity| remarks.iter().any(|remark| remark.severity == severity);
        let code = if has(Severity::Error) || strict && has(Severity::Warning) { FINDINGS } else { OK };
        Self { of, remarks, code }
    }

    pub(super) fn write_lines(&self, out: &mut dyn Write) -> io::Result<()> {
        for remark in &self.remarks {
            self.write_remark(remark, out)?;
        }
        match &self.of {
            _ if self.code != OK => Ok(()),
            Of::File { name, format: Some(format), endpoints } => {
                writeln!(out, "{name}: ok ({}, endpoints: {})", format.as_str(), endpoints.len())
            }
            Of::Schedule(Some(means)) => {
                writeln!(out, "--cron: ok ({})", means.words)?;
                means.local_runs.iter().try_for_each(|run| writeln!(out, "  {run} {}", means.time_zone))
            }
            Of::Name(Some(means)) => writeln!(out, "--name: ok ({})", means.name),
            _ => Ok(()),
        }
    }

    fn write_remark(&self, Remark { severity, path, line, column, message, in_text, .. }: &Remark, out: &mut dyn Write) -> io::Result<()> {
        let severity = severity.as_str();
        let Of::File { name, .. } = self.of else {
            return writeln!(out, "--{}: {severity}: {message}", path.replace('_', "-"));
        };
        let place = if *in_text { format!(":{line}:{column}") } else { String::new() };
        let path = if path.is_empty() { String::new() } else { format!(" ({path})") };
        writeln!(out, "{name}{place}: {severity}: {message}{path}")
    }

    fn to_json(&self, is_one_of_several: bool) -> JsonReport<'_> {
        let (ok, problems) = (self.code == OK, &self.remarks);
        let plain = JsonReport { file: None, ok, format: None, endpoints: &[], problems, schedule: None, name: None };
        match &self.of {
            Of::File { name, format, endpoints } => {
                JsonReport { file: is_one_of_several.then_some(name), format: *format, endpoints, ..plain }
            }
            Of::Schedule(means) => JsonReport { schedule: Some(means), ..plain },
            Of::Name(means) => JsonReport { name: Some(means), ..plain },
        }
    }
}

/// An answer as the contract words it. A schedule or name that is wrong is `null`.
#[derive(Serialize)]
struct JsonReport<'a> {
    #[serde(skip_serializing_if = "Option::is_none")]
    file: Option<&'a str>,
    ok: bool,
    format: Option<Format>,
    endpoints: &'a [Endpoint],
    problems: &'a [Remark],
    #[serde(skip_serializing_if = "Option::is_none")]
    schedule: Option<&'a Option<ScheduleMeans>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    name: Option<&'a Option<NameMeans>>,
}

pub(super) fn write_json(reports: &[Report<'_>], out: &mut dyn Write) -> io::Result<()> {
    match reports {
        [only] => serde_json::to_writer_pretty(&mut *out, &only.to_json(false))?,
        several => {
            let list: Vec<JsonReport<'_>> = several.iter().map(|report| report.to_json(true)).collect();
            serde_json::to_writer_pretty(&mut *out, &list)?;
        }
    }
    writeln!(out)
}
