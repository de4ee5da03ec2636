//! Schedules against the vectors of robfig/cron v3 (parser_test.go, spec_test.go), whose seconds are left out.

mod properties;

use std::collections::HashMap;

use super::*;

fn at(text: &str) -> Time {
    Time(text.parse::<Timestamp>().unwrap().as_microsecond())
}

fn schedule(cron: &str, time_zone: &str) -> Schedule {
    Schedule::parse(cron, time_zone, "").unwrap_or_else(|problems| panic!("{cron} {time_zone}: {problems:?}"))
}

/// The next runs, as local times with their offsets.
fn runs(cron: &str, time_zone: &str, after: &str, count: usize) -> Vec<String> {
    let zone = zone::find(time_zone).unwrap();
    let local = |run: &Time| run.timestamp().to_zoned(zone.clone()).strftime("%a %Y-%m-%dT%H:%M:%S%:z").to_string();
    schedule(cron, time_zone).next_runs(at(after), count).iter().map(local).collect()
}

#[test]
fn a_schedule_is_stored_as_it_was_understood() {
    let schedule = Schedule::parse("  0\t9  * * mon-FRI ", "europe/berlin", " Replace ").unwrap();
    let json = serde_json::to_value(&schedule).unwrap();
    assert_eq!(json, serde_json::json!({ "cron": "0 9 * * mon-FRI", "time_zone": "Europe/Berlin", "concurrency": "Replace" }));
    let schedule = Schedule::parse(" @daily ", "", "").unwrap();
    assert_eq!((schedule.cron.as_str(), schedule.time_zone.as_str(), schedule.concurrency), ("@daily", "UTC", Concurrency::Forbid));
}

#[test]
fn all_problems_come_at_once_each_by_its_field() {
    let problems = Schedule::parse("60 24 * * *", "Berlin", "Never").unwrap_err();
    let fields: Vec<_> = problems.0.iter().map(|problem| problem.field.as_ref()).collect();
    assert_eq!(fields, ["cron", "cron", "time_zone", "concurrency"]);
}

#[test]
fn each_concurrency_is_read_by_its_word() {
    for policy in Concurrency::ALL {
        assert_eq!(Concurrency::parse(policy.as_str()), Ok(policy));
        assert!(policy.meaning().ends_with('.'));
    }
}

#[test]
fn a_stored_schedule_that_no_longer_reads_has_itself_for_words_and_no_runs() {
    let stored =
        |cron: &str, time_zone: &str| Schedule { cron: cron.into(), time_zone: time_zone.into(), concurrency: Concurrency::Forbid };
    for broken in [stored("0 0 L * *", "UTC"), stored("@daily", "Mars/Olympus"), stored("", "")] {
        assert!(broken.next_runs(Time(0), 5).is_empty(), "{broken:?}");
    }
    assert_eq!(stored("0 0 L * *", "UTC").words(), "0 0 L * *");
    assert_eq!(stored("@daily", "Mars/Olympus").words(), "At 00:00");
}

/// robfig/cron's TestActivation: whether a moment is a run.
#[test]
fn a_moment_is_a_run_or_not() {
    for (moment, cron, expected) in [
        // Every fifteen minutes.
        ("2012-07-09T15:00Z", "0/15 * * * *", true),
        ("2012-07-09T15:45Z", "0/15 * * * *", true),
        ("2012-07-09T15:40Z", "0/15 * * * *", false),
        // Every fifteen minutes, starting at 5 minutes.
        ("2012-07-09T15:05Z", "5/15 * * * *", true),
        ("2012-07-09T15:20Z", "5/15 * * * *", true),
        ("2012-07-09T15:50Z", "5/15 * * * *", true),
        // Named months.
        ("2012-07-15T15:00Z", "0/15 * * Jul *", true),
        ("2012-07-15T15:00Z", "0/15 * * Jun *", false),
        // Everything set.
        ("2012-07-15T08:30Z", "30 08 ? Jul Sun", true),
        ("2012-07-15T08:30Z", "30 08 15 Jul ?", true),
        ("2012-07-16T08:30Z", "30 08 ? Jul Sun", false),
        ("2012-07-16T08:30Z", "30 08 15 Jul ?", false),
        // Predefined schedules.
        ("2012-07-09T15:00Z", "@hourly", true),
        ("2012-07-09T15:04Z", "@hourly", false),
        ("2012-07-09T15:00Z", "@daily", false),
        ("2012-07-09T00:00Z", "@daily", true),
        ("2012-07-09T00:00Z", "@weekly", false),
        ("2012-07-08T00:00Z", "@weekly", true),
        ("2012-07-08T01:00Z", "@weekly", false),
        ("2012-07-08T00:00Z", "@monthly", false),
        ("2012-07-01T00:00Z", "@monthly", true),
        // If day of month and day of week are both restricted, one is enough.
        ("2012-07-15T00:00Z", "* * 1,15 * Sun", true),
        ("2012-06-15T00:00Z", "* * 1,15 * Sun", true),
        ("2012-08-01T00:00Z", "* * 1,15 * Sun", true),
        ("2012-07-15T00:00Z", "* * */10 * Sun", true),
        // If one has a star, both must match.
        ("2012-07-15T00:00Z", "* * * * Mon", false),
        ("2012-07-09T00:00Z", "* * 1,15 * *", false),
        ("2012-07-15T00:00Z", "* * 1,15 * *", true),
        ("2012-07-15T00:00Z", "* * */2 * Sun", true),
    ] {
        let run = schedule(cron, "UTC").next_runs(at(moment).plus_seconds(-1), 1);
        assert_eq!(run == [at(moment)], expected, "{cron} at {moment}");
    }
}

