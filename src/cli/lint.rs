//! `slipway lint FILE...`: what the parser says of endpoint files, for people and for CI. Reads no file and knows no
//! argument itself: it is handed texts and gives an exit code.

use std::io::{self, Write};

use serde::Serialize;

use crate::domain::endpoints::{self, Endpoint, Finding, Format, Reading, Severity};

/// Exit code: every file is ok.
const OK: i32 = 0;
/// Exit code: a file has errors (or warnings that count as such).
const FINDINGS: i32 = 1;
/// Exit code: a file can't be read.
const UNREADABLE: i32 = 2;

/// Lints files, given as name and text, and writes the answer to `out`: lines `file:line:column: severity: message
/// (path)`, or JSON (one object for one file, a list for several). `strict` lets warnings count as errors. Gives the
/// exit code: 0 ok, 1 findings, 2 a file can't be read.
pub fn run(files: &[(String, io::Result<String>)], json: bool, strict: bool, out: &mut dyn Write) -> io::Result<i32> {
    let reports: Vec<Report<'_>> = files.iter().map(|(name, text)| Report::of(name, text, strict)).collect();
    if json {
        write_json(&reports, out)?;
    } else {
        reports.iter().try_for_each(|report| report.write_lines(out))?;
    }
    Ok(reports.iter().map(|report| report.code).max().unwrap_or(OK))
}

/// What is said of one file.
struct Report<'a> {
    file: &'a str,
    outcome: Result<Reading, &'a io::Error>,
    code: i32,
}

impl<'a> Report<'a> {
    fn of(file: &'a str, text: &'a io::Result<String>, strict: bool) -> Self {
        match text {
            Err(error) => Self { file, outcome: Err(error), code: UNREADABLE },
            Ok(text) => {
                let reading = endpoints::read(text);
                let is_ok = reading.is_ok() && !(strict && reading.has(Severity::Warning));
                Self { file, outcome: Ok(reading), code: if is_ok { OK } else { FINDINGS } }
            }
        }
    }

    fn write_lines(&self, out: &mut dyn Write) -> io::Result<()> {
        let file = self.file;
        let reading = match &self.outcome {
            Ok(reading) => reading,
            Err(error) => return writeln!(out, "{file}: error: {}", unreadable(error)),
        };
        for Finding { severity, path, line, column, message, .. } in &reading.problems {
            let path = if path.is_empty() { String::new() } else { format!(" ({path})") };
            writeln!(out, "{file}:{line}:{column}: {}: {message}{path}", severity.as_str())?;
        }
        match (reading.format, self.code) {
            (Some(format), OK) => writeln!(out, "{file}: ok ({}, endpoints: {})", format.as_str(), reading.endpoints.len()),
            _ => Ok(()),
        }
    }

    fn to_json(&self, with_file: bool) -> JsonReport<'_> {
        let file = with_file.then_some(self.file);
        let ok = self.code == OK;
        match &self.outcome {
            Ok(Reading { format, endpoints, problems }) => {
                JsonReport { file, ok, format: *format, endpoints, problems: problems.iter().map(Problem::Found).collect() }
            }
            Err(error) => {
                let problem =
                    Problem::Unreadable { severity: "error", code: "unreadable", path: "", line: 1, column: 1, message: unreadable(error) };
                JsonReport { file, ok, format: None, endpoints: &[], problems: vec![problem] }
            }
        }
    }
}

/// One file's answer as the contract words it.
#[derive(Serialize)]
struct JsonReport<'a> {
    #[serde(skip_serializing_if = "Option::is_none")]
    file: Option<&'a str>,
    ok: bool,
    format: Option<Format>,
    endpoints: &'a [Endpoint],
    problems: Vec<Problem<'a>>,
}

#[derive(Serialize)]
#[serde(untagged)]
enum Problem<'a> {
    Found(&'a Finding),
    /// There is no text to point into; line and column are there so that all problems look alike.
    Unreadable {
        severity: &'a str,
        code: &'a str,
        path: &'a str,
        line: usize,
        column: usize,
        message: String,
    },
}

fn unreadable(error: &io::Error) -> String {
    format!("The file can't be read ({error}). Check its name and permissions; it must be UTF-8 text.")
}

