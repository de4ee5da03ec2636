//! A schedule and a name by the rules of the page that creates components.

use super::report::{NameMeans, Of, Remark, Report, ScheduleMeans};
use crate::domain::{
    clock::Time,
    components::check_name,
    organizations::{check_display_name, suggest_name},
    problem::{Problem, Problems},
    schedule::Schedule,
};

/// How many runs are told.
const RUNS: usize = 5;

pub(super) fn schedule(cron: &str, time_zone: &str, now: Time, strict: bool) -> Report<'static> {
    let schedule = match Schedule::parse(cron, time_zone, "") {
        Ok(schedule) => schedule,
        Err(Problems(problems)) => return Report::new(Of::Schedule(None), problems.into_iter().map(Remark::from).collect(), strict),
    };
    let runs = schedule.next_runs(now, RUNS);
    let never = || Remark::warning("cron", "cron_never", "No run comes within five years: check that the month has such a day.");
    let remarks = runs.is_empty().then(never).into_iter().collect();
    let means = ScheduleMeans {
        words: schedule.words(),
        next_runs: runs.iter().map(|run| run.rfc3339()).collect(),
        local_runs: runs.iter().map(|run| schedule.local(*run)).collect(),
        cron: schedule.cron,
        time_zone: schedule.time_zone,
    };
    Report::new(Of::Schedule(Some(means)), remarks, strict)
}

pub(super) fn name(typed: &str) -> Report<'static> {
    match name_of(typed) {
        Ok(means) => Report::new(Of::Name(Some(means)), Vec::new(), false),
        Err(problem) => Report::new(Of::Name(None), vec![problem.into()], false),
    }
}

fn name_of(typed: &str) -> Result<NameMeans, Problem> {
    let display_name = check_display_name("name", typed)?;
    let name = check_name(&suggest_name(&display_name))?;
    Ok(NameMeans { display_name, name })
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::super::{Asked, run};
    use super::*;

    /// 23 November 2026, 19:33 UTC.
    const NOW: Time = Time(1_795_462_380_000_000);

    fn lint(schedule: Option<(&str, &str)>, name: Option<&str>, json: bool, strict: bool) -> (i32, String) {
        let mut out = Vec::new();
        let code = run(&Asked { files: &[], schedule, name, now: NOW }, json, strict, &mut out).unwrap();
        (code, String::from_utf8(out).unwrap())
    }

    #[test]
    fn people_read_when_it_runs() {
        let (code, text) = lint(Some(("30 9 * * 1-5", "europe/berlin")), Some(" Web Shop "), false, true);
        assert_eq!(code, 0);
        insta::assert_snapshot!(text, @r"
        --cron: ok (At 09:30, Monday to Friday)
          Tue 24 Nov 2026, 09:30 +01:00 Europe/Berlin
          Wed 25 Nov 2026, 09:30 +01:00 Europe/Berlin
          Thu 26 Nov 2026, 09:30 +01:00 Europe/Berlin
          Fri 27 Nov 2026, 09:30 +01:00 Europe/Berlin
          Mon 30 Nov 2026, 09:30 +01:00 Europe/Berlin
        --name: ok (web-shop)
        ");
    }

    #[test]
    fn people_read_what_is_wrong() {
        let (code, text) = lint(Some(("60 9 * * 7", "Berlin")), Some("2048"), false, false);
        assert_eq!(code, 1);
        insta::assert_snapshot!(text, @r#"
        --cron: error: In the minute field, "60" is out of range: use 0 to 59.
        --cron: error: In the day of week field, "7" counts Sunday as 7, which Kubernetes doesn't: days go from 0 (Sunday) to 6 (Saturday), so write 0 or SUN.
        --time-zone: error: "Berlin" is not a time zone: use a name of area and place, such as Europe/Berlin, or UTC.
        --name: error: The display name can't be used. Start with a letter and use letters a to z, digits, spaces, hyphens and underscores.
        "#);
    }

    #[test]
    fn a_schedule_that_never_runs_is_a_warning() {
        let (code, text) = lint(Some(("0 0 30 2 *", "")), None, false, false);
        assert_eq!(code, 0);
        insta::assert_snapshot!(text, @r"
        --cron: warning: No run comes within five years: check that the month has such a day.
        --cron: ok (At 00:00 on day 30 of February)
        ");
        assert_eq!(lint(Some(("0 0 30 2 *", "")), None, false, true).0, 1);
    }

    #[test]
    fn programs_read_the_same_shape_as_for_files() {
        let (code, text) = lint(Some((" 0  * * * *", "")), None, true, false);
        let answer: Value = serde_json::from_str(&text).unwrap();
        let runs = ["2026-11-23T20:00:00Z", "2026-11-23T21:00:00Z", "2026-11-23T22:00:00Z", "2026-11-23T23:00:00Z", "2026-11-24T00:00:00Z"];
        let schedule = json!({ "cron": "0 * * * *", "time_zone": "UTC", "words": "At minute 0 of every hour", "next_runs": runs });
        assert_eq!((code, answer), (0, json!({ "ok": true, "format": null, "endpoints": [], "problems": [], "schedule": schedule })));
        let (code, text) = lint(None, Some("ab"), true, false);
        let answer: Value = serde_json::from_str(&text).unwrap();
        let problem = json!({ "severity": "error", "code": "display_name_length", "path": "name", "line": 1, "column": 1,
            "message": "The display name must have 3 to 60 characters." });
        assert_eq!((code, answer), (1, json!({ "ok": false, "format": null, "endpoints": [], "problems": [problem], "name": null })));
        let (code, text) = lint(Some(("@daily", "Local")), Some("Web Shop"), true, false);
        let answers: Value = serde_json::from_str(&text).unwrap();
        assert_eq!((code, &answers[0]["schedule"], &answers[0]["problems"][0]["path"]), (1, &Value::Null, &json!("time_zone")));
        assert_eq!(answers[1]["name"], json!({ "display_name": "Web Shop", "name": "web-shop" }));
    }
}