/// robfig/cron's TestNext and TestNextWithTz.
#[test]
fn the_next_run_is_found() {
    const NEW_YORK: &str = "America/New_York";
    const SAO_PAULO: &str = "America/Sao_Paulo";
    for (zone, after, cron, expected) in [
        // Simple cases.
        ("UTC", "2012-07-09T14:45Z", "0/15 * * * *", "2012-07-09T15:00Z"),
        ("UTC", "2012-07-09T14:59Z", "0/15 * * * *", "2012-07-09T15:00Z"),
        ("UTC", "2012-07-09T14:59:59Z", "0/15 * * * *", "2012-07-09T15:00Z"),
        // Wrap around hours, days, months, years.
        ("UTC", "2012-07-09T15:45Z", "20-35/15 * * * *", "2012-07-09T16:20Z"),
        ("UTC", "2012-07-09T23:46Z", "*/15 * * * *", "2012-07-10T00:00Z"),
        ("UTC", "2012-07-09T23:45Z", "20-35/15 * * * *", "2012-07-10T00:20Z"),
        ("UTC", "2012-07-09T23:35:51Z", "20-35/15 * * * *", "2012-07-10T00:20Z"),
        ("UTC", "2012-07-09T23:35:51Z", "20-35/15 1/2 * * *", "2012-07-10T01:20Z"),
        ("UTC", "2012-07-09T23:35:51Z", "20-35/15 10-12 * * *", "2012-07-10T10:20Z"),
        ("UTC", "2012-07-09T23:35:51Z", "20-35/15 1/2 */2 * *", "2012-07-11T01:20Z"),
        ("UTC", "2012-07-09T23:35:51Z", "20-35/15 * 9-20 * *", "2012-07-10T00:20Z"),
        ("UTC", "2012-07-09T23:35:51Z", "20-35/15 * 9-20 Jul *", "2012-07-10T00:20Z"),
        ("UTC", "2012-07-09T23:35Z", "0 0 9 Apr-Oct ?", "2012-08-09T00:00Z"),
        ("UTC", "2012-07-09T23:35Z", "0 0 */5 Apr,Aug,Oct Mon", "2012-08-01T00:00Z"),
        ("UTC", "2012-07-09T23:35Z", "0 0 */5 Oct Mon", "2012-10-01T00:00Z"),
        ("UTC", "2012-07-09T23:35Z", "0 0 * Feb Mon", "2013-02-04T00:00Z"),
        ("UTC", "2012-07-09T23:35Z", "0 0 * Feb Mon/2", "2013-02-01T00:00Z"),
        ("UTC", "2012-12-31T23:59:45Z", "* * * * *", "2013-01-01T00:00Z"),
        // Leap year.
        ("UTC", "2012-07-09T23:35Z", "0 0 29 Feb ?", "2016-02-29T00:00Z"),
        // Clocks go from 2:00 -05 to 3:00 -04.
        (NEW_YORK, "2012-03-11T00:00-05", "30 2 11 Mar ?", "2013-03-11T02:30-04"),
        (NEW_YORK, "2012-03-11T00:00-05", "0 * * * ?", "2012-03-11T01:00-05"),
        (NEW_YORK, "2012-03-11T01:00-05", "0 * * * ?", "2012-03-11T03:00-04"),
        (NEW_YORK, "2012-03-11T03:00-04", "0 * * * ?", "2012-03-11T04:00-04"),
        (NEW_YORK, "2012-03-11T04:00-04", "0 * * * ?", "2012-03-11T05:00-04"),
        (NEW_YORK, "2012-03-11T00:00-05", "0 1 * * ?", "2012-03-11T01:00-05"),
        (NEW_YORK, "2012-03-11T01:00-05", "0 1 * * ?", "2012-03-12T01:00-04"),
        (NEW_YORK, "2012-03-11T00:00-05", "0 2 * * ?", "2012-03-12T02:00-04"),
        // Clocks go from 2:00 -04 back to 1:00 -05.
        (NEW_YORK, "2012-11-04T00:00-04", "30 2 04 Nov ?", "2012-11-04T02:30-05"),
        (NEW_YORK, "2012-11-04T01:45-04", "30 1 04 Nov ?", "2012-11-04T01:30-05"),
        (NEW_YORK, "2012-11-04T00:00-04", "0 * * * ?", "2012-11-04T01:00-04"),
        (NEW_YORK, "2012-11-04T01:00-04", "0 * * * ?", "2012-11-04T01:00-05"),
        (NEW_YORK, "2012-11-04T01:00-05", "0 * * * ?", "2012-11-04T02:00-05"),
        (NEW_YORK, "2012-11-04T00:00-04", "0 1 * * ?", "2012-11-04T01:00-04"),
        (NEW_YORK, "2012-11-04T01:00-04", "0 1 * * ?", "2012-11-04T01:00-05"),
        (NEW_YORK, "2012-11-04T01:00-05", "0 1 * * ?", "2012-11-05T01:00-05"),
        (NEW_YORK, "2012-11-04T00:00-04", "0 2 * * ?", "2012-11-04T02:00-05"),
        (NEW_YORK, "2012-11-04T02:00-05", "0 2 * * ?", "2012-11-05T02:00-05"),
        (NEW_YORK, "2012-11-04T00:00-04", "0 3 * * ?", "2012-11-04T03:00-05"),
        (NEW_YORK, "2012-11-04T03:00-05", "0 3 * * ?", "2012-11-05T03:00-05"),
        // Monthly job.
        (NEW_YORK, "2012-11-04T00:00-04", "0 3 3 * ?", "2012-12-03T03:00-05"),
        // Midnight that the clocks jump over.
        (SAO_PAULO, "2018-10-17T05:00-04", "0 9 10 * ?", "2018-11-10T06:00-05"),
        (SAO_PAULO, "2018-02-14T05:00-05", "0 9 22 * ?", "2018-02-22T07:00-05"),
        // An offset that is no whole hour.
        ("Asia/Kolkata", "2016-01-03T13:09:03+05:30", "14 14 * * *", "2016-01-03T14:14+05:30"),
        ("Asia/Kolkata", "2016-01-03T04:09:03+05:30", "14 14 * * ?", "2016-01-03T14:14+05:30"),
        ("Asia/Kolkata", "2016-01-03T14:09:03+05:30", "14 14 * * *", "2016-01-03T14:14+05:30"),
        ("Asia/Kolkata", "2016-01-03T14:00+05:30", "14 14 * * ?", "2016-01-03T14:14+05:30"),
    ] {
        assert_eq!(schedule(cron, zone).next_runs(at(after), 1), [at(expected)], "{cron} in {zone} after {after}");
    }
}