fn write_json(reports: &[Report<'_>], out: &mut dyn Write) -> io::Result<()> {
    match reports {
        [only] => serde_json::to_writer_pretty(&mut *out, &only.to_json(false))?,
        several => {
            let list: Vec<JsonReport<'_>> = several.iter().map(|report| report.to_json(true)).collect();
            serde_json::to_writer_pretty(&mut *out, &list)?;
        }
    }
    writeln!(out)
}

#[cfg(test)]
mod tests {
    use serde_json::Value;

    use super::*;

    const GOOD: &str = "version: 0.1\nendpoints:\n  - {name: a, port: 1, type: TCP, networkVisibility: Project}\n";
    const WARNED: &str = "version: 0.1\nendpoints:\n  - {name: a, port: 1, type: TCP}\n";
    const BAD: &str = "version: 0.1\nendpoints:\n  - {name: a, port: 0, type: TCP, networkVisibility: Project}\n";

    fn lint(texts: &[Option<&str>], json: bool, strict: bool) -> (i32, String) {
        let missing = || io::Error::new(io::ErrorKind::NotFound, "no such file");
        let file = |(i, text): (usize, &Option<&str>)| (format!("{i}.yaml"), text.map(str::to_owned).ok_or_else(missing));
        let files: Vec<_> = texts.iter().enumerate().map(file).collect();
        let mut out = Vec::new();
        let code = run(&files, json, strict, &mut out).unwrap();
        (code, String::from_utf8(out).unwrap())
    }

    #[test]
    fn people_read_lines() {
        let (code, text) = lint(&[Some(GOOD), Some(WARNED), Some(BAD)], false, false);
        assert_eq!(code, 1);
        insta::assert_snapshot!(text, @r#"
        0.yaml: ok (endpoints.yaml, endpoints: 1)
        1.yaml:3:5: warning: networkVisibility is not given, so this endpoint is Public: anyone can call it. Write Project, Organization or Public. (endpoints[0].networkVisibility)
        1.yaml: ok (endpoints.yaml, endpoints: 1)
        2.yaml:3:21: error: port must be a whole number from 1 to 65535; it is "0". (endpoints[0].port)
        "#);
        let (code, text) = lint(&[None], false, false);
        assert_eq!(code, 2);
        insta::assert_snapshot!(text, @r#"
        0.yaml: error: The file can't be read (no such file). Check its name and permissions; it must be UTF-8 text.
        "#);
    }

    #[test]
    fn strict_counts_warnings() {
        assert_eq!(lint(&[Some(GOOD)], false, true).0, 0);
        assert_eq!(lint(&[Some(WARNED)], false, false).0, 0);
        assert_eq!(lint(&[Some(WARNED)], false, true).0, 1);
        assert_eq!(lint(&[Some(BAD), None, Some(GOOD)], true, false).0, 2);
    }

    #[test]
    fn one_file_is_an_object() {
        let (code, text) = lint(&[Some(BAD)], true, false);
        assert_eq!(code, 1);
        let json: Value = serde_json::from_str(&text).unwrap();
        let keys: Vec<&String> = json.as_object().unwrap().keys().collect();
        assert_eq!(keys.len(), 4, "{keys:?}");
        assert_eq!(
            (&json["ok"], &json["format"], &json["endpoints"]),
            (&Value::Bool(false), &"endpoints.yaml".into(), &Value::Array(vec![]))
        );
        insta::assert_json_snapshot!(json["problems"], @r#"
        [
          {
            "code": "port_invalid",
            "column": 21,
            "line": 3,
            "message": "port must be a whole number from 1 to 65535; it is \"0\".",
            "path": "endpoints[0].port",
            "severity": "error"
          }
        ]
        "#);
    }

    #[test]
    fn several_files_are_a_list() {
        let (code, text) = lint(&[Some(GOOD), None], true, false);
        assert_eq!(code, 2);
        let json: Value = serde_json::from_str(&text).unwrap();
        assert_eq!((&json[0]["file"], &json[0]["ok"], &json[0]["endpoints"][0]["port"]), (&"0.yaml".into(), &true.into(), &1.into()));
        assert_eq!(
            (&json[1]["ok"], &json[1]["format"], &json[1]["problems"][0]["code"]),
            (&false.into(), &Value::Null, &"unreadable".into())
        );
    }
}
