//! `slipway lint`: what the rules say of endpoint files, a schedule and a name, for people and for CI. Reads no file and no
//! clock and knows no argument itself: it is handed texts and gives an exit code.

mod report;
mod values;

use std::io::{self, Write};

use self::report::{Of, Remark, Report};
use crate::domain::{clock::Time, endpoints};

/// What to look at; at least one of it.
pub struct Asked<'a> {
    /// Each with its name.
    pub files: &'a [(String, io::Result<String>)],
    /// Cron expression and time zone, as typed.
    pub schedule: Option<(&'a str, &'a str)>,
    /// A display name, as typed.
    pub name: Option<&'a str>,
    /// The moment that the next runs come after.
    pub now: Time,
}

/// Writes the answer to `out`: lines `file:line:column: severity: message (path)`, or JSON (one object for one answer, a
/// list for several). `strict` lets warnings count as errors. Gives the exit code: 0 ok, 1 findings, 2 a file can't be read.
pub fn run(asked: &Asked<'_>, json: bool, strict: bool, out: &mut dyn Write) -> io::Result<i32> {
    let mut reports: Vec<Report<'_>> = asked.files.iter().map(|(name, text)| file(name, text, strict)).collect();
    reports.extend(asked.schedule.map(|(cron, time_zone)| values::schedule(cron, time_zone, asked.now, strict)));
    reports.extend(asked.name.map(values::name));
    if json {
        report::write_json(&reports, out)?;
    } else {
        reports.iter().try_for_each(|report| report.write_lines(out))?;
    }
    Ok(reports.iter().map(|report| report.code).max().unwrap_or(report::OK))
}

fn file<'a>(name: &'a str, text: &io::Result<String>, strict: bool) -> Report<'a> {
    match text {
        Ok(text) => {
            let reading = endpoints::read(text);
            let remarks = reading.problems.into_iter().map(Remark::from).collect();
            Report::new(Of::File { name, format: reading.format, endpoints: reading.endpoints }, remarks, strict)
        }
        Err(error) => {
            let message = format!("The file can't be read ({error}). Check its name and permissions; it must be UTF-8 text.");
            let remark = Remark::error("", "unreadable", message);
            Report { code: report::UNREADABLE, ..Report::new(Of::File { name, format: None, endpoints: Vec::new() }, vec![remark], strict) }
        }
    }
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
        let asked = Asked { files: &files, schedule: None, name: None, now: Time(0) };
        let code = run(&asked, json, strict, &mut out).unwrap();
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