#[test]
fn a_run_is_shown_by_the_clocks_of_its_zone() {
    let run = at("2026-11-24T08:05Z");
    assert_eq!(schedule("@daily", "Europe/Berlin").local(run), "Tue 24 Nov 2026, 09:05 +01:00");
    assert_eq!(schedule("@daily", "").local(run), "Tue 24 Nov 2026, 08:05 +00:00");
    let stored = Schedule { cron: "@daily".into(), time_zone: "Mars/Olympus".into(), concurrency: Concurrency::Forbid };
    assert_eq!(stored.local(run), "Tue 24 Nov 2026, 08:05 +00:00");
}

#[test]
fn what_never_comes_ends_within_five_years() {
    for cron in ["0 0 30 Feb ?", "0 0 31 Apr ?", "* * 31 2,4,6,9,11 *"] {
        for zone in ["UTC", "America/New_York"] {
            assert!(schedule(cron, zone).next_runs(at("2012-07-09T23:35Z"), 5).is_empty(), "{cron}");
        }
    }
    // A century's year is no leap year: the day comes eight years later, which no search waits for.
    assert_eq!(runs("0 0 29 2 *", "UTC", "2095-01-01T00:00Z", 5), ["Wed 2096-02-29T00:00:00+00:00"]);
    assert!(schedule("* * * * *", "UTC").next_runs(at("9999-12-30T22:00Z"), 1000).len() <= 1000, "the end of the calendar");
}

#[test]
fn a_time_in_a_spring_gap_is_skipped() {
    // Berlin, 29 March 2026: 2:00 to 3:00 does not exist.
    assert_eq!(
        runs("30 2 * * *", "Europe/Berlin", "2026-03-27T12:00Z", 2),
        ["Sat 2026-03-28T02:30:00+01:00", "Mon 2026-03-30T02:30:00+02:00"]
    );
    assert_eq!(
        runs("*/30 * * * *", "Europe/Berlin", "2026-03-29T00:29Z", 3),
        ["Sun 2026-03-29T01:30:00+01:00", "Sun 2026-03-29T03:00:00+02:00", "Sun 2026-03-29T03:30:00+02:00",]
    );
    // Lord Howe, 4 October 2026: only 2:00 to 2:30 does not exist.
    assert_eq!(
        runs("0,30 2-3 * * *", "Australia/Lord_Howe", "2026-10-03T12:00Z", 3),
        ["Sun 2026-10-04T02:30:00+11:00", "Sun 2026-10-04T03:00:00+11:00", "Sun 2026-10-04T03:30:00+11:00",]
    );
    // Santiago, Sunday 6 September 2026 begins at 1:00: the night does not lend Saturday's runs to it.
    assert_eq!(runs("0 5 * * 6", "America/Santiago", "2026-09-05T12:00Z", 1), ["Sat 2026-09-12T05:00:00-03:00"]);
    assert_eq!(runs("@daily", "America/Santiago", "2026-09-05T12:00Z", 1), ["Mon 2026-09-07T00:00:00-03:00"]);
}

#[test]
fn a_time_in_an_autumn_overlap_runs_twice() {
    // Berlin, 25 October 2026: 2:00 to 3:00 comes twice.
    assert_eq!(
        runs("30 2 * * *", "Europe/Berlin", "2026-10-24T12:00Z", 3),
        ["Sun 2026-10-25T02:30:00+02:00", "Sun 2026-10-25T02:30:00+01:00", "Mon 2026-10-26T02:30:00+01:00",]
    );
    // All of the hour comes once, then all of it again.
    assert_eq!(
        runs("*/30 2 * * *", "Europe/Berlin", "2026-10-24T12:00Z", 4),
        [
            "Sun 2026-10-25T02:00:00+02:00",
            "Sun 2026-10-25T02:30:00+02:00",
            "Sun 2026-10-25T02:00:00+01:00",
            "Sun 2026-10-25T02:30:00+01:00",
        ]
    );
    // Santiago, 4 April 2026: the last hour of Saturday comes twice.
    assert_eq!(
        runs("30 23 * * 6", "America/Santiago", "2026-04-04T12:00Z", 2),
        ["Sat 2026-04-04T23:30:00-03:00", "Sat 2026-04-04T23:30:00-04:00"]
    );
}

#[test]
fn different_times_never_read_the_same() {
    let mut said = HashMap::new();
    for (max, template) in
        [(59, "N * * * *"), (59, "N 9 * * *"), (59, "N 9-17 * * *"), (23, "0 N * * *"), (23, "*/20 N * * *"), (23, "7,9 N * * *")]
    {
        let ranges = (0..=max).flat_map(|first| (first..=max).map(move |last| (first, last)));
        for (first, last, step) in ranges.flat_map(|(first, last)| [1, 2, 3, 5, 7, 15, 30].map(|step| (first, last, step))) {
            let expression = template.replace('N', &format!("{first}-{last}/{step}"));
            let cron = Cron::parse(&expression).unwrap();
            let times = (cron.minute.numbers(), cron.hour.numbers());
            let (same, other) = said.entry(cron.words()).or_insert_with(|| (times.clone(), expression.clone()));
            assert_eq!(*same, times, "{expression} and {other} both read {}", cron.words());
        }
    }
}
